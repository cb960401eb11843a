"""The page on testing: every block of it is run, in the order in which a reader meets them."""

import contextlib
from pathlib import Path

from inprocess import outcome
from manual import Code, Command, blocks, timeless

PAGE = Path(__file__).parents[2] / "docs" / "testing.md"


def test_every_block_of_the_page_does_what_it_says(tmp_path: Path) -> None:
    for block in blocks(PAGE):
        if isinstance(block, Command):
            assert f"$ {timeless(outcome({}, block.line, tmp_path).said)}" == f"$ {block.prints}", block.line
        elif isinstance(block, Code):
            with contextlib.chdir(tmp_path):
                exec(block.text, {})
        elif block.after:
            assert (tmp_path / block.name).read_text(encoding="utf-8") == block.text
        else:
            (tmp_path / block.name).write_text(block.text, encoding="utf-8")
