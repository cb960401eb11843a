"""Coverage as a page: one file that needs no other, with the table and every script line by line."""

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from tickdiscord.testing.coverage.model import Coverage, FileCoverage, Goal, percent_text, sentences

DEFAULT = Path("htmlcov")
PAGE = "index.html"

STYLE = """
:root { color-scheme: light dark; --ink: #1f2328; --paper: #ffffff; --dim: #59636e; --line: #d1d9e0;
  --good: #1a7f37; --good-paper: #dafbe1; --bad: #b42318; --bad-paper: #ffebe9; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --dim: #9198a1; --line: #3d444d;
  --good: #3fb950; --good-paper: #12261e; --bad: #ff7b72; --bad-paper: #2d1618; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 72rem;
  margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; } th { color: var(--dim); font-weight: normal; }
th, td { text-align: right; padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { text-align: left; } a { color: inherit; }
meter { width: 8rem; } .bad { color: var(--bad); } .good { color: var(--good); } .dim { color: var(--dim); }
ol { font: 14px/1.45 ui-monospace, monospace; list-style: none; padding: .5rem 0; border: 1px solid var(--line);
  overflow-x: auto; } ol > li { white-space: pre; padding: 0 .6rem; min-width: max-content; }
ol > li > b { display: inline-block; width: 3rem; color: var(--dim); font-weight: normal; user-select: none; }
li.good { color: inherit; background: var(--good-paper); } li.bad { color: inherit; background: var(--bad-paper); }
mark { background: none; color: inherit; text-decoration: underline wavy var(--bad); text-underline-offset: 3px; }
ul { margin: 0 0 0 3rem; padding: 0; color: var(--bad); list-style: none; font-family: system-ui, sans-serif; }
"""


def html(coverage: Coverage) -> str:
    """The text of the page."""
    files = list(coverage)
    rows = "\n".join(_row(f"#rule{number}", file) for number, file in enumerate(files))
    scripts = "\n".join(_script(f"rule{number}", file) for number, file in enumerate(files))
    missed = coverage.total - coverage.covered
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Coverage of rules: {percent_text(coverage.percent)}</title>
<style>{STYLE}</style>
</head>
<body>
<h1>Coverage of rules: {percent_text(coverage.percent)}</h1>
<table>
<thead><tr><th>rule</th><th>goals</th><th>missing</th><th>covered</th><th></th></tr></thead>
<tbody>
{rows}
</tbody>
<tfoot>{_cells("total", coverage.total, missed, coverage.percent)}</tfoot>
</table>
{scripts}
</body>
</html>
"""


def _row(link: str, file: FileCoverage) -> str:
    note = f' <span class="dim">{escape(file.note)}</span>' if file.note else ""
    name = f'<a href="{link}">{escape(str(file.path))}</a>{note}'
    return _cells(name, file.total, len(file.missing), file.percent)


def _cells(name: str, total: int, missing: int, share: float) -> str:
    shown, tone = percent_text(share), "bad" if missing else "good"
    meter = f'<meter min="0" max="100" value="{share:.1f}">{shown}</meter>'
    cells = f'<td>{total}</td><td>{missing}</td><td class="{tone}">{shown}</td><td>{meter}</td>'
    return f"<tr><td>{name}</td>{cells}</tr>"


def _script(anchor: str, file: FileCoverage) -> str:
    source, by_line = file.source, file.by_line()
    last = file.text.rstrip().count("\n") + 1
    lines = "\n".join(
        _line(number, source.line(number), by_line.get(number, ()), file) for number in range(1, last + 1)
    )
    return f'<h2 id="{anchor}">{escape(str(file.path))}</h2>\n<ol>\n{lines}\n</ol>'


def _line(number: int, text: str, goals: Sequence[Goal], file: FileCoverage) -> str:
    missing = [goal for goal in goals if goal.id not in file.reached]
    tone = "" if not goals else ' class="bad"' if missing else ' class="good"'
    said = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences(missing))
    shown = "".join(_marked(text, [_within(text, goal, file) for goal in missing]))
    return f"<li{tone}><b>{number}</b>{shown}{f'<ul>{said}</ul>' if said else ''}</li>"


def _within(text: str, goal: Goal, file: FileCoverage) -> tuple[int, int]:
    """Where a goal stands in its line; the part of it that stands in others is left out."""
    start = file.source.place(goal.span.start)[1] - 1
    return start, min(len(text), start + goal.span.end - goal.span.start)


def _marked(text: str, places: Sequence[tuple[int, int]]) -> Iterator[str]:
    """The line, with the places marked; one that overlaps with another before it is a part of that."""
    done = 0
    for start, end in sorted(places, key=lambda place: (place[0], -place[1])):
        if start >= done and end > start:
            yield f"{escape(text[done:start])}<mark>{escape(text[start:end])}</mark>"
            done = end
    yield escape(text[done:])
