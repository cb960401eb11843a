"""The grammar files, and the parsers that Lark makes of them, kept in a cache: to make them takes longer than a run."""

import hashlib
import os
import sys
from pathlib import Path
from typing import Any

import lark

_PACKAGE = Path(__file__).resolve().parent.parent


def grammar(name: str) -> str:
    """The text of a grammar file, such as `tickscript.lark`, from within the package, or from the top of a checkout."""
    shipped = _PACKAGE / "grammar" / name
    return (shipped if shipped.exists() else _PACKAGE.parent / "grammar" / name).read_text(encoding="utf-8")


def machine(name: str, transformer: object, **options: Any) -> Any:
    """The parser for a grammar file: `lark.Lark` with these options and LALR(1).

    It comes out of the cache folder if it is there. Where nothing can be kept, it is made each time.
    """
    text = grammar(name)
    made_with = f"{lark.__version__} {sys.version_info[:2]} {sorted(options.items())} {text}"
    kept = _cache_file(f"{name}-{hashlib.sha256(made_with.encode()).hexdigest()[:16]}")
    make = {"parser": "lalr", "transformer": transformer, **options}
    if kept is None or kept.exists():
        return lark.Lark(text, cache=False if kept is None else str(kept), **make)
    # Written beside and renamed, so that another process never reads half of it.
    written = kept.with_name(f"{kept.name}.{os.getpid()}")
    found = lark.Lark(text, cache=str(written), **make)
    try:
        written.replace(kept)
    except OSError:  # a full disk: Lark has gone on without
        written.unlink(missing_ok=True)
    return found


def _cache_file(name: str) -> Path | None:
    """A file in the user's cache folder, None if there is none that is the user's alone: what it holds is trusted."""
    home = os.environ.get("HOME")
    base = os.environ.get("XDG_CACHE_HOME") or (f"{home}/.cache" if home else "")
    if not os.path.isabs(base):  # noqa: PTH117  (an empty text is no path)
        return None
    folder = Path(base) / "tickdiscord"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        about = folder.stat()
    except OSError:
        return None
    mine = not hasattr(os, "getuid") or (about.st_uid == os.getuid() and not about.st_mode & 0o022)
    return folder / name if mine and os.access(folder, os.W_OK) else None
