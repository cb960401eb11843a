"""Input that may be silent for long: what is due by the clock happens while it is waited for."""

import io
import select
from collections.abc import Callable


class WaitingStream(io.RawIOBase):
    """An unbuffered stream. While nothing comes, `tick` is called when `wait_s` seconds have passed.

    Where the system cannot wait for the stream and the clock at once, the clock ticks only when something comes.
    """

    def __init__(self, stream: io.FileIO, wait_s: Callable[[], float], tick: Callable[[], None]) -> None:
        super().__init__()
        self._stream = stream
        self._wait_s = wait_s
        self._tick = tick

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int | None:  # pyright: ignore[reportIncompatibleMethodOverride]
        while not self._ready():
            self._tick()
        return self._stream.readinto(buffer)

    def _ready(self) -> bool:
        try:
            return bool(select.select([self._stream], [], [], self._wait_s())[0])
        except (OSError, ValueError):
            return True
