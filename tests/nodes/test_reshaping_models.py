"""The same nodes against models that look at one point after the other, on any points, cut anywhere."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tape import Tape, fields_text

from tickdiscord.points.model import Value

Fields = dict[str, Value]
Row = tuple[str, Fields, int]
"""A host, its fields, a time in seconds."""
Model = Callable[[Sequence[Row]], Iterable[Row]]

values = st.one_of(st.integers(-2, 3), st.sampled_from([-1.5, 0.0, 1.0, 2.0, 3.5]), st.booleans(), st.just("x"))
fields = st.dictionaries(st.sampled_from("ab"), values, min_size=1)
rows = st.lists(st.tuples(st.sampled_from("xy"), fields, st.integers(0, 6)), max_size=12)


def number(value: Value | None) -> bool:
    return type(value) in (int, float)


def derivative(points: Sequence[Row]) -> Iterator[Row]:
    last: dict[str, tuple[float, int]] = {}
    for host, fields, time in points:
        if number(value := fields.get("a")):
            before = last.get(host)
            last[host] = float(value or 0), time
            if before and time != before[1] and last[host][0] >= before[0]:
                yield host, {**fields, "rate": (last[host][0] - before[0]) / (time - before[1])}, time


def change_detect(points: Sequence[Row]) -> Iterator[Row]:
    last: dict[str, Fields] = defaultdict(dict)
    for host, fields, time in points:
        before = last[host]
        seen = {name: (type(before.get(name)), before.get(name)) for name in "ab"}
        if any((type(value), value) != seen[name] for name, value in fields.items()):
            last[host] = fields
            yield host, fields, time


def sample(points: Sequence[Row]) -> Iterator[Row]:
    for host in "xy":
        yield from [row for row in points if row[0] == host][::3]


def state_duration(points: Sequence[Row]) -> Iterator[Row]:
    since: dict[str, int] = {}
    for host, fields, time in points:
        if not number(fields.get("a")):
            continue
        if float(fields["a"]) > 0:
            yield host, {**fields, "d": (time - since.setdefault(host, time)) / 2.0}, time
        else:
            since.pop(host, None)
            yield host, {**fields, "d": -1.0}, time


def state_count(points: Sequence[Row]) -> Iterator[Row]:
    count: dict[str, int] = defaultdict(int)
    for host, fields, time in points:
        if number(fields.get("a")):
            count[host] = count[host] + 1 if float(fields["a"]) > 0 else 0
            yield host, {**fields, "state_count": count[host] or -1}, time


def evaluated(points: Sequence[Row]) -> Iterator[Row]:
    count: dict[str, int] = defaultdict(int)
    for host, fields, time in points:
        if number(fields.get("a")):
            count[host] += 1
            yield host, {**fields, "big": float(fields["a"]) > 0, "n": count[host], "m": count[host] * 2}, time


def counted(points: Sequence[Row]) -> Iterator[Row]:
    count: dict[str, int] = defaultdict(int)
    for host, fields, time in points:
        count[host] += 1
        if count[host] % 2:
            yield host, fields, time


def filled(points: Sequence[Row]) -> Iterator[Row]:
    for host, fields, time in points:
        yield host, {name: value for name, value in {"a": 7, **fields}.items() if name != "b"}, time


MODELS: dict[str, Model] = {
    "derivative('a').as('rate').nonNegative()": derivative,
    "changeDetect('a', 'b')": change_detect,
    "sample(3)": sample,
    "stateDuration(lambda: \"a\" > 0).as('d').unit(2s)": state_duration,
    'stateCount(lambda: "a" > 0)': state_count,
    "eval(lambda: \"a\" > 0, lambda: count(), lambda: \"n\" * 2).as('big', 'n', 'm').keep()": evaluated,
    "where(lambda: count() % 2 == 1)": counted,
    "default().field('a', 7)|delete().field('b')": filled,
}


def text(points: Iterable[Row], group: bool = False) -> list[str]:
    shown = [f"m,host={host} {fields_text(fields)} {time}" for host, fields, time in points]
    return [f"{line} @{line[2:8]}" for line in shown] if group else shown


@pytest.mark.parametrize("node", MODELS)
@settings(max_examples=60)
@given(points=rows, size=st.integers(1, 5), cut=st.integers(0, 12))
def test_as_the_model(node: str, points: Sequence[Row], size: int, cut: int) -> None:
    script = f"stream|from().groupBy('host')|{node}"
    first = Tape(script).feed(text(points[:cut]), size)
    second = Tape(script).restore(first.snapshot()).feed(text(points[cut:]))
    found = [*first.lines, *second.lines]
    assert sorted(found) == sorted(text(MODELS[node](points), group=True))
    assert found == Tape(script).feed(text(points)).lines


batches = st.lists(
    st.tuples(st.sampled_from("xy"), st.integers(0, 2), st.lists(st.tuples(st.sampled_from("pqr"), st.integers(0, 9)))),
    max_size=7,
)
Batches = Sequence[tuple[str, int, Sequence[tuple[str, int]]]]


def split(found: Batches) -> Iterator[str]:
    """Points by the tag `to`, until a batch of another time begins."""
    held: dict[str, tuple[int, list[tuple[int, str]]]] = {}
    now = -1
    for host, time, points in found:
        if time != now:
            now = time
            for to, (begun, lines) in held.items():
                yield f"batch m,to={to} {begun} @to={to}"
                yield from (line for _, line in sorted(lines, key=lambda each: each[0]))
            held = {}
        for to, each in points:
            held.setdefault(to, (time, []))[1].append((each, f"  m,host={host},to={to} v={each}i {each}"))


@settings(max_examples=60)
@given(found=batches, cut=st.integers(0, 7))
def test_batches_are_split_as_the_model_splits_them(found: Batches, cut: int) -> None:
    written = [
        [f"batch m,host={host} {time}", *(f"  m,host={host},to={to} v={each}i {each}" for to, each in points)]
        for host, time, points in found
    ]
    script = "stream|from()|groupBy('to')"
    first = Tape(script).feed(line for lines in written[:cut] for line in lines)
    second = Tape(script).restore(first.snapshot()).feed(line for lines in written[cut:] for line in lines)
    assert [*first.lines, *second.lines] == list(split(found))


ORDERED = {
    "eval(lambda: \"n\" % 2 == 0, lambda: 'x').as('even', 't').tags('t').keep('n')": [0, 1, 2, 3],
    "where(lambda: \"n\" > 1)|default().tag('dc', 'x')|delete().tag('host')|shift(1s)": [2, 3],
    "sample(2)|stateCount(lambda: TRUE)": [0, 1],
    "derivative('n').as('d')|changeDetect('n')": [2, 3],
}


@pytest.mark.parametrize("chain", ORDERED)
def test_rows_know_the_row_of_the_input_that_they_came_from(chain: str) -> None:
    tape = Tape(f"stream|from().groupBy('host')|{chain}")
    tape.feed(f"m,host={host} n={index}i {index}" for index, host in enumerate("xyxy"))
    assert tape.orders == ORDERED[chain]
