"""Random lambda expressions, most of them well typed, and random points to evaluate them for."""

import math

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from tickdiscord.lambdas import CONFLICT, Operand, Type
from tickdiscord.lambdas.library import FUNCTIONS, Signature
from tickdiscord.lambdas.operators import NEGATED, OPERATIONS
from tickdiscord.syntax import tree

NAMES = ("a", "b", "c", "sp ace", 'q"uote')
EDGES = (0, 1, 2, 3, 7, 53, 2**31, 2**53 + 1, 2**62, 2**63 - 1)
FLOATS = (0.0, 0.5, 1.0, 2.5, 7.0, 100.0, 9007199254740992.0, 1e18, 1e300)
TEXTS = ("", "a", "ab", "naïve", "10", "1.5", "true", "1h30m", "x y", "$1", "'", "\0", "\\")
PATTERNS = ("a", "^a", "(a)(b)?", "x*", r"\d+", "ï", "")
DURATIONS = (0, 1_000, 1_000_000_000, 90_000_000_000, 604_800_000_000_000, 2**63 - 808)

LITERALS: dict[Type, SearchStrategy[tree.Expression]] = {
    Type.BOOL: st.booleans().map(tree.Bool),
    Type.INT: st.sampled_from(EDGES).map(tree.Integer),
    Type.FLOAT: st.sampled_from(FLOATS).map(tree.Float),
    Type.STRING: st.sampled_from(TEXTS).map(tree.String),
    Type.REGEX: st.sampled_from(PATTERNS).map(tree.Regex),
    Type.DURATION: st.sampled_from(DURATIONS).map(tree.Duration),
    Type.TIME: st.just(tree.Reference("time")),
}
REFERENCES = st.sampled_from(NAMES).map(tree.Reference)
VALUES: SearchStrategy[Operand] = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(EDGES).flatmap(lambda edge: st.sampled_from((edge, -edge))),
    st.sampled_from((*FLOATS, -0.0, -2.5, math.inf, -math.inf, math.nan)),
    st.sampled_from(TEXTS),
)

BINARY = {
    type: sorted(
        ((sign, left, right) for (sign, left, right), each in OPERATIONS.items() if each.result is type), key=str
    )
    for type in Type
}
SLOW = {"jn", "yn"}
"""Functions whose work grows with their arguments."""
CALLS: dict[Type, list[tuple[str, Signature]]] = {
    type: [
        (name, signature)
        for name, function in sorted(FUNCTIONS.items())
        for signature in function.signatures
        if signature.result is type and name not in SLOW
    ]
    for type in Type
}


@st.composite
def expressions(draw: DrawFn, type: Type = Type.BOOL, depth: int = 4) -> tree.Expression:
    """An expression that gives the type, unless a reference or a slip comes in between."""
    if draw(st.integers(0, 30)) == 0:
        type = draw(st.sampled_from((Type.BOOL, Type.INT, Type.FLOAT, Type.STRING, Type.DURATION)))
    form = draw(st.sampled_from(("literal", "reference", "binary", "binary", "call", "unary", "lambda")))
    if type is Type.MISSING or (form == "reference" and type not in (Type.REGEX, Type.TIME)):
        return draw(REFERENCES)
    if depth and form == "binary" and BINARY[type]:
        sign, left, right = draw(st.sampled_from(BINARY[type]))
        assert left and right
        return tree.Binary(sign, draw(expressions(left, depth - 1)), draw(expressions(right, depth - 1)))
    if depth and form == "call" and CALLS[type]:
        name, signature = draw(st.sampled_from(CALLS[type]))
        return tree.Function(name, tuple(draw(expressions(each, depth - 1)) for each in signature.arguments))
    if depth and form == "unary" and type in NEGATED:
        sign = "!" if type is Type.BOOL and draw(st.booleans()) else "-"
        return tree.Unary(sign, draw(expressions(type, depth - 1)))
    if depth and form == "lambda":
        return tree.Lambda(draw(expressions(type, depth - 1)))
    return draw(LITERALS[type])


def rows(conflicts: bool = True) -> SearchStrategy[dict[str, Operand]]:
    """The operands of one point."""
    values = st.one_of(VALUES, VALUES, VALUES, st.just(CONFLICT)) if conflicts else VALUES
    return st.fixed_dictionaries({**dict.fromkeys(NAMES, values), "time": st.integers(-(2**63), 2**63 - 1)})
