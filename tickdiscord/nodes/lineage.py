"""What is known of a node's groups before any point comes, from the nodes that it stands behind."""

from tickdiscord.nodes.from_ import From
from tickdiscord.nodes.group_by import GroupBy
from tickdiscord.nodes.grouping import Grouping
from tickdiscord.nodes.node import Node


def grouping_of(node: Node) -> Grouping:
    """What its points are grouped by: what the nearest node before it says that groups."""
    while not isinstance(node, From | GroupBy):
        if not node.parents:
            return Grouping()
        node = node.parents[0]
    return node.grouping


def surely_lacks(node: Node, tag: str) -> bool:
    """Whether no point that a node gives can be in a group by this tag."""
    while not isinstance(node, From | GroupBy):
        if len(node.parents) != 1:
            return False
        node = node.parents[0]
    return not {tag, "*"} & {*node.grouping.tags}
