"""kapacitor.conf, as data."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tickdiscord.config.kapacitor import read_configuration
from tickdiscord.diagnostics import DiagnosticError, Severity, render

CASES: list[Mapping[str, Any]] = yaml.safe_load((Path(__file__).parent / "kapacitor.yaml").read_text(encoding="utf-8"))
RIGHT = [case for case in CASES if "workspaces" in case]
WRONG = [case for case in CASES if "codes" in case]


@pytest.fixture
def conf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path("kapacitor.conf")


def write(conf: Path, case: Mapping[str, Any]) -> None:
    conf.write_text(case["text"], encoding="utf-8")
    for name, content in case.get("files", {}).items():
        Path(name).write_text(content, encoding="utf-8")


@pytest.mark.parametrize("case", RIGHT, ids=[case["name"] for case in RIGHT])
def test_what_is_read(case: Mapping[str, Any], conf: Path) -> None:
    write(conf, case)
    found = read_configuration(conf, case.get("environment", {})).workspaces
    shown = {name: {key: getattr(found.known[name], key) for key in case["workspaces"][name]} for name in found.known}
    assert shown == case["workspaces"]
    assert found.default == case["default"]
    assert (found.global_, found.changes_only) == (case.get("global", False), case.get("changes_only", False))
    if "urls" in case:
        assert [webhook.url.reveal() for webhook in found.webhooks()] == case["urls"]


@pytest.mark.parametrize("case", WRONG, ids=[case["name"] for case in WRONG])
def test_what_is_wrong(case: Mapping[str, Any], conf: Path) -> None:
    write(conf, case)
    with pytest.raises(DiagnosticError) as raised:
        read_configuration(conf, case.get("environment", {}))
    errors = [each for each in raised.value.diagnostics if each.severity == Severity.ERROR]
    assert [each.code for each in errors] == case["codes"]
    assert not any("token" in render(each) for each in errors)
    if "shown" in case:
        assert render(errors[0]) == case["shown"].rstrip("\n")


def test_without_a_file_the_environment_is_a_configuration() -> None:
    environment = {
        "KAPACITOR_DISCORD_0_ENABLED": "true",
        "KAPACITOR_DISCORD_0_URL": "https://discord.com/api/webhooks/1/token",
    }
    assert read_configuration(None, environment).workspaces.pick("").enabled
    assert read_configuration(None, {}).workspaces.known == {}


def test_no_secret_is_in_what_is_printed(conf: Path) -> None:
    conf.write_text(
        '[discord]\nenabled = true\nurl = "https://discord.com/api/webhooks/1/s3cr3t-t0ken"\n', encoding="utf-8"
    )
    assert "s3cr3t" not in repr(read_configuration(conf, {}))
