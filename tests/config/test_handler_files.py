"""Handler files, as data."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tickdiscord.config.handler_files import read_handlers
from tickdiscord.diagnostics import DiagnosticError, render

CASES: list[Mapping[str, Any]] = yaml.safe_load((Path(__file__).parent / "handlers.yaml").read_text(encoding="utf-8"))
RIGHT = [case for case in CASES if "handler" in case]
WRONG = [case for case in CASES if "codes" in case]

HANDLER = "id: {id}\ntopic: t\nkind: discord\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("case", RIGHT, ids=[case["name"] for case in RIGHT])
def test_what_is_read(case: Mapping[str, Any]) -> None:
    Path("h.yaml").write_text(case["text"], encoding="utf-8")
    found = read_handlers([Path("h.yaml")])
    (subscription,) = found.subscriptions
    assert {key: getattr(subscription.handler, key) for key in case["handler"]} == case["handler"]
    assert [warning.code for warning in found.warnings] == case.get("warnings", [])


@pytest.mark.parametrize("case", WRONG, ids=[case["name"] for case in WRONG])
def test_what_is_wrong(case: Mapping[str, Any]) -> None:
    Path("h.yaml").write_text(case["text"], encoding="utf-8")
    with pytest.raises(DiagnosticError) as raised:
        read_handlers([Path("h.yaml")])
    assert [each.code for each in raised.value.diagnostics] == case["codes"]
    if "shown" in case:
        assert render(raised.value.diagnostics[0]) == case["shown"].rstrip("\n")


def test_a_folder_is_read_in_the_order_of_its_names(folder: Path) -> None:
    for name, id in (("b.yml", "second"), ("a.yaml", "first"), ("c.json", "third")):
        text = '{"id": "third", "topic": "t", "kind": "discord"}' if name == "c.json" else HANDLER.format(id=id)
        Path(name).write_text(text, encoding="utf-8")
    Path("notes.txt").write_text("not a handler", encoding="utf-8")
    assert [each.id for each in read_handlers([folder]).subscriptions] == ["first", "second", "third"]


def test_an_id_is_unique_within_its_topic(folder: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        Path(name).write_text(HANDLER.format(id="same"), encoding="utf-8")
    with pytest.raises(DiagnosticError, match="has a handler `same` already"):
        read_handlers([folder])


def test_several_documents_in_a_file() -> None:
    Path("h.yaml").write_text(f"{HANDLER.format(id='a')}---\n{HANDLER.format(id='b')}", encoding="utf-8")
    assert [each.id for each in read_handlers([Path("h.yaml")]).subscriptions] == ["a", "b"]
