"""What a contract alone says of conditions on its fields and tags: which cannot be true within their ranges."""

from collections.abc import Iterator, Mapping, Set

from tickdiscord.contract.model import Contract
from tickdiscord.contract.nearness import Approach
from tickdiscord.contract.origins import Raw, raw_at
from tickdiscord.contract.reach import NEVER_REACHED, NOTHING_LEFT, explained
from tickdiscord.diagnostics import Diagnostic, Severity, Span, warning
from tickdiscord.lambdas import Type
from tickdiscord.lambdas.text import text_of
from tickdiscord.lambdas.walk import postorder
from tickdiscord.lint.regions import Box, Interval, Kind
from tickdiscord.lint.rules.unreachable_level import NAMES
from tickdiscord.lint.script import Script
from tickdiscord.nodes.from_ import From
from tickdiscord.nodes.where import Where
from tickdiscord.syntax import tree


def out_of_range(script: Script, contract: Contract, told: Set[Span]) -> Iterator[Diagnostic]:
    """The filters and levels that no value of the contract's ranges fulfils, with the value that comes nearest.

    `told` are the places of other findings, which say why a condition is never true.
    """
    for node, expression, _ in script.formulas:
        if isinstance(node, From | Where):
            raw = raw_at(node, script, contract)
            why = None if raw is None else _impossible(expression, raw, script)
            if why is not None and not explained(expression, told):
                hint = "no data match the rule: a threshold behind this filter has nothing to do with it"
                yield warning(NOTHING_LEFT, f"this filter lets no point through: {why}", expression.span, hint)
    for alert in script.alerts:
        raw = raw_at(alert, script, contract)
        for level, condition in alert.conditions().items() if raw else ():
            why = _impossible(condition.expression, raw, script) if raw else None
            if why is not None and not explained(condition, told):
                span = alert.said.get(NAMES[level], alert.span)
                message = f"{level.name} is never reached: {why}"
                yield Diagnostic(NEVER_REACHED, message, span, "a contract says what was recorded", Severity.INFO)


def _impossible(expression: tree.Expression, raw: Raw, script: Script) -> str | None:
    """Why a condition is never true with values as the contract has them; None if it may be."""
    found = script.region(expression)
    names = {text_of(each): each.name for each, _ in postorder(expression) if isinstance(each, tree.Reference)}
    boxes = [box for box in found or () if not box.empty]
    if not boxes or not all(_excludes(box, names, raw) for box in boxes):
        return None
    near = Approach(boxes, {})
    for term, name in names.items():
        edges = [edge for each in raw.fields(name) for edge in (each.low, each.high) if edge is not None]
        near.note(term, edges)
    return near.text() or "the data have no such value"


def _excludes(box: Box, names: Mapping[str, str], raw: Raw) -> bool:
    return any(
        term in names and raw.is_raw(names[term]) and _outside(interval, names[term], raw)
        for term, interval in box.intervals.items()
    )


def _outside(interval: Interval, name: str, raw: Raw) -> bool:
    """Whether no value of a field or tag is in an interval, as far as the contract says what values there are."""
    fields, tags = raw.fields(name), raw.tags(name)
    if not fields and not tags:
        return False
    if interval.kind is Kind.NUMBER:
        return not tags and all(
            each.low is not None
            and each.high is not None
            and Interval((each.low, False), (each.high, True)).meet(interval).empty
            for each in fields
        )
    if interval.kind is Kind.STRING:
        values = [each.all_values for each in tags]
        texts = any(Type.STRING in each.types or not each.types for each in fields)
        return not texts and all(each is not None and not any(map(interval.holds, each)) for each in values)
    return False
