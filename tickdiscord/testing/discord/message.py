"""The JSON objects that Discord answers with: a stored message, a webhook."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import cast

CHANNEL_ID = "200000000000000001"
GUILD_ID = "300000000000000001"
DISCORD_EPOCH_MS = 1_420_070_400_000
"""Discord's ids count milliseconds from 2015, in their upper bits."""


def stored_message(webhook_id: str, number: int, body: Mapping[str, object], now: int) -> dict[str, object]:
    """What `?wait=true` answers to the `number`-th message; `now` is in nanoseconds since 1970."""
    embeds = body.get("embeds")
    milliseconds = now // 1_000_000
    return {
        "id": str(max(0, milliseconds - DISCORD_EPOCH_MS) << 22 | number & 0x3FFFFF),
        "type": 0,
        "channel_id": CHANNEL_ID,
        "webhook_id": webhook_id,
        "author": {"id": webhook_id, "username": body.get("username") or "Webhook", "avatar": None, "bot": True},
        "content": _trimmed(body.get("content") or ""),
        "embeds": [_stored_embed(each) for each in cast("list[object]", embeds)] if isinstance(embeds, list) else [],
        "attachments": [],
        "components": [],
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "pinned": False,
        "tts": False,
        "flags": body.get("flags") or 0,
        "timestamp": datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="microseconds"),
        "edited_timestamp": None,
    }


def webhook_object(id: str, token: str) -> dict[str, object]:
    """What a GET of the webhook's URL answers."""
    return {
        "id": id,
        "type": 1,
        "name": "Webhook",
        "avatar": None,
        "channel_id": CHANNEL_ID,
        "guild_id": GUILD_ID,
        "application_id": None,
        "token": token,
    }


def _stored_embed(embed: object) -> dict[str, object]:
    parts = cast("dict[str, object]", embed)
    return {"type": "rich", **{name: _trimmed(part) for name, part in parts.items()}}


def _trimmed(value: object) -> object:
    return value.strip() if isinstance(value, str) else value
