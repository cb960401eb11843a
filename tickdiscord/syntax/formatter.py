"""Writes a syntax tree as a script, byte for byte as Kapacitor's `tickfmt` does."""

from dataclasses import replace
from decimal import Decimal

from tickdiscord.syntax import tree
from tickdiscord.syntax.literals import UNITS
from tickdiscord.syntax.parser import parse
from tickdiscord.syntax.scanner import GAP

STEP = " " * 4
MOST_PASSES = 5
UNITS_WRITTEN = sorted(((size, unit) for unit, size in UNITS.items() if unit != "µ"), reverse=True)


def format_script(text: str, name: str = "<script>") -> str:
    """The script in Kapacitor's standard form.

    Where `tickfmt` changes its own output when it is given that, this goes on until nothing changes.

    Raises:
        DiagnosticError: the script has syntax errors.
    """
    formatted = format_program(parse(text, name))
    for _ in range(MOST_PASSES):
        again = format_program(parse(formatted, name))
        if again == formatted:
            break
        formatted = again
    return formatted


def format_program(program: tree.Program) -> str:
    """A tree as a script: a blank line between each two statements, the last comment at the end."""
    parts = [_statement(statement) + "\n" for statement in program.statements]
    if program.trailing:
        parts.append(_comment(program.trailing, "", True) + "\n")
    return "\n".join(parts)


def format_expression(expression: tree.Expression) -> str:
    """An expression as Kapacitor writes it."""
    return _expression(expression, "", True)


def _statement(statement: tree.Statement) -> str:
    lead = _comment(statement.comment, "", True)
    match statement:
        case tree.Declaration():
            return f"{lead}var {statement.name} = {_expression(statement.value, '', False)}"
        case tree.TypedDeclaration():
            return f"{lead}var {statement.name} {statement.type}"
        case tree.Dbrp():
            return f"{lead}dbrp {_reference(statement.database)}.{_reference(statement.retention_policy)}"
        case tree.ExpressionStatement():
            return _expression(statement.expression, "", True)


def _expression(node: tree.Expression, indent: str, on_new_line: bool) -> str:
    """An expression, its comment on lines of their own before it, and the indent if it stands on a new line."""
    if isinstance(node, tree.Chain):
        return _chain(node, indent, on_new_line)
    lead = _comment(node.comment, indent, on_new_line)
    on_new_line = on_new_line or node.comment is not None
    return f"{lead}{indent if on_new_line else ''}{_bare(node, indent, on_new_line)}"


def _bare(node: tree.Expression, indent: str, on_new_line: bool) -> str:
    match node:
        case tree.Binary():
            return _binary(node, indent)
        case tree.Unary():
            return node.operator + _expression(_shielded(node.operand, len(tree.PRECEDENCE)), indent, False)
        case tree.Function():
            return _function(node, indent)
        case tree.Lambda():
            return "lambda: " + _expression(node.expression, indent, False)
        case tree.List():
            # Kapacitor indents every item of a list on a new line.
            return f"[{', '.join(_expression(item, indent, on_new_line) for item in node.items)}]"
        case _:
            return _literal(node)


def _literal(node: tree.Expression) -> str:
    match node:
        case tree.Integer():
            return f"0{node.value:o}" if node.octal else str(node.value)
        case tree.Float():
            text = format(Decimal(repr(node.value)), "f")
            return text if "." in text else text + ".0"
        case tree.Duration():
            return node.text or _duration(node.value)
        case tree.String():
            return _string(node)
        case tree.Bool():
            return "TRUE" if node.value else "FALSE"
        case tree.Regex():
            escaped = node.pattern.replace("/", "\\/")
            return f"/{escaped}/"
        case tree.Reference():
            return _reference(node.name)
        case tree.Identifier():
            return node.name
        case _:
            return "*"


def _chain(node: tree.Chain, indent: str, on_new_line: bool) -> str:
    links: list[str] = []
    head: tree.Expression = node
    while isinstance(head, tree.Chain):
        deeper = indent + (STEP * 2 if head.operator == "." else STEP)
        right = _expression(head.right, deeper, False)
        links.append(f"\n{_comment(head.comment, deeper, True)}{deeper}{head.operator}{right}")
        head = head.left
    return _expression(head, indent, on_new_line) + "".join(reversed(links))


def _binary(node: tree.Binary, indent: str) -> str:
    """From the outermost operator down to the first operand; `before` holds what is left of that, outermost first."""
    before: list[str] = []
    behind: list[str] = []
    left: tree.Expression = node
    while isinstance(left, tree.Binary):
        if left is not node and left.comment:
            before.append(_comment(left.comment, indent, False) + indent)
        if left.parens:
            before.append("(")
            indent += STEP
        precedence = tree.PRECEDENCE[left.operator]
        right = _expression(_shielded(left.right, precedence + 1), indent, left.multiline)
        separator = "\n" if left.multiline else " "
        behind.append(f" {left.operator}{separator}{right}{')' if left.parens else ''}")
        left = _shielded(left.left, precedence)
    return "".join((*before, _expression(left, indent, False), *reversed(behind)))


def _shielded(node: tree.Expression, precedence: int) -> tree.Expression:
    """An operand in the parentheses it needs; a tree that was not parsed (a var's value in its place) may lack them."""
    loose = isinstance(node, tree.Binary) and not node.parens and tree.PRECEDENCE[node.operator] < precedence
    return replace(node, parens=True) if loose else node


def _function(node: tree.Function, indent: str) -> str:
    deeper = indent + STEP
    args = [_expression(argument, deeper, node.multiline) for argument in node.args]
    if node.multiline and args:
        lines = ",\n".join(args)
        return f"{node.name}(\n{lines}\n{indent})"
    return f"{node.name}({', '.join(args)})"


def _comment(comment: tree.Comment | None, indent: str, on_new_line: bool) -> str:
    if comment is None:
        return ""
    lines = ["\n" if line == GAP else f"{indent}// {line}\n" if line else f"{indent}//\n" for line in comment.lines]
    return "".join(lines) if on_new_line else "\n" + "".join(lines)


def _string(node: tree.String) -> str:
    """As it was written, if it can be: single quotes cannot hold a final backslash, triple quotes not themselves."""
    value = node.value
    triple = node.triple or value.endswith("\\")
    if triple and "'''" not in value and not value.endswith("'"):
        return f"'''{value}'''"
    escaped = value.replace("'", "\\'")
    return f"'{escaped}'"


def _reference(name: str) -> str:
    escaped = name.replace('"', '\\"')
    return f'"{escaped}"'


def _duration(nanoseconds: int) -> str:
    """A duration that has no text of its own, in its largest whole unit."""
    for size, unit in UNITS_WRITTEN:
        if nanoseconds and nanoseconds % size == 0:
            return f"{nanoseconds // size}{unit}"
    return f"{nanoseconds}ns" if nanoseconds else "0s"
