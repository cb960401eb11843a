"""What tests depend on: a change of it, since a commit or since it was last looked at, says which are to be run."""

import os
import subprocess
from pathlib import Path

import pytest
from inprocess import outcome

from tickdiscord.testing.rules.dependencies import Watched, depends_on

FILES = {
    "a.tick": "stream|from().measurement('m')|alert().crit(lambda: \"v\" > 1.0).topic('t').stateChangesOnly()\n",
    "b.tick": "stream|from().measurement('m')|alert().crit(lambda: \"v\" > 2.0)\n",
    "handlers/h.yaml": "{id: h, topic: t, kind: stdout}\n",
    "points.lp": "m v=0 1\nm v=5 2\n",
    "base.yaml": "rule: a.tick\n",
    "a_test.yaml": "include: base.yaml\nhandlers: handlers\npoints: {file: points.lp}\nexpect: {counts: 1}\n",
    "b_test.yaml": "rule: b.tick\npoints:\n  m v: 0 5\nexpect: {counts: 1}\n",
}
OF_A = {"a.tick", "a_test.yaml", "base.yaml", "points.lp", "handlers/h.yaml"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    who = {f"GIT_{role}_{what}": "x" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, env={**os.environ, **who})


def test_a_test_depends_on_all_files_that_it_names(folder: Path) -> None:
    assert depends_on(folder / "a_test.yaml") == {(folder / name).resolve() for name in OF_A}


def test_a_file_that_cannot_be_read_depends_on_itself(folder: Path) -> None:
    (folder / "b_test.yaml").write_text("rule: [", encoding="utf-8")
    assert depends_on(folder / "b_test.yaml") == {(folder / "b_test.yaml").resolve()}


@pytest.mark.parametrize("name", sorted(OF_A))
def test_only_what_a_change_affects_is_run_again(folder: Path, name: str) -> None:
    files = [folder / "a_test.yaml", folder / "b_test.yaml"]
    watched = Watched()
    assert list(watched.affected(files)) == files
    assert watched.affected(files) == {}
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert watched.affected(files) == {files[0]: [(folder / name).resolve()]}
    assert watched.affected(files) == {}


def test_new_test_files_and_a_rule_that_comes_later_are_seen(folder: Path) -> None:
    files = [folder / "b_test.yaml"]
    watched = Watched()
    watched.affected(files)
    (folder / "c_test.yaml").write_text("{rule: b.tick, until: 1m, expect: silent}", encoding="utf-8")
    assert list(watched.affected([*files, folder / "c_test.yaml"])) == [folder / "c_test.yaml"]
    (folder / "b.tick").unlink()
    assert list(watched.affected(files)) == files


def test_changed_runs_what_is_not_as_in_git(folder: Path) -> None:
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "rules")
    assert outcome({}, "test --changed", folder).err == "nothing that a test depends on has changed since HEAD\n"
    (folder / "points.lp").write_text("m v=0 1\nm v=6 2\n", encoding="utf-8")
    found = outcome({}, "test --changed .", folder)
    assert (found.code, found.out.splitlines()[:2]) == (0, ["a_test.yaml", "  ✓ a"])
    assert "b_test.yaml" not in found.out
    assert "git knows no revision `nowhere`" in outcome({}, "test --changed=nowhere", folder).err


def test_changed_outside_of_git_is_refused(folder: Path) -> None:
    found = outcome({}, "test --changed", folder)
    assert found.code == 1
    assert "error[TD773]: `--changed` asks git, which refuses" in found.err
