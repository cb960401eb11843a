"""Where an outbox is kept when nobody says: one file for each configuration, in the user's state directory."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from tickdiscord.diagnostics import error


def default_path(configuration: Path | None, environment: Mapping[str, str]) -> Path:
    """The file for a configuration (None: run without one), by its full path; the directory is made if need be.

    Raises:
        DiagnosticError: TD558, when the directory cannot be made.
    """
    directory = state_directory(environment)
    try:
        # The XDG base directory specification asks for 0700.
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise error(
            "TD558",
            f"the directory for outboxes `{directory}` cannot be made: {problem.strerror or problem}",
            hint="set XDG_STATE_HOME to a directory you can write to, or name a file with `--outbox`",
        ) from None
    if configuration is None:
        return directory / "default.outbox"
    whole = configuration.absolute().resolve()
    digest = hashlib.sha256(str(whole).encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return directory / f"{whole.stem}-{digest}.outbox"


def state_directory(environment: Mapping[str, str]) -> Path:
    """`$XDG_STATE_HOME/tickdiscord`; a relative value counts as unset, as the specification says."""
    home = Path(environment.get("XDG_STATE_HOME", ""))
    if not home.is_absolute():
        home = Path(environment.get("HOME") or Path.home()) / ".local" / "state"
    return home / "tickdiscord"
