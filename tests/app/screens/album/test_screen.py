"""The Album screen, driven by mouse, keys and drops."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.document.model import Album, Track
from app.document.store import create_project, load_project, save_project
from app.screens.album import screen as album_module
from app.screens.catalogue_dialog import CatalogueDialog
from app.screens.window.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton


def drop(window: MainWindow, urls: list[QUrl]) -> None:
    data = QMimeData()
    data.setUrls(urls)
    at, action = QPoint(600, 400), Qt.DropAction.MoveAction | Qt.DropAction.CopyAction
    no_keys = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(at, action, data, LEFT, no_keys)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    dropped = QDropEvent(QPointF(at), action, data, LEFT, no_keys)
    QApplication.sendEvent(window, dropped)
    assert dropped.dropAction() == Qt.DropAction.CopyAction


def wait_until_idle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.workspace.jobs.running, timeout=60_000)


@pytest.fixture
def window(open_window: Callable[[Path], MainWindow], tmp_path: Path) -> MainWindow:
    return open_window(tmp_path / "Untitled.deepcuts")


@pytest.fixture
def filled(qtbot: QtBot, window: MainWindow, music: Path) -> MainWindow:
    window.album.add_files([music])
    wait_until_idle(qtbot, window)
    return window


def test_a_dropped_folder_becomes_the_album(qtbot: QtBot, window: MainWindow, music: Path) -> None:
    window.workspace.go("titles")
    drop(window, [QUrl.fromLocalFile(str(music))])
    qtbot.waitUntil(lambda: bool(window.project.value.album.tracks), timeout=60_000)
    assert window.workspace.screen_name == "album"
    screen = window.album
    assert [screen.tracks.row(id).title.toolTip() for id in screen.tracks.ids] == ["Ordinal", "Hollow"]
    assert "03 Letter.wav" in screen.left_out.reasons
    assert screen.left_out.isVisible()
    qtbot.mouseClick(screen.left_out.done, LEFT)
    assert screen.left_out.isHidden()
    assert window.workspace.rail.step(0).note == "24 s"
    wait_until_idle(qtbot, window)
    assert screen.progress.isHidden()


def test_files_of_other_computers_are_refused_politely(qtbot: QtBot, window: MainWindow) -> None:
    drop(window, [QUrl("https://example.com/song.flac")])
    qtbot.waitUntil(lambda: "this computer" in window.workspace.toast.text)
    assert not window.workspace.jobs.running


def test_an_import_can_be_undone(qtbot: QtBot, filled: MainWindow) -> None:
    assert len(filled.project.value.album.tracks) == 2
    qtbot.keyClick(filled, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not filled.project.value.album.tracks
    assert filled.album.first.isVisible()
    qtbot.keyClick(filled, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert len(filled.project.value.album.tracks) == 2


def test_a_track_is_switched_off_and_on(qtbot: QtBot, filled: MainWindow) -> None:
    row = filled.album.tracks.row(filled.album.tracks.ids[0])
    qtbot.mouseClick(row.on, LEFT)
    assert not filled.project.value.album.tracks[0].on
    assert filled.project.undo_name == "Switch track off"
    assert filled.album.side.facts.value("Music") == "12 s"
    qtbot.mouseClick(row.on, LEFT)
    assert filled.project.value.album.tracks[0].on


def test_nothing_to_learn_from_says_why(qtbot: QtBot, filled: MainWindow) -> None:
    side = filled.album.side
    assert side.train.isEnabled()
    for id in filled.album.tracks.ids:
        qtbot.mouseClick(filled.album.tracks.row(id).on, LEFT)
    assert not side.train.isEnabled()
    assert "at least one track" in side.why_not.text()


def test_delete_removes_the_track_with_the_focus(qtbot: QtBot, filled: MainWindow) -> None:
    tracks = filled.album.tracks
    tracks.row(tracks.ids[0]).setFocus()
    qtbot.keyClick(tracks.row(tracks.ids[0]), Qt.Key.Key_Down)
    assert tracks.row(tracks.ids[1]).hasFocus()
    qtbot.keyClick(tracks.row(tracks.ids[1]), Qt.Key.Key_Delete)
    assert [track.title for track in filled.project.value.album.tracks] == ["Ordinal"]


def test_a_click_on_a_waveform_plays_from_there(qtbot: QtBot, filled: MainWindow) -> None:
    row = filled.album.tracks.row(filled.album.tracks.ids[1])
    qtbot.mouseClick(row.wave, LEFT, pos=QPoint(row.wave.width() // 2, 10))
    player = filled.workspace.player
    assert player.is_playing
    assert player.position == pytest.approx(6.0, abs=0.2)
    qtbot.waitUntil(lambda: (row.wave.playhead or 0) > 0.51, timeout=10_000)
    qtbot.keyClick(filled, Qt.Key.Key_Space)
    assert not player.is_playing


def test_waveforms_appear(qtbot: QtBot, filled: MainWindow) -> None:
    wave = filled.album.tracks.row(filled.album.tracks.ids[0]).wave
    qtbot.waitUntil(lambda: len(wave._mins) == wave.columns, timeout=30_000)
    assert wave._maxs.max() > 0.5


def test_the_train_button_leads_to_training(qtbot: QtBot, filled: MainWindow) -> None:
    qtbot.mouseClick(filled.album.side.train, LEFT)
    assert filled.workspace.screen_name == "train"


def test_pasted_titles_join_the_catalogue(qtbot: QtBot, filled: MainWindow) -> None:
    qtbot.mouseClick(filled.album.side.paste, LEFT)
    dialog = filled.findChild(CatalogueDialog)
    assert dialog is not None
    dialog.field.setPlainText("1. Iron Harvest\n2. Salt (Live)\n\n3. Iron harvest")
    qtbot.mouseClick(dialog.take, LEFT)
    assert filled.project.value.album.titles == ("Iron Harvest", "Salt")
    assert filled.album.side.catalogue.value("Song titles") == "4"


def test_photographs_come_and_go(
    qtbot: QtBot, filled: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = [tmp_path / "stage.png", tmp_path / "van.png"]
    for number, path in enumerate(pictures):
        Image.new("RGB", (320, 200), (200, 40 * number, 90)).save(path)
    monkeypatch.setattr(album_module, "ask_open_files", lambda *_: pictures)
    qtbot.mouseClick(filled.album.side.add_photographs, LEFT)
    wait_until_idle(qtbot, filled)
    grid = filled.album.side.photographs
    assert filled.project.value.album.photographs == tuple(str(path) for path in pictures)
    qtbot.mouseClick(grid.photo(str(pictures[0])), LEFT)
    assert filled.project.value.album.photographs == (str(pictures[1]),)
    assert pictures[0].exists()


def test_the_album_is_renamed_in_place(qtbot: QtBot, filled: MainWindow) -> None:
    title = filled.album.head.title
    qtbot.mouseClick(title.shown, LEFT)
    title.field.setText("Another")
    qtbot.keyClick(title.field, Qt.Key.Key_Return)
    assert filled.project.value.album.title == "Another"


def test_an_import_can_be_cancelled(qtbot: QtBot, window: MainWindow, music: Path) -> None:
    window.album.add_files([music])
    job = window.workspace.jobs.running[-1]
    with qtbot.waitSignal(job.ended, timeout=30_000):
        qtbot.mouseClick(window.album.progress.cancel, LEFT)
    wait_until_idle(qtbot, window)
    assert window.album.progress.isHidden()


def test_the_demo_band_plays_and_stays_where_it_is(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.mouseClick(window.album.first.demo, LEFT)
    qtbot.waitUntil(lambda: bool(window.project.value.album.tracks), timeout=120_000)
    album = window.project.value.album
    assert album.cover
    assert not window.album.head.cover.is_empty
    assert window.project.value.name == album.title
    folder = window.project.folder
    window.close()
    qtbot.waitUntil(lambda: window.is_closed, timeout=20_000)
    moved = folder.with_name(f"{album.title}.deepcuts")
    assert load_project(moved).album == album
    assert (moved / album.cover).is_file()
    assert all(Path(track.path).is_file() for track in album.tracks)


def test_a_track_whose_file_is_gone_says_so(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], tmp_path: Path
) -> None:
    path = tmp_path / "Gone.deepcuts"
    track = Track(id="t1", path=str(tmp_path / "gone.flac"), title="Gone", seconds=30.0, rate=44_100, channels=2)
    save_project(path, replace(create_project(path), album=Album(title="Gone", tracks=(track,))))
    window = open_window(path)
    row = window.album.tracks.row("t1")
    qtbot.waitUntil(lambda: row.notes.text() == "missing", timeout=20_000)
    qtbot.mouseClick(row.wave, LEFT)
    assert "gone.flac" in window.workspace.toast.text
    assert not window.workspace.player.is_playing


def test_the_empty_cover_asks_for_a_picture(
    qtbot: QtBot, filled: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, cover = filled.project, filled.album.head.cover
    project.put("Remove", replace(project.value, album=replace(project.value.album, cover="")))
    assert cover.is_empty
    assert "Choose" in cover.toolTip()
    Image.new("RGB", (60, 60), "teal").save(tmp_path / "mine.png")
    monkeypatch.setattr(album_module, "ask_open_file", lambda *_: tmp_path / "mine.png")
    qtbot.mouseClick(cover, LEFT)
    qtbot.waitUntil(lambda: not cover.is_empty, timeout=60_000)
    wait_until_idle(qtbot, filled)
    assert project.value.album.cover
    assert cover.toolTip() == ""
