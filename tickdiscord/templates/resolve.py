"""What the grammar of templates alone does not say: which functions exist, and the scopes of variables."""

from collections.abc import Set
from dataclasses import dataclass, field

from tickdiscord.diagnostics import Diagnostic, DiagnosticError, Span, did_you_mean
from tickdiscord.gotext import quote
from tickdiscord.templates import tree
from tickdiscord.templates.builtins import FUNCTIONS, WITH_JSON_ONLY

FUNCTION = "TD301"
"""Code of a function that does not exist."""
VARIABLE = "TD302"
"""Code of a variable that is not declared."""
MISPLACED = "TD303"
"""Code of something that stands where it cannot."""
MOST = 20
"""No more than so many mistakes of one template are reported."""
DEEPEST_LOOP = 15
"""How many loops may be nested in one another."""

_KEYWORDS = frozenset({"if", "else", "end", "range", "with", "define", "block", "template", "break", "continue"})
_CONSTANTS = frozenset({"true", "false", "nil"})


def resolve(templates: tree.TemplateSet, functions: Set[str]) -> None:
    """Check what Go's parser checks beyond the grammar.

    Raises:
        DiagnosticError: with all that was found.
    """
    found: list[Diagnostic] = []
    for body in templates.bodies.values():
        _Resolver(functions, found).body(body)
    if found:
        raise DiagnosticError(*sorted(found, key=lambda d: d.span.start if d.span else 0))


@dataclass(slots=True)
class _Resolver:
    """A walk over one template in the order of its text, with the variables known at each place."""

    functions: Set[str]
    found: list[Diagnostic]
    variables: list[str] = field(default_factory=lambda: ["$"])
    loops: int = 0

    def report(self, code: str, message: str, span: Span, hint: str = "") -> None:
        if len(self.found) < MOST:
            self.found.append(Diagnostic(code, message, span, hint))

    def body(self, body: tree.Body | None) -> None:
        for item in body.items if body else ():
            self.item(item)

    def item(self, item: tree.Item) -> None:
        match item:
            case tree.Text():
                pass
            case tree.Action(pipeline=pipeline):
                self.pipeline(pipeline)
            case tree.If(branches=branches, otherwise=otherwise) | tree.With(branches=branches, otherwise=otherwise):
                self.branches(branches, otherwise)
            case tree.Range():
                self.range(item)
            case tree.Break() | tree.Continue():
                if not self.loops:
                    keyword = "break" if isinstance(item, tree.Break) else "continue"
                    self.report(MISPLACED, f"`{{{{{keyword}}}}}` stands outside of any `{{{{range}}}}`", item.span)
            case tree.Call(pipeline=pipeline) | tree.Block(pipeline=pipeline):
                if pipeline:
                    self.pipeline(pipeline)

    def branches(self, branches: tuple[tuple[tree.Pipeline, tree.Body], ...], otherwise: tree.Body | None) -> None:
        outer = len(self.variables)
        for pipeline, body in branches:
            self.pipeline(pipeline)
            inner = len(self.variables)
            self.body(body)
            del self.variables[inner:]
        self.body(otherwise)
        del self.variables[outer:]

    def range(self, item: tree.Range) -> None:
        outer = len(self.variables)
        self.pipeline(item.pipeline)
        inner = len(self.variables)
        self.loops += 1
        if self.loops > DEEPEST_LOOP:
            self.report(MISPLACED, f"more than {DEEPEST_LOOP} loops are nested in one another", item.span)
        self.body(item.body)
        self.loops -= 1
        del self.variables[inner:]
        self.body(item.otherwise)
        del self.variables[outer:]

    def pipeline(self, pipeline: tree.Pipeline) -> None:
        for number, command in enumerate(pipeline.commands, 1):
            head = command.operands[0]
            if number > 1 and isinstance(head, tree.Dot | tree.Constant):
                self.report(MISPLACED, f"`{head}` behind the bar is no function or method", head.span)
            for operand in command.operands:
                self.operand(operand)
        # Go: an assignment also makes the name known from here on; that there is nothing to assign to shows later.
        self.variables.extend(pipeline.names)

    def operand(self, operand: tree.Operand) -> None:
        match operand:
            case tree.Function(name=name):
                self.function(name, operand)
            case tree.Variable(name=name) if name not in self.variables:
                hint = did_you_mean(name, self.variables[1:]) or "declare it with `:=` before it is used"
                self.report(VARIABLE, f"the variable `{name}` is not declared", operand.span, hint)
            case tree.Parenthesised(pipeline=pipeline):
                self.pipeline(pipeline)
            case _:
                pass

    def function(self, name: str, operand: tree.Function) -> None:
        if name in self.functions:
            return
        if name in _KEYWORDS:
            self.report(MISPLACED, f"unexpected `{name}`", operand.span, "no `if`, `with` or `range` is open here")
        elif name in _CONSTANTS:
            self.report(MISPLACED, f"`{name}` has no fields", operand.span)
        elif name in WITH_JSON_ONLY:
            self.report(FUNCTION, f"the function {quote(name)} exists only in `.details()`", operand.span)
        else:
            hint = did_you_mean(name, self.functions) or _field_hint(name)
            self.report(FUNCTION, f"there is no function {quote(name)}", operand.span, hint)


def _field_hint(name: str) -> str:
    return f"a field is written with a dot: `.{name}`" if name[:1].isupper() else ""


def functions_of(json: bool) -> frozenset[str]:
    """The functions that a template may call."""
    return frozenset(FUNCTIONS) if json else frozenset(FUNCTIONS) - WITH_JSON_ONLY
