"""Mistakes, a file each: why it is here, the files of the user, and all that is said about them.

A file has parts that begin with `--- NAME`. The first part says where the mistake comes from; the last, `--- says`, is
the whole of what is printed, stderr first. `--- command`, if there, is the command; else it is `check`, or `run` where
there are points.
"""

import re
from pathlib import Path

import pytest
from inprocess import outcome

from tickdiscord.manual.codes import command_for

CASES = sorted(Path(__file__).parent.glob("*.txt"))


def parts(case: Path) -> dict[str, str]:
    _, *found = re.split(r"^--- (.+)\n", case.read_text(encoding="utf-8"), flags=re.M)
    return dict(zip(found[::2], found[1::2], strict=True))


@pytest.mark.parametrize("case", CASES, ids=[case.stem for case in CASES])
def test_says(case: Path, tmp_path: Path) -> None:
    files = parts(case)
    says, command = files.pop("says"), files.pop("command", "").strip()
    done = outcome(files, command or command_for(files), tmp_path)
    assert done.said == says


def test_there_are_many() -> None:
    assert len(CASES) >= 60
