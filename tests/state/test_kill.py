"""A run that is killed, again and again, and started again: Discord gets what it gets of a run that nobody disturbs.

`KILLS` in the environment says how often it is killed in all; `scripts/soak` says many times.
"""

import itertools
import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import TIMEOUT_S, environment, line

from tickdiscord.testing.discord import FakeDiscord

KILLS = int(os.environ.get("KILLS", "6"))
KILLS_A_STREAM = 3

FILLING = "x" * 1000
"""Lines and events are long, so that they do not come all at once."""

RULES = {
    "cpu": f"""\
stream
    |from().measurement('cpu').groupBy('host')
    |window().periodCount(7).everyCount(5)
    |mean('v').as('v')
    |alert().crit(lambda: "v" > 60).message('cpu {{{{ .ID }}}} {{{{ .Level }}}} {{{{ .Time.Unix }}}}')
        .details('{FILLING}').stateChangesOnly().discord()
""",
    "count": f"""\
stream
    |from().groupBy('host')
    |alert().id('{{{{ index .Tags "host" }}}}').warn(lambda: count() % 40 == 0)
        .message('count {{{{ .ID }}}} {{{{ .Level }}}} {{{{ .Time.Unix }}}}').details('{FILLING}').topic('all')
""",
}
HANDLERS = {
    "daily": "id: daily\ntopic: all\nkind: aggregate\noptions: {interval: 5m, topic: reports}\n",
    "reports": "id: reports\ntopic: reports\nkind: discord\n",
    "each": "id: each\ntopic: all\nkind: discord\nmatch: changed() == TRUE AND count() % 3 == 0\n",
}
CONFIGURATION = '[[discord]]\n  enabled = true\n  workspace = "ops"\n  url = "${WEBHOOK}"\n'
COMMAND = ("run", "rules", "--handlers", "handlers", "--config", "k.conf", "--precision", "s", "--outbox", "outbox")


def _points(chance: random.Random) -> str:
    return "".join(
        f'cpu,host={chance.choice("abc")} v={chance.randrange(100)},filling="{FILLING}" {second}\n'
        for second in range(1500)
    )


@pytest.fixture
def discord() -> Iterator[FakeDiscord]:
    with FakeDiscord() as fake:
        yield fake


def _prepared(folder: Path, points: str) -> Path:
    for kind, suffix, files in (("rules", "tick", RULES), ("handlers", "yaml", HANDLERS)):
        (folder / kind).mkdir(parents=True)
        for name, text in files.items():
            (folder / kind / f"{name}.{suffix}").write_text(text, encoding="utf-8")
    (folder / "k.conf").write_text(CONFIGURATION, encoding="utf-8")
    (folder / "points.lp").write_text(points, encoding="utf-8")
    return folder


def _started(folder: Path, discord: FakeDiscord, *options: str, stdin: bool) -> "subprocess.Popen[bytes]":
    with (folder / "points.lp").open("rb") as points:
        return subprocess.Popen(
            line((*COMMAND, "-q", "--format", "json", *options)),
            stdin=points if stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=environment(folder, {"WEBHOOK": discord.url()}),
        )


def _kill(process: "subprocess.Popen[bytes]", events: int) -> None:
    """Kill it after so many events; it is not much further, since it has to wait until somebody reads them."""
    with process:
        assert process.stdout is not None
        for _ in range(events):
            process.stdout.readline()
        process.kill()


def _ended(process: "subprocess.Popen[bytes]") -> None:
    _, said = process.communicate(timeout=TIMEOUT_S)
    assert (process.returncode, said) == (0, b"")


def _messages(discord: FakeDiscord) -> list[str]:
    return [str(embed["description"]) for message in discord.messages for embed in message["embeds"]]  # type: ignore[union-attr]


@pytest.mark.parametrize("stdin", [False, True], ids=["a file", "stdin fed again"])
def test_nothing_is_lost_and_nothing_comes_twice(discord: FakeDiscord, tmp_path: Path, stdin: bool) -> None:
    chance = random.Random(7 + stdin)
    for number in range(KILLS // 2 // KILLS_A_STREAM):
        points = _points(chance)
        undisturbed = _prepared(tmp_path / f"{number}", points)
        with FakeDiscord() as other:
            _ended(_started(undisturbed, other, stdin=True))
            expected = _messages(other)
        assert len(expected) > 50

        folder = _prepared(tmp_path / f"{number} killed", points)
        options = ["--state", "state", *(["--resume"] if stdin else ["--points", "points.lp"])]
        before = len(discord.messages)
        for _ in range(KILLS_A_STREAM):
            # Written never, seldom or always: what is read again is all, some, or next to nothing.
            every = chance.choice(["10", "0.05", "0"])
            _kill(_started(folder, discord, *options, "--state-every", every, stdin=stdin), chance.randrange(40))
        _ended(_started(folder, discord, *options, "--finish", stdin=stdin))

        came = _messages(discord)[before:]
        assert [message for message, _ in itertools.groupby(came)] == expected
        assert len(came) <= len(expected) + KILLS_A_STREAM
