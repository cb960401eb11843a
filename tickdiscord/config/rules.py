"""Rules: `.tick` files, each of which makes one task that is named after it, or several if vars files say so."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tickdiscord.config.files import listed_rules
from tickdiscord.config.given import NOTHING_GIVEN, Given, TaskFile, task_files
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, Source, collecting, error
from tickdiscord.nodes.settings import NodeSettings
from tickdiscord.pipeline.evaluate import NO_SETTINGS, load_program, load_text
from tickdiscord.pipeline.pipeline import Pipeline
from tickdiscord.syntax import tree

SAME_NAME = "TD408"
TWO_DBRPS = "TD438"


def read_rules(
    paths: Sequence[Path],
    given: Given = NOTHING_GIVEN,
    *,
    unfilled: bool = False,
    settings: NodeSettings = NO_SETTINGS,
) -> list[Pipeline]:
    """The pipelines of the rules in files and folders, made with a configuration's settings.

    Raises:
        DiagnosticError: a file cannot be read, or a rule is wrong; everything that is.
    """
    return [pipeline for _, pipeline in read_tasks(paths, given, unfilled=unfilled, settings=settings)]


def read_tasks(
    paths: Sequence[Path],
    given: Given = NOTHING_GIVEN,
    *,
    unfilled: bool = False,
    settings: NodeSettings = NO_SETTINGS,
) -> list[tuple[TaskFile, Pipeline]]:
    """The same, each pipeline with what it was made of.

    Raises:
        DiagnosticError: a file cannot be read, or a rule is wrong; everything that is.
    """
    problems: list[Diagnostic] = []
    made: list[tuple[TaskFile, Pipeline]] = []
    tasks: dict[str, TaskFile] = {}
    for task in task_files(listed_rules(paths), given, problems):
        with collecting(problems):
            made.append((task, _pipeline(task, unfilled, settings)))
            other = tasks.setdefault(task.name, task)
            if other is not task:
                message = f"`{task.named_by}` and `{other.named_by}` make tasks of the same name `{task.name}`"
                problems.append(Diagnostic(SAME_NAME, message, hint="a task is named after its file: rename one"))
    if problems:
        raise DiagnosticError(*problems)
    return made


def _pipeline(task: TaskFile, unfilled: bool, settings: NodeSettings) -> Pipeline:
    made = load_text(task.text, task.name, str(task.path), task.vars, unfilled=unfilled, settings=settings)
    return _placed(made, task)


def remade(task: TaskFile, source: Source, program: tree.Program, settings: NodeSettings) -> Pipeline:
    """The pipeline of a task whose script is another than in its file.

    Raises:
        DiagnosticError: the script is wrong; everything that is.
    """
    return _placed(load_program(program, source, task.name, task.vars, settings=settings), task)


def _placed(pipeline: Pipeline, task: TaskFile) -> Pipeline:
    if not task.dbrps:
        return pipeline
    if pipeline.dbrps:
        # Kapacitor: "cannot specify dbrp in both implicitly and explicitly".
        message = f"`{task.path}` and `{task.dbrps_from}` both say where the points come from"
        raise error(TWO_DBRPS, message, hint="leave out `dbrps` of the file, or `dbrp` of the rule")
    return replace(pipeline, dbrps=tuple(task.dbrps))
