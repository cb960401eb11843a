"""What is expected of a single event or point, in one line: `40s host=a WARNING "Hey, check your CPU" was OK`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tickdiscord import regex
from tickdiscord.alert.event import Published
from tickdiscord.alert.level import Level
from tickdiscord.diagnostics import NOWHERE, Span, did_you_mean
from tickdiscord.points.model import Value
from tickdiscord.testing.rules.document import Item, Line
from tickdiscord.testing.rules.moments import Window, duration, window

LINE = "TD756"

LEVELS = {level.name: level for level in Level}
_SHORT = {"WARN": "WARNING", "CRIT": "CRITICAL", "ERROR": "CRITICAL", "RECOVERY": "OK", "RESOLVED": "OK"}

_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|/(?:[^/\\]|\\.)*/|\'[^\']*\'|(?:[^\s"]|"(?:[^"\\]|\\.)*")+|\S')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.S)
_SPECIAL = re.compile(r'["\\\x00-\x1f\x7f-\x9f\u2028\u2029]')

TextKind = Literal["is", "matches", "has"]


@dataclass(frozen=True, slots=True)
class TextPattern:
    """A text as a whole, a regex (RE2) that is found in it, or a part of it."""

    text: str
    kind: TextKind = "is"

    def fits(self, given: str) -> bool:
        match self.kind:
            case "is":
                return given == self.text
            case "has":
                return self.text in given
            case "matches":
                return regex.compile(self.text).search(given) is not None

    def __str__(self) -> str:
        if self.kind == "matches":
            return f"/{self.text}/"
        return f"…{quoted(self.text)}…" if self.kind == "has" else quoted(self.text)


@dataclass(frozen=True, slots=True)
class EventPattern:
    """What is expected of an event; None and empty mean that it does not matter."""

    when: Window | None = None
    group: str | None = None
    level: Level | None = None
    message: TextPattern | None = None
    details: TextPattern | None = None
    id: TextPattern | None = None
    previous: Level | None = None
    duration: int | None = None
    topic: str = ""
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    fields: Mapping[str, Value] = field(default_factory=dict[str, Value])
    span: Span = field(default=NOWHERE, compare=False)

    def fits(self, published: Published, start: int) -> bool:
        """Whether an event is as expected, in a test that starts at a time (ns)."""
        return not self.differences(published, start)

    def differences(self, published: Published, start: int) -> list[str]:
        """In what an event is not as expected, by the name of each such part."""
        event, state = published.event, published.event.state
        found: list[str] = []
        if self.when is not None and not self.when.holds(state.time, start):
            found.append("time")
        if self.group is not None and not same_group(self.group, event.group):
            found.append("group")
        if self.level is not None and self.level != state.level:
            found.append("level")
        texts = ((self.message, state.message), (self.details, str(state.details)), (self.id, state.id))
        for name, (wanted, given) in zip(("message", "details", "id"), texts, strict=True):
            if wanted is not None and not wanted.fits(given):
                found.append(name)
        if self.previous is not None and self.previous != published.previous:
            found.append("previous level")
        if self.duration is not None and self.duration != state.duration:
            found.append("duration")
        if self.topic and self.topic != published.topic:
            found.append("topic")
        found += [f"tag {name}" for name, value in self.tags.items() if event.tags.get(name) != value]
        found += [f"field {name}" for name, value in self.fields.items() if not close(value, event.fields.get(name))]
        return found


def same_group(wanted: str, given: str) -> bool:
    """Whether an id of a group is meant; its measurement may be left out, or stand with a space behind it."""
    if wanted == given or wanted == given.replace("\n", " "):
        return True
    return bool(given) and wanted in ("*", given.rpartition("\n")[2])


def close(wanted: Value | None, given: Value | None) -> bool:
    """Whether a value is as expected: numbers up to the last digits, whether int or float."""
    if isinstance(wanted, bool) or isinstance(given, bool) or isinstance(wanted, str) or isinstance(given, str):
        return type(wanted) is type(given) and wanted == given
    if wanted is None or given is None:
        return wanted is given
    return wanted == given or abs(wanted - given) <= 1e-9 * max(abs(wanted), abs(given))


def words(line: Line) -> list[tuple[str, int]]:
    """The words of a line and where each begins; a quoted text or a regex is one."""
    return [(found[0], found.start()) for found in _WORD.finditer(line.text)]


def event_pattern(line: Line) -> EventPattern:
    """`TIME [GROUP] LEVEL ["MESSAGE"|/REGEX/] [was LEVEL] [for DURATION] [topic NAME] [id …] [details …]`.

    Raises:
        DiagnosticError: it is written in another way; with the place and what to write.
    """
    found = words(line)
    when = read_window(line, *found[0]) if found else None
    given: dict[str, object] = {"when": when, "span": line.span}
    at = 1
    while at < len(found):
        word, start = found[at]
        after = found[at + 1] if at + 1 < len(found) else ("", len(line.text))
        keyword = _KEYWORDS.get(word)
        if keyword is not None:
            if not after[0]:
                raise line.wrong(LINE, f"`{word}` is followed by {_WANTS[word]}", start=start)
            _put(given, keyword, _keyword_value(line, word, *after), line, start)
            at += 2
            continue
        name, value = _bare(line, word, start, given)
        _put(given, name, value, line, start)
        at += 1
    if given.get("level") is None:
        raise line.wrong(LINE, "a line says which level an event has", 'write it as 40s host=a WARNING "a message"')
    return EventPattern(**given)  # pyright: ignore[reportArgumentType]


_KEYWORDS = {"was": "previous", "for": "duration", "topic": "topic", "id": "id", "details": "details"}
_WANTS = {
    "was": "a level: was OK",
    "for": "a duration: for 30s",
    "topic": "the name of a topic",
    "id": "a text or a regex",
    "details": "a text or a regex",
}


def _keyword_value(line: Line, keyword: str, word: str, start: int) -> object:
    match keyword:
        case "was":
            return read_level(line, word, start)
        case "for":
            try:
                return duration(word)
            except ValueError as problem:
                raise line.wrong(LINE, str(problem), start=start, end=start + len(word)) from None
        case "topic":
            return unquoted(word)
        case _:
            return read_text(line, word, start)


def _bare(line: Line, word: str, start: int, given: Mapping[str, object]) -> tuple[str, object]:
    """A word that no keyword stands in front of: a level, a message, a group."""
    if word[0] in "\"'/" or word.startswith("~"):
        return "message", read_text(line, word, start)
    if word.upper() in LEVELS or word.upper() in _SHORT or "level" in given or ("group" in given):
        return "level", read_level(line, word, start)
    if "=" in word or word == "*":
        return "group", _group(word)
    return "level", read_level(line, word, start)


def _group(word: str) -> str:
    return _QUOTED.sub(lambda found: re.sub(r"\\(.)", r"\1", found[1]), word)


def _put(given: dict[str, object], name: str, value: object, line: Line, start: int) -> None:
    if given.get(name) is not None:
        raise line.wrong(
            LINE, f"the {name} is said twice", 'a text of several words stands in quotes: "a message"', start
        )
    given[name] = value


def read_window(line: Line, word: str, start: int) -> Window:
    """A time or window.

    Raises:
        DiagnosticError: it is none.
    """
    try:
        return window(word)
    except ValueError as problem:
        hint = 'a line is written as 40s host=a WARNING "a message"'
        raise line.wrong(LINE, str(problem), hint, start, start + len(word)) from None


def read_level(line: Line, word: str, start: int) -> Level:
    """A level.

    Raises:
        DiagnosticError: it is none.
    """
    found = LEVELS.get(word)
    if found is None:
        meant = _SHORT.get(word.upper()) or (word.upper() if word.upper() in LEVELS else "")
        hint = f"did you mean `{meant}`?" if meant else did_you_mean(word, LEVELS)
        message = f"`{word}` is no level"
        raise line.wrong(LINE, message, hint or f"levels are: {', '.join(LEVELS)}", start, start + len(word))
    return found


def read_text(line: Line, word: str, start: int) -> TextPattern:
    """`"a text"`, `/a regex/`, or `~"a part"`.

    Raises:
        DiagnosticError: it is none of them, or the regex is not one of RE2.
    """
    if word.startswith("~") and len(word) > 1:
        return TextPattern(unquoted(word[1:]), "has")
    if word[0] == "/":
        if len(word) < 2 or word[-1] != "/":
            raise line.wrong(LINE, "the regex does not end", "it stands between slashes: /CPU/", start)
        return pattern(line, word[1:-1].replace("\\/", "/"), start)
    if word[0] not in "\"'" or len(word) < 2 or word[-1] != word[0]:
        raise line.wrong(LINE, "a text stands in quotes, a regex between slashes", '"a message" or /CPU/', start)
    return TextPattern(unquoted(word))


def pattern(line: Line, text: str, start: int = 0) -> TextPattern:
    """A regex.

    Raises:
        DiagnosticError: RE2 does not know it.
    """
    try:
        regex.compile(text)
    except regex.RegexError as problem:
        raise line.wrong(LINE, f"not a regex: {problem}", "regexes are those of Go (RE2)", start) from None
    return TextPattern(text, "matches")


def text_pattern(item: Item, what: str) -> TextPattern:
    """A text of a mapping: between slashes a regex, behind `~` a part, else the whole text."""
    text = item.text(what)
    line = Line(text, item.span, item.source)
    if len(text) > 1 and text[0] == "/" == text[-1]:
        return pattern(line, text[1:-1].replace("\\/", "/"))
    return TextPattern(text[1:].strip(), "has") if text.startswith("~") else TextPattern(text)


def unquoted(word: str) -> str:
    """A word without its quotes."""
    if len(word) > 1 and word[0] == word[-1] == '"':
        return _ESCAPED.sub(_meant, word[1:-1])
    return word[1:-1] if len(word) > 1 and word[0] == word[-1] == "'" else word


def _meant(escaped: re.Match[str]) -> str:
    if escaped[1]:
        return chr(int(escaped[1], 16))
    return {"n": "\n", "t": "\t", "r": "\r"}.get(escaped[2], escaped[2])


def quoted(text: str) -> str:
    """A text as a line of a test has it; what is no letter stands as `\\n`, `\\r`, `\\t` or `\\u2028`."""
    return f'"{_SPECIAL.sub(_escape, text)}"'


def _escape(special: re.Match[str]) -> str:
    letter = special[0]
    return {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(
        letter, f"\\{letter}" if letter in '\\"' else f"\\u{ord(letter):04x}"
    )


@dataclass(frozen=True, slots=True)
class PointPattern:
    """What is expected of a point or batch: `10s host=a mean=4.5`; of a batch also `points=3`."""

    when: Window | None
    words: Mapping[str, str]
    """Values of fields, else of tags, as they are written."""
    text: str = ""
    span: Span = field(default=NOWHERE, compare=False)

    def differences(
        self, time: int | None, tags: Mapping[str, str], fields: Mapping[str, Value | None], start: int
    ) -> list[str]:
        """In what a point of a time (ns) is not as expected, in a test that starts at a time (ns)."""
        late = self.when is not None and time is not None and not self.when.holds(time, start)
        wrong = [
            name
            for name, word in self.words.items()
            if not (same_value(word, fields[name]) if name in fields else tags.get(name) == unquoted(word))
        ]
        return ["time", *wrong] if late else wrong


def point_pattern(line: Line) -> PointPattern:
    """`[TIME] NAME=VALUE …`, of fields or tags; tags may be joined by commas, as in the id of a group.

    Raises:
        DiagnosticError: it is written in another way.
    """
    found = words(line)
    if not found:
        raise line.wrong(LINE, "a point is written as 10s host=a mean=4.5")
    when = read_window(line, *found[0]) if "=" not in found[0][0] else None
    values: dict[str, str] = {}
    for word, start in found[0 if when is None else 1 :]:
        for pair in [word] if '"' in word else word.split(","):
            name, equals, value = pair.partition("=")
            if not equals or not name:
                raise line.wrong(LINE, f"`{word}` is no value", "a point is written as 10s host=a mean=4.5", start)
            values[name] = value
    text = line.text if when is None else line.text[len(found[0][0]) :].strip()
    return PointPattern(when, values, text, line.span)


def same_value(word: str, given: Value | None) -> bool:
    """Whether a field is as written; a number is compared with ints and floats alike."""
    if isinstance(given, str):
        return given == unquoted(word)
    if isinstance(given, bool):
        return word.lower() == str(given).lower()
    try:
        return given is not None and close(float(word.removesuffix("i")), given)
    except ValueError:
        return False


def as_line(item: Item) -> Line:
    """A text of a list as a line."""
    text = item.text("a line")
    return Line(text.strip(), item.span, item.source)
