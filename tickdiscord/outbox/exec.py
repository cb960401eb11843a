"""Runs programs: the event as JSON on standard input, no shell in between, and an end after some time."""

import hashlib
import json
import os
import signal
import subprocess
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

from tickdiscord.outbox.answers import Again, Dead, Delivered, SwitchOff, Verdict
from tickdiscord.outbox.journal import Queue

KIND = "exec"
MOST_OUTPUT = 4_096
"""So many bytes of what a program prints are kept, to be shown when it fails; the rest is read and forgotten."""
MOST_SHOWN = 300
TEMPORARY = 75
"""The exit code by which a program says that it may be tried again: EX_TEMPFAIL of `sysexits.h`."""
READ_AT_ONCE = 65_536
GRACE_S = 1.0
"""How long the output of a program that has ended is waited for: a child of it may hold it open for ever."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program that events are given to. What stands in its arguments may be secret, and is neither shown nor kept."""

    path: str
    arguments: tuple[str, ...] = ()
    timeout_s: float = 60.0

    @property
    def queue(self) -> Queue:
        """The queue is the program's with these very arguments."""
        if not self.arguments:
            return Queue(KIND, self.path)
        digest = hashlib.sha256("\0".join(self.arguments).encode("utf-8", "surrogatepass")).hexdigest()[:8]
        return Queue(KIND, f"{self.path} ({digest})")

    @property
    def shown(self) -> str:
        return f"the program `{self.path}`"

    @property
    def cure(self) -> str:
        return "see that the program is there and may be run"

    def host(self) -> str:
        return ""

    def hide(self, text: str) -> str:
        return text

    def performer(self) -> "Runner":
        return Runner(self)


class Runner:
    """Runs one program, once for each request."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def carry_out(self, body: str) -> Verdict:
        """Run it. Kapacitor: a program that fails is reported, and not run again, since it may have done its work."""
        program = self._program
        line = str(json.loads(body)["event"])
        try:
            # A session of its own: Ctrl-C is meant for the run, which then still finishes what it has begun.
            process = subprocess.Popen(
                [program.path, *program.arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except (OSError, ValueError) as problem:
            why = getattr(problem, "strerror", None) or str(problem)
            return SwitchOff(f"it cannot be run: {why}")
        output = Output(process, line)
        try:
            code = process.wait(program.timeout_s)
        except subprocess.TimeoutExpired:
            _end(process)
            return Dead(f"it had not ended after {program.timeout_s:g} s, and was stopped{output.said()}")
        if code == 0:
            return Delivered()
        how = f"it was ended by signal {-code}" if code < 0 else f"it failed with exit code {code}"
        return Again(how + output.said()) if code == TEMPORARY else Dead(how + output.said())

    def close(self) -> None:
        """Nothing is kept open."""


class Output:
    """The threads that talk to a program: one gives it the event, one reads what it prints, however much that is."""

    def __init__(self, process: "subprocess.Popen[bytes]", line: str) -> None:
        self._kept = b""
        self._reader = threading.Thread(target=self._read, args=(process.stdout,), daemon=True)
        writer = threading.Thread(
            target=_write, args=(process.stdin, f"{line}\n".encode("utf-8", "replace")), daemon=True
        )
        self._reader.start()
        writer.start()

    def said(self) -> str:
        """What it printed, behind a colon and in one line; nothing if it printed nothing."""
        self._reader.join(GRACE_S)
        text = " ".join(self._kept.decode("utf-8", "replace").split())
        shown = "".join(each if each.isprintable() else " " for each in text)
        return f": {shown[:MOST_SHOWN]}{'…' if len(shown) > MOST_SHOWN else ''}" if shown else ""

    def _read(self, stdout: IO[bytes]) -> None:
        with stdout:
            while piece := os.read(stdout.fileno(), READ_AT_ONCE):
                if len(self._kept) < MOST_OUTPUT:
                    self._kept = (self._kept + piece)[:MOST_OUTPUT]


def _write(stdin: IO[bytes], content: bytes) -> None:
    """A program need not read what it is given."""
    with suppress(OSError), stdin:
        stdin.write(content)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a program and whatever it has started."""
    with suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
