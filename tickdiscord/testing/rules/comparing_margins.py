"""Holds expected margins against those that were measured."""

from collections.abc import Iterator

from tickdiscord.nodes.alert import LABELS
from tickdiscord.testing.margins import Margin, part_text
from tickdiscord.testing.rules.expectations import MarginAtLeast
from tickdiscord.testing.rules.mismatch import Mismatch, Row, compare
from tickdiscord.testing.rules.moments import offset_text, shown_window
from tickdiscord.testing.rules.patterns import same_group
from tickdiscord.testing.rules.replay import MOST_MEASURED, Focus, Measured
from tickdiscord.testing.rules.run import Observed


@compare.register
def _(expectation: MarginAtLeast, observed: Observed) -> Iterator[Mismatch]:
    start, least = observed.start, expectation.least
    if observed.probes.measured_some:
        yield Mismatch(expectation, f"more than {MOST_MEASURED:,} margins: so many are not measured")
        return
    meant = _meant(expectation, observed)
    finite = [each for each in meant if each.margin.finite]
    if not finite:
        yield Mismatch(expectation, f"this can never fail: {_why_not(expectation, meant, start)}")
        return
    near = sorted((each for each in finite if each.margin.nearer_than(least)), key=lambda each: each.margin.distance)
    if not near:
        return
    first = near[0]
    wanted = f"{first.label} {part_text(least)} or more from being decided otherwise"
    rows = [
        Row(offset_text(each.time, start), wanted if each is first else "", margin_line(each), "different")
        for each in near
    ]
    title = (
        f"a margin is less than {part_text(least)}" if len(near) == 1 else f"margins are less than {part_text(least)}"
    )
    focus = Focus(first.time, first.group, first.maker)
    yield Mismatch(expectation, title, sorted(rows, key=lambda row: not row.expected), focus)


def _meant(expectation: MarginAtLeast, observed: Observed) -> list[Measured]:
    """The margins that are meant; at a single time those of the last point up to it, as with levels."""
    when, start = expectation.when, observed.start
    found = [
        each
        for each in observed.probes.measured
        if (each.asked if expectation.level is None else each.label == LABELS[expectation.level])
        and (expectation.group is None or same_group(expectation.group, each.group))
        and (when is None or each.time <= when.last.at(start))
    ]
    if when is None:
        return found
    if not when.point:
        return [each for each in found if each.time >= when.first.at(start)]
    latest: dict[tuple[object, str], int] = {}
    for each in found:
        latest[each.maker, each.group] = max(each.time, latest.get((each.maker, each.group), each.time))
    return [each for each in found if each.time == latest[each.maker, each.group]]


def _why_not(expectation: MarginAtLeast, meant: list[Measured], start: int) -> str:
    level = "no level" if expectation.level is None else f"`{LABELS[expectation.level]}`"
    if meant:
        return f"no number decides about {'any level' if expectation.level is None else level}"
    who = f" of the group `{expectation.group}`" if expectation.group is not None else ""
    when = f" at {shown_window(expectation.when, start)}" if expectation.when is not None else ""
    asked = "" if expectation.level is None else f" that has {level}"
    return f"no point{who} reaches an alert{asked}{when}"


def margin_line(measured: Measured) -> str:
    """`host=a .crit() -2%: "usage_idle" < 5, 5.1`."""
    group = " ".join(measured.group.split("\n"))
    return f"{group} {measured.label} {comparison_line(measured.margin)}".strip()


def comparison_line(margin: Margin) -> str:
    """`-2%: "usage_idle" < 5 with 5.1`."""
    return f"{margin}: {margin.text} with {margin.value}"
