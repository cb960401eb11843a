"""A stream of points that knows the checksum of what was read, so that a later run can tell whether it is the same."""

import zlib
from collections import deque
from collections.abc import Callable
from typing import BinaryIO

from tickdiscord.points.reader import BLOCK, read


class CheckedStream:
    """Passes a stream on; `checksum` tells of any place that a reader of it has come to.

    The checksum is a CRC-32: it is there to notice a mistake, not an attack, and must cost next to nothing.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.come_to: Callable[[], int] = lambda: 0
        """How far the reader has come."""
        self._unsummed: deque[bytes] = deque()
        self._offset = 0
        """Where the bytes in `_unsummed` begin."""
        self._sum = 0

    def read1(self, size: int) -> bytes:
        """What has arrived, at most `size` bytes; empty at the end."""
        self.checksum(self.come_to())
        block = read(self._stream, size)
        self._unsummed.append(block)
        return block

    read = read1

    def checksum(self, offset: int) -> int:
        """The checksum of the first `offset` bytes; the offsets that are asked for only rise."""
        unsummed = self._unsummed
        while unsummed and self._offset < offset:
            block = unsummed.popleft()
            wanted = offset - self._offset
            if len(block) > wanted:
                unsummed.appendleft(block[wanted:])
                block = block[:wanted]
            self._sum = zlib.crc32(block, self._sum)
            self._offset += len(block)
        return self._sum

    def skip(self, offset: int) -> int:
        """Read up to this place; returns where that ended, which is before if the stream is shorter."""
        while self._offset < offset:
            block = self.read1(min(BLOCK, offset - self._offset))
            if not block:
                break
            self.checksum(self._offset + len(block))
        return self._offset
