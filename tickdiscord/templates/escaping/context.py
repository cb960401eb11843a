"""Where in an HTML document a piece of a template stands: the state of Go's html/template."""

from dataclasses import dataclass, replace
from enum import Enum, auto

from tickdiscord.diagnostics import Span


class State(Enum):
    TEXT = auto()
    TAG = auto()
    ATTRIBUTE_NAME = auto()
    AFTER_NAME = auto()
    BEFORE_VALUE = auto()
    COMMENT = auto()
    RCDATA = auto()
    """Inside `<textarea>` or `<title>`."""
    ATTRIBUTE = auto()
    URL = auto()
    SRCSET = auto()
    JS = auto()
    JS_DOUBLE = auto()
    JS_SINGLE = auto()
    JS_TEMPLATE = auto()
    JS_REGEX = auto()
    JS_BLOCK_COMMENT = auto()
    JS_LINE_COMMENT = auto()
    JS_HTML_OPEN = auto()
    """`<!--` in a script, which begins a comment of one line."""
    JS_HTML_CLOSE = auto()
    CSS = auto()
    CSS_DOUBLE = auto()
    CSS_SINGLE = auto()
    CSS_DOUBLE_URL = auto()
    CSS_SINGLE_URL = auto()
    CSS_URL = auto()
    CSS_BLOCK_COMMENT = auto()
    CSS_LINE_COMMENT = auto()
    DEAD = auto()
    """Behind a `{{break}}` or `{{continue}}`."""


class Delimiter(Enum):
    NONE = ""
    DOUBLE = '"'
    SINGLE = "'"
    SPACE = " \t\n\f\r>"
    """An unquoted value, which ends at white space or the end of the tag."""


class UrlPart(Enum):
    NONE = auto()
    PRE_QUERY = auto()
    QUERY_OR_FRAGMENT = auto()
    UNKNOWN = auto()


class Slash(Enum):
    """What a `/` in JavaScript begins."""

    REGEX = auto()
    DIVISION = auto()
    UNKNOWN = auto()


class Attribute(Enum):
    NONE = auto()
    SCRIPT = auto()
    SCRIPT_TYPE = auto()
    STYLE = auto()
    URL = auto()
    SRCSET = auto()


class Element(Enum):
    NONE = ""
    SCRIPT = "script"
    STYLE = "style"
    TEXTAREA = "textarea"
    TITLE = "title"


COMMENTS = frozenset(
    {
        State.COMMENT,
        State.JS_BLOCK_COMMENT,
        State.JS_LINE_COMMENT,
        State.JS_HTML_OPEN,
        State.JS_HTML_CLOSE,
        State.CSS_BLOCK_COMMENT,
        State.CSS_LINE_COMMENT,
    }
)
SCRIPT_LITERALS = frozenset({State.JS_DOUBLE, State.JS_SINGLE, State.JS_TEMPLATE, State.JS_REGEX})

VALUE_STATES = {
    Attribute.NONE: State.ATTRIBUTE,
    Attribute.SCRIPT: State.JS,
    Attribute.SCRIPT_TYPE: State.ATTRIBUTE,
    Attribute.STYLE: State.CSS,
    Attribute.URL: State.URL,
    Attribute.SRCSET: State.SRCSET,
}
"""The state at the beginning of an attribute's value."""


@dataclass(frozen=True, slots=True)
class Context:
    """The state, and what has to be remembered in it."""

    state: State = State.TEXT
    delimiter: Delimiter = Delimiter.NONE
    url_part: UrlPart = UrlPart.NONE
    slash: Slash = Slash.REGEX
    braces: tuple[int, ...] = ()
    """Open braces in each `${…}` of a JavaScript template literal that is open."""
    attribute: Attribute = Attribute.NONE
    element: Element = Element.NONE


TEXT = Context()
DEAD = Context(State.DEAD)


class EscapeError(Exception):
    """HTML that does not add up, or a value where none can be made safe."""

    def __init__(self, message: str, span: Span | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.span = span


def nudge(c: Context) -> Context:
    """The context after an empty text: an action that comes now begins an attribute, or a value without quotes."""
    match c.state:
        case State.TAG:
            return replace(c, state=State.ATTRIBUTE_NAME)
        case State.BEFORE_VALUE:
            value = VALUE_STATES[c.attribute]
            return replace(c, state=value, delimiter=Delimiter.SPACE, attribute=Attribute.NONE)
        case State.AFTER_NAME:
            return replace(c, state=State.ATTRIBUTE_NAME, attribute=Attribute.NONE)
        case _:
            return c


def join(a: Context, b: Context, keyword: str, span: Span) -> Context:
    """The context behind two branches.

    Raises:
        EscapeError: if the branches end in contexts that have nothing in common.
    """
    joined = _join(a, b)
    if joined is None:
        raise EscapeError(f"the branches of `{{{{{keyword}}}}}` end in different places of the HTML", span)
    return joined


def _join(a: Context, b: Context) -> Context | None:
    if a.state is State.DEAD or a == b:
        return b
    if b.state is State.DEAD:
        return a
    if replace(a, url_part=b.url_part) == b:
        return replace(a, url_part=UrlPart.UNKNOWN)
    if replace(a, slash=b.slash) == b:
        return replace(a, slash=Slash.UNKNOWN)
    nudged = nudge(a), nudge(b)
    return None if nudged == (a, b) else _join(*nudged)
