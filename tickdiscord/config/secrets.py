"""What of a configuration's text may be shown: everything but the values that are secrets."""

import re

_URL = re.compile(r"(?<=://)[^\s\"'#]+|\bwebhooks/[^\s\"'#]+")
_SECRET = re.compile(
    r"""^([ \t]*[\w.-]*(?:url|headers?|pass|token|secret|key|auth|user|community)[\w.-]*[ \t]*[=:][ \t]*)(\S.*)$""",
    re.IGNORECASE | re.MULTILINE,
)
_SHOWN_KEYS = re.compile(r"^[ \t]*[\"']?(username|avatar-url)\b", re.IGNORECASE)


def masked(text: str) -> str:
    """The text with URLs and the values of secret keys replaced by asterisks; every place stays where it was."""
    text = _SECRET.sub(_hide_value, text)
    return _URL.sub(lambda found: "*" * len(found[0]), text)


def _hide_value(found: re.Match[str]) -> str:
    if _SHOWN_KEYS.match(found[1]):
        return found[0]
    return found[1] + "*" * len(found[2])
