"""The page that says how far tickdiscord is like Kapacitor, and how that is known; it counts the cases of the tests.

It can be made in a checkout only.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import tickdiscord
from tickdiscord.handlers.others import OTHERS
from tickdiscord.manual.declared import cell
from tickdiscord.manual.differences import Difference, sections
from tickdiscord.nodes.known import UNSUPPORTED

TESTS = Path(tickdiscord.__file__).parent.parent / "tests"
CONFORMANCE = TESTS / "conformance"


@dataclass(frozen=True, slots=True)
class Kind:
    """Cases of one kind: how many, where their expected values are from, and the test that runs every one of them."""

    name: str
    count: Callable[[], str]
    origin: str
    test: str


@dataclass(frozen=True, slots=True)
class Law:
    """Something that is held to be true of whatever input comes to the mind of a generator, and where."""

    says: str
    tests: tuple[str, ...]


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def _of_lines(name: str) -> Callable[[], str]:
    return lambda: f"{len(_lines(CONFORMANCE / name)):,}"


def _of_documents(name: str) -> Callable[[], str]:
    return lambda: f"{len(re.findall(r'^name: ', (CONFORMANCE / name).read_text(encoding='utf-8'), re.M)):,}"


def _of_lambdas() -> str:
    lines = _lines(CONFORMANCE / "lambda.jsonl")
    return f"{len(lines):,} expressions, {sum(len(json.loads(line)['cases']) for line in lines):,} evaluations"


def _of_formats() -> str:
    return str(len(list((CONFORMANCE / "format").glob("*.expected.tick"))))


def _of_go(*patterns: str) -> Callable[[], str]:
    return lambda: f"{sum(len(_lines(path)) for pattern in patterns for path in TESTS.glob(pattern)):,}"


KINDS = (
    Kind(
        "lambdas",
        _of_lambdas,
        "Kapacitor's own evaluator, run on these very expressions and points: type and value, or the stage at which it "
        "fails. What an expression remembers (`count()`, `sigma()`, `spread()`) goes on from point to point.",
        "lambdas/test_lambda_values.py",
    ),
    Kind(
        "templates of ids, messages, details and titles",
        _of_lines("templates.jsonl"),
        "Go's own text/template and html/template on Kapacitor's data types; two versions of Go (1.25.5 and 1.27.3) "
        "agree on every line. Scripts and styles within HTML are not among them.",
        "templates/test_template_conformance.py",
    ),
    Kind(
        "formatter",
        _of_formats,
        "Kapacitor's own `tickfmt`, byte for byte.",
        "syntax/test_formatter.py",
    ),
    Kind(
        "line protocol",
        _of_lines("lineprotocol.jsonl"),
        "the parser that Kapacitor 1.8 is built with (`models` of InfluxDB 1.9.6), called as its write endpoint calls "
        "it: the points, and the reasons for the lines that are none.",
        "points/test_conformance.py",
    ),
    Kind(
        "streams through one alert",
        _of_documents("alerts.yaml"),
        "a small model, written from Kapacitor's source; Kapacitor's own code then gave the same events in every case. "
        "Streams for which Kapacitor's duration makes no sense are not among them.",
        "runtime/test_alerts.py",
    ),
    Kind(
        "whole scripts",
        _of_documents("pipelines.yaml"),
        "Kapacitor's own code (commit 7702d12: language, pipeline, edges, nodes, alerts and topics unchanged), run "
        "several times on these very scripts and points; stats, deadmen and barriers under a virtual clock. Scripts "
        "whose result varied are not among them. Scripts that Kapacitor refuses must be refused.",
        "runtime/test_pipelines.py",
    ),
    Kind(
        "requests to Discord",
        _of_documents("discord.yaml"),
        "written by hand after Kapacitor's `services/discord`, with the differences that stand below. They say what is "
        "meant; Kapacitor did not make them.",
        "cli/test_discord_conformance.py",
    ),
    Kind(
        "numbers, times, durations and quoted texts as Go prints and reads them",
        _of_go("gotext/*.jsonl"),
        "Go's own strconv, time and encoding/json.",
        "gotext/test_gotext_go.py",
    ),
    Kind(
        "formats, functions and documents put together at random",
        _of_go("templates/go_*.jsonl"),
        "Go's own text/template and html/template.",
        "templates/test_template_go.py",
    ),
)

LAWS = (
    Law("windows and functions are those of small models", ("nodes/test_window_models.py",)),
    Law(
        "join, union, combine and flatten are those of models that see all points at once",
        ("nodes/test_merging_models.py",),
    ),
    Law("the nodes that look at a point at a time are those of models", ("nodes/test_reshaping_models.py",)),
    Law("stats, barriers and deadmen are those of models that go second by second", ("nodes/test_clock_models.py",)),
    Law(
        "the fast readers of line protocol give what the exact one gives, on any bytes",
        ("points/test_equal_readers.py",),
    ),
    Law("a compiled lambda gives by column what it gives by row", ("lambdas/test_lambda_properties.py",)),
    Law(
        "what the formatter writes means the same, and is not changed by it again",
        ("syntax/test_generated_scripts.py",),
    ),
    Law(
        "a run that is cut in two anywhere is one run, and the size of chunks changes nothing",
        ("nodes/test_cut_runs.py", "state/test_cut.py"),
    ),
    Law(
        "nothing is lost and nothing comes twice when a process is killed at any moment",
        ("state/test_kill.py", "outbox/test_crash.py"),
    ),
)

HEAD = """\
# Can I trust it?

tickdiscord is an interpreter of its own, not Kapacitor in another coat. Whether a rule does here what it does in
Kapacitor is a fair question, and this page answers it as exactly as we can.

- **What is the same**: the language, lambdas, templates, line protocol, the nodes and their order, levels, resets,
  flapping, topics, handlers and their matches. All of that is meant to be the same event for event, with the same time,
  id, message, duration and data.
- **How we know**: Kapacitor's own code and Go's own libraries were run on thousands of expressions, templates, lines
  and scripts. What they gave is kept in `tests/`, and every case is run whenever the tests are.
- **What differs**: {differences} things, on purpose. Each stands [below](#different-on-purpose), with the test that
  shows it.
- **What is not there**: {refused} nodes and user-defined functions. A rule that has one of them is refused when it is
  loaded, with the line; it never runs as if it were not there. And to services other than Discord nothing is sent by
  itself. See [below](#not-there).

What is neither the same nor in these lists is a mistake of ours, and worth reporting.

This page is made by `scripts/docs`, which counts the cases. `tickdiscord/manual/fidelity.py` has the sentences.
"""

EXACTNESS = """\
Floats are compared up to one part in 10⁹ (lambdas 10¹², Holt-Winters 10⁶), all else exactly. Events with different ids
may come in any order where Kapacitor walks a map. Errors must come where Kapacitor has one; their words are our own,
and say more. A mistake that Kapacitor notices at the first point may be noticed when the rule is loaded.
"""

OTHERS_TESTS = """\
## Kapacitor's own tests, and strangers' scripts

These are not in the repository, as they are others' work. They were run by hand, on Kapacitor's commit 7702d12.

- **Kapacitor's integration tests** (`integrations/streamer_test.go` and `batcher_test.go`): 118 tests of streams and 48
  of batches can be had as a script, a recording and what is expected. All 166 pass. The others of these files are about
  user-defined functions, autoscaling, sideload, trickle, Flux, servers, handlers of other services, counters of nodes,
  the time of the wall, or random numbers.
- **Scripts that people wrote for their own use**: 147 different ones, out of 24 public repositories. 128 are accepted,
  9 are refused by name, as they have user-defined functions or autoscalers, and 10 are refused as Kapacitor refuses
  them.
"""

MODELS = """\
## Whatever the input

Cases show what somebody thought of. More than {properties} tests generate their input, scripts and points among it, and
hold the result against a model that is too small to be wrong, or against a law. Some of them:
"""

NOT_THERE = """\
## Not there

A rule that names one of these is refused when it is loaded:

| node of Kapacitor | why |
|---|---|
"""

AND_MORE = """
So is a user-defined function (`@name()`), a process of its own that only Kapacitor can run. `batch|query()` is checked,
and its answers replayed; nobody is asked for them.

The {others} handlers of other services (Slack, PagerDuty and so on) load and are checked, and their events go nowhere
unless [you say where](handlers.md#known-and-not-sent). `run` does not start before that is said, except dry.
"""


def markdown() -> str:
    """The page of the documentation."""
    differing = [each for section in sections() for each in section.differences]
    parts = [
        HEAD.format(differences=len(differing), refused=len(UNSUPPORTED)),
        "## The same, case by case",
        _table(["cases of", "how many", "what is expected was made by", "run by"], map(_kind, KINDS)),
        EXACTNESS,
        OTHERS_TESTS,
        MODELS.format(properties=_properties()),
        "\n".join(f"- {law.says}: {', '.join(map(_file, law.tests))}" for law in LAWS),
        "## Different on purpose",
        "Why it is so is said in [differences.md](differences.md).",
    ]
    for section in sections():
        parts += [
            f"### {section.heading}",
            _table(["Kapacitor", "tickdiscord", "shown by"], map(_shown, section.differences)),
        ]
    refused = "\n".join(f"| `{name}` | {cell(why)} |" for name, why in UNSUPPORTED.items())
    parts += [f"{NOT_THERE}{refused}", AND_MORE.format(others=len(OTHERS))]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _kind(kind: Kind) -> list[str]:
    return [kind.name, kind.count(), kind.origin, _file(kind.test)]


def _shown(difference: Difference) -> list[str]:
    file, _, name = difference.test.partition("::")
    link = _file(file.removeprefix("tests/"))
    return [difference.kapacitor, difference.tickdiscord, f"{link}: {name.replace('_', ' ')}" if name else link]


def _file(path: str) -> str:
    """A link to a file of the tests."""
    return f"[{path}](../tests/{path})"


def _table(head: list[str], rows: Iterator[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(cell, line))} |" for line in lines)


def _properties() -> int:
    """How many tests generate their input, in tens."""
    files = [path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py")]
    return sum(len(re.findall(r"^@given\b", text, re.M)) for text in files) // 10 * 10
