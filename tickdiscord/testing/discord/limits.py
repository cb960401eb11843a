"""What Discord would refuse in a webhook's message, in Discord's own error form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from urllib.parse import urlsplit

CONTENT = 2000
EMBEDS = 10
FIELDS = 25
WHOLE = 6000
"""Characters over all embeds of a message."""
USERNAME = 80
BIGGEST_COLOUR = 0xFFFFFF

EMBED_TEXTS = {"title": 256, "description": 4096}
PART_TEXTS = {("author", "name"): 256, ("footer", "text"): 2048}
FIELD_TEXTS = {"name": 256, "value": 1024}
URLS = (
    ("url",),
    ("author", "url"),
    ("author", "icon_url"),
    ("footer", "icon_url"),
    ("image", "url"),
    ("thumbnail", "url"),
)
VISIBLE = (("title",), ("description",), ("timestamp",), *PART_TEXTS, ("image", "url"), ("thumbnail", "url"))
"""What a person sees of an embed, besides its fields; one that has none of it is empty."""

NOT_AN_OBJECT = ("MODEL_TYPE_CONVERT", "Expected an object/dictionary.")
NOT_A_LIST = ("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
NOTHING_IN_IT = ("LIST_ITEM_VALUE_REQUIRED", "List item values of ModelType are required")

USERNAME_CONTAINS = ("discord", "clyde")
USERNAME_IS = ("everyone", "here")
MENTIONS = ("roles", "users", "everyone")

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing Discord would not take: where in the message, its code and its words for it."""

    path: Path
    code: str
    message: str


def validate(body: object) -> dict[str, object] | None:
    """The error that Discord answers (with status 400) to a message, or None when it takes it.

    `body` is the message as parsed from JSON.
    """
    found = list(findings(body))
    if found:
        return form_error(found)
    if isinstance(body, dict) and _is_empty(cast("dict[str, object]", body)):
        return {"message": "Cannot send an empty message", "code": 50006}
    return None


def form_error(found: list[Finding]) -> dict[str, object]:
    """Discord's error 50035: a tree that mirrors the message, with the errors at its leaves."""
    tree: dict[str, object] = {}
    for finding in found:
        branch = tree
        for step in finding.path:
            branch = cast("dict[str, object]", branch.setdefault(str(step), {}))
        errors = cast("list[dict[str, str]]", branch.setdefault("_errors", []))
        errors.append({"code": finding.code, "message": finding.message})
    return {"message": "Invalid Form Body", "code": 50035, "errors": tree}


def findings(body: object) -> Iterator[Finding]:
    """Everything in a message that Discord does not take; emptiness is not among it."""
    if not isinstance(body, dict):
        yield Finding((), *NOT_AN_OBJECT)
        return
    message = cast("dict[str, object]", body)
    yield from _text(message, "content", CONTENT, ())
    yield from _username(message.get("username"))
    yield from _url(message.get("avatar_url"), ("avatar_url",))
    yield from _mentions(message.get("allowed_mentions"))
    yield from _embeds(message.get("embeds"))


def _embeds(embeds: object) -> Iterator[Finding]:
    if embeds is None:
        return
    if not isinstance(embeds, list):
        yield Finding(("embeds",), *NOT_A_LIST)
        return
    listed = cast("list[object]", embeds)
    if len(listed) > EMBEDS:
        yield Finding(("embeds",), *_too_long(EMBEDS))
    for number, embed in enumerate(listed):
        yield from _embed(embed, ("embeds", number))
    if sum(map(_size, listed)) > WHOLE:
        yield Finding(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {WHOLE}")


def _embed(embed: object, path: Path) -> Iterator[Finding]:
    if not isinstance(embed, dict):
        yield Finding(path, *NOT_AN_OBJECT)
        return
    parts = cast("dict[str, object]", embed)
    if not parts:
        yield Finding(path, *NOTHING_IN_IT)
        return
    for name, limit in EMBED_TEXTS.items():
        yield from _text(parts, name, limit, path)
    for (part, name), limit in PART_TEXTS.items():
        inner = parts.get(part)
        if isinstance(inner, dict):
            yield from _text(cast("dict[str, object]", inner), name, limit, (*path, part))
        elif inner is not None:
            yield Finding((*path, part), *NOT_AN_OBJECT)
    for place in URLS:
        yield from _url(_at(parts, place), (*path, *place))
    yield from _fields(parts.get("fields"), (*path, "fields"))
    yield from _colour(parts.get("color"), (*path, "color"))
    yield from _timestamp(parts.get("timestamp"), (*path, "timestamp"))


def _fields(fields: object, path: Path) -> Iterator[Finding]:
    if fields is None:
        return
    if not isinstance(fields, list):
        yield Finding(path, *NOT_A_LIST)
        return
    listed = cast("list[object]", fields)
    if len(listed) > FIELDS:
        yield Finding(path, *_too_long(FIELDS))
    for number, field in enumerate(listed):
        if not isinstance(field, dict):
            yield Finding((*path, number), *NOT_AN_OBJECT)
            continue
        parts = cast("dict[str, object]", field)
        for name, limit in FIELD_TEXTS.items():
            if not _trimmed(parts.get(name)):
                yield Finding((*path, number, name), "BASE_TYPE_REQUIRED", "This field is required")
            yield from _text(parts, name, limit, (*path, number))


def _username(username: object) -> Iterator[Finding]:
    if username is None or username == "":  # Kapacitor sends an empty one, and Discord takes it as none
        return
    name = _trimmed(username)
    if not 1 <= len(name) <= USERNAME:
        yield Finding(("username",), "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {USERNAME} in length.")
    for word in USERNAME_CONTAINS:
        if word in name.lower():
            yield Finding(("username",), "USERNAME_INVALID_CONTAINS", f'Username cannot contain "{word}"')
    if name.lower() in USERNAME_IS:
        yield Finding(("username",), "USERNAME_INVALID", f'Username cannot be "{name.lower()}"')


def _mentions(mentions: object) -> Iterator[Finding]:
    if not isinstance(mentions, dict):
        if mentions is not None:
            yield Finding(("allowed_mentions",), *NOT_AN_OBJECT)
        return
    kinds = cast("dict[str, object]", mentions).get("parse")
    if not isinstance(kinds, list):
        return
    for number, kind in enumerate(cast("list[object]", kinds)):
        if kind not in MENTIONS:
            path = ("allowed_mentions", "parse", number)
            yield Finding(path, "BASE_TYPE_CHOICES", f"Value must be one of {MENTIONS}.")


def _colour(colour: object, path: Path) -> Iterator[Finding]:
    if colour is None:
        return
    try:
        number = int(colour) if isinstance(colour, int | str) else None
    except ValueError:
        number = None
    if number is None or isinstance(colour, bool):
        yield Finding(path, "NUMBER_TYPE_COERCE", f'Value "{colour}" is not int.')
    elif number > BIGGEST_COLOUR:
        yield Finding(path, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {BIGGEST_COLOUR}.")
    elif number < 0:
        yield Finding(path, "NUMBER_TYPE_MIN", "int value should be greater than or equal to 0.")


def _timestamp(timestamp: object, path: Path) -> Iterator[Finding]:
    if timestamp is None:
        return
    try:
        if isinstance(timestamp, str) and datetime.fromisoformat(timestamp):
            return
    except ValueError:
        pass
    yield Finding(path, "DATE_TIME_TYPE_PARSE", f"Could not parse {timestamp}. Should be ISO8601.")


def _url(url: object, path: Path) -> Iterator[Finding]:
    if url is None or url == "":
        return
    try:
        parts = urlsplit(url) if isinstance(url, str) else None
    except ValueError:
        parts = None
    if parts is None or not parts.scheme or not (parts.netloc or parts.path.strip("/")):
        yield Finding(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")
    elif parts.scheme not in ("http", "https", "attachment"):
        message = f"Scheme \"{parts.scheme}\" is not supported. Scheme must be one of ('http', 'https')."
        yield Finding(path, "URL_TYPE_INVALID_SCHEME", message)


def _text(parts: Mapping[str, object], name: str, limit: int, path: Path) -> Iterator[Finding]:
    value = parts.get(name)
    if isinstance(value, dict | list):
        shown = str(cast("object", value))
        yield Finding((*path, name), "STRING_TYPE_CONVERT", f'Could not interpret "{shown}" as string.')
    elif len(_trimmed(value)) > limit:
        yield Finding((*path, name), *_too_long(limit))


def _too_long(limit: int) -> tuple[str, str]:
    return "BASE_TYPE_MAX_LENGTH", f"Must be {limit} or fewer in length."


def _trimmed(value: object) -> str:
    """A text as Discord counts and keeps it; what is no text, as one."""
    if value is None or isinstance(value, dict | list):
        return ""
    return (value if isinstance(value, str) else str(value)).strip()


def _at(value: object, place: tuple[str, ...]) -> object:
    for step in place:
        value = cast("dict[str, object]", value).get(step) if isinstance(value, dict) else None
    return value


def _size(embed: object) -> int:
    """The characters of an embed that count."""
    if not isinstance(embed, dict):
        return 0
    parts = cast("dict[str, object]", embed)
    fields = parts.get("fields")
    listed = cast("list[object]", fields) if isinstance(fields, list) else []
    texts = [_at(parts, place) for place in (("title",), ("description",), *PART_TEXTS)]
    texts += [_at(field, (name,)) for field in listed for name in FIELD_TEXTS]
    return sum(len(_trimmed(text)) for text in texts)


def _is_empty(message: Mapping[str, object]) -> bool:
    if _trimmed(message.get("content")) or message.get("components") or message.get("poll"):
        return False
    embeds = message.get("embeds")
    return not isinstance(embeds, list) or not any(map(_is_visible, cast("list[object]", embeds)))


def _is_visible(embed: object) -> bool:
    parts = cast("dict[str, object]", embed)
    return bool(parts.get("fields")) or any(_trimmed(_at(parts, place)) for place in VISIBLE)
