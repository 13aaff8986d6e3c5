"""On Export: what shops ask for, who did what, how loud it comes out, and the way to what can be mended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.document.edits.songs import title_song
from app.document.model import Project, Track
from app.jobs.job import JobList
from app.playback.player import Player
from app.screens.export.details import DetailsDialog
from app.screens.export.screen import ExportScreen
from app.session.open_project import OpenProject
from tests.app.conftest import OpenFolder
from tests.app.screens.conftest import OpenWindow, shown

MINUTE = 60_000
CLICK = Qt.MouseButton.LeftButton


@pytest.fixture
def project(open_project: OpenFolder, made_project: tuple[Path, Project]) -> OpenProject:
    folder, value = made_project
    tracks = (Track(id="t1", path="/music/a.flac", title="Old", seconds=200.0),)
    value = replace(value, album=replace(value.album, title="Slow Rust", artist="Tin Hearts", tracks=tracks))
    return open_project(folder, value)


@pytest.fixture
def screen(qtbot: QtBot, project: OpenProject, jobs: JobList, player: Player) -> Iterator[ExportScreen]:
    made = shown(qtbot, ExportScreen(project, jobs, player))
    made.entered()
    yield made
    made.left()
    made.hide()
    made.shut()


def answer(qtbot: QtBot, does: Callable[[DetailsDialog], None]) -> None:
    """Answers the next dialog once it is open."""

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, DetailsDialog):
            does(dialog)
        else:
            QTimer.singleShot(20, look)

    QTimer.singleShot(0, look)


def way(qtbot: QtBot, screen: ExportScreen, words: str) -> str:
    """The text of the check with these words, once it has a button."""
    ways = screen.panel.checks.ways
    qtbot.waitUntil(lambda: any(words in text for text in ways), timeout=MINUTE)
    return next(text for text in ways if words in text)


def test_details_are_asked_kept_and_can_be_undone(qtbot: QtBot, screen: ExportScreen) -> None:
    told: list[str] = []

    def fill(dialog: DetailsDialog) -> None:
        for name, text in (("genre", "Metal"), ("date", "2026-11-30"), ("upc", "036000291453")):
            qtbot.keyClicks(dialog.fields[name], text)
        qtbot.keyClicks(dialog.isrcs[1], "qm-abc-26-00002")
        dialog.rights.setChecked(True)
        qtbot.mouseClick(dialog.keep, CLICK)
        told.append(dialog.trouble.text())
        dialog.fields["upc"].clear()
        qtbot.keyClicks(dialog.fields["upc"], "036000291452")
        qtbot.mouseClick(dialog.keep, CLICK)

    answer(qtbot, fill)
    qtbot.mouseClick(screen.panel.details, CLICK)
    assert "the last digit would be 2" in told[0]
    value = screen.project.value
    facts = value.release.facts
    assert (facts.genre, facts.date, facts.upc, facts.rights) == ("Metal", "2026-11-30", "036000291452", True)
    assert [song.isrc for song in value.songs] == ["", "QMABC2600002"]
    screen.project.undo()
    assert screen.project.value.release.facts.genre == ""
    answer(qtbot, lambda dialog: dialog.reject())
    qtbot.mouseClick(screen.panel.details, CLICK)
    assert screen.project.undo_name == ""


def test_who_did_what_is_copied(qtbot: QtBot, screen: ExportScreen) -> None:
    with qtbot.waitSignal(screen.say):
        qtbot.mouseClick(screen.panel.credits, CLICK)
    text = QApplication.clipboard().text()
    for said in ("Vocals: AI-generated", "“Slow Rust” by Tin Hearts", "Track: yes", "Bandcamp"):
        assert said in text


def test_gains_and_limiter_are_edits_and_hidden_as_made(qtbot: QtBot, screen: ExportScreen) -> None:
    panel, project = screen.panel, screen.project
    assert panel.one_gain.isChecked()
    assert panel.limiter.isChecked()
    qtbot.mouseClick(panel.each_song, CLICK)
    assert project.value.release.each_song
    qtbot.mouseClick(panel.limiter, CLICK)
    assert not project.value.release.limiter
    project.undo()
    project.undo()
    assert panel.one_gain.isChecked()
    assert panel.limiter.isChecked()
    qtbot.mouseClick(panel.targets["as made"], CLICK)
    assert not panel.limiter.isVisible()
    qtbot.mouseClick(panel.targets["−9 LUFS"], CLICK)
    assert panel.limiter.isVisible()


def test_each_check_leads_to_where_it_can_be_mended(qtbot: QtBot, screen: ExportScreen) -> None:
    asked: list[object] = []
    screen.go.connect(asked.append)
    screen.song_asked.connect(lambda song, frame: asked.append((song, frame)))
    screen.project.edit("Title", title_song, "s2", "hollow engine")
    for words in ("same title", "shorter than 30 s", "no cover chosen"):
        qtbot.mouseClick(screen.panel.checks.ways[way(qtbot, screen, words)], CLICK)
    assert asked == ["titles", ("s1", 0), "artwork"]
    qtbot.mouseClick(screen.panel.checks.ways[way(qtbot, screen, "no title")], CLICK)
    assert screen.title.hasFocus()
    answer(qtbot, lambda dialog: (dialog.rights.setChecked(True), dialog.keep.click()))
    qtbot.mouseClick(screen.panel.checks.ways[way(qtbot, screen, "you may use")], CLICK)
    assert screen.project.value.release.facts.rights


def test_a_song_that_is_to_be_looked_at_is_shown_in_arrange(
    qtbot: QtBot, open_window: OpenWindow, made_project: tuple[Path, Project]
) -> None:
    window = open_window(made_project[0])
    window.workspace.go("export")
    window.workspace.current.song_asked.emit("s2", 44_100)
    arrange = window.workspace.current
    assert (arrange.name, arrange.song) == ("arrange", "s2")
    assert arrange.timeline.state.playhead == 44_100
