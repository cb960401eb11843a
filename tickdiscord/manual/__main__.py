"""Writes the pages of the documentation that are made out of the sources: `python -m tickdiscord.manual docs`."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tickdiscord.manual import differences, fidelity, functions, pages, reference

PAGES: Mapping[str, Callable[[], str]] = {
    "diagnostics.md": pages.markdown,
    "differences.md": differences.markdown,
    "fidelity.md": fidelity.markdown,
    "functions.md": functions.markdown,
    "handlers.md": reference.handlers,
    "nodes.md": reference.nodes,
}


def main(folder: str) -> None:
    """Write all pages into a folder."""
    for name, page in PAGES.items():
        (Path(folder) / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
