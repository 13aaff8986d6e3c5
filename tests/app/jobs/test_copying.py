"""Save a copy: whole or not at all, and nothing in it that is not the project's own."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.document.lock import ProjectLock
from app.document.model import Project
from app.document.store import load_project
from app.jobs.copying import save_copy
from app.jobs.job import JobList
from app.session.open_project import OpenProject
from tests.app.conftest import OpenFolder


def ended(qtbot: QtBot, jobs: JobList, project: OpenProject, to: Path) -> tuple[list[Path], list[str]]:
    """What the copying gave, or why it failed."""
    done: list[Path] = []
    failed: list[str] = []
    job = save_copy(project, jobs, to)
    job.finished.connect(done.append)
    job.failed.connect(failed.append)
    qtbot.waitUntil(lambda: not jobs.running, timeout=20_000)
    return done, failed


def test_a_copy_is_whole_and_opens(
    qtbot: QtBot, jobs: JobList, open_project: OpenFolder, made_project: tuple[Path, Project], tmp_path: Path
) -> None:
    folder, value = made_project
    (folder / "clips" / ".c0001.flac.00.part").touch()
    (folder / "cache").mkdir()
    (folder / "cache" / "c0001-0-0.npy").touch()
    to = tmp_path / "Copy.deepcuts"
    with ProjectLock(folder):
        (folder / "clips" / ".c0001.flac.00.part").touch()
        assert ended(qtbot, jobs, open_project(folder, value), to) == ([to], [])
    copied = {path.relative_to(to).as_posix() for path in to.rglob("*") if path.is_file()}
    clips = {f"clips/{clip.id}.{kind}" for clip in value.clips for kind in ("flac", "json")}
    assert copied == {"project.json", "project.last-good.json", *clips}
    assert load_project(to).name == "Copy"
    assert {path.name for path in tmp_path.iterdir()} == {folder.name, to.name}


def test_what_may_only_be_read_is_copied_and_can_be_changed_there(
    qtbot: QtBot, jobs: JobList, open_project: OpenFolder, made_project: tuple[Path, Project], tmp_path: Path
) -> None:
    folder, value = made_project
    clips = [folder / clip.file for clip in value.clips]
    for clip in clips:
        clip.chmod(0o444)
        os.utime(clip, (1_600_000_000, 1_600_000_000))
    to = tmp_path / "Copy.deepcuts"
    assert ended(qtbot, jobs, open_project(folder, value), to) == ([to], [])
    for clip in clips:
        copied = to / clip.relative_to(folder)
        assert copied.read_bytes() == clip.read_bytes()
        assert copied.stat().st_mode & stat.S_IWUSR
        assert copied.stat().st_mtime == 1_600_000_000


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_no_link_and_no_pipe_is_copied(
    qtbot: QtBot, jobs: JobList, open_project: OpenFolder, made_project: tuple[Path, Project], tmp_path: Path
) -> None:
    """They may have come into the folder since it was opened."""
    folder, value = made_project
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    (folder / "notes.txt").symlink_to(secret)
    (folder / "home").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    to = tmp_path / "Copy.deepcuts"
    assert ended(qtbot, jobs, open_project(folder, value), to) == ([to], [])
    assert not any((to / name).exists() or (to / name).is_symlink() for name in ("notes.txt", "home", "pipe"))


def test_what_is_there_is_left_as_it_is(
    qtbot: QtBot, jobs: JobList, open_project: OpenFolder, made_project: tuple[Path, Project], tmp_path: Path
) -> None:
    folder, value = made_project
    to = tmp_path / "Copy.deepcuts"
    to.mkdir()
    done, failed = ended(qtbot, jobs, open_project(folder, value), to)
    assert (done, failed) == ([], ["“Copy.deepcuts” is there already. Choose another name."])
    assert not any(to.iterdir())
    assert {path.name for path in tmp_path.iterdir()} == {folder.name, to.name}
