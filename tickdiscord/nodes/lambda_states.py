"""The states of a node's lambdas as plain data, for snapshots."""

from tickdiscord.lambdas import State
from tickdiscord.nodes.evaluate import Evaluator
from tickdiscord.nodes.state import by_group, of_groups
from tickdiscord.points.model import Groups


def states_plain(evaluator: Evaluator) -> object:
    """The states of a lambda in all groups; numbers, of which some may be infinite."""
    return by_group(evaluator.states, _copy)


def take_up(evaluator: Evaluator, plain: object, groups: Groups) -> None:
    """The reverse: the lambda goes on from these states."""
    evaluator.states.update(of_groups(plain, groups, _copy))


def _copy(state: State) -> State:
    return [list(numbers) for numbers in state]
