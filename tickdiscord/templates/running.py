"""What generated code calls while it runs: loops, calls of templates, and the limits that stop a runaway."""

from collections.abc import Callable, Generator, Iterable
from typing import NoReturn

from tickdiscord.templates.failure import Fault
from tickdiscord.templates.printf import LONGEST
from tickdiscord.templates.printing import text
from tickdiscord.templates.values import SIGNED, UNSIGNED, AnyMap, Int, Slice, StringMap, Uint8, type_name

MOST_STEPS = 1_000_000
"""Rounds of loops and calls of templates in one rendering."""
DEEPEST_CALLS = 100_000
"""Go's limit on templates within templates."""


class Run:
    """One rendering: what was written so far, and how much work it took."""

    __slots__ = ("_measured", "_size", "out", "steps")

    def __init__(self) -> None:
        self.out: list[str] = []
        self.steps = 0
        self._size = 0
        self._measured = 0

    def step(self, place: int) -> None:
        """Another round or call.

        Raises:
            Fault: if there have been too many, or too much was written.
        """
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise Fault(place, f"the template takes more than {MOST_STEPS} rounds of loops and calls")
        if not self.steps & 63:
            self.measure(place)

    def measure(self, place: int) -> None:
        """Raises Fault if too much was written."""
        self._size += sum(map(len, self.out[self._measured :]))
        self._measured = len(self.out)
        if self._size > LONGEST:
            raise Fault(place, f"the template writes more than {LONGEST} characters")


Call = tuple[Callable[..., "Suspended"], object, int]
Suspended = Generator[Call, None, None]
"""A template that hands out its calls of templates instead of making them, so that their depth costs no stack."""


def drive(run: Run, main: Suspended) -> None:
    """Run a template whose calls may go deep.

    Raises:
        Fault: beyond Go's limit.
    """
    stack = [main]
    while stack:
        called = next(stack[-1], None)
        if called is None:
            stack.pop()
            continue
        template, dot, place = called
        if len(stack) > DEEPEST_CALLS:
            raise Fault(place, f"exceeded maximum template depth ({DEEPEST_CALLS})")
        run.step(place)
        stack.append(template(run, run.out.append, dot))


def iterate(value: object, names: int, place: int) -> Iterable[tuple[object, object]]:
    """What `range` walks: pairs of index or key, and element."""
    if value is None:
        return ()
    if isinstance(value, StringMap | AnyMap):
        return value.items()
    kind = type(value)
    if kind in SIGNED or kind in UNSIGNED:
        if names > 1:
            raise Fault(place, f"can't use {text(value)} to iterate over more than one variable")
        return _count(value, kind)
    if isinstance(value, Slice):
        return ((Int(at), item) for at, item in enumerate(value))
    if isinstance(value, bytes):
        return ((Int(at), Uint8(byte)) for at, byte in enumerate(value))
    raise Fault(place, f"range can't iterate over {text(value)}")


def _count(value: object, kind: Callable[[int], object]) -> Iterable[tuple[object, object]]:
    assert isinstance(value, int)
    return ((None, kind(number)) for number in range(value))


def fault(place: int, message: str, *given: object) -> NoReturn:
    """Raises Fault; what was given is worked out first, as its own error comes first."""
    raise Fault(place, message)


def undeclared(place: int, name: str, value: object) -> NoReturn:
    """Raises Fault; the value is worked out first, as its own error comes first."""
    raise Fault(place, f"undefined variable: {name}")


def as_format(place: int, value: object) -> str:
    """The format of `printf`, which must be a string.

    Raises:
        Fault: if it is not.
    """
    if type(value) is str:
        return value
    if value is None:
        raise Fault(place, "invalid value; expected string")
    raise Fault(place, f"wrong type for value; expected string; got {type_name(value)}")
