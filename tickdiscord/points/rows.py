"""The rows of a chunk as the reader has them: bytes of proved lines, out of which fields are taken when asked for.

This is a hot path. A flat row is a section of fields without quotes and backslashes; its fields are found by search for
their key, from the right, so that the last of duplicates wins. Everything else is an odd row, a mapping of its own.
"""

from collections.abc import Mapping, Sequence

from tickdiscord.points.chunk import Column
from tickdiscord.points.model import Value
from tickdiscord.points.values import fields, flat_fields, flat_value, raw_name, text

EMPTY = b'""'
"""What a string is that was taken out of its quotes."""

FEW = 4
"""Times that occur this often on average are converted once for all their rows."""


class OddFields:
    """The field set of a row that is not flat; it is parsed when it is first needed as a whole.

    Of a line with strings but no backslash, `section` has the strings taken out of their quotes, and `strings` holds
    them in order; without `strings`, `section` is as written.
    """

    __slots__ = ("_parsed", "_section", "_strings")

    def __init__(
        self, section: bytes, strings: Sequence[bytes] | None = None, parsed: Mapping[str, Value] | None = None
    ) -> None:
        self._section = section
        self._strings = strings
        self._parsed = parsed

    def field(self, name: str) -> Value | None:
        """One field; without a look at the others where that can be."""
        if self._parsed is not None or self._strings is None:
            return self.whole().get(name)
        before, found, rest = (b"," + self._section).rpartition(b",%b=" % raw_name(name))
        if not found:
            return None
        raw = rest.partition(b",")[0]
        return text(self._strings[before.count(EMPTY)]) if raw == EMPTY else flat_value(raw)

    def whole(self) -> Mapping[str, Value]:
        """All fields."""
        if self._parsed is None:
            if self._strings is None:
                self._parsed = fields(self._section)
            else:
                strings = iter(self._strings)
                cut = (it.partition(b"=") for it in self._section.split(b","))
                self._parsed = {
                    text(key): text(next(strings)) if raw == EMPTY else flat_value(raw) for key, _, raw in cut
                }
        return self._parsed


class LineRows:
    """The `Rows` of a chunk that was read from line protocol.

    `sections` holds the fields of the flat rows as written, `times` all timestamps as written, in units of `unit`
    nanoseconds. The field sets of rows that are not flat are in `odd` under the row's index; their section is empty.
    """

    __slots__ = ("_odd", "_sections", "_times", "_unit")

    def __init__(self, sections: list[bytes], times: list[bytes], unit: int, odd: Mapping[int, OddFields]) -> None:
        self._sections = sections
        self._times = times
        self._unit = unit
        self._odd = odd

    def __len__(self) -> int:
        return len(self._sections)

    def column(self, name: str) -> Column:
        """The values of one field, decoded."""
        column = decoded(self._written(name))
        for index, found in self._odd.items():
            column[index] = found.field(name)
        return column

    def _written(self, name: str) -> list[bytes]:
        first = raw_name(name) + b"="
        later = b"," + first
        written = [section.rpartition(later)[2].partition(b",")[0] for section in self._sections]
        if b"=" in b"".join(written):
            skip = len(first)
            return [it if b"=" not in it else it[skip:] if it.startswith(first) else b"" for it in written]
        return written

    def fields(self, index: int) -> Mapping[str, Value]:
        """The whole field set of one row."""
        odd = self._odd.get(index)
        return flat_fields(self._sections[index]) if odd is None else odd.whole()

    def times(self) -> list[int]:
        """The timestamps, in nanoseconds."""
        unit, times = self._unit, self._times
        distinct = set(times)
        if len(distinct) * FEW > len(times):
            return list(map(int, times)) if unit == 1 else [int(time) * unit for time in times]
        known = {time: int(time) * unit for time in distinct}
        return [known[time] for time in times]

    def time(self, index: int) -> int:
        """The timestamp of one row, in nanoseconds."""
        return int(self._times[index]) * self._unit

    def take(self, indexes: Sequence[int]) -> "LineRows":
        """The rows at these indexes, in this order."""
        sections, times, odd = self._sections, self._times, self._odd
        if odd:
            odd = {new: odd[old] for new, old in enumerate(indexes) if old in odd}
        return LineRows([sections[i] for i in indexes], [times[i] for i in indexes], self._unit, odd)


def decoded(written: list[bytes]) -> Column:
    """The values of a column as written in flat rows; an empty one stands for None."""
    try:
        return list(map(float, written))
    except ValueError:
        pass
    integers = b"".join(written).split(b"i")
    if len(integers) == len(written) + 1:
        return list(map(int, integers[:-1]))
    return [flat_value(raw) if raw else None for raw in written]
