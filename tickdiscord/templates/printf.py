"""`printf`, `print` and `println`: Go's format strings, with flags, widths, argument numbers and notes of mistakes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tickdiscord.templates.printing import NIL, PLAIN, WIDEST, Flags, show
from tickdiscord.templates.values import STRINGS, type_name

LONGEST = 16 << 20
"""No single value may be longer than this many characters; a template that asks for more is stopped."""


class TooLong(Exception):
    """A value has outgrown `LONGEST`."""


def bounded(shown: str) -> str:
    """The text, if it is of a bearable length.

    Raises:
        TooLong: if it is not.
    """
    if len(shown) > LONGEST:
        raise TooLong
    return shown


def sprint(args: Sequence[object]) -> str:
    """`fmt.Sprint`: a space between two operands when neither is a string."""
    out: list[str] = []
    after_string = True
    for arg in args:
        is_string = type(arg) in STRINGS
        if not is_string and not after_string:
            out.append(" ")
        out.append(show(arg, "v", PLAIN))
        after_string = is_string
    return bounded("".join(out))


def sprintln(args: Sequence[object]) -> str:
    """`fmt.Sprintln`: spaces between, a newline behind."""
    return bounded(" ".join(show(arg, "v", PLAIN) for arg in args) + "\n")


def sprintf(format: str, args: Sequence[object]) -> str:
    """`fmt.Sprintf`.

    Raises:
        TooLong: if the result would be longer than `LONGEST`.
    """
    plan = _plan(format)
    if plan is None or plan.directives != len(args):
        return _Printf(format, args).run()
    given = iter(args)
    return bounded("".join(p if isinstance(p, str) else show(next(given), p[0], p[1]) for p in plan.pieces))


@dataclass(frozen=True, slots=True)
class _Plan:
    """A format of plain text and directives that take one argument each, in order."""

    pieces: tuple[str | tuple[str, Flags], ...]
    directives: int


_SIMPLE = re.compile(r"%([#0+ -]*)([0-9]{1,3})?(?:\.([0-9]{0,3}))?([a-zA-Z])")


@lru_cache(maxsize=512)
def _plan(format: str) -> _Plan | None:
    """How to print with a format, if there is nothing special in it."""
    pieces: list[str | tuple[str, Flags]] = []
    at = 0
    for found in _SIMPLE.finditer(format):
        pieces += format[at : found.start()], (found[4], _flags(found[1], found[4], found[2], found[3]))
        at = found.end()
    pieces.append(format[at:])
    if any(isinstance(piece, str) and "%" in piece for piece in pieces):
        return None
    return _Plan(tuple(piece for piece in pieces if piece), len(pieces) // 2)


def _flags(marks: str, verb: str, width: str | None, precision: str | None) -> Flags:
    flags = Flags("-" in marks, "+" in marks, "#" in marks, " " in marks, "0" in marks)
    flags.width = int(width) if width else None
    flags.precision = None if precision is None else int(precision or "0")
    return flags.of_verb(verb)


class _Printf:
    """One walk over a format string, whatever is in it."""

    def __init__(self, format: str, args: Sequence[object]) -> None:
        self.format = format
        self.args = args
        self.at = 0
        self.next = 0
        self.out: list[str] = []
        self.size = 0
        self.reordered = False
        self.good_index = True
        self.after_index = False

    def run(self) -> str:
        while self.at < len(self.format):
            percent = self.format.find("%", self.at)
            if percent < 0:
                self.put(self.format[self.at :])
                break
            self.put(self.format[self.at : percent])
            self.at = percent + 1
            if not self.directive():
                break
        if not self.reordered and self.next < len(self.args):
            self.put(f"%!(EXTRA {', '.join(map(_noted, self.args[self.next :]))})")
        return "".join(self.out)

    def put(self, shown: str) -> None:
        self.out.append(shown)
        self.size += len(shown)
        if self.size > LONGEST:
            raise TooLong

    def directive(self) -> bool:
        """One `%…verb`; false at the end of the format."""
        self.good_index, self.after_index = True, False
        flags = self.flags()
        self.index()
        self.width(flags)
        self.precision(flags)
        if not self.after_index:
            self.index()
        if self.at >= len(self.format):
            self.put("%!(NOVERB)")
            return False
        verb = self.format[self.at]
        self.at += 1
        self.verb(verb, flags)
        return True

    def flags(self) -> Flags:
        flags = Flags()
        while self.at < len(self.format):
            match self.format[self.at]:
                case "#":
                    flags.sharp = True
                case "0":
                    flags.zero = True
                case "+":
                    flags.plus = True
                case "-":
                    flags.minus = True
                case " ":
                    flags.space = True
                case _:
                    break
            self.at += 1
        return flags

    def peek(self) -> str:
        return self.format[self.at : self.at + 1]

    def index(self) -> None:
        """`[n]`: go on with the n-th argument."""
        if self.peek() != "[":
            self.after_index = False
            return
        self.reordered = True
        end = self.format.find("]", self.at)
        inner = self.format[self.at + 1 : end] if end >= 0 else ""
        self.at = end + 1 if end >= 0 else self.at + 1
        number = int(inner) - 1 if inner.isascii() and inner.isdigit() and len(inner) < 8 else None
        if number is not None and 0 <= number < len(self.args):
            self.next, self.after_index = number, True
        else:
            self.good_index, self.after_index = False, number is not None

    def width(self, flags: Flags) -> None:
        if self.peek() == "*":
            self.at += 1
            flags.width = self.star()
            if flags.width is None:
                self.put("%!(BADWIDTH)")
            elif flags.width < 0:
                flags.width, flags.minus = -flags.width, True
            self.after_index = False
        else:
            flags.width = self.number()
            if self.after_index and flags.width is not None:
                self.good_index = False

    def precision(self, flags: Flags) -> None:
        if self.peek() != "." or self.at + 1 >= len(self.format):
            return
        self.at += 1
        if self.after_index:
            self.good_index = False
        self.index()
        if self.peek() == "*":
            self.at += 1
            found = self.star()
            flags.precision = None if found is None or found < 0 else found
            if flags.precision is None:
                self.put("%!(BADPREC)")
            self.after_index = False
        else:
            flags.precision = self.number() or 0

    def star(self) -> int | None:
        """The width or precision that an argument gives, if it is an integer of a bearable size."""
        if self.next >= len(self.args):
            return None
        arg = self.args[self.next]
        self.next += 1
        if isinstance(arg, int) and not isinstance(arg, bool) and abs(arg) <= WIDEST:
            return int(arg)
        return None

    def number(self) -> int | None:
        number, start = 0, self.at
        while "0" <= self.peek() <= "9":
            if number > WIDEST:  # Go: a crazy number ends the format
                self.at = len(self.format)
                return None
            number = number * 10 + int(self.peek())
            self.at += 1
        return number if self.at > start else None

    def verb(self, verb: str, flags: Flags) -> None:
        if verb == "%":
            self.put("%")
        elif not self.good_index:
            self.put(f"%!{verb}(BADINDEX)")
        elif self.next >= len(self.args):
            self.put(f"%!{verb}(MISSING)")
        else:
            self.put(show(self.args[self.next], verb, flags.of_verb(verb)))
            self.next += 1


def _noted(arg: object) -> str:
    return NIL if arg is None else f"{type_name(arg)}={show(arg, 'v', PLAIN)}"
