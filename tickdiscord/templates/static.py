"""What is known of values before a template runs: the type of dot, and of the fields taken from it."""

from dataclasses import dataclass

from tickdiscord.templates import data, tree
from tickdiscord.templates.members import FIELDS, wrapper
from tickdiscord.templates.methods import METHODS, Method
from tickdiscord.templates.values import MAPS, STRUCTS, AnyMap, StringMap

Static = type | None
"""A type of `values`, or None where it is not known before."""

_RESULTS: dict[str, type] = {"Format": str, "String": str}


@dataclass(frozen=True, slots=True)
class Member:
    """What a name means on a value of a known type."""

    type: Static
    method: Method | None = None


def member(of: type, name: str) -> Member | None:
    """What `.name` is on a type, or None if there is no such thing."""
    if of is AnyMap or of is StringMap:
        return Member(None)
    if method := METHODS.get(of, {}).get(name):
        return Member(_RESULTS.get(name), method)
    if of in STRUCTS and name in FIELDS[of]:
        return Member(field_type(of, name))
    return None


def field_type(of: type, name: str) -> type:
    """The type of a field of one of Kapacitor's structs."""
    if name == "ServerInfo":
        return data.ServerInfo
    wrap = wrapper(of, name)
    return wrap if isinstance(wrap, type) else str


def known_names(of: type) -> tuple[str, ...]:
    """What can stand behind a dot on a type."""
    return () if of in MAPS else (*FIELDS.get(of, ()), *METHODS.get(of, {}))


@dataclass(frozen=True, slots=True)
class Scope:
    """The types of dot and of `$` at some place of a template."""

    dot: Static
    root: Static

    def within(self, pipeline: tree.Pipeline) -> "Scope":
        """Inside a `with` of this pipeline."""
        return Scope(self.of_pipeline(pipeline), self.root)

    def of_pipeline(self, pipeline: tree.Pipeline) -> Static:
        """The type of a pipeline's value, if it is a mere operand."""
        match pipeline.commands:
            case (tree.Command(operands=(operand,)),):
                return self.of(operand)
            case _:
                return None

    def head(self, operand: tree.Operand) -> Static:
        """The type of what an operand takes its fields from."""
        match operand:
            case tree.Dot() | tree.Field():
                return self.dot
            case tree.Variable(name="$"):
                return self.root
            case tree.Parenthesised(pipeline=pipeline):
                return self.of_pipeline(pipeline)
            case tree.String():
                return str
            case _:
                return None

    def of(self, operand: tree.Operand) -> Static:
        """The type of an operand with its fields."""
        known = self.head(operand)
        for name in names_of(operand):
            found = member(known, name) if known else None
            known = found.type if found else None
        return known


def names_of(operand: tree.Operand) -> tuple[str, ...]:
    """The fields that an operand takes."""
    if isinstance(operand, tree.Field | tree.Variable | tree.Function | tree.Parenthesised):
        return operand.names
    return ()
