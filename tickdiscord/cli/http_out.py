"""`--http-out`: the results of `|httpOut()` nodes as files, a file for each, as Kapacitor serves them over HTTP."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from tickdiscord.alert.encoding import data_json
from tickdiscord.alert.event import Row
from tickdiscord.cli.writing import write_text
from tickdiscord.diagnostics import Diagnostic, DiagnosticError, error
from tickdiscord.nodes.http_out import HttpOut
from tickdiscord.pipeline.pipeline import Pipeline

SAME_NAME = "TD650"


def prepare(folder: Path, pipelines: Sequence[Pipeline]) -> None:
    """Make the folder, before any point is read.

    Raises:
        DiagnosticError: it cannot be made, or two nodes would write the same file.
    """
    nodes = [(node, pipeline) for pipeline in pipelines for node in pipeline.nodes if isinstance(node, HttpOut)]
    names = Counter(node.endpoint for node, _ in nodes)
    twice = [
        Diagnostic(
            SAME_NAME, f"there are {names[node.endpoint]} `|httpOut('{node.endpoint}')`", node.span, source=it.source
        )
        for node, it in nodes
        if names[node.endpoint] > 1
    ]
    if twice:
        raise DiagnosticError(*twice)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise error("TD644", f"`{folder}` cannot be made: {problem.strerror or problem}") from None


def write(folder: Path, outputs: Mapping[str, Callable[[], Sequence[Row]]]) -> None:
    """Write what the nodes hold now.

    Raises:
        DiagnosticError: a file cannot be written.
    """
    for name, held in outputs.items():
        # A name may hold anything, a slash and dots too; none of it leads out of the folder.
        path = folder / f"{quote(name, safe=' ')}.json"
        write_text(path, f"{data_json(held())}\n")
