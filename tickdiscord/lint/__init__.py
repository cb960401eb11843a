"""Lint: what is allowed and most likely not meant, found without data; `rules/` holds a module for each of them."""

from tickdiscord.lint.findings import findings

__all__ = ["findings"]
