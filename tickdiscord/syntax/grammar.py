"""Where the grammar files are: inside the installed package, or at the top of a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def grammar(name: str) -> str:
    """The text of a grammar file, such as `tickscript.lark`."""
    shipped = _PACKAGE / "grammar" / name
    return (shipped if shipped.exists() else _PACKAGE.parent / "grammar" / name).read_text(encoding="utf-8")
