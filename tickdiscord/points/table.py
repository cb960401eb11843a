"""The table that makes each series once, looked up by the head of a line as it is written."""

from tickdiscord.points.exact import LONGEST_KEY, Head, parse_head
from tickdiscord.points.model import Series
from tickdiscord.points.rejected import Unparsable
from tickdiscord.points.values import name, tag

GENERATION = 1 << 16
"""Heads that are kept before the ones that are out of use are forgotten; at most two generations are held."""

NO_SERIES = Series("", "", "", {})
"""Stands for a head that is no series key; never handed to anybody."""


class SeriesTable(dict[bytes, Series]):
    """From the head of a line (`cpu,host=a`) to its series.

    A tag with another value in every point would let the table grow without end, so it is held in two generations:
    when the young one is full it becomes the old one, and a head that is then not asked for until the next one is
    full is forgotten. A series that comes back after that is a new object.
    """

    def __init__(self, database: str, retention_policy: str, generation: int = GENERATION) -> None:
        super().__init__()
        self.database = database
        self.retention_policy = retention_policy
        self.missed = False
        """Whether `NO_SERIES` was given since this was last set to False."""
        self._generation = generation
        self._old: dict[bytes, Series] = {}
        self._texts: dict[bytes, str] = {}

    def __missing__(self, head: bytes) -> Series:
        series = self._old.get(head)
        if series is None:
            try:
                series = self._made(head)
            except Unparsable:
                self.missed = True
                return NO_SERIES
        if len(self) >= self._generation:
            self._old = dict(self)
            self._texts.clear()
            self.clear()
        self[head] = series
        return series

    def _made(self, head: bytes) -> Series:
        """The series of a head that is well-formed but for its length and duplicate tags."""
        parsed = (b"\\" not in head and _plain_head(head)) or parse_head(head + b" ")
        canonical = parsed.canonical()
        if canonical != head:
            return self[canonical]
        text = self._text
        tags = {text(key): text(value) for key, value in parsed.tags}
        return Series(self.database, self.retention_policy, name(parsed.name), tags)

    def _text(self, raw: bytes) -> str:
        """A tag's key or value; the same text is kept once for all series."""
        found = self._texts.get(raw)
        if found is None:
            found = self._texts[raw] = tag(raw)
        return found


def _plain_head(head: bytes) -> Head | None:
    """What `parse_head` gives for a well-formed head without escapes, at a third of the cost; None if it is refused."""
    measurement, *pairs = head.split(b",")
    tags = {key: value for key, _, value in (pair.partition(b"=") for pair in pairs)}
    if len(tags) < len(pairs) or len(head) > LONGEST_KEY:
        return None
    return Head(len(head), measurement, sorted(tags.items()))
