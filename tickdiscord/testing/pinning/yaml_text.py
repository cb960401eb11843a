"""YAML as people write it: lists further in than their keys, texts in blocks, numbers as they stand."""

from typing import Any

import yaml

Entries = dict[str, object]
"""Keys and what stands behind them, in order."""


class Block(str):
    """A text that stands as it is, in a block of lines."""


class Raw(str):
    """A text that stands without quotes wherever that is possible, though it may look like a number."""


def document(value: object, comment: str = "") -> str:
    """YAML, with a comment in front."""
    text = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1 << 20)
    return commented(comment) + text


def commented(text: str) -> str:
    """A text as a comment."""
    return "".join(f"# {line}\n" for line in text.splitlines())


class _Dumper(yaml.SafeDumper):
    """Lists stand further in than the key above them, and aliases are written out."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _block(dumper: Any, data: Block) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(data), style="|")


def _raw(dumper: Any, data: Raw) -> Any:
    tag = dumper.resolve(yaml.ScalarNode, str(data), (True, False))
    return dumper.represent_scalar(tag, str(data))


_Dumper.add_representer(Block, _block)
_Dumper.add_representer(Raw, _raw)
