"""What can be known to go wrong before a template meets any data: unknown fields, wrong numbers of arguments."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tickdiscord.diagnostics import Diagnostic, Span, did_you_mean
from tickdiscord.gotext import quote
from tickdiscord.templates import data, tree
from tickdiscord.templates.builtins import wrong_count
from tickdiscord.templates.members import HIDDEN, wrong_use
from tickdiscord.templates.resolve import MOST
from tickdiscord.templates.static import Scope, known_names, member, names_of
from tickdiscord.templates.values import STRUCTS, type_name_of

UNKNOWN_FIELD = "TD310"
"""Code of a field that the data never has."""
ARGUMENTS = "TD311"
"""Code of a function or method with the wrong number of arguments."""
NOT_CALLABLE = "TD312"
"""Code of arguments given to what is no function."""
UNKNOWN_TEMPLATE = "TD313"
"""Code of a call of a template that is not defined."""
NOT_DECLARED = "TD314"
"""Code of an assignment to a variable that is not declared."""


def check(templates: tree.TemplateSet, root: type) -> list[Diagnostic]:
    """All that will go wrong whenever it is reached; what a constant condition rules out is not looked at."""
    checker = _Checker(templates, root)
    for name, body in templates.bodies.items():
        main = name == templates.name
        checker.variables = ["$"]
        checker.body(body, Scope(root, root) if main else Scope(None, None))
    return sorted(checker.found, key=lambda d: d.span.start if d.span else 0)


@dataclass(slots=True)
class _Checker:
    templates: tree.TemplateSet
    root: type
    found: list[Diagnostic] = field(default_factory=list[Diagnostic])
    variables: list[str] = field(default_factory=list[str])

    def report(self, code: str, message: str, span: Span, hint: str = "") -> None:
        if len(self.found) < MOST:
            self.found.append(Diagnostic(code, message, span, hint))

    def body(self, body: tree.Body | None, scope: Scope) -> None:
        outer = len(self.variables)
        for item in body.items if body else ():
            self.item(item, scope)
        del self.variables[outer:]

    def item(self, item: tree.Item, scope: Scope) -> None:
        match item:
            case tree.Action(pipeline=pipeline):
                self.pipeline(pipeline, scope)
            case tree.If(branches=branches, otherwise=otherwise) | tree.With(branches=branches, otherwise=otherwise):
                outer = len(self.variables)
                for pipeline, body in branches:
                    self.pipeline(pipeline, scope)
                    inner = scope.within(pipeline) if isinstance(item, tree.With) else scope
                    if not _never(pipeline):
                        self.body(body, inner)
                self.body(otherwise, scope)
                del self.variables[outer:]
            case tree.Range(pipeline=pipeline, body=body, otherwise=otherwise):
                outer = len(self.variables)
                self.pipeline(pipeline, scope)
                if not _never(pipeline):
                    self.body(body, Scope(None, scope.root))
                self.body(otherwise, scope)
                del self.variables[outer:]
            case tree.Call(name=name, pipeline=pipeline):
                if name not in self.templates.bodies:
                    hint = did_you_mean(name, self.templates.bodies.keys() - {self.templates.name})
                    self.report(UNKNOWN_TEMPLATE, f"the template {quote(name)} is not defined", item.span, hint)
                if pipeline:
                    self.pipeline(pipeline, scope)
            case tree.Block(pipeline=pipeline):
                self.pipeline(pipeline, scope)
            case _:
                pass

    def pipeline(self, pipeline: tree.Pipeline, scope: Scope) -> None:
        for number, command in enumerate(pipeline.commands):
            self.command(command, scope, piped=number > 0)
        for name in pipeline.names:
            if not pipeline.assigned:
                self.variables.append(name)
            elif name not in self.variables:
                hint = did_you_mean(name, self.variables[1:]) or "a variable is declared with `:=`"
                self.report(NOT_DECLARED, f"the variable `{name}` is not declared", pipeline.span, hint)

    def command(self, command: tree.Command, scope: Scope, piped: bool) -> None:
        head, *arguments = command.operands
        given = len(arguments)
        names = names_of(head)
        match head:
            case tree.Function(name=name, names=()):
                if problem := wrong_count(name, given, piped):
                    self.report(ARGUMENTS, problem, head.span)
                if name not in ("and", "or"):
                    self.operands(arguments, scope)
                return
            case tree.Nil():
                self.report(NOT_CALLABLE, "`nil` alone is no value", head.span)
            case _ if not names and (given or piped):
                self.report(
                    NOT_CALLABLE, f"`{head}` is no function and takes no arguments", head.span, _operator(command)
                )
            case _:
                pass
        self.operand(head, scope, given + piped, command)
        self.operands(arguments, scope)

    def operands(self, operands: Iterable[tree.Operand], scope: Scope) -> None:
        for operand in operands:
            self.operand(operand, scope, 0)

    def operand(self, operand: tree.Operand, scope: Scope, given: int, command: tree.Command | None = None) -> None:
        """An operand whose last field gets so many arguments, which stand in the command."""
        if isinstance(operand, tree.Parenthesised):
            self.pipeline(operand.pipeline, scope)
        if isinstance(operand, tree.Function):
            if problem := wrong_count(operand.name, 0, piped=False):
                self.report(ARGUMENTS, problem, operand.span)
            return
        known = scope.head(operand)
        names = names_of(operand)
        for number, name in enumerate(names, 1):
            if known is None:
                return
            found = member(known, name)
            if found is None:
                self.unknown(known, name, operand.span)
                return
            last = given if number == len(names) else 0
            if found.method and (problem := wrong_use(name, found.method, last)):
                self.report(ARGUMENTS, problem, operand.span)
            elif last and not found.method:
                hint = _operator(command) if command else ""
                self.report(NOT_CALLABLE, f"`.{name}` is no method and takes no arguments", operand.span, hint)
            known = found.type

    def unknown(self, of: type, name: str, span: Span) -> None:
        if of is self.root:
            what, hint = "this template", _similar(of, name) or _seen_elsewhere(of, name)
            if name in HIDDEN.get(of, ()):
                hint = "the fields inside it are found without it"
        else:
            what, hint = f"a {type_name_of(of)}", _similar(of, name)
        self.report(UNKNOWN_FIELD, f"{what} has no field `.{name}`", span, hint)


def _similar(of: type, name: str) -> str:
    return did_you_mean(f".{name}", [f".{known}" for known in known_names(of)])


def _seen_elsewhere(of: type, name: str) -> str:
    """Why a field that other templates see is not there, or which fields are."""
    if name == "Message" and of is data.MessageData:
        return "the message cannot contain itself; `.details()` sees it"
    if of is data.AggregateData:
        return "the message of an aggregate sees only `.Count` and `.Interval`"
    if of in STRUCTS and name.islower():
        return f'a tag or a field of the point is written `index .Tags "{name}"` or `index .Fields "{name}"`'
    return f"there are: {', '.join(f'`.{known}`' for known in known_names(of))}"


def _operator(command: tree.Command) -> str:
    function = next((o for o in command.operands[1:] if isinstance(o, tree.Function)), None)
    return f"the function stands first: `{function.name} {command.operands[0]} …`" if function else ""


def _never(pipeline: tree.Pipeline) -> bool:
    """Whether a condition is a constant that is false."""
    match pipeline.commands:
        case (tree.Command(operands=(tree.Bool(value=value) | tree.String(value=value),)),):
            return not value
        case (tree.Command(operands=(tree.Number(integer=int() as value),)),):
            return not value
        case _:
            return False
