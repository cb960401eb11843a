"""Strategies that make syntax trees and texts, for the tests of parser and formatter."""

from hypothesis import strategies as st

from tickdiscord.syntax import tree
from tickdiscord.syntax.literals import MAX_INT
from tickdiscord.syntax.scanner import GAP

KEYWORDS = {"var", "dbrp", "AND", "OR", "TRUE", "FALSE"}

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
names = st.from_regex(r"[a-zåß語Λ][A-Za-z0-9_é٣]{0,5}", fullmatch=True).filter(lambda name: name not in KEYWORDS)
patterns = st.sampled_from(["^web", "a/b", r"\d+\.", "(x|'y')*", r"\\/", '"'])

integers = st.builds(tree.Integer, st.integers(0, MAX_INT), st.booleans())
floats = st.builds(tree.Float, st.floats(0, allow_nan=False, allow_infinity=False))
durations = st.builds(tree.Duration, st.integers(0, 1_000_000).map(lambda milliseconds: milliseconds * 1_000_000))
strings = st.builds(tree.String, texts, st.booleans()).filter(
    lambda node: not (node.value.endswith("\\") and "'''" in node.value)
)
references = st.builds(tree.Reference, texts.filter(lambda name: not name.endswith("\\")))
regexes = st.builds(tree.Regex, patterns)
identifiers = st.builds(tree.Identifier, names)
literals = st.one_of(integers, floats, durations, strings, st.builds(tree.Bool, st.booleans()), references, identifiers)
multiline = st.booleans()


def _operations(operands: st.SearchStrategy[tree.Expression]) -> st.SearchStrategy[tree.Expression]:
    arguments = st.lists(st.one_of(operands, regexes), max_size=3).map(tuple)
    return st.one_of(
        st.builds(
            tree.Binary,
            st.sampled_from(sorted(tree.PRECEDENCE)),
            operands,
            operands,
            parens=st.booleans(),
            multiline=multiline,
        ),
        st.builds(
            tree.Binary, st.sampled_from(["=~", "!~"]), operands, regexes, parens=st.just(True), multiline=multiline
        ),
        st.builds(tree.Unary, st.sampled_from("-!"), operands),
        st.builds(tree.Function, names, arguments, multiline=multiline),
    )


formulas = st.recursive(literals, _operations, max_leaves=8)
lambdas = st.builds(tree.Lambda, formulas)
lists = st.builds(
    tree.List,
    st.lists(st.one_of(identifiers, strings, st.builds(tree.Star)), max_size=3).map(tuple),
)


def _chains(left: st.SearchStrategy[tree.Expression]) -> st.SearchStrategy[tree.Expression]:
    arguments = st.lists(st.one_of(formulas, lambdas, lists, left, st.builds(tree.Star)), max_size=2).map(tuple)
    calls = st.builds(tree.Function, names, arguments, multiline=multiline)
    return st.one_of(
        st.builds(tree.Chain, left, st.sampled_from("|.@"), calls),
        st.builds(tree.Chain, left, st.just("."), identifiers),
    )


chains = st.recursive(identifiers, _chains, max_leaves=4)
comments = st.none() | st.builds(
    tree.Comment,
    st.lists(st.lists(st.text("ab /", max_size=4).map(str.rstrip), min_size=1, max_size=2), min_size=1, max_size=2).map(
        lambda groups: tuple(line for group in groups for line in (GAP, *group))[1:]
    ),
)
statements = st.one_of(
    st.builds(tree.Declaration, names, st.one_of(formulas, lambdas, lists, chains, regexes), comment=comments),
    st.builds(tree.TypedDeclaration, names, names, comment=comments),
    st.builds(
        tree.Dbrp,
        texts.filter(lambda name: not name.endswith("\\")),
        texts.filter(lambda name: not name.endswith("\\")),
        comment=comments,
    ),
    st.builds(tree.ExpressionStatement, chains),
)
programs = st.builds(tree.Program, st.lists(statements, max_size=3).map(tuple), trailing=comments)

PIECES = """var dbrp lambda: AND OR TRUE x stream | . @ ( ) [ ] , = == =~ != ! + - * / // ' ''' " \\ 1 0.5 5m 1e3 08
& ; # { } ~ ^ µ é Ⅷ \u2028 \ufeff""".split()
scribbles = st.lists(st.sampled_from([*PIECES, " ", "\n", "\t", "\0"]), max_size=40).map("".join)
