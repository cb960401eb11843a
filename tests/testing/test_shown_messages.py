"""Messages as a person sees them; the cases are in `discord_channel.yaml`."""

import io
from pathlib import Path

import pytest
import yaml
from rich.console import Console

from tickdiscord.testing.discord.show import show

CASES = yaml.safe_load(Path(__file__).with_name("discord_channel.yaml").read_text())


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_message(case):
    assert show(case["body"], case.get("width")).plain == case["shown"]


@pytest.mark.parametrize("terminal", [True, False])
def test_the_bar_has_the_embeds_colour_on_a_terminal_only(terminal):
    console = Console(file=io.StringIO(), force_terminal=terminal, color_system="truecolor" if terminal else None)
    console.print(show({"embeds": [{"color": 0xF95F53, "title": "x"}]}))
    written = console.file.getvalue()
    assert ("\x1b[38;2;249;95;83m▌" in written) == terminal
    assert ("\x1b" in written) == terminal
