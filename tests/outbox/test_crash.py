"""Nothing that was accepted is lost, however the process ends."""

import signal
import subprocess
import sys

from tickdiscord.outbox.journal import Outbox, Queue
from tickdiscord.testing.discord import HANG

OPS = Queue("discord", "ops")

PUTTING = """
import sys
from pathlib import Path
from tickdiscord.outbox.journal import Outbox
from tickdiscord.outbox.request import Entry, Key, Request

outbox, sequence = Outbox(Path(sys.argv[1])), int(sys.argv[2])
while True:
    batch = [
        Entry(Key("run", "task", "alert2", 0, n), "id", Request("discord", "ops", {"content": str(n)}))
        for n in range(sequence, sequence + 3)
    ]
    outbox.put(batch)
    sequence += 3
    print(sequence - 1, flush=True)
"""

DRAINING = """
import sys
from pathlib import Path
from tickdiscord.outbox.journal import Outbox
from tickdiscord.outbox.request import Entry, Key, Request
from tickdiscord.outbox.sender import Sender
from tickdiscord.outbox.webhook import Secret, Webhook

outbox = Outbox(Path(sys.argv[1]))
outbox.put([Entry(Key("run", "task", "alert2", 0, 1), "id", Request("discord", "ops", {"content": "x"}))])
sender = Sender(outbox, [Webhook("ops", Secret(sys.argv[2]))], on_trouble=print)
sender.start()
try:
    sender.drain(600)
except KeyboardInterrupt:
    sender.stop(0)
    print("interrupted,", sender.statistics().left, "left")
"""


def test_a_process_killed_at_any_moment(path):
    accepted = 0
    for lines in (1, 40, 7, 200):
        process = subprocess.Popen(
            [sys.executable, "-c", PUTTING, str(path), str(accepted + 1)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(lines)]
        process.kill()
        rest = process.communicate()[0].split()
        # A line that was cut in the middle by the kill tells nothing.
        complete = [*said, *(line for line in rest if line.isdecimal())]
        with Outbox(path) as outbox:
            kept = [letter.key.sequence for letter in outbox.pending(OPS, 1_000_000)]
        assert kept == list(range(1, len(kept) + 1))
        assert len(kept) >= int(complete[-1])
        assert len(kept) % 3 == 0
        accepted = len(kept)


def test_draining_interrupted_from_the_keyboard(path, discord):
    discord.answer("ops", HANG)
    process = subprocess.Popen(
        [sys.executable, "-c", DRAINING, str(path), discord.url("ops")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert discord.wait_for(1)
    process.send_signal(signal.SIGINT)
    assert process.communicate() == ("interrupted, 1 left\n", "")
    with Outbox(path) as outbox:
        assert outbox.waiting() == {OPS: 1}
