"""The pages that are made out of the sources: up to date, complete, with examples that hold."""

from pathlib import Path

import pytest
from inprocess import outcome

import tickdiscord
from tickdiscord.manual.__main__ import PAGES
from tickdiscord.manual.examples import Shown, families
from tickdiscord.manual.reference import undescribed

DOCS = Path(tickdiscord.__file__).parent.parent / "docs"
EXAMPLES = [
    pytest.param(shown, id=f"{subject}: {name}")
    for subject in ("nodes", "handlers")
    for family in families(subject)
    for name, shown in family.shown.items()
]


@pytest.mark.parametrize("page", PAGES)
def test_the_documentation_is_what_the_sources_make(page: str) -> None:
    assert (DOCS / page).read_text(encoding="utf-8") == PAGES[page](), "run scripts/docs"


def test_every_node_and_handler_has_an_example() -> None:
    assert undescribed() == []


@pytest.mark.parametrize("shown", EXAMPLES)
def test_an_example_gives_what_it_says(shown: Shown, tmp_path: Path) -> None:
    done = outcome(shown.example.files, shown.example.command, tmp_path)
    made = (tmp_path / shown.file).read_text(encoding="utf-8") if shown.file else done.said
    assert (made, done.code) == (shown.out, 0)
