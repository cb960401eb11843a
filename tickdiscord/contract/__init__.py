"""What the data are like: a contract inferred from points, and what of a rule does not go with it."""
