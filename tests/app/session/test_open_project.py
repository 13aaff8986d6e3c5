"""The open project: what it says, and what it has written whenever one looks."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from app.document.edits.made import put_run
from app.document.edits.release import name_release, set_gap
from app.document.model import Project, Run
from app.document.store import create_project, load_project
from app.session.open_project import OpenProject
from tests.app.conftest import OpenFolder

MINUTE = 60_000


@pytest.fixture
def project(open_project: OpenFolder, tmp_path: Path) -> OpenProject:
    folder = tmp_path / "P.deepcuts"
    return open_project(folder, create_project(folder))


def test_an_edit_is_shown_saved_and_undone(qtbot: QtBot, project: OpenProject) -> None:
    with qtbot.waitSignal(project.changed), qtbot.waitSignals([project.saved, project.saved], timeout=MINUTE):
        project.edit("Rename Album", name_release, "New", "Band")
    assert load_project(project.folder).release.title == "New"
    assert project.undo_name == "Rename Album"
    project.undo()
    assert project.value.release.title == ""
    assert project.redo_name == "Rename Album"
    project.redo()
    assert project.value.release.title == "New"


def test_an_edit_that_changes_nothing_is_no_edit(qtbot: QtBot, project: OpenProject) -> None:
    with qtbot.assertNotEmitted(project.changed):
        project.put("Nothing", replace(project.value))
    assert project.undo_name == ""


def test_a_drag_is_undone_at_once(project: OpenProject) -> None:
    for tenths in range(1, 30):
        project.put("Set Gap", set_gap(project.value, tenths / 10), gesture="drag 1")
    project.put("Set Gap", set_gap(project.value, 9.0), gesture="drag 2")
    project.undo()
    assert project.value.release.gap_seconds == pytest.approx(2.9)
    project.undo()
    assert project.value.release.gap_seconds == 2.0


def test_undo_never_loses_what_a_job_has_made(project: OpenProject) -> None:
    project.edit("Rename Album", name_release, "New", "Band")
    project.update(lambda value: put_run(value, Run(id="r1", preset="sketch", epoch=3)))
    project.undo()
    assert project.value.release.title == ""
    assert project.value.runs[0].epoch == 3


def test_closing_writes_the_newest_of_a_burst(project: OpenProject) -> None:
    for number in range(300):
        project.edit("Rename Album", name_release, f"Title {number}", "Band")
    project.close()
    assert load_project(project.folder) == project.value
    assert project.value.release.title == "Title 299"


def test_the_document_on_disk_is_whole_during_a_burst(project: OpenProject) -> None:
    seen: set[str] = set()
    for number in range(300):
        project.edit("Rename Album", name_release, f"Title {number}", "Band")
        found: Project = load_project(project.folder)
        seen.add(found.release.title)
    titles = {"", *(f"Title {number}" for number in range(300))}
    assert seen <= titles


@pytest.fixture
def in_the_way(project: OpenProject) -> Path:
    """A folder where the document of the project was: nothing can be saved until it is gone."""
    document = project.folder / "project.json"
    document.unlink()
    document.mkdir()
    return document


def test_a_disk_that_refuses_is_told_and_tried_again(qtbot: QtBot, project: OpenProject, in_the_way: Path) -> None:
    with qtbot.waitSignal(project.save_failed, timeout=MINUTE) as failed:
        project.edit("Rename Album", name_release, "One", "")
    assert "could not be saved" in failed.args[0]
    in_the_way.rmdir()
    project.edit("Rename Album", name_release, "Two", "")
    project.close()
    assert load_project(project.folder).release.title == "Two"


def test_what_could_not_be_saved_is_saved_by_itself_once_it_can(
    qtbot: QtBot, project: OpenProject, in_the_way: Path
) -> None:
    with qtbot.waitSignal(project.save_failed, timeout=MINUTE):
        project.edit("Rename Album", name_release, "One", "")
    with qtbot.waitSignal(project.saved, timeout=MINUTE) as saved:
        in_the_way.rmdir()
    assert saved.args == [True]
    assert load_project(project.folder).release.title == "One"


def test_one_can_go_to_any_step_that_was_made_or_undone(qtbot: QtBot, project: OpenProject) -> None:
    for tenths in range(5):
        project.put(f"Gap {tenths}", set_gap(project.value, tenths / 10))
    assert project.steps == [f"Gap {tenths}" for tenths in range(5)]
    project.go_to_step(2)
    assert (project.step, project.value.release.gap_seconds) == (2, 0.1)
    assert project.steps == [f"Gap {tenths}" for tenths in range(5)]
    project.go_to_step(5)
    assert project.value.release.gap_seconds == 0.4
    project.go_to_step(0)
    assert project.value.release.gap_seconds == 2.0
    with qtbot.assertNotEmitted(project.changed):
        project.go_to_step(-3)
    project.put("Name", name_release(project.value, "A", "B"))
    assert project.steps == ["Name"]


def test_a_drag_that_is_gone_back_to_does_not_go_on(project: OpenProject) -> None:
    project.put("Gap", set_gap(project.value, 1.0), gesture="drag")
    project.put("Name", name_release(project.value, "A", "B"))
    project.undo()
    project.put("Gap", set_gap(project.value, 3.0), gesture="drag")
    assert project.steps == ["Gap", "Gap"]
    project.undo()
    assert project.value.release.gap_seconds == 1.0
