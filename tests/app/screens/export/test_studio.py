"""For the studio, on the Export screen: a button, how far it is, Cancel, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.document.edits.songs import remove_song
from app.document.model import Project
from app.jobs.job import JobList
from app.playback.player import Player
from app.screens.export import studio
from app.screens.export.screen import ExportScreen
from app.session.open_project import OpenProject
from tests.app.conftest import MINUTE, OpenFolder
from tests.app.screens.conftest import shown

CLICK = Qt.MouseButton.LeftButton


@pytest.fixture
def project(open_project: OpenFolder, made_project: tuple[Path, Project]) -> OpenProject:
    return open_project(*made_project)


@pytest.fixture
def screen(qtbot: QtBot, project: OpenProject, jobs: JobList, player: Player, tmp_path: Path) -> Iterator[ExportScreen]:
    made = shown(qtbot, ExportScreen(project, jobs, player))
    made.out = tmp_path / "out"
    made.entered()
    yield made
    made.left()
    made.hide()
    made.shut()


def test_a_click_hands_the_songs_over_and_shows_where_they_are(
    qtbot: QtBot, screen: ExportScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = screen.studio
    qtbot.mouseClick(row.buttons["reaper"], CLICK)
    assert not any(each.isEnabled() for each in row.buttons.values())
    qtbot.waitUntil(lambda: not row.cancel.visibleRegion().isEmpty(), timeout=MINUTE)
    qtbot.waitUntil(row.open.isVisible, timeout=MINUTE)
    qtbot.waitUntil(lambda: not row.open.visibleRegion().isEmpty(), timeout=MINUTE)
    assert row.handed_over is not None
    assert len(list(row.handed_over.rglob("*.rpp"))) == 2
    opened: list[Path] = []
    monkeypatch.setattr(studio, "show_folder", lambda folder: opened.append(folder) or "")
    qtbot.mouseClick(row.open, CLICK)
    assert opened == [row.handed_over]
    qtbot.waitUntil(row.buttons["stems"].isEnabled, timeout=MINUTE)


def test_cancel_leaves_nothing(qtbot: QtBot, screen: ExportScreen, tmp_path: Path) -> None:
    said: list[str] = []
    screen.say.connect(lambda words, kind: said.append(words))
    qtbot.mouseClick(screen.studio.buttons["stems"], CLICK)
    qtbot.mouseClick(screen.studio.cancel, CLICK)
    qtbot.waitUntil(screen.studio.buttons["stems"].isEnabled, timeout=MINUTE)
    assert any("nothing was left behind" in words for words in said)
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


def test_without_songs_there_is_nothing_to_hand_over(qtbot: QtBot, screen: ExportScreen, project: OpenProject) -> None:
    assert screen.studio.buttons["stems"].isEnabled()
    for song in project.value.songs:
        project.edit("Remove song", remove_song, song.id)
    qtbot.waitUntil(lambda: not screen.studio.buttons["stems"].isEnabled(), timeout=MINUTE)
