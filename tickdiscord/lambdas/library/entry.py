"""What an entry of the function table is: signatures, behaviour, a sentence of documentation, examples."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from tickdiscord.lambdas.types import Operand, Type
from tickdiscord.points.model import Value


class Takes(Enum):
    """What a behaviour is given in front of the arguments."""

    VALUES = "nothing but the arguments"
    ENVIRONMENT = "the environment: clock, zone, random numbers"
    STATE = "its state, a list of numbers that it changes in place"


@dataclass(frozen=True, slots=True)
class Example:
    """An expression with its result, for one point with these fields (None: the point lacks it).

    `result` is the message, or a part of it, when `fails` is set.
    """

    expression: str
    result: Value
    fields: Mapping[str, Operand]
    fails: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """Argument types, the type of the result, and what is done.

    `code` is Python in place of a call, with `{0}`, `{1}` for the arguments; only used where no argument can fail or
    has a state, so it need not evaluate all of them. `fails` says that the behaviour may raise a `Mistake`, `cuts` that
    it may cut a string within a character.
    """

    arguments: tuple[Type, ...]
    result: Type
    behaviour: Callable[..., object]
    code: str = ""
    fails: bool = False
    cuts: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """A function of lambdas. `initial` makes the state of a stateful one."""

    name: str
    doc: str
    parameters: tuple[str, ...]
    signatures: tuple[Signature, ...]
    examples: tuple[Example, ...]
    takes: Takes = Takes.VALUES
    initial: Callable[[], list[float]] | None = None
    volatile: bool = False
    """Whether it may give another result for the same arguments."""

    def resolve(self, types: tuple[Type | None, ...]) -> Signature | None:
        """The signature for arguments of exactly these types."""
        return next((each for each in self.signatures if each.arguments == types), None)

    @property
    def counts(self) -> tuple[int, ...]:
        """How many arguments it may have."""
        return tuple(sorted({len(each.arguments) for each in self.signatures}))

    @property
    def usage(self) -> tuple[str, ...]:
        """Every way to call it: `strIndex(string, string) → int`."""
        return tuple(
            f"{self.name}({', '.join(argument.value for argument in each.arguments)}) → {each.result.value}"
            for each in self.signatures
        )


def shows(expression: str, result: Value, **fields: Value | None) -> Example:
    """An example that works."""
    return Example(expression, result, fields)


def refuses(expression: str, message: str, **fields: Value | None) -> Example:
    """An example that fails with a message that holds these words."""
    return Example(expression, message, fields, fails=True)
