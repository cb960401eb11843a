"""How much of rules their tests have seen: goals with places in the script, and which of them were reached."""
