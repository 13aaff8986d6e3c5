"""Files appear whole or not at all, and may be read by whoever may read the user's other files."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from samplernn.files import replacing


def test_a_file_takes_its_place_whole(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "facts.json"
    with replacing(path) as fresh:
        fresh.write_text("{}")
        assert not path.exists()
    assert path.read_text() == "{}"
    assert [entry.name for entry in path.parent.iterdir()] == ["facts.json"]


def test_what_goes_wrong_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    path.write_text("old")

    def half_written() -> None:
        with replacing(path) as fresh:
            fresh.write_text("new")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_written()
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["facts.json"]


def test_nothing_written_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    with pytest.raises(FileNotFoundError), replacing(path):
        pass
    assert not path.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="no such modes there")
@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
def test_its_mode_is_that_of_any_new_file(tmp_path: Path, umask: int) -> None:
    """Some libraries, safetensors among them, write through a file that only its owner may read."""
    before = os.umask(umask)
    try:
        with replacing(tmp_path / "private") as fresh:
            fresh.touch(mode=0o600)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "private").stat().st_mode) == 0o666 & ~umask
