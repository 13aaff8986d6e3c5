"""From the list of clips onto the lanes."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.document.edits.songs import remove_song
from app.document.model import SONG_RATE
from app.screens.arrange.screen import ArrangeScreen
from app.widgets.clips.clip_cell import stars_area
from app.widgets.clips.generate_dialog import GenerateDialog
from tests.app.conftest import add_checkpoints
from tests.app.screens.arrange.hand import LEFT, drop_clips, place


def test_a_clip_dropped_on_a_lane_becomes_a_section_there(screen: ArrangeScreen) -> None:
    drop_clips(screen, "c0002", place(screen, 8.0, 2))
    fresh = screen.timeline.state.song.lanes[2].sections[-1]
    assert (fresh.clip, fresh.start, fresh.offset) == ("c0002", 8 * SONG_RATE, 0)
    assert screen.timeline.state.selection == {fresh.id}
    assert screen.project.undo_name == "Place clip"
    drop_clips(screen, "c0001 c0003", place(screen, 0.0, 3))
    below = screen.timeline.state.song.lanes[3].sections
    assert [part.clip for part in below] == ["c0001", "c0003"]
    assert below[1].start == below[0].end
    screen.project.undo()
    assert len(screen.timeline.state.song.lanes) == 3


def test_a_drag_that_leaves_places_nothing(screen: ArrangeScreen) -> None:
    before = screen.project.value
    drop_clips(screen, "c0002", place(screen, 8.0, 2), leave=True)
    assert screen.timeline.state.shown_song != screen.timeline.state.song
    screen.timeline.state.cancel()
    assert screen.project.value == before
    assert screen.timeline.state.shown_song == screen.timeline.state.song


def test_clips_dropped_where_no_song_is_yet_begin_one(screen: ArrangeScreen) -> None:
    for song in screen.project.value.songs:
        screen.project.edit("Delete song", remove_song, song.id)
    start = screen.findChild(QWidget, "first-song")
    assert start.isVisible()
    drop_clips(screen, "c0002 c0004", QPoint(200, 200), onto=start.parentWidget())
    (song,) = screen.project.value.songs
    assert [part.clip for part in song.lanes[0].sections] == ["c0002", "c0004"]
    assert screen.timeline.isVisible()


def test_return_in_the_list_puts_the_clip_behind_all_that_is_on_the_lane(screen: ArrangeScreen) -> None:
    screen.timeline.state.select({"x5"})
    screen.clips.list.setFocus()
    screen.clips.list.setCurrentIndex(screen.clips.list.clips.index(0))
    for clip in ("c0006", "c0005"):
        QTest.keyClick(screen.clips.list, Qt.Key.Key_Return)
        before, fresh = screen.timeline.state.song.lanes[2].sections[-2:]
        assert (fresh.clip, fresh.start) == (clip, before.end)
        assert screen.timeline.state.selection == {fresh.id}
        QTest.keyClick(screen.clips.list, Qt.Key.Key_Down)
    assert screen.clips.list.hasFocus()
    assert len(screen.timeline.state.song.lanes) == 3
    for song in screen.project.value.songs:
        screen.project.edit("Delete song", remove_song, song.id)
    QTest.keyClick(screen.clips.list, Qt.Key.Key_Return)
    assert [part.clip for part in screen.timeline.state.song.lanes[0].sections] == ["c0004"]


def test_shift_and_return_put_the_clip_at_the_playhead(screen: ArrangeScreen) -> None:
    screen.sound.seek(SONG_RATE)
    screen.clips.list.setFocus()
    screen.clips.list.setCurrentIndex(screen.clips.list.clips.index(0))
    QTest.keyClick(screen.clips.list, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    fresh = screen.timeline.state.chosen()[0]
    assert (fresh.clip, fresh.start) == ("c0006", SONG_RATE)
    assert len(screen.timeline.state.song.lanes) == 4  # no lane has room for all of it there


def test_stars_and_rejects_by_key_and_click(screen: ArrangeScreen) -> None:
    clips = screen.clips.list
    clips.setFocus()
    clips.setCurrentIndex(clips.clips.index(1))
    QTest.keyClick(clips, Qt.Key.Key_4)
    assert {clip.id: clip.stars for clip in screen.project.value.clips}["c0005"] == 4
    assert clips.current() == "c0005"
    stars = stars_area(clips.visualRect(clips.clips.index(0)))
    QTest.mouseClick(clips.viewport(), LEFT, pos=QPoint(stars.left() + 30, stars.center().y()))
    assert {clip.id: clip.stars for clip in screen.project.value.clips}["c0006"] == 3
    screen.clips.starred.click()
    assert [clips.clips.id_at(clips.clips.index(row)) for row in range(clips.clips.rowCount())] == ["c0006", "c0005"]
    screen.clips.order.setCurrentText("stars")
    assert clips.clips.id_at(clips.clips.index(0)) == "c0005"
    screen.clips.starred.click()
    clips.setCurrentIndex(clips.clips.index(2))
    rejected = clips.current()
    QTest.keyClick(clips, Qt.Key.Key_X)
    assert clips.clips.place_of(rejected) == -1
    assert screen.project.undo_name == "Reject"
    screen.clips.filter.rejected.trigger()
    assert clips.clips.place_of(rejected) == 5


def test_generating_from_the_dialog_fills_the_list(screen: ArrangeScreen, qtbot: QtBot) -> None:
    add_checkpoints(screen.project.folder, 5, 12)

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, GenerateDialog)
        dialog.checkpoint.setCurrentText("epoch 5")
        dialog.count.setValue(3)
        dialog.seconds.setValue(1)
        QTest.mouseClick(dialog.generate, LEFT)

    QTimer.singleShot(0, answer)
    with qtbot.waitSignal(screen.say, timeout=60_000) as said:
        screen.clips.generate.click()
    assert said.args == ["3 new clips.", "good"]
    assert screen.clips.list.clips.rowCount() == 9
    assert [clip.epoch for clip in screen.project.value.clips[6:]] == [5, 5, 5]


def test_without_a_checkpoint_it_says_so(screen: ArrangeScreen, qtbot: QtBot) -> None:
    with qtbot.waitSignal(screen.say) as said:
        screen.clips.generate.click()
    assert "Let the model learn first" in said.args[0]
