"""A run that is cut in two is one run: of every node, wherever the cut is; and the size of chunks changes nothing."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ticking import Ticking, sent, shown

from tickdiscord.nodes.registry import node_classes

SOURCE = "stream|from().groupBy('host')"
WINDOW = f"{SOURCE}|window().period(5s).every(3s)"
TWO = "var a = stream|from().measurement('a').groupBy('host')\nvar b = stream|from().measurement('b').groupBy('host')\n"

FUNCTIONS = {
    **{
        name: f"|{name}('v')" for name in "count distinct first last max mean median min mode spread stddev sum".split()
    },
    **{name: f"|{name}('v').as('x')" for name in ("cumulativeSum", "difference")},
    "bottom": "|bottom(2, 'v')",
    "top": "|top(2, 'v', 'k')",
    "elapsed": "|elapsed('v', 1s)",
    "movingAverage": "|movingAverage('v', 2)",
    "percentile": "|percentile('v', 50.0).usePointTimes()",
    "holtWinters": "|holtWinters('v', 2, 0, 1s)",
    "holtWintersWithFit": "|holtWintersWithFit('v', 2, 0, 1s)",
}

SCRIPTS: Mapping[str, Sequence[str]] = {
    "stream": ["stream|from()"],
    "from": [
        """stream|from().where(lambda: count() % 2 == 0 OR "v" > 3).groupBy('host').round(2s)""",
        "stream|from().groupBy(*).groupByMeasurement()",
    ],
    "alert": [
        SOURCE
        + """|alert().info(lambda: "v" > 2).warn(lambda: "v" > 4).crit(lambda: "v" > 6).critReset(lambda: "v" < 3)
            .message('{{ .Level }} {{ .Duration }}').details('').levelTag('level').durationField('for')
            .log('/tmp/x')""",
        SOURCE
        + """|alert().crit(lambda: "v" > 4).stateChangesOnly(10s).flapping(0.2, 0.4).history(5).details('')
            .idTag('id')""",
        SOURCE
        + """|alert().crit(lambda: sigma("v") > 1.0).warn(lambda: count() > 3).noRecoveries().details('').topic('t')""",
        WINDOW + """|alert().crit(lambda: "v" > 3).all().details('').stateChangesOnly()""",
        SOURCE
        + """|alert().crit(lambda: "v" > 4).inhibit('c', 'host').details('')
        stream|from().groupBy('host')|alert().category('c').crit(lambda: "v" > 2).details('')""",
    ],
    "deadman": [SOURCE + "|deadman(1.0, 3s)", SOURCE + '|deadman(0.5, 2s, lambda: hour("time") >= 0)'],
    "window": [
        WINDOW,
        SOURCE + "|window().period(4s).align().fillPeriod()",
        SOURCE + "|window().period(4s).every(0s)",
        SOURCE + "|window().periodCount(3).everyCount(2).fillPeriod()",
    ],
    "groupBy": [SOURCE + "|groupBy('k')", WINDOW + "|groupBy('k')", "stream|from().groupBy(*)|groupBy(*).exclude('k')"],
    "barrier": [
        SOURCE + "|barrier().idle(2s)|window().period(3s).every(3s)",
        SOURCE + "|barrier().period(3s).delete(TRUE)|stateCount(lambda: TRUE)",
    ],
    "eval": [
        SOURCE
        + """|eval(lambda: count() + "n", lambda: spread("v"), lambda: string("n"))
            .as('c', 's', 't').tags('t').keep()""",
        WINDOW + """|eval(lambda: count()).as('c')""",
    ],
    "default": [SOURCE + "|default().field('n', 7).tag('k', 'none')"],
    "delete": [SOURCE + "|delete().field('n').tag('host')", WINDOW + "|delete().tag('host')"],
    "shift": [SOURCE + "|shift(3s)", WINDOW + "|shift(-3s)"],
    "where": [SOURCE + """|where(lambda: count() % 2 == 0)""", WINDOW + """|where(lambda: "v" > 3)"""],
    "sample": [SOURCE + "|sample(3)", SOURCE + "|sample(2s)", WINDOW + "|sample(2)"],
    "noOp": [SOURCE + "|noOp()"],
    "derivative": [SOURCE + "|derivative('v').nonNegative()", WINDOW + "|derivative('v').as('d')"],
    "changeDetect": [SOURCE + "|changeDetect('n', 's')", WINDOW + "|changeDetect('n')"],
    "stateCount": [SOURCE + """|stateCount(lambda: "v" > 3)""", WINDOW + """|stateCount(lambda: "v" > 3)"""],
    "stateDuration": [SOURCE + """|stateDuration(lambda: "v" > 3 AND count() > 2)"""],
    "stats": [SOURCE + "|stats(2s)", WINDOW + "|stats(3s).align()"],
    "join": [
        TWO + "a|join(b).as('a', 'b')",
        TWO + "a|join(b).as('a', 'b').tolerance(3s).fill('null')",
        TWO + "a|groupBy('host', 'k')|join(b).as('a', 'b').on('host').fill(0)",
        TWO + "a|window().period(4s).every(4s).align()|join(b|window().period(4s).every(4s).align()).as('a', 'b')",
    ],
    "union": [
        TWO + "a|union(b).rename('c')",
        TWO + "a|window().period(3s).every(3s)|union(b|window().period(2s).every(2s))",
    ],
    "combine": [SOURCE + """|combine(lambda: "n" > 2, lambda: TRUE).as('x', 'y').tolerance(2s)"""],
    "flatten": [SOURCE + "|flatten().on('k').tolerance(2s)", WINDOW + "|flatten().on('k')"],
    "log": [SOURCE + "|log()"],
    "httpOut": [SOURCE + "|httpOut('h')", WINDOW + "|httpOut('h')"],
    "httpPost": [SOURCE + "|httpPost('http://127.0.0.1/')", WINDOW + "|httpPost('http://127.0.0.1/')"],
    "influxDBOut": [SOURCE + "|influxDBOut().database('d').tag('x', 'y')", WINDOW + "|influxDBOut().database('d')"],
    "kapacitorLoopback": ["stream|from()|sample(2)|kapacitorLoopback().database('other').retentionPolicy('rp')"],
    **{name: [WINDOW + call, SOURCE + call] for name, call in FUNCTIONS.items()},
}

Line = tuple[str, str, str, str, int]
lines = st.lists(
    st.tuples(
        st.sampled_from("ab"),
        st.sampled_from(["", ",host=x", ",host=y"]),
        st.sampled_from(["", ",k=1", ",k=2"]),
        st.sampled_from(
            ["v=1", "v=5", "v=7", "v=3,n=3i", "v=4,n=2i", 'v=2.5,n=5i,s="up"', "v=2i,n=2i", 'n=4i,s="down"', 'v="x"']
        ),
        st.sampled_from([0, 0, 1, 1, 1, 2, 4, 9, -2]),
    ),
    min_size=1,
    max_size=16,
)


def text(points: Sequence[Line]) -> str:
    """The points, each so many seconds behind the one before."""
    time, written = 100, ""
    for name, host, key, fields, step in points:
        time += step
        written += f"{name}{host}{key} {fields} {time}\n"
    return written


def seen(run: Ticking) -> list[str]:
    """Everything that a run makes."""
    held = {name: msgspec.json.encode(rows()) for name, rows in run.engine.outputs.items()}
    return [*run.notes.lines, *map(shown, run.events), *_requests(run), repr(held)]


def _requests(run: Ticking) -> Iterator[str]:
    """What is to be sent; for InfluxDB point by point, however many there are in a request."""
    for entry in run.requests:
        lines = entry.request.body.get("lines")
        yield from lines.splitlines() if isinstance(lines, str) else (sent(entry),)


RECORDED = {"batch", "query"}
"""They take what is recorded, and keep nothing."""


def test_all_nodes_are_in_the_table() -> None:
    assert sorted(SCRIPTS) == sorted(node_classes().keys() - RECORDED)
    assert all(kind == "stream" or f"|{kind}(" in script for kind, scripts in SCRIPTS.items() for script in scripts)


@pytest.mark.parametrize(
    "script", [pytest.param(script, id=f"{kind} {n}") for kind, of in SCRIPTS.items() for n, script in enumerate(of)]
)
@settings(deadline=None, max_examples=5)
@given(points=lines, place=st.integers(0, 15))
def test_a_run_cut_in_two_is_one_run(script: str, points: Sequence[Line], place: int) -> None:
    given = text(points)
    last = max(int(line.split()[-1]) for line in given.splitlines())
    whole = Ticking([script], given, start=98, until=last + 7).run(1)
    assert seen(Ticking([script], given, start=98, until=last + 7).run(1, cut=place % len(points))) == seen(whole)
    assert seen(Ticking([script], given, start=98, until=last + 7).run()) == seen(whole)
