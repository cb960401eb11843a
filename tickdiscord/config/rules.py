"""Rules: `.tick` files, each of which makes one task that is named after it."""

from collections.abc import Sequence
from pathlib import Path

from tickdiscord.config.files import listed, read_text
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, collecting, error
from tickdiscord.pipeline.evaluate import Vars, load_text
from tickdiscord.pipeline.pipeline import Pipeline

NOTHING = "TD407"
SAME_NAME = "TD408"

ENDINGS = (".tick",)


def read_rules(paths: Sequence[Path], vars: Vars | None = None, *, unfilled: bool = False) -> list[Pipeline]:
    """The pipelines of the rules in files and folders.

    Raises:
        DiagnosticError: a file cannot be read, or a rule is wrong; everything that is.
    """
    problems: list[Diagnostic] = []
    pipelines: dict[str, Pipeline] = {}
    for path in listed(paths, ENDINGS):
        with collecting(problems):
            pipeline = load_text(read_text(path), path.stem, str(path), vars, unfilled=unfilled)
            other = pipelines.get(path.stem)
            if other is not None:
                message = f"`{path}` and `{other.source.name}` make tasks of the same name `{path.stem}`"
                problems.append(Diagnostic(SAME_NAME, message, hint="a task is named after its file: rename one"))
            pipelines[path.stem] = pipeline
    if problems:
        raise DiagnosticError(*problems)
    if not pipelines:
        names = ", ".join(f"`{path}`" for path in paths)
        raise error(NOTHING, f"there are no rules in {names}", hint="rules are files that end in .tick")
    return list(pipelines.values())
