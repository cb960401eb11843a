"""The kinds of mutations: a new one is a line of the table here, and its function beside those that are like it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tickdiscord.testing.mutation import in_chains, in_templates, in_values
from tickdiscord.testing.mutation.edits import Edits
from tickdiscord.testing.mutation.places import Place


@dataclass(frozen=True, slots=True)
class Mutation:
    """A kind of mutation: its name, what it does in a sentence, and the ways in which it changes a place."""

    name: str
    doc: str
    edits: Callable[[Place], Iterator[Edits]]


MUTATIONS = (
    Mutation(
        "threshold by a step", "A number moves by the smallest step that the data know.", in_values.number_by_a_step
    ),
    Mutation("threshold by a tenth", "A number moves by 10 %.", in_values.number_by_a_tenth),
    Mutation("boundary", "`<` for `<=`, `>` for `>=`, and back.", in_values.boundary),
    Mutation("comparison negated", "`<` for `>=`, `==` for `!=`, `=~` for `!~`.", in_values.opposite),
    Mutation("AND for OR", "AND for OR, and OR for AND.", in_values.junction),
    Mutation("operand dropped", "One side of an AND or OR only.", in_values.operand_dropped),
    Mutation("negation dropped", "`!x` becomes `x`.", in_values.negation_dropped),
    Mutation("bool flipped", "TRUE for FALSE.", in_values.bool_flipped),
    Mutation("arithmetic", "`+` for `-`, `*` for `/`.", in_values.arithmetic),
    Mutation("function exchanged", "`max` for `min`, `floor` for `ceil`.", in_values.function_exchanged),
    Mutation("level dropped", "An alert without a level.", in_chains.level_dropped),
    Mutation("reset dropped", "An alert without a reset.", in_chains.reset_dropped),
    Mutation("levels swapped", "Two levels change their conditions.", in_chains.levels_swapped),
    Mutation("level changed", "A level becomes the next one, if the alert lacks that.", in_chains.level_changed),
    Mutation(
        "flag toggled", "`.stateChangesOnly()`, `.noRecoveries()`, `.align()`, `.fillPeriod()`.", in_chains.flag_toggled
    ),
    Mutation("duration halved or doubled", "A window's period, an interval.", in_values.duration_by_half),
    Mutation("group tag dropped", "One tag less in a `groupBy`.", in_chains.group_tag_dropped),
    Mutation("node exchanged", "`|median()` for `|mean()`, `|min()` for `|max()`.", in_chains.node_exchanged),
    Mutation("node dropped", "A chain without one of its nodes.", in_chains.node_dropped),
    Mutation("handler dropped", "An alert without one of its handlers.", in_chains.handler_dropped),
    Mutation("template field", "`.ID` for `.Level`, a level that is compared with.", in_templates.field_exchanged),
    Mutation("template value left out", "A text without one of its values.", in_templates.value_left_out),
    Mutation("template condition negated", "`{{if}}` takes the other branch.", in_templates.condition_negated),
    Mutation("property dropped", "A node or handler without one of its properties.", in_chains.property_dropped),
)
"""In this order: where two make the same of a rule, it counts as the first of them."""
