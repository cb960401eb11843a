"""What a rule did with all points of some data: where they were lost, which levels none reached, which ids clash."""

from collections.abc import Iterator, Set

from tickdiscord.contract.model import Contract
from tickdiscord.contract.trial import AlertWatch, Trial, Watched
from tickdiscord.diagnostics import Diagnostic, Severity, Span, counted, warning
from tickdiscord.gotext import duration_text
from tickdiscord.lambdas.walk import postorder
from tickdiscord.lint.rules import shared_id
from tickdiscord.lint.rules.unreachable_level import NAMES
from tickdiscord.lint.script import Script, ancestors, is_deadman
from tickdiscord.nodes.alert import Alert
from tickdiscord.nodes.from_ import From
from tickdiscord.nodes.join import Join
from tickdiscord.nodes.node import Node
from tickdiscord.nodes.where import Where
from tickdiscord.nodes.window import Window
from tickdiscord.syntax import tree

NEVER_REACHED = "TD734"
NOTHING_LEFT = "TD735"
SHARED_ID = "TD738"


def lost(script: Script, trial: Trial, contract: Contract) -> Iterator[Diagnostic]:
    """Warnings about the nodes at which all points end: no data match the rule."""
    for node in script.pipeline.nodes:
        if not isinstance(node, From | Where | Window | Join) or trial.given[node].points or _guessed(node, script):
            continue
        got = _got(node, script, trial, contract)
        if got:
            span, message, hint = _where_lost(node, got, contract)
            yield warning(NOTHING_LEFT, message, span, hint)


def _where_lost(node: Node, got: int, contract: Contract) -> tuple[Span, str, str]:
    points = counted(got, "point")
    match node:
        case From(where=((condition,),)) | Where(condition=condition):
            hint = "no data match the rule: a threshold behind this filter has nothing to do with it"
            return condition.span, f"this filter lets none of the {points} through", hint
        case Window():
            length = duration_text(_length(contract))
            hint = "take data of a longer time"
            return node.span, f"no window is complete within the {length} of the data, {points}", hint
        case Join():
            hint = "points are joined that have one group, and one time within `.tolerance()`"
            return node.span, f"none of the {points} find another to be joined with", hint
        case _:
            return node.said.get("where", node.span), f"none of the {points} pass these filters together", ""


def unreached(script: Script, trial: Trial, told: Set[Span]) -> Iterator[Diagnostic]:
    """What levels no point reached, and how near the nearest came. `told` are the places of other findings."""
    for alert in script.alerts:
        watch = trial.alerts[alert]
        if not watch.points or is_deadman(alert) or _guessed(alert, script):
            continue
        for level, watched in watch.levels.items():
            condition = alert.conditions()[level]
            if not watched.true and not explained(condition, told) and not _open(script, condition):
                message = f"{level.name} is never reached: {_why(watched, watch)}"
                span = alert.said.get(NAMES[level], alert.span)
                hint = "the data come to the alert: it is the condition that none of them fulfils"
                yield Diagnostic(NEVER_REACHED, message, span, hint, Severity.INFO)


def explained(condition: tree.Expression, told: Set[Span]) -> bool:
    """Whether something was found within a condition that says why it is never true."""
    return any(condition.span.start <= span.start < condition.span.end for span in told)


def _why(watched: Watched, watch: AlertWatch) -> str:
    points = counted(watch.points, "point")
    if watched.failed == watch.points and watched.failure is not None:
        return f"the condition fails at all {points}: {watched.failure.message}"
    near = watched.approach.text() if watched.approach else ""
    return near or f"none of {points} fulfils the condition"


def shared_ids(script: Script, trial: Trial) -> Iterator[Diagnostic]:
    """Warnings about alerts that give groups of the data one id, where that does not show without data."""
    known = {each.span for each in shared_id.check(script)}
    for alert in script.alerts:
        shared = trial.alerts[alert].shared
        known_why = alert.said.get("id", alert.span) in known
        if shared is not None and not known_why and not _guessed(alert, script):
            id, one, other = shared
            message = f"the groups `{_line(one.id)}` and `{_line(other.id)}` share the id `{id}`, and so their state"
            yield warning(SHARED_ID, message, alert.said.get("id", alert.span), "put `{{ .Group }}` into the id")


def _got(node: Node, script: Script, trial: Trial, contract: Contract) -> int:
    """How many points came to a node."""
    if isinstance(node, From) and not any(isinstance(each, From) for each in node.parents):
        return sum(each.points for each in contract.of([node.measurement])) if trial.points(script) else 0
    given = [trial.given[parent].points for parent in node.parents]
    return sum(given) if all(given) else 0


def _guessed(node: Node, script: Script) -> bool:
    """Whether a var from outside, which a check takes for some value, decides what happens up to here."""
    nodes = (node, *ancestors(node))
    conditions = [
        each.expression for each in script.formulas if each.node in nodes and not isinstance(each.node, Alert)
    ]
    return any(script.outside.properties(each.span) for each in nodes if not isinstance(each, Alert)) or any(
        _open(script, each) for each in conditions
    )


def _open(script: Script, expression: tree.Expression) -> bool:
    """Whether an expression has a var that only the outside knows."""
    restored = script.outside.restored(expression)
    return any(isinstance(each, tree.Identifier) for each, _ in postorder(restored))


def _length(contract: Contract) -> int:
    return 0 if contract.first is None or contract.last is None else contract.last - contract.first


def _line(group: str) -> str:
    return " ".join(group.split("\n")) or "nil"
