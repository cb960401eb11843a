"""Batch rules replay recordings: a case of `batches.yaml` each. A file `.gz` is its text gzipped, `.zip` an archive."""

import gzip
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from inprocess import outcome

from tickdiscord.nodes.cron import cron_problem
from tickdiscord.nodes.select import NoSelectError, read_select

HERE = Path(__file__).parent
CASES: list[Mapping[str, Any]] = yaml.safe_load((HERE / "batches.yaml").read_text(encoding="utf-8"))
QUERIES: Mapping[str, Any] = yaml.safe_load((HERE / "queries.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_replay(case: Mapping[str, Any], tmp_path: Path) -> None:
    for name, text in case.get("gzipped", {}).items():
        (tmp_path / name).write_bytes(gzip.compress(text.encode())[: case.get("cut")])
    for name, members in case.get("archives", {}).items():
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for member, text in members.items():
                archive.writestr(member, text)
    done = outcome(case["files"], case["command"], tmp_path)
    assert (done.out, done.code) == (case.get("out", ""), case.get("code", 0)), done.err
    assert done.err == case.get("err", done.err)
    for piece in case.get("err_has", []):
        assert piece in done.err


@pytest.mark.parametrize("text", QUERIES["right"])
def test_a_query_names_its_sources(text: str) -> None:
    select = read_select(text)
    found = [".".join((each.database, each.retention_policy, each.measurement)) for each in select.sources]
    assert found == QUERIES["right"][text]


@pytest.mark.parametrize("text", QUERIES["wrong"])
def test_no_query(text: str) -> None:
    with pytest.raises(NoSelectError) as problem:
        read_select(text)
    assert str(problem.value) == QUERIES["wrong"][text]


@pytest.mark.parametrize("text", QUERIES["cron"])
def test_cron(text: str) -> None:
    assert cron_problem(text) == QUERIES["cron"][text]
