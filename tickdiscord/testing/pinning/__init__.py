"""Pins production: for each change of level in a recording a test with the fewest points that keep its event."""
