"""A project folder is held by one process at a time, and locks never get in the way of a folder's name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.document.errors import UserError
from app.document.lock import ProjectLock, new_or_held
from app.document.store import create_project, save_project


def test_a_project_is_held_by_one(tmp_path: Path) -> None:
    with ProjectLock(tmp_path), pytest.raises(UserError, match="open in another window"):
        ProjectLock(tmp_path)
    with ProjectLock(tmp_path):
        pass


def test_a_project_is_called_what_its_window_shows(tmp_path: Path) -> None:
    folder = tmp_path / "Untitled.deepcuts"
    project = create_project(folder)
    with ProjectLock(folder), pytest.raises(UserError, match="“Untitled” is open"):
        ProjectLock(folder)
    save_project(folder, replace(project, name="Slow Rust"))
    with ProjectLock(folder), pytest.raises(UserError, match=r"“Slow Rust” \(“Untitled.deepcuts”\) is open"):
        ProjectLock(folder)
    (folder / "project.json").write_text("{")
    with ProjectLock(folder), pytest.raises(UserError, match="“Untitled” is open"):
        ProjectLock(folder)


def test_a_killed_program_leaves_no_lock(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from app.document.lock import ProjectLock\n"
        "lock = ProjectLock(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    )
    other = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    with other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(UserError):
            ProjectLock(tmp_path)
        other.kill()
    with ProjectLock(tmp_path):
        assert (tmp_path / ".lock").is_file()


def test_a_folder_that_is_not_there_needs_no_lock(tmp_path: Path) -> None:
    with ProjectLock(tmp_path / "none"):
        assert not (tmp_path / "none").exists()


def test_a_new_folder_is_held_from_the_start(tmp_path: Path) -> None:
    with new_or_held(tmp_path / "New.deepcuts"), pytest.raises(UserError, match="open in another window"):
        ProjectLock(tmp_path / "New.deepcuts")


def test_a_new_folder_goes_where_nothing_came_of_it(tmp_path: Path) -> None:
    path = tmp_path / "New.deepcuts"
    with pytest.raises(ZeroDivisionError), new_or_held(path):
        _ = 1 / 0
    assert not path.exists()
    with new_or_held(path):
        create_project(path)
    with pytest.raises(ZeroDivisionError), new_or_held(path):
        _ = 1 / 0
    assert (path / "project.json").exists()


def test_a_folder_that_was_there_stays(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear band,")
    with new_or_held(tmp_path):
        pass
    assert (tmp_path / "letter.txt").exists()
