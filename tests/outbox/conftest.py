"""What the outbox's tests are made of: real files, a real server, and requests to put in."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tickdiscord.outbox.journal import Outbox
from tickdiscord.outbox.request import Entry, Key, Request
from tickdiscord.outbox.webhook import Secret, Webhook
from tickdiscord.testing.discord import FakeDiscord


@pytest.fixture
def discord() -> Iterator[FakeDiscord]:
    with FakeDiscord() as fake:
        yield fake


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "requests.outbox"


@pytest.fixture
def outbox(path: Path) -> Iterator[Outbox]:
    with Outbox(path) as opened:
        yield opened


@pytest.fixture
def entry() -> Callable[..., Entry]:
    """An entry of the n-th event, with a message that tells which."""

    def make(sequence: int, workspace: str = "ops", lineage: str = "run", **body: object) -> Entry:
        request = Request("discord", workspace, body or {"content": f"message {sequence}"})
        return Entry(Key(lineage, "task", "alert2", 0, sequence), f"cpu:host={sequence}", request)

    return make


@pytest.fixture
def webhook(discord: FakeDiscord) -> Callable[..., Webhook]:
    """The webhook of a workspace, at the stand-in."""
    return lambda workspace="ops": Webhook(workspace, Secret(discord.url(workspace)))
