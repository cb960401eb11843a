"""Puts behind every action of a template the escapers that its place in the HTML document needs."""

import re
from dataclasses import dataclass, field, replace

from tickdiscord.diagnostics import Span
from tickdiscord.gotext import quote
from tickdiscord.templates import tree
from tickdiscord.templates.escaping.context import (
    COMMENTS,
    DEAD,
    SCRIPT_LITERALS,
    TEXT,
    Context,
    Delimiter,
    Element,
    EscapeError,
    Slash,
    State,
    UrlPart,
    join,
    nudge,
)
from tickdiscord.templates.escaping.transitions import after_text, end_of_element

EVALUATED = "_eval_args_"
"""The function that makes one text of the arguments of `html` and `urlquery`, where these become escapers."""
DEEPEST_CHAIN = 50
"""How deep templates may call one another in a document."""
_PREDEFINED = {"html": "predefined_html", "urlquery": "predefined_urlquery"}
_EQUIVALENT = {"html": "html", "url_escaper": "urlquery", "url_normalizer": "urlquery"}
"""Go: where the template itself ends with `html` or `urlquery`, that takes the place of an equivalent escaper."""
_REDUNDANT = frozenset(
    {
        ("comment", "html"),
        ("css_string", "html"),
        ("js_regex", "html"),
        ("js_string", "html"),
        ("js_template", "html"),
        ("url_escaper", "url_normalizer"),
    }
)
_BY_STATE = {
    State.JS: "js_value",
    State.JS_DOUBLE: "js_string",
    State.JS_SINGLE: "js_string",
    State.JS_TEMPLATE: "js_template",
    State.JS_REGEX: "js_regex",
    State.CSS: "css_value",
    State.TEXT: "html",
    State.RCDATA: "html",
    State.ATTRIBUTE_NAME: "html_name",
    State.TAG: "html_name",
    State.SRCSET: "srcset",
    **dict.fromkeys(COMMENTS, "comment"),
}
_URL_STATES = frozenset(
    {
        State.URL,
        State.CSS_DOUBLE,
        State.CSS_SINGLE,
        State.CSS_DOUBLE_URL,
        State.CSS_SINGLE_URL,
        State.CSS_URL,
    }
)
_SCRIPT_TAGS = re.compile("<(script|/script|!--)", re.IGNORECASE)


def escape(templates: tree.TemplateSet) -> tree.TemplateSet:
    """The same templates with the escapers that they need, one variant for each context they are called in.

    Raises:
        EscapeError: if the HTML does not add up, or a value stands where none can be made safe.
    """
    escaper = _Escaper(templates)
    end, body = escaper.body(TEXT, templates.bodies[templates.name])
    if end.state not in (State.TEXT, State.DEAD):
        raise EscapeError("the HTML ends inside of a tag, an attribute, a comment or a script")
    return tree.TemplateSet(templates.name, {**escaper.variants, templates.name: body})


@dataclass(slots=True)
class _Escaper:
    templates: tree.TemplateSet
    variants: dict[str, tree.Body] = field(default_factory=dict[str, tree.Body])
    outputs: dict[tuple[str, Context], Context] = field(default_factory=dict[tuple[str, Context], Context])
    names: dict[tuple[str, Context], str] = field(default_factory=dict[tuple[str, Context], str])
    called: set[tuple[str, Context]] = field(default_factory=set[tuple[str, Context]])
    depth: int = 0
    loops: list[list[Context]] = field(default_factory=list[list[Context]])
    """For each open loop, the contexts at its breaks and continues."""

    def body(self, c: Context, body: tree.Body) -> tuple[Context, tree.Body]:
        """The context behind a body, and the body with its escapers."""
        items: list[tree.Item] = []
        for item in body.items:
            c, escaped = self.item(c, item)
            items.append(escaped)
            if c.state is State.DEAD:
                break
        return c, replace(body, items=tuple(items))

    def item(self, c: Context, item: tree.Item) -> tuple[Context, tree.Item]:
        match item:
            case tree.Text():
                return _text(c, item)
            case tree.Action():
                return _action(c, item)
            case tree.If() | tree.With():
                return self.branches(c, item)
            case tree.Range():
                return self.range(c, item)
            case tree.Break() | tree.Continue():
                self.loops[-1].append(c)
                return DEAD, item
            case tree.Call():
                return self.call(c, item.name, item.pipeline, item.span)
            case tree.Block():
                return self.call(c, item.name, item.pipeline, item.span)

    def branches(self, c: Context, item: tree.If | tree.With) -> tuple[Context, tree.Item]:
        keyword = "if" if isinstance(item, tree.If) else "with"
        escaped = [(pipeline, self.body(c, body)) for pipeline, body in item.branches]
        end, otherwise = self.body(c, item.otherwise) if item.otherwise else (c, None)
        for _, (branch_end, _) in reversed(escaped):
            end = join(branch_end, end, keyword, item.span)
        bodies = tuple((pipeline, body) for pipeline, (_, body) in escaped)
        return end, replace(item, branches=bodies, otherwise=otherwise)

    def range(self, c: Context, item: tree.Range) -> tuple[Context, tree.Item]:
        end, body = self.loop(c, item)
        # Once more from where the first round ends: the second round must end there too.
        again = end if end in (c, DEAD) else self.loop(end, item)[0]
        end = join(end, again, "range", item.span)
        otherwise_end, otherwise = self.body(c, item.otherwise) if item.otherwise else (c, None)
        return join(end, otherwise_end, "range", item.span), replace(item, body=body, otherwise=otherwise)

    def loop(self, c: Context, item: tree.Range) -> tuple[Context, tree.Body]:
        self.loops.append([])
        end, body = self.body(c, item.body)
        for left in self.loops.pop():
            end = join(end, left, "range", item.span)
        return end, body

    # --- templates in contexts ---

    def call(self, c: Context, name: str, pipeline: tree.Pipeline | None, span: Span) -> tuple[Context, tree.Item]:
        if name not in self.templates.bodies:
            raise EscapeError(f"the template {quote(name)} is not defined", span)
        key = name, c
        self.called.add(key)
        variant = self.names.setdefault(key, name if c == TEXT else f"{name}\0{len(self.names)}")
        if key not in self.outputs:
            self.outputs[key] = self.output(key, variant)
        return self.outputs[key], tree.Call(variant, pipeline, span=span)

    def output(self, key: tuple[str, Context], variant: str) -> Context:
        """The context behind a template; for one that calls itself it must be assumed, and found true."""
        name, c = key
        self.depth += 1
        if self.depth > DEEPEST_CHAIN:
            raise EscapeError(f"templates call one another more than {DEEPEST_CHAIN} deep")
        for _ in range(2):
            self.called.discard(key)
            self.outputs[key] = c
            loops, self.loops = self.loops, []
            end, body = self.body(c, self.templates.bodies[name])
            self.loops = loops
            self.variants[variant] = body
            if key not in self.called or end == c:
                self.depth -= 1
                return end
            c = end
        raise EscapeError(f"it cannot be told where in the HTML the template {quote(name)} ends")


def _action(c: Context, item: tree.Action) -> tuple[Context, tree.Action]:
    if item.pipeline.names:
        return c, item
    c = nudge(c)
    _check_predefined(c, item.pipeline)
    escapers = _escapers(c, item.span)
    if c.state is State.JS:
        c = replace(c, slash=Slash.DIVISION)
    elif c.state is State.TAG:
        c = replace(c, state=State.ATTRIBUTE_NAME)
    return c, _with_escapers(item, escapers)


def _escapers(c: Context, span: Span) -> list[str]:
    found: list[str] = []
    if c.state in _URL_STATES:
        if c.url_part is UrlPart.UNKNOWN:
            raise EscapeError("this value stands in a URL whose branches end in different parts of it", span)
        if c.url_part is UrlPart.NONE:
            found.append("url_filter")
        if c.url_part is UrlPart.QUERY_OR_FRAGMENT:
            found.append("url_escaper")
        else:
            found.append("css_string" if c.state in (State.CSS_DOUBLE, State.CSS_SINGLE) else "url_normalizer")
    elif c.state in _BY_STATE:
        found.append(_BY_STATE[c.state])
    if c.delimiter is not Delimiter.NONE:
        found.append("nospace" if c.delimiter is Delimiter.SPACE else "html")
    return found


def _check_predefined(c: Context, pipeline: tree.Pipeline) -> None:
    for number, command in enumerate(pipeline.commands, 1):
        head = command.operands[0]
        if not isinstance(head, tree.Function) or head.names or head.name not in _PREDEFINED:
            continue
        unquoted = c.state is State.ATTRIBUTE and c.delimiter is Delimiter.SPACE and head.name == "html"
        if number < len(pipeline.commands) or unquoted:
            raise EscapeError(f"`{head.name}` cannot stand here: the value is escaped anyway", head.span)


def _with_escapers(item: tree.Action, escapers: list[str]) -> tree.Action:
    *others, last = item.pipeline.commands
    head, *arguments = last.operands
    named = head.name if isinstance(head, tree.Function) and not head.names else ""
    if named not in _PREDEFINED:
        return replace(item, escapers=_reduced(escapers))
    replaced = any(_EQUIVALENT.get(escaper) == named for escaper in escapers)
    chosen = [_PREDEFINED[named] if _EQUIVALENT.get(escaper) == named else escaper for escaper in escapers]
    if not replaced:
        chosen = [_PREDEFINED[named], *chosen]
    if not others and arguments:
        evaluate = tree.Function(EVALUATED, span=head.span)
        commands = (replace(last, operands=(evaluate, *arguments)),)
    else:
        commands = tuple(others)
    if not commands:  # `html` alone, without anything to escape
        return replace(item, escapers=_reduced(escapers))
    unique = tuple(dict.fromkeys(chosen))
    return replace(item, pipeline=replace(item.pipeline, commands=commands), escapers=_reduced(list(unique)))


def _reduced(escapers: list[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for escaper in escapers:
        if not kept or (kept[-1], escaper) not in _REDUNDANT:
            kept.append(escaper)
    return tuple(kept)


def _text(c: Context, item: tree.Text) -> tuple[Context, tree.Item]:
    """The context behind a text, and the text without its comments and with stray `<` escaped."""
    text, out, written, at = item.text, list[str](), 0, 0
    ends: dict[Element, int] = {}
    while at != len(text):
        if ends.get(c.element, -1) < at:
            ends[c.element] = end_of_element(c.element, text, at)
        try:
            after, read = after_text(c, text[at:], ends[c.element] - at)
        except EscapeError as problem:
            raise EscapeError(problem.message, Span(item.span.start, item.span.end)) from None
        end = at + read
        if c.state in (State.TEXT, State.RCDATA):
            shown = end if after.state is c.state else text.rfind("<", at, end)
            for stray in re.finditer("<(?!!DOCTYPE)", text[at : shown if shown >= 0 else end], re.IGNORECASE):
                out += text[written : at + stray.start()], "&lt;"
                written = at + stray.end()
        elif c.state in COMMENTS and c.delimiter is Delimiter.NONE:
            if c.state is State.JS_BLOCK_COMMENT:
                out.append("\n" if re.search("[\n\r\u2028\u2029]", text[written:end]) else " ")
            elif c.state is State.CSS_BLOCK_COMMENT:
                out.append(" ")
            written = end
        if c.state is not after.state and after.state in COMMENTS and after.delimiter is Delimiter.NONE:
            out.append(text[written : end - _OPENER_LENGTHS.get(after.state, 2)])
            written = end
        elif c.state in SCRIPT_LITERALS and _SCRIPT_TAGS.search(text, at, end):
            out += text[written:at], _SCRIPT_TAGS.sub(r"\\x3C\1", text[at:end])
            written = end
        c, at = after, end
    if written == 0 and not out:
        return c, item
    if c.state not in COMMENTS or c.delimiter is not Delimiter.NONE:
        out.append(text[written:])
    return c, replace(item, text="".join(out))


_OPENER_LENGTHS = {State.COMMENT: 4, State.JS_HTML_OPEN: 4, State.JS_HTML_CLOSE: 3}
