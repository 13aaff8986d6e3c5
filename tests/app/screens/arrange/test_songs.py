"""Songs of the album in the strip above."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.document.edits.songs import title_song
from app.document.store import load_project
from app.screens.arrange.screen import ArrangeScreen
from app.widgets.songs.song_card import SONG_MIME
from app.widgets.timeline.mouse import CLIP_MIME
from tests.app.screens.arrange.hand import ALT, CTRL, LEFT, SHIFT


def test_shows_the_first_song_and_all_clips(screen: ArrangeScreen) -> None:
    assert screen.song == "s1"
    assert len(screen.flow.cards) == 2
    assert screen.clips.list.clips.rowCount() == 6
    assert [header.lane for header in screen.timeline.headers.headers] == ["l1", "l2", "l3"]
    assert screen.rail_note() == "2 songs"
    assert screen.head.title.text() == "Hollow Engine"


def test_songs_are_added_named_copied_moved_and_deleted(screen: ArrangeScreen) -> None:
    screen.flow.add.click()
    assert screen.song == "s3"
    screen.head.title.setFocus()
    QTest.keyClicks(screen.head.title, "Sour Bloom")
    QTest.keyClick(screen.head.title, Qt.Key.Key_Return)
    assert screen.project.value.songs[2].title == "Sour Bloom"
    screen.choose_song("s1")
    screen.songs.duplicate_shown()
    assert [song.id for song in screen.project.value.songs] == ["s1", "s4", "s2", "s3"]
    mime = QMimeData()
    mime.setData(SONG_MIME, b"s1")
    end = screen.flow.cards[3].mapTo(screen.flow, screen.flow.cards[3].rect().center()) + QPoint(10, 0)
    keys, action = Qt.KeyboardModifier.NoModifier, Qt.DropAction.MoveAction
    QApplication.sendEvent(screen.flow.viewport(), QDragEnterEvent(end, action, mime, LEFT, keys))
    QApplication.sendEvent(screen.flow.viewport(), QDragMoveEvent(end, action, mime, LEFT, keys))
    QApplication.sendEvent(screen.flow.viewport(), QDropEvent(QPointF(end), action, mime, LEFT, keys))
    assert [song.id for song in screen.project.value.songs] == ["s4", "s2", "s3", "s1"]
    screen.flow.cards[3].setFocus()
    QTest.keyClick(screen.flow.cards[3], Qt.Key.Key_Left, ALT)
    assert [song.id for song in screen.project.value.songs] == ["s4", "s2", "s1", "s3"]
    QTest.keyClick(screen.flow.cards[0], Qt.Key.Key_Delete)
    assert [song.id for song in screen.project.value.songs] == ["s2", "s1", "s3"]


def test_every_edit_is_saved(screen: ArrangeScreen, qtbot: QtBot) -> None:
    screen.timeline.state.select({"x1"})
    with qtbot.waitSignal(screen.project.saved, check_params_cb=lambda done: done):
        QTest.keyClick(screen.timeline, Qt.Key.Key_Delete)
    assert load_project(screen.project.folder) == screen.project.value


def test_the_silence_between_two_songs_is_turned_in_one_step(screen: ArrangeScreen) -> None:
    gap = screen.flow.gaps[0]
    assert gap.isVisible()
    assert not screen.flow.gaps[1].isVisible()
    gap.setFocus()
    for _ in range(3):
        QTest.keyPress(gap, Qt.Key.Key_Up)
    QTest.keyRelease(gap, Qt.Key.Key_Up)
    assert screen.project.value.songs[0].gap_seconds == 3.5
    assert screen.project.steps == ["Gap"]
    assert "0:16" in screen._songs.text() or "0:17" in screen._songs.text()
    QTest.keyClick(gap, Qt.Key.Key_Delete)
    assert screen.project.value.songs[0].gap_seconds is None
    QTest.mouseDClick(gap, LEFT)
    QTest.keyClicks(gap.entry, "1.25")
    QTest.keyClick(gap.entry, Qt.Key.Key_Return)
    assert screen.project.value.songs[0].gap_seconds == 1.25


def test_clips_dropped_on_a_song_go_behind_all_that_is_there(screen: ArrangeScreen) -> None:
    card = screen.flow.cards[1]
    end = screen.project.value.songs[1].frames
    mime = QMimeData()
    mime.setData(CLIP_MIME, b"c0001 c0002")
    at = screen.flow.viewport().mapFromGlobal(card.mapToGlobal(card.rect().center()))
    action, keys = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    view = screen.flow.viewport()
    QApplication.sendEvent(view, QDragEnterEvent(at, action, mime, LEFT, keys))
    QApplication.sendEvent(view, QDragMoveEvent(at, action, mime, LEFT, keys))
    assert card.is_target
    QApplication.sendEvent(view, QDropEvent(QPointF(at), action, mime, LEFT, keys))
    placed = screen.project.value.songs[1].lanes[0].sections[1:]
    assert [part.clip for part in placed] == ["c0001", "c0002"]
    assert placed[0].start == end
    assert screen.project.undo_name == "Place clips"


def test_keys_go_from_song_to_song(screen: ArrangeScreen) -> None:
    QTest.keyClick(screen.timeline, Qt.Key.Key_PageDown, CTRL)
    assert screen.song == "s2"
    QTest.keyClick(screen.timeline, Qt.Key.Key_PageDown, CTRL)
    assert screen.song == "s1"
    QTest.keyClick(screen.timeline, Qt.Key.Key_PageUp, CTRL)
    assert screen.song == "s2"


def test_keys_do_what_the_heads_of_the_lanes_do(screen: ArrangeScreen) -> None:
    screen.timeline.state.select({"x3"})
    for key, what in ((Qt.Key.Key_U, "mute"), (Qt.Key.Key_O, "solo")):
        for on in (True, False):
            QTest.keyClick(screen.timeline, key, ALT)
            assert [getattr(lane, what) for lane in screen.timeline.state.song.lanes] == [False, on, False]
    QTest.keyClick(screen.timeline, Qt.Key.Key_L, CTRL | SHIFT)
    assert [lane.id for lane in screen.timeline.state.song.lanes] == ["l1", "l3"]


def test_undo_and_redo_show_the_song_that_they_change(screen: ArrangeScreen) -> None:
    screen.timeline.state.select({"x1"})
    screen.songs.move_chosen_to("s2")
    assert (screen.song, screen.timeline.state.selection) == ("s2", {"x1"})
    screen.project.undo()
    assert (screen.song, screen.timeline.state.selection) == ("s1", {"x1"})
    screen.project.redo()
    assert (screen.song, screen.timeline.state.selection) == ("s2", {"x1"})
    screen.project.go_to_step(0)
    screen.choose_song("s2")
    screen.project.edit("Title song", title_song, "s1", "Another")
    screen.project.undo()
    assert screen.song == "s2"


def test_after_a_song_is_deleted_its_neighbour_is_shown_and_has_the_keys(screen: ArrangeScreen, qtbot: QtBot) -> None:
    screen.songs.add()
    screen.flow.cards[2].setFocus()
    QTest.keyClick(screen.flow.cards[2], Qt.Key.Key_Delete)
    assert screen.song == "s2"
    qtbot.waitUntil(screen.flow.cards[1].hasFocus)
    screen.project.undo()
    assert screen.song == "s3"


def test_songs_that_fit_need_no_scroll_bar(screen: ArrangeScreen) -> None:
    flow = screen.flow
    for _ in range(2):
        screen.songs.duplicate("s2")
    for width in range(900, 940):
        flow.resize(width, flow.height())
        assert flow.strip.width() <= flow.viewport().width()
