"""Names that the data never have: measurements, databases, fields and tags; and groups that are too many."""

from collections.abc import Iterable, Iterator

from tickdiscord.contract.model import Contract
from tickdiscord.contract.origins import Raw, raw_at
from tickdiscord.diagnostics import Diagnostic, Span, did_you_mean, warning
from tickdiscord.lambdas.walk import postorder
from tickdiscord.lint.script import Script
from tickdiscord.lint.texts import Text, reads, texts
from tickdiscord.nodes.alert import Alert
from tickdiscord.nodes.derivative import Derivative
from tickdiscord.nodes.from_ import From
from tickdiscord.nodes.group_by import GroupBy
from tickdiscord.nodes.influxql.function import Function
from tickdiscord.syntax import tree

NO_SUCH_SOURCE = "TD731"
NO_SUCH_NAME = "TD732"
MANY_GROUPS = "TD736"

MANY = 1_000
"""So many groups, each with a state and messages of its own, are worth a word."""
LISTED = 8


def unknown_sources(script: Script, contract: Contract) -> Iterator[Diagnostic]:
    """Warnings about databases and measurements that the data do not have."""
    wanted = [str(each) for each in script.pipeline.dbrps]
    if wanted and contract.dbrps and not set(wanted) & set(contract.dbrps):
        message = f"the data are of {_listed(contract.dbrps)}, the rule looks at {_listed(wanted)}: no data match"
        hint = did_you_mean(wanted[0], contract.dbrps)
        yield warning(NO_SUCH_SOURCE, message, hint=hint)
    if contract.more:
        return
    for node in script.pipeline.nodes:
        if not isinstance(node, From) or "measurement" in script.outside.properties(node.span):
            continue
        if node.measurement and node.measurement not in contract.measurements:
            message = f"the data have no measurement `{node.measurement}`: nothing matches"
            known = contract.measurements
            hint = did_you_mean(node.measurement, known) or f"they have {_listed(known)}"
            yield warning(NO_SUCH_SOURCE, message, node.said.get("measurement", node.span), hint)


def unknown_names(script: Script, contract: Contract) -> Iterator[Diagnostic]:
    """Warnings about fields and tags that the data do not have, each once a node."""
    for node, expression, shape in script.formulas:
        raw = raw_at(node, script, contract)
        if raw is None:
            continue
        here = Raw(raw.measurements, shape, raw.made)
        told: set[str] = set()
        for each, _ in postorder(expression):
            if isinstance(each, tree.Reference) and each.name not in told and not _has(here, each.name):
                told.add(each.name)
                yield _absent("field or tag", each.name, each.span, here.names)
    yield from _in_arguments(script, contract)
    yield from _in_texts(script, contract)


def _in_arguments(script: Script, contract: Contract) -> Iterator[Diagnostic]:
    """The fields of functions, and the tags of groupings."""
    for node in script.pipeline.nodes:
        raw = raw_at(node, script, contract)
        if raw is None:
            continue
        outside = script.outside.properties(node.span)
        field = getattr(node, "field", "") if isinstance(node, Function | Derivative) else ""
        if field and "" not in outside and raw.is_raw(field) and not raw.shape.closed and not raw.fields(field):
            known = [name for each in raw.measurements for name in each.fields]
            yield _absent("field", field, node.said.get("field", node.span), known)
        if isinstance(node, From | GroupBy) and not outside:
            known = [name for each in raw.measurements for name in each.tags]
            for tag in node.grouping.tags:
                if tag != "*" and raw.shape.tags is None and tag not in raw.made and not raw.tags(tag):
                    yield _absent("tag", tag, node.said.get("groupBy", node.span), known)


def _in_texts(script: Script, contract: Contract) -> Iterator[Diagnostic]:
    for alert in script.alerts:
        raw = raw_at(alert, script, contract)
        if raw is not None:
            for text in texts(alert, script):
                yield from _in_text(text, alert, raw)


def _in_text(text: Text, alert: Alert, raw: Raw) -> Iterator[Diagnostic]:
    read = reads(text)
    own = {alert.level_field, alert.message_field, alert.id_field, alert.duration_field}
    fields = [name for each in raw.measurements for name in each.fields]
    for name, span in read.fields:
        if raw.is_raw(name) and not raw.shape.closed and not raw.fields(name) and name not in own:
            found = _absent("field", name, span, fields)
            yield text.warning(NO_SUCH_NAME, found.message, span, found.hint)
    tags = [name for each in raw.measurements for name in each.tags]
    for name, span in read.tags:
        if raw.shape.tags is None and name not in raw.made and not raw.tags(name):
            found = _absent("tag", name, span, tags)
            yield text.warning(NO_SUCH_NAME, found.message, span, found.hint)


def many_groups(script: Script, contract: Contract) -> Iterator[Diagnostic]:
    """Warnings about groupings that make very many groups."""
    for node in script.pipeline.nodes:
        raw = raw_at(node, script, contract) if isinstance(node, From | GroupBy) else None
        if raw is None or not isinstance(node, From | GroupBy):
            continue
        for tag in node.grouping.tags:
            counts = [(each.series or 0, each.more_series) for each in raw.measurements] if tag == "*" else []
            counts += [(each.values or 0, each.more) for each in raw.tags(tag)]
            count, more = max(counts, default=(0, False))
            if count >= MANY:
                what = "tag sets" if tag == "*" else f"values of `{tag}`"
                message = f"there are {'more than ' if more else ''}{count:,} {what}: each makes a group"
                hint = "group by what somebody will look at: each group has a state, and messages of its own"
                yield warning(MANY_GROUPS, message, node.said.get("groupBy", node.span), hint)


def _has(raw: Raw, name: str) -> bool:
    """Whether the data may have it, as far as they have to."""
    if not raw.is_raw(name):
        return True
    if raw.shape.closed and raw.shape.tags is not None:
        return True  # The rule that a node takes it away says so without data.
    return bool(raw.fields(name) or raw.tags(name))


def _absent(what: str, name: str, span: Span, known: Iterable[str]) -> Diagnostic:
    names = list(dict.fromkeys(known))
    hint = did_you_mean(name, names) or (f"they have {_listed(names)}" if names else "")
    return warning(NO_SUCH_NAME, f"the data have no {what} `{name}` here", span, hint)


def _listed(names: Iterable[str]) -> str:
    shown = list(names)
    more = f" and {len(shown) - LISTED} more" if len(shown) > LISTED else ""
    return ", ".join(f"`{each}`" for each in shown[:LISTED]) + more
