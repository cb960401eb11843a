"""What a lambda's references stand for: the fields and tags of a point, or of the rows of a chunk."""

from collections.abc import Mapping, Sequence

from tickdiscord.lambdas.types import CONFLICT, TIME_REFERENCE, Operand
from tickdiscord.points.chunk import Chunk
from tickdiscord.points.model import Point, Value

Column = Sequence[Operand]
"""One reference's value in every row."""


def operands(
    fields: Mapping[str, Value], tags: Mapping[str, str], time: int, references: Sequence[str]
) -> dict[str, Operand]:
    """The operands for the references of a lambda, by name; `time` is in nanoseconds.

    Kapacitor (`fillScope`): `"time"` is the point's time whatever its fields; a name that is both a field and a tag
    spoils the point.
    """
    found: dict[str, Operand] = {}
    for name in references:
        if name == TIME_REFERENCE:
            found[name] = time
        elif name in tags:
            found[name] = CONFLICT if name in fields else tags[name]
        else:
            found[name] = fields.get(name)
    return found


def of_point(point: Point, references: Sequence[str]) -> dict[str, Operand]:
    """The operands in a point."""
    return operands(point.fields, point.tags, point.time, references)


def of_chunk(chunk: Chunk, references: Sequence[str]) -> list[Column]:
    """The operands in every row of a chunk: a column for each reference, in their order."""
    return [_column(chunk, name) for name in references]


def _column(chunk: Chunk, name: str) -> Column:
    if name == TIME_REFERENCE:
        return chunk.times()
    fields, tags = chunk.column(name), chunk.tags(name)
    if tags is None:
        return fields
    if fields.count(None) == len(fields):
        return tags
    return [
        field if tag is None else tag if field is None else CONFLICT for field, tag in zip(fields, tags, strict=True)
    ]
