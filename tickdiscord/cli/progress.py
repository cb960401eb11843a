"""How far something is that takes long: said on a terminal only, in one line that goes away."""

import contextlib
import sys

from tickdiscord.clock import elapsed

AFTER_S = 1.0
"""Before that nobody wants to know."""
CLEAR = "\r\x1b[K"


class Progress:
    """Says it from a second after it was made on."""

    def __init__(self) -> None:
        self._begun = elapsed()

    def __call__(self, done: int, of: int, what: str) -> None:
        """So many of so many are done; `what` says of which things."""
        if elapsed() - self._begun > AFTER_S and sys.stderr.isatty():
            with contextlib.suppress(OSError):
                sys.stderr.write(f"{CLEAR}{done:,} of {of:,} {what}" if done < of else CLEAR)
                sys.stderr.flush()
