"""Points as the rows of a result: the data of an event, what `|httpOut()` shows."""

from collections.abc import Mapping

from tickdiscord.alert.event import Row
from tickdiscord.points.batch import Batch
from tickdiscord.points.model import Value


def point_row(name: str, tags: Mapping[str, str], fields: Mapping[str, Value], time: int) -> Row:
    """One point as a series (Kapacitor: `pointMessage.ToRow`)."""
    names = sorted(fields)
    return Row(name, tags, ("time", *names), ((time, *(fields[name] for name in names)),))


def batch_row(batch: Batch) -> Row:
    """A batch as a series. Kapacitor: the columns are the first point's fields, and its tags that the batch lacks."""
    rows = batch.rows
    if not len(rows):
        return Row(batch.name, batch.tags, (), ())
    first = rows.point(0)
    columns = sorted({*first.fields, *(tag for tag in first.tags if tag not in batch.tags)})
    values = tuple(
        (rows.time(index), *(_cell(rows.rows.fields(index), rows.series[index].tags, column) for column in columns))
        for index in range(len(rows))
    )
    return Row(batch.name, batch.tags, ("time", *columns), values)


def _cell(fields: Mapping[str, Value], tags: Mapping[str, str], column: str) -> Value | None:
    return fields[column] if column in fields else tags.get(column)
