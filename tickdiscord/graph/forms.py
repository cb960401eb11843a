"""The forms a graph can be shown in, by the name that the command line gives them."""

from collections.abc import Callable, Mapping, Sequence

from tickdiscord.graph.dot import dot
from tickdiscord.graph.graph import Graph
from tickdiscord.graph.mermaid import mermaid
from tickdiscord.graph.svg import svg
from tickdiscord.graph.text import text


def _each(form: Callable[[Graph], str]) -> Callable[[Sequence[Graph]], str]:
    return lambda graphs: "\n".join(map(form, graphs))


FORMS: Mapping[str, Callable[[Sequence[Graph]], str]] = {
    "text": _each(text),
    "dot": _each(dot),
    "mermaid": mermaid,
    "svg": svg,
}
