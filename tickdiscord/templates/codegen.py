"""Turns the tree of a template into Python source: one function for each template, specialised on what dot is.

The source holds no text of the template: constants go by number, so nothing in a template can become code.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tickdiscord.diagnostics import Span
from tickdiscord.templates import data, numbers, running, tree
from tickdiscord.templates.branches import Branch, Seen
from tickdiscord.templates.builtins import FUNCTIONS, wrong_count
from tickdiscord.templates.callgraph import needs_suspension
from tickdiscord.templates.escaping.contextual import EVALUATED
from tickdiscord.templates.escaping.escapers import ESCAPERS, evaluated
from tickdiscord.templates.members import FIELDS, call, get, wrapper
from tickdiscord.templates.printing import text
from tickdiscord.templates.source import Code, Generated, Place
from tickdiscord.templates.static import Scope, field_type, names_of
from tickdiscord.templates.values import (
    MAPS,
    STRUCTS,
    AnyMap,
    Duration,
    Grid,
    Int,
    Maps,
    Rows,
    StringMap,
    Strings,
    Time,
)


def generate(
    templates: tree.TemplateSet, root: type, seen: Seen | None = None, branches: Sequence[Branch] = ()
) -> Generated:
    """The Python source of a set of templates; the function of the main one is `main(run, write, dot)`.

    With `seen`, what decides each of the `branches` passes through it; for a loop, whether there was anything to walk
    over.
    """
    return _Generator(templates, root, seen, {each.span: number for number, each in enumerate(branches)}).run()


_SHARED: dict[str, object] = {
    "text": text,
    "get": get,
    "call": call,
    "iterate": running.iterate,
    "fault": running.fault,
    "undeclared": running.undeclared,
    "as_format": running.as_format,
    "StringMap": StringMap,
    "Result": data.Result,
    "Rows": Rows,
    "Strings": Strings,
    "Grid": Grid,
    "Maps": Maps,
    "AnyMap": AnyMap,
    "Time": Time,
    "Duration": Duration,
    "Int": Int,
    **{f"do_{name}": function for name, (function, _, _) in FUNCTIONS.items()},
    **{f"escape_{name}": function for name, function in ESCAPERS.items()},
    f"do_{EVALUATED}": evaluated,
}


@dataclass(slots=True)
class _Generator:
    templates: tree.TemplateSet
    root: type
    seen: Seen | None = None
    numbers: dict[Span, int] = field(default_factory=dict[Span, int])
    """The branches that are seen, by the places of their pipelines."""
    lines: list[str] = field(default_factory=list[str])
    names: dict[str, object] = field(default_factory=lambda: dict(_SHARED))
    places: list[Place] = field(default_factory=list[Place])
    constants: dict[tuple[type, object], str] = field(default_factory=dict[tuple[type, object], str])
    functions: dict[str, str] = field(default_factory=dict[str, str])
    suspended: bool = False
    bulky: bool = False
    # Of the template that is being written:
    template: str = ""
    indent: int = 1
    locals: int = 0
    variables: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    early: list[str] = field(default_factory=list[str])

    def run(self) -> Generated:
        self.functions = {name: f"t{number}" for number, name in enumerate(self.templates.bodies)}
        self.suspended = needs_suspension(self.templates)
        if self.seen:
            self.names["seen"] = self.seen
        for name, body in self.templates.bodies.items():
            self.function(name, body)
        self.lines.append(f"main = {self.functions[self.templates.name]}")
        return Generated("\n".join(self.lines) + "\n", self.names, self.places, self.suspended, self.bulky)

    def function(self, name: str, body: tree.Body) -> None:
        main = name == self.templates.name
        self.template, self.indent, self.locals = name, 1, 0
        self.variables, self.early = [("$", "dot")], []
        known = self.root if main else None
        self.lines.append(f"def {self.functions[name]}(run, write, dot):")
        start = len(self.lines)
        self.body(body, "dot", Scope(known, known))
        self.lines[start:start] = [f"    {local} = None" for local in self.early]
        self.line("return", at=1)
        if self.suspended:
            self.line("yield", at=1)

    # --- statements ---

    def line(self, code: str, at: int | None = None) -> None:
        self.lines.append("    " * (at or self.indent) + code)

    def body(self, body: tree.Body | None, dot: str, scope: Scope) -> None:
        outer = len(self.variables)
        start = len(self.lines)
        for item in body.items if body else ():
            self.item(item, dot, scope)
        if len(self.lines) == start:
            self.line("pass")
        del self.variables[outer:]

    def item(self, item: tree.Item, dot: str, scope: Scope) -> None:
        match item:
            case tree.Text(text=shown):
                self.line(f"write({self.constant(shown)})")
            case tree.Action():
                self.action(item, dot, scope)
            case tree.If() | tree.With():
                self.branches(item, dot, scope)
            case tree.Range():
                self.range(item, dot, scope)
            case tree.Break():
                self.line("break")
            case tree.Continue():
                self.line("continue")
            case tree.Call() | tree.Block():
                self.call_template(item, dot, scope)

    def action(self, item: tree.Action, dot: str, scope: Scope) -> None:
        value = self.pipeline(item.pipeline, dot, scope)
        if item.pipeline.names:
            self.line(value.text)
        elif item.escapers:
            shown = value.text
            for escaper in item.escapers:
                shown = f"escape_{escaper}({shown})"
            self.line(f"write({shown})")
        elif value.type is str:
            self.line(f"write({value.text})")
        else:
            self.line(f"write(v if type(v := {value.text}) is str else text(v))")

    def branches(self, item: tree.If | tree.With, dot: str, scope: Scope) -> None:
        outer, keyword = len(self.variables), "if"
        for pipeline, body in item.branches:
            value = self.probed(pipeline, self.pipeline(pipeline, dot, scope))
            if isinstance(item, tree.With):
                inner = self.local("d")
                self.line(f"{keyword} ({inner} := {value.text}):")
                self.nested(body, inner, Scope(value.type, scope.root))
            else:
                self.line(f"{keyword} {value.text}:")
                self.nested(body, dot, scope)
            keyword = "elif"
        if item.otherwise and item.otherwise.items:
            self.line("else:")
            self.nested(item.otherwise, dot, scope)
        del self.variables[outer:]

    def probed(self, pipeline: tree.Pipeline, value: Code) -> Code:
        """The value that decides a branch, seen on its way."""
        if self.seen is None:
            return value
        return Code(f"seen({self.numbers[pipeline.span]}, {value.text})", value.type)

    def nested(self, body: tree.Body, dot: str, scope: Scope) -> None:
        self.indent += 1
        self.body(body, dot, scope)
        self.indent -= 1

    def range(self, item: tree.Range, dot: str, scope: Scope) -> None:
        outer = len(self.variables)
        pipeline = item.pipeline
        place = self.place(pipeline.commands[-1].operands[0], pipeline)
        value = self.pipeline(pipeline, dot, scope)
        names = [local for name in pipeline.names if (local := self.lookup(name))]
        key, element, entered = self.local("k"), self.local("d"), self.local("n")
        self.line(f"{entered} = False")
        self.line(f"for {key}, {element} in iterate({value.text}, {len(names)}, {place}):")
        self.indent += 1
        self.line(f"{entered} = {self.probed(pipeline, Code('True')).text}")
        self.line(f"run.step({place})")
        for name, source in zip(names, (key, element) if len(names) > 1 else (element,), strict=False):
            self.line(f"{name} = {source}")
        self.body(item.body, element, Scope(None, scope.root))
        self.indent -= 1
        if self.seen:
            self.line(f"{entered} or {self.probed(pipeline, Code('False')).text}")
        if item.otherwise and item.otherwise.items:
            self.line(f"if not {entered}:")
            self.nested(item.otherwise, dot, scope)
        self.bulky = True
        del self.variables[outer:]

    def call_template(self, item: tree.Call | tree.Block, dot: str, scope: Scope) -> None:
        self.bulky = True
        place = self.place(item)
        value = self.pipeline(item.pipeline, dot, scope).text if item.pipeline else "None"
        function = self.functions.get(item.name)
        if function is None:
            self.line(self.failing(item, f"template {tree.String(item.name)} not defined").text)
        elif self.suspended:
            self.line(f"yield {function}, {value}, {place}")
        else:
            self.line(f"run.step({place})")
            self.line(f"{function}(run, write, {value})")

    # --- names ---

    def local(self, prefix: str) -> str:
        self.locals += 1
        return f"{prefix}{self.locals}"

    def constant(self, value: object) -> str:
        key = (type(value), repr(value) if isinstance(value, float | complex) else value)
        name = self.constants.get(key)
        if name is None:
            name = self.constants[key] = f"K{len(self.constants)}"
            self.names[name] = value
        return name

    def place(self, node: tree.Node, pointed: tree.Node | None = None) -> int:
        """The number of a place: `node` is what Go shows, `pointed` where it points, if that is elsewhere."""
        at = (pointed or node).span.start
        if isinstance(node, tree.Field) and len(node.names) > 1:
            at += 1 + len(node.names[0])
        elif isinstance(node, tree.Variable) and node.names:
            at += len(node.name)
        self.places.append(Place(self.template, str(node), at, node))
        return len(self.places) - 1

    def failing(self, node: tree.Node, message: str, before: Code | None = None) -> Code:
        """An expression that fails, once the piped value before it has been worked out."""
        given = f", {before.text}" if before else ""
        return Code(f"fault({self.place(node)}, {self.constant(message)}{given})")

    def lookup(self, name: str) -> str:
        return next((local for known, local in reversed(self.variables) if known == name), "")

    # --- expressions ---

    def pipeline(self, pipeline: tree.Pipeline, dot: str, scope: Scope) -> Code:
        value: Code | None = None
        for command in pipeline.commands:
            value = self.command(command, dot, scope, value)
        assert value is not None
        for name in pipeline.names:
            value = self.bound(pipeline, name, value)
        return value

    def bound(self, pipeline: tree.Pipeline, name: str, value: Code) -> Code:
        """The value, also kept in a variable."""
        if not pipeline.assigned:
            local = self.local("v")
            self.variables.append((name, local))
            self.early.append(local)
            return Code(f"({local} := {value.text})")
        local = self.lookup(name)
        if not local:
            place = self.place(pipeline.commands[-1].operands[0])
            return Code(f"undeclared({place}, {self.constant(name)}, {value.text})")
        return Code(f"({local} := {value.text})")

    def command(self, command: tree.Command, dot: str, scope: Scope, final: Code | None) -> Code:
        head, *arguments = command.operands
        if isinstance(head, tree.Function) and not head.names:
            return self.call_function(command, head, arguments, dot, scope, final)
        if not names_of(head) and (arguments or final):
            return self.failing(head, f"can't give argument to non-function {head}", final)
        if isinstance(head, tree.Nil):
            return self.failing(head, "nil is not a command")
        return self.operand(head, dot, scope, arguments, final)

    def operand(
        self,
        operand: tree.Operand,
        dot: str,
        scope: Scope,
        arguments: Iterable[tree.Operand] = (),
        final: Code | None = None,
    ) -> Code:
        """An operand; the arguments go to the last field it takes."""
        match operand:
            case tree.Dot():
                return Code(dot, scope.dot)
            case tree.Field():
                base = Code(dot, scope.dot)
            case tree.Variable(name=name):
                local = self.lookup(name)
                base = Code(local, scope.root if local == "dot" else None)
            case tree.Function():
                base = self.call_function(operand, operand, (), dot, scope, None)
            case tree.Parenthesised(pipeline=pipeline):
                base = self.pipeline(pipeline, dot, scope)
            case _:
                return self.value_of_constant(operand)
        return self.chain(base, operand, dot, scope, arguments, final)

    def value_of_constant(self, constant: tree.Constant) -> Code:
        match constant:
            case tree.Nil():
                return Code("None")
            case tree.Number():
                value = numbers.ideal(constant)
                if value is None:
                    return self.failing(constant, f"{constant} overflows int")
                return Code(self.constant(value), type(value))
            case tree.Bool(value=value) | tree.String(value=value):
                return Code(self.constant(value), type(value))

    def chain(
        self,
        base: Code,
        operand: tree.Operand,
        dot: str,
        scope: Scope,
        arguments: Iterable[tree.Operand],
        final: Code | None,
    ) -> Code:
        names = names_of(operand)
        for number, name in enumerate(names):
            # Go speaks of what the map of fields holds, not of what is in it.
            held = ', held="interface {}"' if number > 1 and names[number - 2] == "Fields" else ""
            if number == len(names) - 1 and (final or arguments):
                return self.method(base, name, operand, dot, scope, arguments, final, held)
            base = self.taken(base, name, operand, held)
        return base

    def taken(self, base: Code, name: str, operand: tree.Operand, held: str) -> Code:
        """`.name`, without arguments."""
        if base.type in STRUCTS and name in FIELDS[base.type]:
            raw, wrap = f"{base.text}.{name}", wrapper(base.type, name)
            if wrap is None:
                return Code(raw, field_type(base.type, name))
            return Code(f"{wrap.__name__}({raw})", field_type(base.type, name), raw if wrap in MAPS else "")
        if base.raw:
            return Code(f"{base.raw}.get({self.constant(name)})")
        return Code(f"get({base.text}, {self.constant(name)}, {self.place(operand)}{held})")

    def method(
        self,
        base: Code,
        name: str,
        operand: tree.Operand,
        dot: str,
        scope: Scope,
        arguments: Iterable[tree.Operand],
        final: Code | None,
        held: str,
    ) -> Code:
        given = [
            self.constant(argument) if isinstance(argument, tree.Constant) else self.operand(argument, dot, scope).text
            for argument in arguments
        ]
        if final:
            given.append(final.text)
        place = self.place(operand)
        known = str if base.type is Time and name == "Format" else None
        return Code(f"call({base.text}, {self.constant(name)}, ({', '.join(given)},), {place}{held})", known)

    def call_function(
        self,
        shown: tree.Node,
        head: tree.Function,
        arguments: Iterable[tree.Operand],
        dot: str,
        scope: Scope,
        final: Code | None,
    ) -> Code:
        operands = list(arguments)
        name = head.name
        problem = "" if name == EVALUATED else wrong_count(name, len(operands), final is not None)
        if problem:
            return self.failing(head, problem, final)
        if name == "printf":
            return self.printf(operands, dot, scope, final)
        values = [self.operand(operand, dot, scope) for operand in operands] + ([final] if final else [])
        if name in ("and", "or"):
            return self.short_circuit(name, values, final)
        if quick := self.quick(name, operands, values):
            return quick
        self.bulky = self.bulky or name in _GROWING
        place = self.place(shown)
        return Code(f"do_{name}({place}, {', '.join(value.text for value in values)})", _RESULTS.get(name))

    def short_circuit(self, name: str, values: list[Code], final: Code | None) -> Code:
        """`and`, `or`: the first argument that decides, else the last; the piped one is worked out before all."""
        local, before = self.local("b"), ""
        if final:
            before = self.local("b")
            values[-1] = Code(before)
        *firsts, last = values
        shown = last.text
        for value in reversed(firsts):
            kept = f"({local} := {value.text})"
            shown = f"({shown} if {kept} else {local})" if name == "and" else f"({local} if {kept} else {shown})"
        return Code(f"(({before} := {final.text}), {shown})[1]" if final else shown)

    def quick(self, name: str, operands: list[tree.Operand], values: list[Code]) -> Code | None:
        """The commonest calls, where the types are known."""
        match name, values:
            case "index", [Code(raw=raw, type=kind), _] if raw and isinstance(operands[-1], tree.String):
                if kind is StringMap:
                    return Code(f"{raw}.get({values[1].text}, {self.constant('')})", str)
                return Code(f"{raw}.get({values[1].text})")
            case "eq" | "ne", [Code(type=a), Code(type=b)] if a is str and b is str:
                return Code(f"({values[0].text} {'==' if name == 'eq' else '!='} {values[1].text})", bool)
            case "not", [value]:
                return Code(f"(not {value.text})", bool)
            case _:
                return None

    def printf(self, operands: list[tree.Operand], dot: str, scope: Scope, final: Code | None) -> Code:
        self.bulky = True
        values = [self.operand(operand, dot, scope) for operand in operands] + ([final] if final else [])
        first = operands[0] if operands else None
        form, *rest = (value.text for value in values)
        if isinstance(first, tree.Constant) and not isinstance(first, tree.String):
            reason = "cannot assign nil to string" if isinstance(first, tree.Nil) else f"expected string; found {first}"
            return self.failing(first, reason, final)
        if values[0].type is not str:
            form = f"as_format({self.place(first or tree.Dot())}, {form})"
        return Code(f"do_printf(0, {', '.join((form, *rest))})", str)


_GROWING = frozenset({"print", "println", "html", "js", "urlquery"})
"""Functions whose result may be larger than what they are given, so that a few of them can make a flood."""

_RESULTS: dict[str, type] = {
    **dict.fromkeys(("print", "println", "html", "js", "urlquery"), str),
    **dict.fromkeys(("eq", "ne", "lt", "le", "gt", "ge", "not"), bool),
    "len": Int,
}
