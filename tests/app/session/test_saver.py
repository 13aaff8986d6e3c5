"""The saving thread lives through anything, tells it, and goes on trying."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from app.document.edits.release import name_release
from app.document.edits.songs import add_song, title_song
from app.document.model import Project
from app.document.store import create_project, load_project
from app.session.open_project import OpenProject
from tests.app.conftest import OpenFolder

MINUTE = 60_000


@pytest.fixture
def project(open_project: OpenFolder, tmp_path: Path) -> OpenProject:
    folder = tmp_path / "P.deepcuts"
    return open_project(folder, create_project(folder))


class UnheardOfError(Exception):
    """What nobody reckoned with."""


@pytest.mark.parametrize("error", [UnheardOfError(), ValueError("?"), MemoryError(), RecursionError()], ids=repr)
def test_whatever_goes_wrong_is_told_and_tried_again(
    qtbot: QtBot, project: OpenProject, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(handle: int) -> None:
        raise error

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", fail)
        with qtbot.waitSignal(project.save_failed, timeout=MINUTE) as failed:
            project.edit("Name album", name_release, "One", "")
        assert "could not be saved" in failed.args[0]
        assert project.settle() == failed.args[0]
        project.edit("Name album", name_release, "Two", "")
        assert "could not be saved" in project.settle()
    assert project.settle() == ""
    assert load_project(project.folder).release.title == "Two"


def test_what_no_document_can_hold_is_refused_and_all_else_is_saved(qtbot: QtBot, project: OpenProject) -> None:
    project.edit("Add song", add_song)
    song = project.value.songs[0].id
    with qtbot.waitSignal(project.refused, timeout=MINUTE) as refused, qtbot.waitSignal(project.changed):
        project.put("Name", replace(project.value, name="\ud800"))
    assert "That was not done" in refused.args[0]
    with qtbot.waitSignal(project.refused, timeout=MINUTE):
        project.update(lambda value: replace(value, name="\udfff"))
    project.edit("Title", title_song, song, "Last")
    assert project.settle() == ""
    assert load_project(project.folder) == project.value
    assert project.value.songs[0].title == "Last"
    assert project.steps == ["Add song", "Title"]


def test_settling_waits_for_the_newest_of_a_burst(project: OpenProject) -> None:
    for number in range(100):
        project.edit("Name album", name_release, f"Title {number}", "")
    assert project.settle() == ""
    assert load_project(project.folder).release.title == "Title 99"
    assert project.settle() == ""


def test_a_disk_that_takes_it_again_gets_the_newest(project: OpenProject) -> None:
    place = project.folder / "project.json"
    place.unlink()
    place.mkdir()
    (place / "in the way").touch()
    project.edit("Name album", name_release, "One", "")
    assert "could not be saved" in project.settle()
    shutil.rmtree(place)
    project.close()
    found: Project = load_project(project.folder)
    assert found.release.title == "One"
