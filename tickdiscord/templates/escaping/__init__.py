"""Contextual escaping of `.details()`, as Go's html/template does it."""
