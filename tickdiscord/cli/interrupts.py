"""Ctrl-C and SIGTERM: points that were read are handled to the end, and nothing more is read."""

import signal
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any, TypeVar

T = TypeVar("T")

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """Within the block, a first signal ends the iteration of `between` before its next item; a second ends all."""

    def __init__(self) -> None:
        self.came = False
        self._waiting = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> "Interrupts":
        for number in SIGNALS:
            try:
                self._before[number] = signal.signal(number, self._handle)
            except ValueError:  # not in the main thread, as when a program uses the command as a function
                break
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, _: TracebackType | None
    ) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)

    def between(self, items: Iterable[T]) -> Iterator[T]:
        """The items, until a signal comes; waiting for the next one is interrupted by it."""
        iterator = iter(items)
        while not self.came:
            try:
                self._waiting = True
                item = next(iterator)
            except (StopIteration, KeyboardInterrupt):
                return
            finally:
                self._waiting = False
            yield item

    @contextmanager
    def working(self) -> Generator[None]:
        """Something is done while `between` waits for its next item: a signal waits until it is done."""
        waiting, self._waiting = self._waiting, False
        try:
            yield
        finally:
            self._waiting = waiting
        if self.came and waiting:
            raise KeyboardInterrupt

    def _handle(self, number: int, frame: FrameType | None) -> None:
        again, self.came = self.came, True
        if self._waiting or again:
            raise KeyboardInterrupt
