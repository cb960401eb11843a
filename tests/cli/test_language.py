"""The commands of the language, a case of `language/*.yaml` each: files, the command, stdin, and all that comes out.

`after` is what the files hold when the command has ended.
"""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from inside import inside

CASES: list[tuple[str, Mapping[str, Any]]] = [
    (path.stem, case)
    for path in sorted((Path(__file__).parent / "language").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[f"{name}: {case['name']}" for name, case in CASES])
def test_command(case: Mapping[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in case.get("files", {}).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(text.encode())

    done = inside(monkeypatch, tmp_path, shlex.split(case["command"]), case.get("stdin", "").encode())

    assert done.code == case.get("code", 0), done.err
    assert "Traceback" not in done.err and "TD999" not in done.err
    assert done.out == case.get("out", done.out)
    assert done.err == case.get("err", done.err)
    assert [piece for piece in case.get("out_has", []) if piece not in done.out] == []
    assert [piece for piece in case.get("err_has", []) if piece not in done.err] == []
    for name, text in case.get("after", {}).items():
        assert (tmp_path / name).read_bytes() == text.encode()
