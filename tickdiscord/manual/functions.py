"""The functions of lambdas: a page for a terminal, all of them for the documentation."""

from tickdiscord.clock import ManualClock
from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.lambdas.environment import Environment
from tickdiscord.lambdas.explain import explain, result_text
from tickdiscord.lambdas.library import FUNCTIONS, Example, Function
from tickdiscord.lambdas.types import TIME_REFERENCE, Operand, Type
from tickdiscord.syntax.parser import parse_expression

HEAD = """\
# Functions of lambdas

What a lambda may call, as in `lambda: abs("value") > 10.0`. `tickdiscord functions NAME` shows what stands here,
`tickdiscord eval 'abs(-1.5)'` tries it out. Each example is carried out when this page is made, by `scripts/docs` out
of `tickdiscord/lambdas/library/`.
"""


def page(function: Function) -> str:
    """All there is to know of a function, for a terminal."""
    examples = [example_text(each) for each in function.examples]
    lines = [*function.usage, "", function.doc, "", "Examples:", *(f"  {each}" for each in examples)]
    return "\n".join(lines) + "\n"


def markdown() -> str:
    """The page of the documentation."""
    return "\n\n".join([HEAD.strip("\n"), *map(_section, FUNCTIONS.values())]) + "\n"


def example_text(example: Example) -> str:
    """An example, with what it gives when it is carried out."""
    given = ", ".join(f'"{name}" is {_field(name, value)}' for name, value in example.fields.items())
    return f"{example.expression}  {outcome(example)}{f', where {given}' if given else ''}"


def outcome(example: Example) -> str:
    """What an example gives, or how it fails."""
    try:
        shown = explain(parse_expression(example.expression), example.fields, Environment(ManualClock())).shown
    except DiagnosticError as refused:
        shown = refused.diagnostics[0].message
    return f"fails: {shown}" if example.fails else f"is {shown}"


def _section(function: Function) -> str:
    examples = "\n".join(map(example_text, function.examples))
    usage = "\n".join(f"`{each}`  " for each in function.usage)
    return f"## {function.name}\n\n{usage.rstrip()}\n\n{function.doc}\n\n```\n{examples}\n```"


def _field(name: str, value: Operand) -> str:
    return result_text(value, Type.TIME if name == TIME_REFERENCE else None)
