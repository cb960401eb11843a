"""What Discord refuses, in its own form; the cases are in `discord_messages.yaml`."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tickdiscord.testing.discord.limits import validate

CASES = yaml.safe_load(Path(__file__).with_name("discord_messages.yaml").read_text())


def written_out(value: Any) -> Any:
    """The value with `{repeat: n}` and `{times: n, of: x}` put in full."""
    match value:
        case {"repeat": count, **rest}:
            around = rest.get("around", "")
            return f"{around}{rest.get('of', 'x') * count}{around}"
        case {"times": count, "of": each}:
            return [each] * count
        case dict():
            return {name: written_out(part) for name, part in value.items()}
        case list():
            return [written_out(part) for part in value]
        case _:
            return value


def leaves(tree: Any, path: str = "") -> dict[str, list[dict[str, str]]]:
    found = {path: tree["_errors"]} if "_errors" in tree else {}
    for name, branch in tree.items():
        if name != "_errors":
            found |= leaves(branch, f"{path}.{name}".lstrip("."))
    return found


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_message(case):
    refusal = validate(written_out(case["body"]))
    if case.get("taken"):
        assert refusal is None
    elif case.get("empty"):
        assert refusal == {"message": "Cannot send an empty message", "code": 50006}
    else:
        assert refusal is not None
        assert (refusal["code"], refusal["message"]) == (50035, "Invalid Form Body")
        found = leaves(refusal["errors"])
        assert {path: error["code"] for path, (error,) in found.items()} == case["errors"]
        assert case.get("message") in (None, next(iter(found.values()))[0]["message"])


def test_the_form_of_an_error():
    assert validate({"embeds": [{"description": "x" * 4097}]}) == {
        "code": 50035,
        "message": "Invalid Form Body",
        "errors": {
            "embeds": {
                "0": {
                    "description": {
                        "_errors": [{"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 4096 or fewer in length."}]
                    }
                }
            }
        },
    }
