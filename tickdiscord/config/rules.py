"""Rules: `.tick` files, each of which makes one task that is named after it, or several if vars files say so."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tickdiscord.config.files import listed_rules
from tickdiscord.config.given import NOTHING_GIVEN, Given, TaskFile, task_files
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, collecting, error
from tickdiscord.nodes.settings import NodeSettings
from tickdiscord.pipeline.evaluate import NO_SETTINGS, load_text
from tickdiscord.pipeline.pipeline import Pipeline

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
    problems: list[Diagnostic] = []
    pipelines: list[Pipeline] = []
    tasks: dict[str, TaskFile] = {}
    for task in task_files(listed_rules(paths), given, problems):
        with collecting(problems):
            pipelines.append(_pipeline(task, unfilled, settings))
            other = tasks.setdefault(task.name, task)
            if other is not task:
                message = f"`{task.named_by}` and `{other.named_by}` make tasks of the same name `{task.name}`"
                problems.append(Diagnostic(SAME_NAME, message, hint="a task is named after its file: rename one"))
    if problems:
        raise DiagnosticError(*problems)
    return pipelines


def _pipeline(task: TaskFile, unfilled: bool, settings: NodeSettings) -> Pipeline:
    name = str(task.path)
    pipeline = load_text(task.text, task.name, name, task.vars, unfilled=unfilled, settings=settings)
    if not task.dbrps:
        return pipeline
    if pipeline.dbrps:
        # Kapacitor: "cannot specify dbrp in both implicitly and explicitly".
        message = f"`{name}` and `{task.dbrps_from}` both say where the points come from"
        raise error(TWO_DBRPS, message, hint="leave out `dbrps` of the file, or `dbrp` of the rule")
    return replace(pipeline, dbrps=tuple(task.dbrps))
