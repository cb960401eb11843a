"""Rule tests as they were written down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tickdiscord.diagnostics import NOWHERE, Source, Span
from tickdiscord.nodes.step import OnError
from tickdiscord.testing.rules.expectations import Expectation
from tickdiscord.testing.rules.expectations import Path as DocumentPath
from tickdiscord.testing.rules.feed import Feed
from tickdiscord.testing.rules.moments import Moment

NOT_WRITTEN = Source("", "")

Fault = Literal["gap", "late", "duplicate", "silent-host", "int-to-float", "counter-reset"]
FAULTS: tuple[Fault, ...] = ("gap", "late", "duplicate", "silent-host", "int-to-float", "counter-reset")


@dataclass(frozen=True, slots=True)
class Setup:
    """What is under test: rules with their vars, configuration and handlers. Equal ones are loaded once."""

    rules: tuple[Path, ...] = ()
    vars: tuple[tuple[str, str], ...] = ()
    """The words of the vars, as after `--var`."""
    vars_files: tuple[Path, ...] = ()
    config: Path | None = None
    handlers: tuple[Path, ...] = ()
    database: tuple[str, str] | None = None
    """The database and retention policy of rules that name none, as kapacitor-unit gives it."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """How a rule is run."""

    until: Moment | None = None
    """How far the clock runs on behind the last point."""
    zone: str = ""
    on_error: OnError | None = None
    groups: tuple[str, ...] = ()
    """Groups that a deadman misses even if they never come."""


@dataclass(frozen=True, slots=True)
class RuleTest:
    """A test. `expect` is empty for one that says nothing, which only `--update` can fill."""

    name: str
    setup: Setup
    feed: Feed
    expect: Sequence[Expectation]
    circumstances: Circumstances = Circumstances()
    todo: str | None = None
    """Why the test is only listed; empty if it does not say."""
    faults: Mapping[Fault, bool] = field(default_factory=dict[Fault, bool])
    """The faults that it is run under, and whether each may change the outcome."""
    span: Span = NOWHERE
    """Where its name stands."""
    source: Source = NOT_WRITTEN
    path: DocumentPath = ()
    """Where it stands in its document."""


@dataclass(frozen=True, slots=True)
class Suite:
    """The tests of a file."""

    path: Path
    tests: Sequence[RuleTest]
    read: Sequence[Path] = ()
    """The other files in which parts of them stand."""
    update: bool = True
    """Whether `--update` can write into the file: it is YAML, not a comment of a rule."""
