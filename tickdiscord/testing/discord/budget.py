"""Discord's rate limit for one webhook, as its headers tell it."""

import hashlib
from dataclasses import dataclass

from tickdiscord.clock import Clock

LIMIT = 5
WINDOW_S = 2.0
"""What webhooks get in practice; Discord promises no figures."""

SECOND = 1_000_000_000


@dataclass(slots=True)
class Budget:
    """Counts one webhook's requests in windows that begin with the first request."""

    webhook_id: str
    clock: Clock
    _opened: int | None = None
    _used: int = 0

    def take(self) -> bool:
        """Count a request; returns whether it is within the limit."""
        now = self.clock.now()
        if self._opened is None or now - self._opened >= WINDOW_S * SECOND:
            self._opened, self._used = now, 0
        self._used += 1
        return self._used <= LIMIT

    def reset_after_s(self) -> float:
        """Seconds until the window ends."""
        opened = self._opened if self._opened is not None else self.clock.now()
        return max(0.0, WINDOW_S - (self.clock.now() - opened) / SECOND)

    def headers(self) -> dict[str, str]:
        """Discord's headers for the present state, in fractional seconds."""
        after_s = self.reset_after_s()
        bucket = hashlib.sha256(f"webhook {self.webhook_id}".encode()).hexdigest()[:32]
        return {
            "X-RateLimit-Limit": str(LIMIT),
            "X-RateLimit-Remaining": str(max(0, LIMIT - self._used)),
            "X-RateLimit-Reset": f"{self.clock.now() / SECOND + after_s:.3f}",
            "X-RateLimit-Reset-After": f"{after_s:.3f}",
            "X-RateLimit-Bucket": bucket,
        }
