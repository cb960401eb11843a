"""Which templates of a set call which, and how deep."""

from tickdiscord.templates import tree

DEEPEST_CHAIN = 50
"""Templates that call one another deeper than this are run suspended."""


def calls(body: tree.Body) -> set[str]:
    return {item.name for item in tree.walk(body) if isinstance(item, tree.Call | tree.Block)}


def needs_suspension(templates: tree.TemplateSet) -> bool:
    """Whether templates can call one another so deep that Python's own stack would not do."""
    called_by = {name: calls(body) & templates.bodies.keys() for name, body in templates.bodies.items()}
    leaves, depth = set[str](), 0
    while len(leaves) < len(called_by):
        ready = {name for name, called in called_by.items() if called <= leaves}
        if ready == leaves or depth > DEEPEST_CHAIN:
            return True
        leaves, depth = ready, depth + 1
    return False
