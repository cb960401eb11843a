"""Types that do not go together, where the data say what type a field has."""

from collections.abc import Iterator

from tickdiscord.contract.model import Contract
from tickdiscord.contract.origins import Raw, raw_at
from tickdiscord.diagnostics import Diagnostic, Span, warning
from tickdiscord.lambdas import Type
from tickdiscord.lambdas.problems import Problem
from tickdiscord.lambdas.walk import postorder
from tickdiscord.lint.script import Script
from tickdiscord.lint.types import Known, Types, typed
from tickdiscord.syntax import tree

WRONG_TYPE = "TD733"


def wrong_types(script: Script, contract: Contract) -> Iterator[Diagnostic]:
    """Warnings about operations that fail for the types that the data have, always or for some points."""
    for node, expression, shape in script.formulas:
        raw = raw_at(node, script, contract)
        if raw is None:
            continue
        here = Raw(raw.measurements, shape, raw.made)
        without = {found.span for found in _problems(expression, shape.types)}
        always = [found for found in _problems(expression, here.types) if found.span not in without]
        for found in always:
            yield warning(
                WRONG_TYPE, f"{found.message}: with these data it fails at every point", found.span, found.hint
            )
        yield from _sometimes(expression, here, without | {found.span for found in always})


def _sometimes(expression: tree.Expression, raw: Raw, told: set[Span]) -> Iterator[Diagnostic]:
    """What fails for one of the types that a field has."""
    for name in dict.fromkeys(each.name for each, _ in postorder(expression) if isinstance(each, tree.Reference)):
        types = raw.types(name) or frozenset[Type]()
        if len(types) < 2 or not raw.is_raw(name):
            continue
        for kind in sorted(types, key=lambda each: each.value):
            for found in _problems(expression, _with(raw, name, kind)):
                if found.span in told:
                    continue
                told.add(found.span)
                count = sum(each.counts.get(kind, 0) for each in raw.fields(name))
                total = sum(each.count for each in raw.fields(name))
                share = f" ({count:,} of {total:,} points)" if count else ""
                message = f"{found.message}: it fails where `{name}` is {_a(kind.value)}{share}"
                yield warning(WRONG_TYPE, message, found.span, found.hint)


def _with(raw: Raw, name: str, kind: Type) -> Known:
    def known(asked: str) -> Types | None:
        return frozenset({kind}) if asked == name else raw.types(asked)

    return known


def _problems(expression: tree.Expression, known: Known) -> list[Problem]:
    return [each.problem for each in typed(expression, known) if each.problem]


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
