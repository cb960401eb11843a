"""What the exit code of every command means."""

OK = 0
WRONG = 1
"""The rule, the configuration or the command line is wrong."""
FOUND = 2
"""A test failed, or `--strict` or `--check` found something."""
REJECTED = 3
"""With `--strict`: some input was rejected."""
UNDELIVERED = 4
"""Alerts remain undelivered; goes before 3."""
INTERRUPTED = 130
