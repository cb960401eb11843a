"""What a run has done, in a few lines at its end."""

from dataclasses import dataclass

from tickdiscord.cli.input import Source
from tickdiscord.cli.sending import Sending
from tickdiscord.cli.terminal import Terminal
from tickdiscord.diagnostics import counted
from tickdiscord.runtime.delivery import Delivery
from tickdiscord.runtime.engine import Engine
from tickdiscord.runtime.limits import megabytes, memory

LEVELS = ("CRITICAL", "WARNING", "INFO", "OK")


@dataclass(frozen=True, slots=True)
class Summary:
    """The parts of a run that count something."""

    engine: Engine
    source: Source
    delivery: Delivery

    def show(self, terminal: Terminal, sending: Sending, *, dry: bool) -> None:
        """Say it all on stderr."""
        rejected = f", {counted(self.source.rejections, 'line')} rejected" if self.source.rejections else ""
        terminal.note(f"{counted(self.source.lines, 'line')} read{rejected}")
        for task in self.engine.tasks:
            events = self.engine.events_of(task.pipeline.task)
            levels = ", ".join(f"{events[level]} {level}" for level in LEVELS if events[level])
            terminal.note(f"{task.pipeline.task}: {counted(task.points, 'point')}, {levels or 'no events'}")
        if self.engine.silenced:
            terminal.note(f"{counted(self.engine.silenced, 'event')} held back by silences")
        groups = sum(len(task.groups) for task in self.engine.tasks)
        if held := memory():
            terminal.note(f"{counted(groups, 'group')}, {megabytes(held)} of memory in use", 1)
        for trouble, times in self.engine.troubles.counts().items():
            where = f"{trouble.task}: {trouble.node}" if trouble.task else f"topic {trouble.node}"
            terminal.note(f"{where}: {trouble.what} had trouble {counted(times, 'time')} ({trouble.code})")
        if self.delivery.points:
            how = "written" if self.delivery.writes_points else "counted only; --influxdb-out FILE writes them"
            terminal.note(f"{counted(self.delivery.points, 'point')} for InfluxDB ({how})")
        if dry:
            terminal.note(f"{counted(self.delivery.made, 'request')} made, none sent (dry run)")
        elif sending.path is not None:
            sent, left, _ = sending.counts()
            terminal.note(f"{sent} sent, {left} kept, in the outbox {sending.path}")


def undelivered(sending: Sending, terminal: Terminal) -> bool:
    """Whether alerts remain undelivered; says how they are sent."""
    _, left, dead = sending.counts()
    if dead:
        terminal.note(f"{counted(dead, 'request')} refused, kept as dead letters in {sending.path}", -1)
    if left:
        terminal.note(
            f"{counted(left, 'request')} not sent yet, kept in {sending.path}: the next run with this outbox sends "
            "them first; to send them now, run the same command with `< /dev/null`",
            -1,
        )
    return bool(left or dead)
