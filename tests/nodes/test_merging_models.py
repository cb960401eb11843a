"""The nodes that make one of several, against models that see all points at once."""

from collections import defaultdict
from itertools import combinations, zip_longest

from hypothesis import given, settings
from hypothesis import strategies as st
from notes import Run

Line = tuple[str, str, int, int]
"""A measurement, a host, a value, and a time in seconds."""

SOME = settings(max_examples=60)

times = st.integers(0, 60)


def lines(measurements: str, most: int = 12) -> st.SearchStrategy[list[Line]]:
    """Points in the order of their times, each with a value of its own."""
    drawn = st.tuples(st.sampled_from(measurements), st.sampled_from("xy"), times)
    return st.lists(drawn, max_size=most).map(
        lambda them: [
            (name, host, value, time) for value, (name, host, time) in enumerate(sorted(them, key=lambda it: it[2]))
        ]
    )


def run(script: str, points: list[Line], cut: int = 0) -> list[str]:
    """What the last node of the script gives, without what caused it; cut in two behind so many points."""
    text = "".join(f"{name},host={host},k={name} v={value}i {time}\n" for name, host, value, time in points)
    if not text:
        return []
    going = Run(script, text)
    return [line.partition("] ")[2] for line in (going.cut(cut) if cut else going.whole())]


def rounded(time: int, tolerance: int) -> int:
    return (time + tolerance // 2 + tolerance % 2) // tolerance * tolerance if tolerance else time


def joined(points: list[Line], tolerance: int, fill: bool) -> dict[str, list[str]]:
    """Per host: of each time, in order, the first points of both sides, then the second ones, and so on."""
    sides: dict[str, dict[int, tuple[list[int], list[int]]]] = defaultdict(lambda: defaultdict(lambda: ([], [])))
    for name, host, value, time in points:
        sides[host][rounded(time, tolerance)]["ab".index(name)].append(value)
    out: dict[str, list[str]] = {}
    for host, at in sides.items():
        for time in sorted(at):
            for left, right in zip_longest(*at[time]):
                if fill or (left is not None and right is not None):
                    name = "b" if left is None else "a"
                    x, y = (-1 if each is None else each for each in (left, right))
                    out.setdefault(host, []).append(f"{name},host={host} x.v={x},y.v={y} {time}")
    return out


@SOME
@given(lines("ab"), st.sampled_from([0, 4, 10]), st.booleans(), st.integers(0, 11))
def test_join(points: list[Line], tolerance: int, fill: bool, cut: int) -> None:
    script = f"""
        var a = stream|from().measurement('a').groupBy('host')
        var b = stream|from().measurement('b').groupBy('host')
        a|join(b).as('x', 'y').tolerance({tolerance}s).fill({"-1" if fill else "'none'"})
    """
    got = run(script, points, cut)
    for host in "xy":
        mine = [line for line in got if f"host={host} " in line]
        assert mine == joined(points, tolerance, fill).get(host, [])


@SOME
@given(lines("abc"), st.integers(0, 11))
def test_join_on_a_tag_pairs_what_a_plain_join_would_pair(points: list[Line], cut: int) -> None:
    points = list({(name, host, time): (name, host, value, time) for name, host, value, time in points}.values())
    script = """
        var a = stream|from().measurement('a').groupBy('host', 'k')
        var b = stream|from().measurement('b').groupBy('host')
        a|join(b).as('x', 'y').on('host')
    """
    plain = joined([point for point in points if point[0] != "c"], 0, fill=False)
    pairs = [line.replace(" x.v", ",k=a x.v") for of in plain.values() for line in of]
    assert sorted(run(script, points, cut)) == sorted(pairs)


@SOME
@given(lines("abc"), st.integers(0, 11))
def test_union(points: list[Line], cut: int) -> None:
    script = """
        var a = stream|from().measurement('a')
        var b = stream|from().measurement('b')
        var c = stream|from().measurement('c')
        a|union(b, c)
    """
    got = run(script, points, cut)
    given = [f"{name},host={host},k={name} v={value} {time}" for name, host, value, time in points]
    assert sorted(got) == sorted(given)
    assert [int(line.split()[-1]) for line in got] == [time for *_, time in points]
    for name in "abc":
        assert [line for line in got if line[0] == name] == [line for line in given if line[0] == name]


def runs(points: list[Line], tolerance: int) -> dict[str, list[tuple[int, list[Line]]]]:
    """Per host: the points by their rounded times, but for the last time, which is still open at the end."""
    out: dict[str, dict[int, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for point in points:
        out[point[1]][rounded(point[3], tolerance)].append(point)
    return {host: sorted(at.items())[:-1] for host, at in out.items()}


@SOME
@given(lines("abc"), st.sampled_from([0, 10]), st.integers(0, 11))
def test_combine(points: list[Line], tolerance: int, cut: int) -> None:
    script = f"""
        stream|from().groupBy('host')
        |combine(lambda: "k" == 'a', lambda: "k" != 'c').as('x', 'y').tolerance({tolerance}s)
    """
    got = run(script, points, cut)
    first = {host: next(name for name, of, *_ in points if of == host) for host in {host for _, host, *_ in points}}
    for host, of in runs(points, tolerance).items():
        wanted: list[str] = []
        for time, them in of:
            for pair in combinations(them, 2):
                x = next((point for point in pair if point[0] == "a"), None)
                y = next((point for point in pair if point is not x and point[0] != "c"), None)
                if x and y:
                    tags = f"{first[host]},host={host},x.k={x[0]},y.k={y[0]}"
                    wanted.append(f"{tags} x.v={x[2]},y.v={y[2]} {time}")
        assert [line for line in got if f"host={host}," in line] == wanted


@SOME
@given(lines("abc"), st.sampled_from([0, 10]), st.integers(0, 11))
def test_flatten(points: list[Line], tolerance: int, cut: int) -> None:
    script = f"stream|from().groupBy('host')|flatten().on('k').tolerance({tolerance}s)"
    got = run(script, points, cut)
    first = {host: next(name for name, of, *_ in points if of == host) for host in {host for _, host, *_ in points}}
    for host, of in runs(points, tolerance).items():
        wanted: list[str] = []
        for time, them in of:
            values = {name: value for name, _, value, _ in them}
            fields = ",".join(f"{name}.v={values[name]}" for name in sorted(values))
            wanted.append(f"{first[host]},host={host} {fields} {time}")
        assert [line for line in got if f"host={host} " in line] == wanted


SCRIPTS = (
    """
        var a = stream|from().measurement('a').groupBy('host')
        var b = stream|from().measurement('b').groupBy('host')
        var c = stream|from().measurement('c').groupBy('host')
        a|join(b, c).as('x', 'y', 'z').fill('null').tolerance(5s)
    """,
    """
        var a = stream|from().measurement('a').groupBy('host', 'k')
        var b = stream|from().measurement('b').groupBy('host')
        var c = stream|from().measurement('c').groupBy('host', 'k')
        a|join(b, c).as('x', 'y', 'z').on('host').fill(0).tolerance(5s)
    """,
    """
        var a = stream|from().measurement('a').groupBy('host').groupByMeasurement()
        var b = stream|from().measurement('b').groupBy('host')|window().periodCount(2).everyCount(1)|flatten().on('k')
        a|window().periodCount(3).everyCount(1)|join(b).as('x', 'y').tolerance(20s).fill(0.0)
    """,
    "stream|from()|union(stream|from().measurement('a'), stream|from().measurement('b')).rename('all')",
    "stream|from().groupBy('host')|combine(lambda: TRUE, lambda: count() > 2).as('x', 'y').tolerance(10s)",
    "stream|from().groupBy('host')|flatten().on('k').tolerance(10s)",
    """
        var a = stream|from().measurement('a')|eval(lambda: duration("v", 1s)).as('d')
        var b = stream|from().measurement('b')|combine(lambda: TRUE).as('x')
        a|join(b).as('x', 'y').fill('null')|eval(lambda: "x.d" / 2).as('half').keep()|flatten()
    """,
)


@SOME
@given(
    st.sampled_from(SCRIPTS),
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from("xy"), st.integers(0, 3), times), min_size=1, max_size=12
    ),
    st.integers(1, 11),
)
def test_neither_a_cut_nor_the_size_of_chunks_changes_anything(script: str, points: list[Line], place: int) -> None:
    text = "".join(f"{name},host={host},k={name} v={value}i {time}\n" for name, host, value, time in points)
    whole = Run(script, text).whole()
    assert Run(script, text).whole(place) == whole
    assert Run(script, text).cut(place) == whole
