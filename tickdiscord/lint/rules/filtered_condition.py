"""A condition that no point fulfils which has come this far: a filter before it lets through only others.

Bad::

    stream|from().measurement('cpu').where(lambda: "usage" < 50)
        |alert().crit(lambda: "usage" > 80).stateChangesOnly()

Good::

    stream|from().measurement('cpu').where(lambda: "usage" >= 0)
        |alert().crit(lambda: "usage" > 80).stateChangesOnly()
"""

from collections.abc import Iterator

from tickdiscord.diagnostics import Diagnostic, warning
from tickdiscord.lint.guards import Guard, guards
from tickdiscord.lint.regions import Box, Region, meet, never
from tickdiscord.lint.script import Script
from tickdiscord.nodes.from_ import From
from tickdiscord.syntax import tree

CODE = "TD724"


def check(script: Script) -> Iterator[Diagnostic]:
    for node, expression, _ in script.formulas:
        before = list(guards(node))
        if isinstance(node, From):
            conditions = [condition for (condition,) in node.where]
            place = next((index for index, each in enumerate(conditions) if each.expression is expression), 0)
            before = [*(Guard(node, each) for each in reversed(conditions[:place])), *before]
        guard = _in_the_way(expression, before, script)
        if guard is not None:
            line = script.source.place(guard.condition.span.start)[0]
            message = f"no point that comes here fulfils this condition: the filter in line {line} drops them"
            yield warning(CODE, message, expression.span, "change one of the two, or move the filter behind this node")


def _in_the_way(expression: tree.Expression, before: list[Guard], script: Script) -> Guard | None:
    """The filter with which the condition, together with those behind it, cannot be true.

    Where the filters let nothing through by themselves, that is said of the last of them, not of what follows.
    """
    regions = [(guard, script.region(guard.condition)) for guard in before]
    filters = [(guard, passed) for guard, passed in regions if passed and not never(passed)]
    found = script.region(expression)
    if found is None or never(found) or _contradict([passed for _, passed in filters]):
        return None
    for guard, passed in filters:
        together = meet(found, passed)
        if together is None:
            return None
        if never(together):
            return guard
        found = together
    return None


def _contradict(filters: list[Region]) -> bool:
    """Whether nothing passes them all, as far as that is known."""
    together: Region = [Box()]
    for passed in filters:
        met = meet(together, passed)
        if met is None:
            return False
        together = met
    return never(together)
