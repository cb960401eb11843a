"""How text moves html/template from one context to the next: a small reader of HTML, JavaScript and CSS.

Each reader takes a context and a text, and gives the context behind the first piece of it and that piece's length.
"""

import html
import re
from collections.abc import Callable
from dataclasses import replace

from tickdiscord.gotext import quote
from tickdiscord.templates.escaping.attributes import Content, content_of
from tickdiscord.templates.escaping.context import (
    COMMENTS,
    SCRIPT_LITERALS,
    TEXT,
    VALUE_STATES,
    Attribute,
    Context,
    Delimiter,
    Element,
    EscapeError,
    Slash,
    State,
    UrlPart,
)

Step = tuple[Context, int]
_SPACE = re.compile(r"[ \t\n\f\r]*")
_TAG_NAME = re.compile(r"[a-zA-Z](?:[a-zA-Z0-9]|[:-](?=[a-zA-Z0-9]))*")
_ATTRIBUTE_NAME = re.compile(r"[^ \t\n\f\r=>'\"<]*")
_ELEMENTS = {element.value: element for element in Element if element.value}
_ELEMENT_ENDS = {
    element: re.compile(rf"</{element.value}(?=[> \t\n\f/])", re.IGNORECASE) for element in _ELEMENTS.values()
}
_INSIDE = {
    Element.NONE: State.TEXT,
    Element.SCRIPT: State.JS,
    Element.STYLE: State.CSS,
    Element.TEXTAREA: State.RCDATA,
    Element.TITLE: State.RCDATA,
}
_ATTRIBUTES = {
    Content.URL: Attribute.URL,
    Content.CSS: Attribute.STYLE,
    Content.JS: Attribute.SCRIPT,
    Content.SRCSET: Attribute.SRCSET,
}
_SCRIPT_TYPES = frozenset(
    """application/ecmascript application/javascript application/json application/ld+json application/x-ecmascript
    application/x-javascript module text/ecmascript text/javascript text/javascript1.0 text/javascript1.1
    text/javascript1.2 text/javascript1.3 text/javascript1.4 text/javascript1.5 text/jscript text/livescript
    text/x-ecmascript text/x-javascript""".split()
)


def after_text(c: Context, text: str, end: int) -> Step:
    """The context behind the first piece of a text; `end` is where the element that the context is in ends.

    Raises:
        EscapeError: if the text is no HTML that can be followed.
    """
    if c.delimiter is not Delimiter.NONE:
        return _attribute_value(c, text)
    if c.element is Element.SCRIPT and (c.state in SCRIPT_LITERALS or c.state in COMMENTS):
        end = len(text)
    return (TEXT, 0) if end == 0 else _READERS[c.state](c, text[:end])


def end_of_element(element: Element, text: str, at: int) -> int:
    """Where `</script` and the like ends an element, or the end of the text."""
    if element is Element.NONE:
        return len(text)
    found = _ELEMENT_ENDS[element].search(text, at)
    return found.start() if found else len(text)


def _attribute_value(c: Context, text: str) -> Step:
    end = re.search(f"[{c.delimiter.value}]", text)
    value = text[: end.start()] if end else text
    if c.delimiter is Delimiter.SPACE and (bad := re.search("[\"'<=`]", value)):
        raise EscapeError(f"{quote(bad[0])} in an attribute without quotes: {quote(value[:32])}")
    if end is None:
        rest = html.unescape(text)
        while rest:
            c, read = _READERS[c.state](c, rest)
            rest = rest[read:]
        return c, len(text)
    element = c.element
    if c.state is State.ATTRIBUTE and element is Element.SCRIPT and c.attribute is Attribute.SCRIPT_TYPE:
        kind = value.partition(";")[0].lower().strip()
        element = element if kind in _SCRIPT_TYPES else Element.NONE
    past = end.start() if c.delimiter is Delimiter.SPACE else end.end()
    return Context(State.TAG, element=element), past


# --- HTML ---


def _text(c: Context, text: str) -> Step:
    at = 0
    while (at := text.find("<", at)) >= 0 and at + 1 < len(text):
        if text.startswith("<!--", at):
            return Context(State.COMMENT), at + 4
        closing = text[at + 1] == "/"
        at += 1 + closing
        if name := _TAG_NAME.match(text, at):
            element = Element.NONE if closing else _ELEMENTS.get(name[0].lower(), Element.NONE)
            return Context(State.TAG, element=element), name.end()
    return c, len(text)


def _tag(c: Context, text: str) -> Step:
    at = _space(text, 0)
    if at == len(text):
        return c, at
    if text[at] == ">":
        return Context(_INSIDE[c.element], element=c.element), at + 1
    end = _attribute_name_end(text, at)
    if end == at:
        raise EscapeError(f"expected space, attribute name, or end of tag, but got {quote(text[at : at + 32])}")
    name = text[at:end].lower()
    if c.element is Element.SCRIPT and name == "type":
        attribute = Attribute.SCRIPT_TYPE
    else:
        attribute = _ATTRIBUTES.get(content_of(name), Attribute.NONE)
    state = State.ATTRIBUTE_NAME if end == len(text) else State.AFTER_NAME
    return Context(state, attribute=attribute, element=c.element), end


def _attribute_name(c: Context, text: str) -> Step:
    end = _attribute_name_end(text, 0)
    return (c if end == len(text) else replace(c, state=State.AFTER_NAME)), end


def _attribute_name_end(text: str, at: int) -> int:
    found = _ATTRIBUTE_NAME.match(text, at)
    end = found.end() if found else at
    if end < len(text) and text[end] in "'\"<":
        raise EscapeError(f"{quote(text[end])} in an attribute's name: {quote(text[:32])}")
    return end


def _after_name(c: Context, text: str) -> Step:
    at = _space(text, 0)
    if at == len(text):
        return c, at
    if text[at] != "=":
        return replace(c, state=State.TAG), at
    return replace(c, state=State.BEFORE_VALUE), at + 1


def _before_value(c: Context, text: str) -> Step:
    at = _space(text, 0)
    if at == len(text):
        return c, at
    delimiter = {"'": Delimiter.SINGLE, '"': Delimiter.DOUBLE}.get(text[at], Delimiter.SPACE)
    past = at if delimiter is Delimiter.SPACE else at + 1
    return replace(c, state=VALUE_STATES[c.attribute], delimiter=delimiter), past


def _comment(c: Context, text: str) -> Step:
    end = text.find("-->")
    return (TEXT, end + 3) if end >= 0 else (c, len(text))


def _all(c: Context, text: str) -> Step:
    return c, len(text)


def _url(c: Context, text: str) -> Step:
    if "#" in text or "?" in text:
        c = replace(c, url_part=UrlPart.QUERY_OR_FRAGMENT)
    elif c.url_part is UrlPart.NONE and _space(text, 0) != len(text):
        c = replace(c, url_part=UrlPart.PRE_QUERY)
    return c, len(text)


def _space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


# --- JavaScript ---

_BEFORE_REGEX = frozenset(
    "break case continue delete do else finally in instanceof return throw try typeof void".split()
)
_JS_QUOTES = {'"': State.JS_DOUBLE, "'": State.JS_SINGLE, "`": State.JS_TEMPLATE}
_JS_OPENERS = {
    "//": State.JS_LINE_COMMENT,
    "/*": State.JS_BLOCK_COMMENT,
    "<!--": State.JS_HTML_OPEN,
    "-->": State.JS_HTML_CLOSE,
    "#!": State.JS_LINE_COMMENT,
}


def next_slash(text: str, before: Slash) -> Slash:
    """What a slash begins behind some JavaScript without strings, comments and regular expressions."""
    text = text.rstrip("\t\n\f\r \u2028\u2029")
    if not text:
        return before
    last = text[-1]
    if last in "+-":
        run = len(text) - len(text.rstrip(last))
        return Slash.REGEX if run % 2 else Slash.DIVISION
    if last == ".":
        return Slash.DIVISION if text[-2:-1].isdigit() else Slash.REGEX
    if last in ",<>=*%&|^?!~([:;{}":
        return Slash.REGEX
    word = re.search(r"[$\w]*\Z", text, re.ASCII)
    return Slash.REGEX if word and word[0] in _BEFORE_REGEX else Slash.DIVISION


def _js(c: Context, text: str) -> Step:
    found = re.search("[\"`'/{}<#-]", text)
    if found is None:
        return replace(c, slash=next_slash(text, c.slash)), len(text)
    at, mark = found.start(), found[0]
    c = replace(c, slash=next_slash(text[:at], c.slash))
    if mark in _JS_QUOTES:
        return replace(c, state=_JS_QUOTES[mark], slash=Slash.REGEX), at + 1
    for opener, state in _JS_OPENERS.items():
        if text.startswith(opener, at):
            return replace(c, state=state), at + len(opener)
    if mark == "/":
        return _slash(c, text, at)
    if mark in "{}" and c.braces:
        *outer, depth = c.braces
        depth += 1 if mark == "{" else -1
        if depth < 0:
            return replace(c, state=State.JS_TEMPLATE, braces=tuple(outer)), at + 1
        return replace(c, braces=(*outer, depth)), at + 1
    return c, at + 1


def _slash(c: Context, text: str, at: int) -> Step:
    if c.slash is Slash.REGEX:
        return replace(c, state=State.JS_REGEX), at + 1
    if c.slash is Slash.DIVISION:
        return replace(c, slash=Slash.REGEX), at + 1
    raise EscapeError(f"the `/` could begin a division or a regular expression: {quote(text[at : at + 32])}")


def _js_template(c: Context, text: str) -> Step:
    for found in re.finditer(r"\\(.?)|\$\{|`", text, re.DOTALL):
        if found[0] == "\\":
            raise EscapeError(f"unfinished escape in a JavaScript string: {quote(text[:32])}")
        if found[0] == "${":
            return replace(c, state=State.JS, braces=(*c.braces, 0)), found.end()
        if found[0] == "`":
            return replace(c, state=State.JS), found.end()
    return c, len(text)


_JS_SPECIALS = {State.JS_DOUBLE: r"\\.?|\"", State.JS_SINGLE: r"\\.?|'", State.JS_REGEX: r"\\.?|</script|[/\[\]]"}


def _js_delimited(c: Context, text: str) -> Step:
    inside = False
    for found in re.finditer(_JS_SPECIALS[c.state], text, re.DOTALL | re.IGNORECASE):
        if found[0] == "\\":
            raise EscapeError(f"unfinished escape in a JavaScript string: {quote(text[:32])}")
        if found[0] in "[]":
            inside = found[0] == "["
        elif len(found[0]) == 1 and not inside:
            return replace(c, state=State.JS, slash=Slash.DIVISION), found.end()
    if inside:
        raise EscapeError(f"unfinished character class in a JavaScript regular expression: {quote(text[:32])}")
    return c, len(text)


def _block_comment(c: Context, text: str) -> Step:
    end = text.find("*/")
    if end < 0:
        return c, len(text)
    return replace(c, state=State.JS if c.state is State.JS_BLOCK_COMMENT else State.CSS), end + 2


def _line_comment(c: Context, text: str) -> Step:
    css = c.state is State.CSS_LINE_COMMENT
    end = re.search("[\n\f\r]" if css else "[\n\r\u2028\u2029]", text)
    return (replace(c, state=State.CSS if css else State.JS), end.start()) if end else (c, len(text))


# --- CSS ---

_CSS_ENDS = {
    State.CSS_DOUBLE: r'\\.?|"',
    State.CSS_DOUBLE_URL: r'\\.?|"',
    State.CSS_SINGLE: r"\\.?|'",
    State.CSS_SINGLE_URL: r"\\.?|'",
    State.CSS_URL: r"\\.?|[\t\n\f\r )]",
}
_CSS_URL = re.compile(r"(?<![a-zA-Z0-9_\x80-\U0010ffff-])url[\t\n\f\r ]*\([\t\n\f\r ]*([\"']?)", re.IGNORECASE)
_CSS_MARK = re.compile(r"[(\"'/]")
_CSS_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})(?:\r\n|[\t\n\f\r ])?|(.)|\Z)", re.DOTALL)


def decode_css(text: str) -> str:
    """CSS without its escapes."""
    return _CSS_ESCAPE.sub(_decoded, text)


def _decoded(found: re.Match[str]) -> str:
    if found[1] is None:
        return found[2] or ""
    code = int(found[1], 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\ufffd"


def _css(c: Context, text: str) -> Step:
    urls = {found.end(): found for found in _CSS_URL.finditer(text)}
    openings = {text.index("(", found.start()): found for found in urls.values()}
    for found in _CSS_MARK.finditer(text):
        at, mark = found.start(), found[0]
        if mark == "(" and at in openings:
            url = openings[at]
            state = {'"': State.CSS_DOUBLE_URL, "'": State.CSS_SINGLE_URL}.get(url[1], State.CSS_URL)
            return replace(c, state=state), url.end()
        if text.startswith("//", at):
            return replace(c, state=State.CSS_LINE_COMMENT), at + 2
        if text.startswith("/*", at):
            return replace(c, state=State.CSS_BLOCK_COMMENT), at + 2
        if mark in "\"'":
            return replace(c, state=State.CSS_DOUBLE if mark == '"' else State.CSS_SINGLE), at + 1
    return c, len(text)


def _css_string(c: Context, text: str) -> Step:
    for found in re.finditer(_CSS_ENDS[c.state], text, re.DOTALL):
        if found[0] == "\\":
            raise EscapeError(f"unfinished escape in a CSS string: {quote(text[:32])}")
        if found[0][0] != "\\":
            return replace(c, state=State.CSS), found.end()
    return _url(c, decode_css(text))[0], len(text)


_READERS: dict[State, Callable[[Context, str], Step]] = {
    State.TEXT: _text,
    State.TAG: _tag,
    State.ATTRIBUTE_NAME: _attribute_name,
    State.AFTER_NAME: _after_name,
    State.BEFORE_VALUE: _before_value,
    State.COMMENT: _comment,
    State.RCDATA: _all,
    State.ATTRIBUTE: _all,
    State.URL: _url,
    State.SRCSET: _url,
    State.JS: _js,
    State.JS_DOUBLE: _js_delimited,
    State.JS_SINGLE: _js_delimited,
    State.JS_REGEX: _js_delimited,
    State.JS_TEMPLATE: _js_template,
    State.JS_BLOCK_COMMENT: _block_comment,
    State.JS_LINE_COMMENT: _line_comment,
    State.JS_HTML_OPEN: _line_comment,
    State.JS_HTML_CLOSE: _line_comment,
    State.CSS: _css,
    State.CSS_DOUBLE: _css_string,
    State.CSS_SINGLE: _css_string,
    State.CSS_DOUBLE_URL: _css_string,
    State.CSS_SINGLE_URL: _css_string,
    State.CSS_URL: _css_string,
    State.CSS_BLOCK_COMMENT: _block_comment,
    State.CSS_LINE_COMMENT: _line_comment,
}
