"""Mutations of chains: nodes, their properties, the levels and handlers of alerts."""

from collections.abc import Iterator, Sequence

from tickdiscord.diagnostics import Span
from tickdiscord.syntax import tree
from tickdiscord.testing.mutation.edits import Edit, Edits, without
from tickdiscord.testing.mutation.places import ALERTS, Argument, Link, Place, Segment

LEVELS = ("info", "warn", "crit")
RESETS = tuple(f"{level}Reset" for level in LEVELS)
FLAGS = {"alert": ("stateChangesOnly", "noRecoveries"), "window": ("align", "fillPeriod")}
FLAGS["deadman"] = FLAGS["alert"]
"""Properties that a node may have or not, and that make sense either way."""
GROUPING = "groupBy"
SOURCES = ("from", "query")
NODES = {
    "mean": "median",
    "median": "mean",
    "max": "min",
    "min": "max",
    "first": "last",
    "last": "first",
    "sum": "mean",
    "count": "sum",
    "stddev": "spread",
    "spread": "stddev",
    "mode": "median",
    "top": "bottom",
    "bottom": "top",
    "derivative": "difference",
    "difference": "derivative",
}
"""Nodes that do something like another."""


def level_dropped(place: Place) -> Iterator[Edits]:
    """An alert without one of its levels."""
    yield from _dropped(_of_alert(place, LEVELS))


def reset_dropped(place: Place) -> Iterator[Edits]:
    """An alert that leaves a level without asking for its reset."""
    yield from _dropped(_of_alert(place, RESETS))


def levels_swapped(place: Place) -> Iterator[Edits]:
    """The condition of one level under another's name, and the other way round."""
    found = _of_alert(place, LEVELS)
    for number, one in enumerate(found):
        for other in found[number + 1 :]:
            yield (Edit(one.call.name_span, other.call.name), Edit(other.call.name_span, one.call.name))


def level_changed(place: Place) -> Iterator[Edits]:
    """A level, and its reset, under the name of one that the alert does not have."""
    found = _of_alert(place, LEVELS)
    names = [each.name for each in found]
    for link in found:
        at = LEVELS.index(link.name)
        for other in (name for name in LEVELS[max(0, at - 1) : at + 2] if name not in names):
            reset = _of_alert(place, (f"{link.name}Reset",))
            renamed = (Edit(each.call.name_span, f"{other}Reset") for each in reset)
            yield (Edit(link.call.name_span, other), *renamed)


def flag_toggled(place: Place) -> Iterator[Edits]:
    """`.stateChangesOnly()`, `.noRecoveries()`, `.align()`, `.fillPeriod()` with their arguments dropped, or added."""
    if not isinstance(place, Segment) or place.node is None:
        return
    for name in FLAGS.get(place.name, ()):
        found = place.find(name)
        if found is None:
            end = place.node.call.span.end
            yield (Edit(Span(end, end), f"{_gap(place)}.{name}()"),)
        else:
            yield (Edit(found.span),)
            if found.call.args:
                yield (Edit(found.call.span, f"{found.call.name}()"),)


def _gap(segment: Segment) -> str:
    """What stands before the first property, if that is nothing but a new line: another one is written alike."""
    if segment.node is None or not segment.properties:
        return ""
    first = segment.properties[0].chain
    gap = segment.script.text(Span(segment.node.call.span.end, first.operator_span.start))
    return gap if not gap.strip() else ""


def group_tag_dropped(place: Place) -> Iterator[Edits]:
    """One tag less to group by."""
    match place:
        case Segment():
            for link in (*([place.node] if place.node else []), *place.properties):
                if link.name == GROUPING and len(link.call.args) > 1:
                    spans = [each.span for each in link.call.args]
                    yield from ((without(spans, index),) for index in range(len(spans)))
                elif link.name == GROUPING:
                    yield (Edit(link.span),)
        case Argument(node=tree.List(items=items), link=link, var=var) if var or (link and link.name == GROUPING):
            spans = [each.span for each in items]
            yield from ((without(spans, index),) for index in range(len(spans)))
        case _:
            pass


def node_exchanged(place: Place) -> Iterator[Edits]:
    """A node for one that does something like it: a median for a mean."""
    if isinstance(place, Segment) and place.node is not None and place.name in NODES:
        yield (Edit(place.node.call.name_span, NODES[place.name]),)


def node_dropped(place: Place) -> Iterator[Edits]:
    """A chain without a node that stands in it."""
    if isinstance(place, Segment) and place.node is not None and place.name not in (*ALERTS, *SOURCES):
        last = place.properties[-1] if place.properties else place.node
        yield (Edit(Span(place.node.span.start, last.span.end)),)


def handler_dropped(place: Place) -> Iterator[Edits]:
    """An alert that tells one handler less."""
    if isinstance(place, Segment):
        for link in place.properties:
            if place.is_handler(link):
                yield tuple(Edit(each.span) for each in (link, *place.owned(link)))


def property_dropped(place: Place) -> Iterator[Edits]:
    """A node or handler without something that is said of it."""
    if isinstance(place, Segment):
        yield from _dropped([each for each in place.properties if not place.is_handler(each)])


def _of_alert(place: Place, names: Sequence[str]) -> Sequence[Link]:
    if not isinstance(place, Segment) or place.name not in ALERTS:
        return ()
    return [each for each in place.properties if each.name in names]


def _dropped(links: Sequence[Link]) -> Iterator[Edits]:
    for link in links:
        yield (Edit(link.span),)
