"""Rule tests: what an alert rule must do, written down, and run offline on the rule's own engine."""
