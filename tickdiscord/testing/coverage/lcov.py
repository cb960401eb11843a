"""Coverage as LCOV's tracefiles have it: a line is hit if one of its goals is, and each goal is a branch of it."""

from collections.abc import Iterator
from pathlib import Path

from tickdiscord.testing.coverage.model import Coverage, FileCoverage

DEFAULT = Path("coverage.lcov")


def lcov(coverage: Coverage) -> str:
    """The text of a tracefile."""
    return "".join(f"{line}\n" for file in coverage for line in _records(file))


def _records(file: FileCoverage) -> Iterator[str]:
    by_line = file.by_line()
    yield "TN:"
    yield f"SF:{file.path.as_posix()}"
    for line, goals in by_line.items():
        hits = [int(goal.id in file.reached) for goal in goals]
        yield f"DA:{line},{int(any(hits))}"
        yield from (f"BRDA:{line},0,{number},{hit if any(hits) else '-'}" for number, hit in enumerate(hits))
    yield f"BRF:{file.total}"
    yield f"BRH:{file.covered}"
    yield f"LF:{len(by_line)}"
    yield f"LH:{sum(any(goal.id in file.reached for goal in goals) for goals in by_line.values())}"
    yield "end_of_record"
