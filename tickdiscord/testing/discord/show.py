"""A message as a person sees it in the channel, for the terminal."""

import textwrap
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from rich.text import Text

BAR = "▌"
NO_COLOUR = 0x4F545C
"""What Discord's bar looks like when the embed has no colour."""
UNNAMED = "Webhook"
"""Who the message is from when it does not say; in Discord, the name given in the channel's settings."""


def show(body: Mapping[str, object], width: int | None = None) -> "Text":
    """The message as coloured text; its `plain` is the same without colours.

    Lines longer than `width` characters are wrapped, None leaves them as they are.
    """
    from rich.text import Text

    shown = Text()
    shown.append(_clean(body.get("username")).replace("\n", " ") or UNNAMED, style="bold")
    shown.append(" APP", style="dim")
    for line in _lines(_clean(body.get("content")), width):
        shown.append(f"\n{line}")
    embeds = _objects(body.get("embeds"))
    seen: set[str] = set()
    for embed in embeds:
        url = _clean(embed.get("url"))
        if url and url in seen:  # Discord draws embeds with the same url as one: only their images are added
            shown.append(f"\n(not shown: another embed with the url {url})", style="dim")
            continue
        seen.add(url)
        bar = f"#{_colour(embed.get('color')):06x}"
        for line, style in _embed_lines(embed, width):
            shown.append(f"\n{BAR}", style=bar)
            if line:
                shown.append(f" {line}", style=style)
    return shown


def _embed_lines(embed: Mapping[str, object], width: int | None) -> Iterator[tuple[str, str]]:
    inner = None if width is None else max(20, width - len(BAR) - 1)
    author, footer = _object(embed.get("author")), _object(embed.get("footer"))
    parts = [(_clean(author.get("name")), "dim"), (_clean(embed.get("title")), "bold")]
    parts.append((_clean(embed.get("description")), ""))
    for field in _objects(embed.get("fields")):
        parts += [(_clean(field.get("name")), "bold"), (_clean(field.get("value")), "")]
    below = (_clean(footer.get("text")), _time(embed.get("timestamp")))
    parts.append((" • ".join(filter(None, below)), "dim"))
    drawn = False
    for text, style in parts:
        for line in _lines(text, inner):
            drawn = True
            yield line, style
    if not drawn:
        yield "", ""


def _lines(text: str, width: int | None) -> Iterator[str]:
    for line in text.split("\n") if text else ():
        if width is None or len(line) <= width:
            yield line
        else:
            yield from textwrap.wrap(line, width, replace_whitespace=False, drop_whitespace=True) or [line]


def _time(timestamp: object) -> str:
    """In UTC, whatever the machine's zone: each reader in Discord sees another one."""
    if not isinstance(timestamp, str):
        return ""
    try:
        time = datetime.fromisoformat(timestamp)
        if time.tzinfo is not None:
            time = time.astimezone(UTC)
    except (ValueError, OverflowError):
        return _clean(timestamp)
    return f"{time:%Y-%m-%d %H:%M:%S} UTC"


def _colour(colour: object) -> int:
    return colour if isinstance(colour, int) and 0 < colour <= 0xFFFFFF else NO_COLOUR


def _clean(value: object) -> str:
    """The text trimmed as Discord trims it, without the control characters that would drive the terminal."""
    if value is None or isinstance(value, dict | list):
        return ""
    text = str(value).strip().replace("\r\n", "\n").replace("\t", "    ")
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)


def _object(value: object) -> Mapping[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _objects(value: object) -> list[Mapping[str, object]]:
    return [_object(each) for each in cast("list[object]", value)] if isinstance(value, list) else []
