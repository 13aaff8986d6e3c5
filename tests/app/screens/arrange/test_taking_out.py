"""What is dragged out of Arrange and Export, or copied, is a sound file for other programs, and nothing for our own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QDragEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.document.model import SONG_RATE, Project
from app.jobs.taking_out import SoundMime
from app.screens.window.main_window import MainWindow
from app.widgets.album.drops import dropped_paths, has_files
from app.widgets.songs.release_songs import ROW
from tests.app.screens.conftest import OpenWindow

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(open_window: OpenWindow, made_project: tuple[Path, Project]) -> MainWindow:
    window = open_window(made_project[0])
    window.workspace.go("arrange")
    return window


@pytest.fixture
def carried(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[QMimeData]]:
    """What drags carry; each ends at once, dropped on another program."""
    found: list[QMimeData] = []
    monkeypatch.setattr(QDrag, "setMimeData", lambda drag, mime: found.append(mime))
    monkeypatch.setattr(QDrag, "exec", lambda drag, *actions: Qt.DropAction.CopyAction)
    yield found
    for mime in found:
        if isinstance(mime, SoundMime):
            mime.wait()


def files(mime: QMimeData) -> list[Path]:
    assert mime.hasUrls()
    return [Path(url.toLocalFile()) for url in mime.urls()]


def test_clips_leave_as_files(window: MainWindow, carried: list[QMimeData]) -> None:
    clips = window.workspace.screens["arrange"].clips.list
    clips.selectAll()
    clips.startDrag(Qt.DropAction.CopyAction)
    (mime,) = carried
    found = files(mime)
    assert len(found) == 6
    assert all(soundfile.info(path).samplerate == SONG_RATE for path in found)
    assert len(bytes(mime.data("application/x-deepcuts-clips").data()).split()) == 6


def test_a_song_leaves_as_a_file(window: MainWindow, carried: list[QMimeData]) -> None:
    card = window.workspace.screens["arrange"].flow.cards[0]
    QTest.mousePress(card, LEFT, pos=QPoint(10, 10))
    QTest.mouseMove(card, QPoint(60, 14))
    (mime,) = carried
    (path,) = files(mime)
    assert path.name == "Hollow Engine.wav"
    assert soundfile.info(path).frames == 7 * SONG_RATE


def test_a_section_that_is_carried_out_of_the_window_leaves_as_a_file(
    window: MainWindow, carried: list[QMimeData]
) -> None:
    arrange = window.workspace.screens["arrange"]
    timeline = arrange.timeline
    before = window.workspace.project.value
    section = before.songs[0].lanes[0].sections[0]
    start = QPoint(
        round(timeline.state.x(section.start)) + 40, timeline.state.rows.top(0) + timeline.state.rows.height // 2
    )
    view = timeline.viewport()
    QTest.mousePress(view, LEFT, pos=start)
    QTest.mouseMove(view, start + QPoint(20, 0))
    assert not carried
    outside = view.mapFromGlobal(window.mapToGlobal(QPoint(-40, 200)))
    QTest.mouseMove(view, outside)
    (mime,) = carried
    (path,) = files(mime)
    assert path.name == "Hollow Engine, section 1.wav"
    assert soundfile.info(path).frames == section.length
    assert window.workspace.project.value == before, "nothing was moved"
    QTest.mouseRelease(view, LEFT, pos=outside)
    assert window.workspace.project.value == before


def test_copied_sections_are_on_the_clipboard_as_a_file(qtbot: QtBot, window: MainWindow) -> None:
    QApplication.clipboard().clear()  # other tests copy, too
    arrange = window.workspace.screens["arrange"]
    first = window.workspace.project.value.songs[0].lanes[1].sections[0]
    arrange.timeline.state.select([first.id])
    arrange.sections.copy.trigger()
    qtbot.waitUntil(lambda: "file:" in QApplication.clipboard().text(), timeout=60_000)
    (path,) = files(QApplication.clipboard().mimeData())
    assert soundfile.info(path).frames == first.length
    arrange.sections.paste.trigger()
    assert window.workspace.project.undo_name == "Paste"
    QApplication.clipboard().clear()


def test_what_was_copied_elsewhere_meanwhile_stays(qtbot: QtBot, window: MainWindow) -> None:
    arrange = window.workspace.screens["arrange"]
    arrange.timeline.state.select([window.workspace.project.value.songs[0].lanes[0].sections[0].id])
    arrange.sections.copy.trigger()
    QApplication.clipboard().setText("something else")
    qtbot.waitUntil(lambda: not window.workspace.jobs.running, timeout=60_000)
    assert QApplication.clipboard().text() == "something else"


def test_a_song_of_the_release_leaves_as_a_file(window: MainWindow, carried: list[QMimeData]) -> None:
    window.workspace.go("export")
    songs = window.workspace.screens["export"].songs
    QTest.mousePress(songs, LEFT, pos=QPoint(60, ROW // 2))
    QTest.mouseMove(songs, QPoint(60, ROW))
    QTest.mouseMove(songs, songs.mapFromGlobal(window.mapToGlobal(QPoint(200, -30))))
    (mime,) = carried
    assert [path.name for path in files(mime)] == ["Hollow Engine.wav"]


def test_our_own_window_takes_no_file_of_its_own(window: MainWindow) -> None:
    arrange = window.workspace.screens["arrange"]
    mime = arrange.taking_out.song("s1", {})
    assert not has_files(mime)
    assert dropped_paths(mime) == ([], "")
    enter = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, mime, LEFT, Qt.KeyboardModifier.NoModifier)
    enter.ignore()
    window.dragEnterEvent(enter)
    assert not enter.isAccepted()
    assert mime.wait()
    assert QPointF(enter.position()) == QPointF(5, 5)


def test_what_cannot_be_made_is_told(qtbot: QtBot, window: MainWindow) -> None:
    arrange = window.workspace.screens["arrange"]
    folder = window.workspace.project.folder
    (folder / "taken-out").write_text("in the way")
    mime = arrange.taking_out.song("s1", {})
    with qtbot.waitSignal(arrange.say) as said:
        assert mime.urls() == []
    assert "cannot be written" in said.args[0]
