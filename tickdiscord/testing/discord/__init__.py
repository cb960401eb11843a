"""A stand-in for Discord: its webhook endpoint, its limits and its channel, on this machine."""

from tickdiscord.testing.discord.endpoint import Received
from tickdiscord.testing.discord.script import CLOSE, HANG, OK, Answer, parse_script
from tickdiscord.testing.discord.server import FakeDiscord

__all__ = ["CLOSE", "HANG", "OK", "Answer", "FakeDiscord", "Received", "parse_script"]
