"""Where an outbox is when nobody says."""

import stat

import pytest

from tickdiscord.diagnostics import DiagnosticError
from tickdiscord.outbox.place import default_path


def test_one_file_for_each_configuration(tmp_path):
    environment = {"XDG_STATE_HOME": str(tmp_path / "state")}
    one, other = tmp_path / "a" / "kapacitor.conf", tmp_path / "b" / "kapacitor.conf"
    paths = {default_path(one, environment), default_path(other, environment), default_path(None, environment)}
    assert len(paths) == 3
    assert {path.parent for path in paths} == {tmp_path / "state" / "tickdiscord"}
    assert default_path(one.parent / ".." / "a" / "kapacitor.conf", environment) == default_path(one, environment)
    assert default_path(one, environment).name.startswith("kapacitor-")


def test_the_directory_is_made_for_its_owner_only(tmp_path):
    directory = default_path(None, {"XDG_STATE_HOME": str(tmp_path / "state")}).parent
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700


@pytest.mark.parametrize("environment", [{}, {"XDG_STATE_HOME": ""}, {"XDG_STATE_HOME": "relative/state"}])
def test_without_a_good_state_home(tmp_path, environment):
    path = default_path(None, environment | {"HOME": str(tmp_path)})
    assert path == tmp_path / ".local" / "state" / "tickdiscord" / "default.outbox"


def test_a_place_that_cannot_be_made(tmp_path):
    (tmp_path / "state").write_text("a file")
    with pytest.raises(DiagnosticError) as caught:
        default_path(None, {"XDG_STATE_HOME": str(tmp_path / "state")})
    assert [d.code for d in caught.value.diagnostics] == ["TD558"]
