"""What the value of each HTML attribute is to html/template: plain text, a URL, a script, …"""

from enum import Enum, auto


class Content(Enum):
    PLAIN = auto()
    URL = auto()
    CSS = auto()
    JS = auto()
    HTML = auto()
    SRCSET = auto()
    UNSAFE = auto()


_NAMES: dict[Content, str] = {
    Content.PLAIN: """accept alt autocomplete autofocus autoplay border checked class cols colspan contenteditable
        contextmenu controls coords datetime default dir dirname disabled draggable dropzone for formtarget headers
        height hidden high hreflang id ismap kind label lang list loop low max maxlength media mediagroup min multiple
        name novalidate open optimum placeholder preload pubdate radiogroup readonly required reversed rows rowspan
        spellcheck scope scoped seamless selected shape size sizes span srclang start step tabindex target title width
        wrap""",
    Content.URL: """action archive background cite classid codebase data formaction href icon longdesc manifest poster
        profile src usemap xmlns""",
    Content.UNSAFE: """accept-charset async challenge charset content crossorigin defer enctype form formenctype
        formmethod formnovalidate http-equiv keytype language method pattern rel sandbox type value""",
    Content.CSS: "style",
    Content.HTML: "srcdoc",
    Content.SRCSET: "srcset",
}
_CONTENTS = {name: content for content, names in _NAMES.items() for name in names.split()}


def content_of(name: str) -> Content:
    """What an attribute, named in lower case, holds; names that nobody knows are judged by how they look."""
    if name.startswith("data-"):
        name = name.removeprefix("data-")
    elif ":" in name:
        prefix, _, name = name.partition(":")
        if prefix == "xmlns":
            return Content.URL
    if name in _CONTENTS:
        return _CONTENTS[name]
    if name.startswith("on"):
        return Content.JS
    return Content.URL if any(part in name for part in ("src", "uri", "url")) else Content.PLAIN
