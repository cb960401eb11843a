"""What tests depend on, and which of it has changed: since a revision of git, or since it was last looked at."""

import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tickdiscord.diagnostics import DiagnosticError, error
from tickdiscord.testing.rules.feed import FileSource
from tickdiscord.testing.rules.files import read_file
from tickdiscord.testing.rules.suite import Suite

GIT = "TD773"
GIT_TIMEOUT_S = 60.0

Stamp = tuple[int, int] | None
"""When a file was last written (ns), and its size; None if it is not there."""


def depends_on(path: Path, scripts: Path | None = None) -> frozenset[Path]:
    """The files that the tests of a file depend on, itself among them; of one that cannot be read only itself."""
    try:
        found = set(_named(read_file(path, scripts)))
    except DiagnosticError:
        found = set[Path]()
    return frozenset(each.resolve() for each in found | {path})


def _named(suite: Suite) -> Iterable[Path]:
    yield from suite.read
    for test in suite.tests:
        setup = test.setup
        for path in (*setup.rules, *setup.vars_files, *setup.handlers, *([setup.config] if setup.config else [])):
            yield from (each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
        yield from (each.path for each in test.feed.sources if isinstance(each, FileSource))


def changed_since(revision: str) -> frozenset[Path]:
    """The files that are not as in a revision of the git repository around this folder, those that are new among them.

    Raises:
        DiagnosticError: there is no such revision, no repository, or no git.
    """
    top = Path(_git("rev-parse", "--show-toplevel").strip())
    if not is_revision(revision):
        raise error(GIT, f"`--changed`: git knows no revision `{revision}`", hint="such as HEAD, main or HEAD~3")
    named = _git("diff", "--name-only", "-z", "--no-renames", revision, "--", str(top))
    new = _git("-C", str(top), "ls-files", "--others", "--exclude-standard", "-z")
    return frozenset((top / name).resolve() for name in (named + new).split("\0") if name)


def is_revision(text: str) -> bool:
    """Whether git knows a revision of this name; not where there is no git."""
    try:
        return bool(_git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{text}^{{commit}}"))
    except DiagnosticError:
        return False


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments], capture_output=True, text=True, check=False, timeout=GIT_TIMEOUT_S, errors="replace"
        )
    except FileNotFoundError:
        raise error(GIT, "`--changed` asks git, which is not installed") from None
    except subprocess.TimeoutExpired:
        raise error(GIT, f"`--changed` asks git, which has not answered for {GIT_TIMEOUT_S:.0f} s") from None
    if done.returncode:
        said = (done.stderr.strip() or "it says no more").splitlines()[0]
        raise error(GIT, f"`--changed` asks git, which refuses: {said}", hint="it works within a git repository")
    return done.stdout


class Watched:
    """Test files, and everything that they depend on, to be looked at again and again."""

    def __init__(self, scripts: Path | None = None) -> None:
        self._scripts = scripts
        self._needs: dict[Path, frozenset[Path]] = {}
        self._stamps: dict[Path, Stamp] = {}

    def affected(self, files: Sequence[Path]) -> Mapping[Path, Sequence[Path]]:
        """The test files of which something has changed since the last call, each with what; at first, all of them."""
        for path in [known for known in self._needs if known not in files]:
            del self._needs[path]
        stamps = {path: _stamp(path) for path in {*self._all(), *(each.resolve() for each in files)}}
        changed = {path for path, stamp in stamps.items() if path not in self._stamps or self._stamps[path] != stamp}
        found: dict[Path, Sequence[Path]] = {}
        for file in files:
            mine = self._needs.get(file)
            if mine is None or mine & changed:
                found[file] = sorted(changed & (mine or {file.resolve()}))
                self._needs[file] = depends_on(file, self._scripts)
        self._stamps = {path: stamps[path] if path in stamps else _stamp(path) for path in self._all()}
        return found

    def _all(self) -> set[Path]:
        return {path for needs in self._needs.values() for path in needs}


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
