"""What a configuration says to the nodes of a script while the script is loaded."""

from dataclasses import dataclass

SECOND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class DeadmanSettings:
    """Kapacitor: `[deadman]`. In `id`, `NODE_NAME` stands for the watched node, in `message` `INTERVAL` for how often.

    `interval` (ns) and `threshold` (points an interval) are those of the deadman that `everywhere` gives to every task;
    one that a script makes says its own.
    """

    everywhere: bool = False
    interval: int = 10 * SECOND
    threshold: float = 0.0
    id: str = "{{ .Group }}:NODE_NAME for task '{{ .TaskName }}'"
    message: str = (
        '{{ .ID }} is {{ if eq .Level "OK" }}alive{{ else }}dead{{ end }}: '
        '{{ index .Fields "emitted" | printf "%0.3f" }} points/INTERVAL.'
    )


@dataclass(frozen=True, slots=True)
class NodeSettings:
    """All of it."""

    deadman: DeadmanSettings = DeadmanSettings()
