"""Coverage as Cobertura's XML has it: a rule is a class, a folder a package, and each goal a branch of its line."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree as xml

from tickdiscord.testing.coverage.model import Coverage, FileCoverage
from tickdiscord.version import __version__

DEFAULT = Path("coverage.xml")
DOCTYPE = '<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">'


def cobertura(coverage: Coverage, now: int) -> str:
    """The text of a report; `now` (ns) is when it was made."""
    files = list(coverage)
    root = xml.Element("coverage", _rates(files, whole=True))
    root.attrib |= {"complexity": "0", "version": f"tickdiscord {__version__}", "timestamp": str(now // 1_000_000)}
    xml.SubElement(xml.SubElement(root, "sources"), "source").text = "."
    packages = xml.SubElement(root, "packages")
    for folder, group in groupby(files, lambda file: file.path.parent):
        together = list(group)
        named = {"name": folder.as_posix(), "complexity": "0"}
        classes = xml.SubElement(xml.SubElement(packages, "package", named | _rates(together)), "classes")
        for file in together:
            _class(file, classes)
    xml.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{DOCTYPE}\n{xml.tostring(root, encoding="unicode")}\n'


def _class(file: FileCoverage, classes: xml.Element) -> None:
    named = {"name": file.path.stem, "filename": file.path.as_posix(), "complexity": "0"}
    made = xml.SubElement(classes, "class", named | _rates([file]))
    xml.SubElement(made, "methods")
    lines = xml.SubElement(made, "lines")
    for line, goals in file.by_line().items():
        reached = sum(goal.id in file.reached for goal in goals)
        said = {"number": str(line), "hits": str(int(reached > 0)), "branch": "true" if len(goals) > 1 else "false"}
        if len(goals) > 1:
            said["condition-coverage"] = f"{100 * reached // len(goals)}% ({reached}/{len(goals)})"
        xml.SubElement(lines, "line", said)


def _rates(files: Sequence[FileCoverage], *, whole: bool = False) -> dict[str, str]:
    lines = [any(goal.id in file.reached for goal in goals) for file in files for goals in file.by_line().values()]
    covered, valid = sum(file.covered for file in files), sum(file.total for file in files)
    rates = {"line-rate": _share(sum(lines), len(lines)), "branch-rate": _share(covered, valid)}
    if not whole:
        return rates
    counts: Iterable[tuple[str, int]] = (
        ("lines-covered", sum(lines)),
        ("lines-valid", len(lines)),
        ("branches-covered", covered),
        ("branches-valid", valid),
    )
    return rates | {name: str(count) for name, count in counts}


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.4g}" if whole else "1"
