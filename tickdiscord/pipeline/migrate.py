"""Rules that tell Slack, email and the like, rewritten to tell Discord."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from tickdiscord.handlers.others import OTHERS
from tickdiscord.properties import properties_of, script_name
from tickdiscord.syntax import tree


def migrated(program: tree.Program, workspace: str = "") -> tree.Program:
    """The program with a `.discord()` in place of the handlers that nothing is sent for, one for each alert.

    Their own properties go, comments stay. Without a workspace it is the default one.
    """
    return replace(program, statements=tuple(_statement(each, workspace) for each in program.statements))


def _statement(statement: tree.Statement, workspace: str) -> tree.Statement:
    match statement:
        case tree.Declaration(value=tree.Chain() as value):
            return replace(statement, value=_chain(value, workspace))
        case tree.ExpressionStatement(expression=tree.Chain() as expression):
            return replace(statement, expression=_chain(expression, workspace))
        case _:
            return statement


def _chain(whole: tree.Chain, workspace: str) -> tree.Expression:
    first, links = _links(whole)
    found = first
    service = ""
    told = False
    dropped: list[tree.Chain] = []
    for link in links:
        name = script_name(link.right.name)
        if link.operator == "." and name in OTHERS:
            service = name
            if told:
                dropped.append(link)
                continue
            told = True
            found = _discord(_commented(link, dropped), found, workspace)
            dropped = []
        elif link.operator == "." and service and name in properties_of(OTHERS[service]):
            dropped.append(link)
        else:
            service = ""
            told = told and link.operator == "."
            found = replace(_commented(link, dropped), left=found)
            dropped = []
    return replace(found, comment=_joined(dropped, found.comment)) if dropped else found


def _links(whole: tree.Chain) -> tuple[tree.Expression, list[tree.Chain]]:
    """What a chain begins with, and its links in the order that they stand in."""
    links: list[tree.Chain] = []
    head: tree.Expression = whole
    while isinstance(head, tree.Chain):
        links.append(head)
        head = head.left
    return head, links[::-1]


def _discord(link: tree.Chain, left: tree.Expression, workspace: str) -> tree.Chain:
    found = replace(link, left=left, right=tree.Function("discord", (), comment=link.right.comment))
    if not workspace:
        return found
    return tree.Chain(found, ".", tree.Function("workspace", (tree.String(workspace),)))


def _commented(link: tree.Chain, dropped: list[tree.Chain]) -> tree.Chain:
    """A link with the comments of those that were dropped before it."""
    return replace(link, comment=_joined(dropped, link.comment)) if dropped else link


def _joined(dropped: list[tree.Chain], own: tree.Comment | None) -> tree.Comment | None:
    lines = tuple(chain.from_iterable(each.lines for each in (*_comments(dropped), *([own] if own else []))))
    return tree.Comment(lines) if lines else None


def _comments(dropped: list[tree.Chain]) -> Iterator[tree.Comment]:
    for link in dropped:
        yield from (each.comment for each in (link, link.right) if each.comment is not None)
