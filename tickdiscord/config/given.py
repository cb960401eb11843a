"""Values for vars as a command line gives them: `--vars FILE` and `--var name=value`, and the tasks that they make."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tickdiscord.config.files import read_text
from tickdiscord.config.values import from_word, guessed
from tickdiscord.config.vars import VarsFile, read_vars
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, collecting, did_you_mean, error, warning
from tickdiscord.pipeline.declarations import Var, declarations, placed
from tickdiscord.pipeline.pipeline import Dbrp
from tickdiscord.syntax import tree

NO_WORD = "TD435"
NO_TEMPLATE = "TD436"
UNUSED = "TD437"

Values = Mapping[str, tree.Expression]

_NAME = re.compile(r"[^\W\d_]\w*")


@dataclass(frozen=True, slots=True)
class Given:
    """What a command line says of vars: the files, and the words of each `--var`, by name."""

    files: Sequence[VarsFile] = ()
    words: Mapping[str, str] = field(default_factory=dict[str, str])


NOTHING_GIVEN = Given()


@dataclass(frozen=True, slots=True)
class TaskFile:
    """A task to be made: its script, its name, what fills its vars, and perhaps where its points come from.

    `named_by` is the file that gave the name, the script or a vars file; `dbrps_from` the vars file that gave `dbrps`.
    """

    path: Path
    text: str
    name: str
    named_by: Path
    vars: Values
    dbrps: Sequence[Dbrp] = ()
    dbrps_from: Path | None = None


def read_given(files: Sequence[Path], words: Sequence[str]) -> Given:
    """What `--vars` and `--var` say.

    Raises:
        DiagnosticError: a file or a word is wrong; everything that is.
    """
    problems: list[Diagnostic] = []
    found: list[VarsFile] = []
    for path in files:
        with collecting(problems):
            found.append(read_vars(path))
    given: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not _NAME.fullmatch(name.strip()):
            problems.append(Diagnostic(NO_WORD, f"--var `{word}` is no name with a value", hint="write --var limit=5"))
        given[name.strip()] = value
    if problems:
        raise DiagnosticError(*problems)
    return Given(found, given)


def values_of(given: Given) -> Values:
    """The values where no script says of which type they are to be.

    A word is what it would be in a script, else a string.
    """
    files = {name: value for file in given.files for name, value in file.vars.items()}
    return {**files, **{name: guessed(word) for name, word in given.words.items()}}


def task_files(paths: Sequence[Path], given: Given, problems: list[Diagnostic]) -> Iterator[TaskFile]:
    """The tasks that scripts and vars files make together; what is wrong is added to `problems`.

    Every script makes a task that is named after its file and filled by the files without `template-id`. A file with
    one makes a task out of the script of that name, which then makes none of its own: the task is named by the file's
    `id`, else after the file, as in Kapacitor's load directory. What `--var` says goes before all files.
    """
    shared = [file for file in given.files if not (file.template or file.task)]
    own: dict[Path, list[VarsFile]] = {}
    for file in given.files:
        if file.template or file.task:
            with collecting(problems):
                own.setdefault(_template(file, paths), []).append(file)
    for path in paths:
        with collecting(problems):
            text = read_text(path)
            vars = declarations(text, str(path)) if given.files or given.words else []
            for file in own.get(path, [VarsFile(path)]):
                with collecting(problems):
                    yield _task_file(path, text, vars, [*shared, file], given.words)


def unused(given: Given, known: Sequence[str]) -> list[Diagnostic]:
    """A warning for every value whose var no script has; most likely its name is a slip."""
    names = dict.fromkeys([*(name for file in given.files for name in file.vars), *given.words])
    return [
        warning(UNUSED, f"no rule has a var `{name}`", hint=did_you_mean(name, known))
        for name in names
        if name not in known
    ]


def _template(file: VarsFile, paths: Sequence[Path]) -> Path:
    """The script that a file is for."""
    fitting = [path for path in paths if path.stem == file.template or not file.template]
    if len(fitting) == 1:
        return fitting[0]
    if not file.template:
        hint = 'say which one of them it is for: "template-id": "…"'
        raise error(NO_TEMPLATE, f"`{file.path}` names the task `{file.task}`, and there are several rules", hint=hint)
    hint = did_you_mean(file.template, [path.stem for path in paths]) or "name its .tick file beside the others"
    raise error(NO_TEMPLATE, f"`{file.path}` is for the rule `{file.template}`, which is not here", hint=hint)


def _task_file(
    path: Path, text: str, vars: Sequence[Var], files: Sequence[VarsFile], words: Mapping[str, str]
) -> TaskFile:
    """Raises DiagnosticError if a word is none of its var's type."""
    last = files[-1]
    name = last.task or (last.path.stem if last.template else path.stem)
    problems: list[Diagnostic] = []
    values: dict[str, tree.Expression] = {}
    for var in vars:
        for file in files:
            if var.name in file.vars:
                values[var.name] = placed(file.vars[var.name], var.span)
        if var.name in words:
            with collecting(problems):
                values[var.name] = placed(_read(var, words[var.name]), var.span)
    if problems:
        raise DiagnosticError(*problems)
    task = TaskFile(path, text, name, last.path, values)
    source = next((file for file in reversed(files) if file.dbrps), None)
    return replace(task, dbrps=source.dbrps, dbrps_from=source.path) if source else task


def _read(var: Var, word: str) -> tree.Expression:
    try:
        return from_word(var.type, word)
    except DiagnosticError as problem:
        first = problem.diagnostics[0]
        raise error(first.code, f"--var {var.name}: {first.message}", hint=first.hint) from None
