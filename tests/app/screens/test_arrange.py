"""The Arrange screen, driven by mouse and keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.document.edits.songs import mute_lane
from app.document.model import SONG_RATE, Project, Section
from app.document.store import load_project
from app.jobs.job import JobList
from app.jobs.open_project import OpenProject
from app.jobs.player import Player
from app.screens.arrange import ArrangeScreen
from app.widgets.album_flow import SONG_MIME
from app.widgets.generate_dialog import GenerateDialog
from app.widgets.timeline.mouse import CLIP_MIME
from tests.app.conftest import add_checkpoints

LEFT = Qt.MouseButton.LeftButton
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.fixture
def project(made_project: tuple[Path, Project]) -> Iterator[OpenProject]:
    opened = OpenProject(*made_project)
    yield opened
    opened.close()


@pytest.fixture
def screen(qtbot: QtBot, project: OpenProject) -> Iterator[ArrangeScreen]:
    yield from shown(qtbot, project)


def shown(qtbot: QtBot, project: OpenProject) -> Iterator[ArrangeScreen]:
    jobs, player = JobList(), Player()
    made = ArrangeScreen(project, jobs, player)
    qtbot.addWidget(made)
    made.resize(1272, 800)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.entered()
    qtbot.waitUntil(lambda: made.timeline.hasFocus())
    yield made
    made.left()
    jobs.cancel_all()
    qtbot.waitUntil(lambda: not jobs.running)
    made.shut()
    player.close()


def section(screen: ArrangeScreen, id: str) -> Section:
    lanes = (lane for song in screen.project.value.songs for lane in song.lanes)
    return next(part for lane in lanes for part in lane.sections if part.id == id)


def lane_of(screen: ArrangeScreen, id: str) -> int:
    lanes = screen.timeline.song.lanes
    return next(place for place, lane in enumerate(lanes) if any(part.id == id for part in lane.sections))


def place(screen: ArrangeScreen, seconds: float, lane: int, down: float = 0.6) -> QPoint:
    scene = screen.timeline.scene
    return QPoint(scene.x(round(seconds * SONG_RATE)), round(scene.rows.top(lane) + scene.rows.height * down))


def drag(
    screen: ArrangeScreen, start: QPoint, end: QPoint, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    view = screen.timeline.viewport()
    QTest.mousePress(view, LEFT, pos=start)
    middle = (start + end) / 2
    for point in (start + QPoint(6, 0), middle, end):
        move(view, point, keys)
    QTest.mouseRelease(view, LEFT, keys, end)


def move(view: QWidget, point: QPoint, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    at = QPointF(point)
    QApplication.sendEvent(
        view,
        QMouseEvent(QEvent.Type.MouseMove, at, view.mapToGlobal(at), Qt.MouseButton.NoButton, LEFT, keys),
    )


def drop_clips(screen: ArrangeScreen, clips: str, at: QPoint, *, leave: bool = False) -> None:
    mime = QMimeData()
    mime.setData(CLIP_MIME, clips.encode())
    view = screen.timeline.viewport()
    none = Qt.KeyboardModifier.NoModifier
    copy = Qt.DropAction.CopyAction
    QApplication.sendEvent(view, QDragEnterEvent(at, copy, mime, LEFT, none))
    QApplication.sendEvent(view, QDragMoveEvent(at, copy, mime, LEFT, none))
    if not leave:
        QApplication.sendEvent(view, QDropEvent(QPointF(at), copy, mime, LEFT, none))


def test_shows_the_first_song_and_all_clips(screen: ArrangeScreen) -> None:
    assert screen.song == "s1"
    assert len(screen.flow.cards) == 2
    assert screen.clips.list.clips.rowCount() == 6
    assert [header.lane for header in screen.timeline.headers.headers] == ["l1", "l2", "l3"]
    assert screen.rail_note() == "2 songs"
    assert screen.head.title.text() == "Hollow Engine"


def test_a_drag_moves_along_and_across_the_lanes_in_one_step_of_undo(screen: ArrangeScreen) -> None:
    before = screen.project.value
    screen.timeline.snap.on = False
    drag(screen, place(screen, 5.0, 2), place(screen, 6.0, 0))
    moved = section(screen, "x5")
    assert lane_of(screen, "x5") == 0
    assert moved.start == pytest.approx(5.0 * SONG_RATE, abs=screen.timeline.scene.scale.frames_per_pixel * 2)
    assert screen.project.undo_name == "Move section"
    screen.project.undo()
    assert screen.project.value == before


def test_a_dragged_section_falls_onto_an_edge_unless_ctrl_is_held(screen: ArrangeScreen) -> None:
    near = place(screen, 5.0, 2) + QPoint(place(screen, 6.5 - 4.0, 0).x() - place(screen, 0.0, 0).x() + 3, 0)
    drag(screen, place(screen, 5.0, 2), near)
    assert section(screen, "x5").start == round(6.5 * SONG_RATE)
    screen.project.undo()
    drag(screen, place(screen, 5.0, 2), near, CTRL)
    assert section(screen, "x5").start != round(6.5 * SONG_RATE)
    assert screen.timeline.scene.guide is None


def test_escape_gives_a_drag_up(screen: ArrangeScreen) -> None:
    before = screen.project.value
    view = screen.timeline.viewport()
    QTest.mousePress(view, LEFT, pos=place(screen, 5.0, 2))
    move(view, place(screen, 6.0, 1))
    move(view, place(screen, 6.5, 1))
    assert screen.timeline.scene.song != screen.timeline.song
    QTest.keyClick(screen.timeline, Qt.Key.Key_Escape)
    assert screen.timeline.scene.song == screen.timeline.song
    QTest.mouseRelease(view, LEFT, pos=place(screen, 6.5, 1))
    assert screen.project.value == before
    assert not screen.project.undo_name


def test_edges_trim_and_the_sound_can_be_pulled_out_again(screen: ArrangeScreen) -> None:
    screen.timeline.snap.on = False
    before = section(screen, "x5")
    end = QPoint(screen.timeline.scene.x(before.end) - 2, place(screen, 5, 2).y())
    drag(screen, end, end - QPoint(60, 0))
    trimmed = section(screen, "x5")
    assert trimmed.length < before.length
    assert screen.project.undo_name == "Trim"
    end = QPoint(screen.timeline.scene.x(trimmed.end) - 2, end.y())
    drag(screen, end, end + QPoint(900, 0))
    assert section(screen, "x5").length == 4 * SONG_RATE  # all of its clip, and no more
    start = QPoint(screen.timeline.scene.x(before.start) + 2, end.y())
    drag(screen, start, start + QPoint(40, 0))
    again = section(screen, "x5")
    assert again.offset - again.start == before.offset - before.start


def test_a_grip_in_the_corner_fades(screen: ArrangeScreen) -> None:
    part = section(screen, "x4")
    top = screen.timeline.scene.rows.top(1) + 4
    grip = QPoint(screen.timeline.scene.x(part.end) - 9, top)
    drag(screen, grip, grip - QPoint(50, 0))
    assert section(screen, "x4").fade_out == pytest.approx(screen.timeline.scene.scale.frames(50), rel=0.05)
    assert screen.project.undo_name == "Fade out"


def test_s_splits_what_is_under_the_playhead_and_control_j_joins_it_again(screen: ArrangeScreen) -> None:
    before = screen.project.value
    screen.sound.seek(round(3.5 * SONG_RATE))
    QTest.keyClick(screen.timeline, Qt.Key.Key_S)
    assert [len(lane.sections) for lane in screen.timeline.song.lanes] == [3, 3, 1]
    assert screen.project.undo_name == "Split"
    screen.project.undo()
    screen.timeline.select({"x2"})
    QTest.keyClick(screen.timeline, Qt.Key.Key_S)
    assert [len(lane.sections) for lane in screen.timeline.song.lanes] == [3, 2, 1]
    QTest.keyClick(screen.timeline, Qt.Key.Key_A, CTRL)
    QTest.keyClick(screen.timeline, Qt.Key.Key_J, CTRL)
    assert screen.project.value == before


def test_delete_and_ripple_delete(screen: ArrangeScreen) -> None:
    screen.timeline.select({"x1"})
    QTest.keyClick(screen.timeline, Qt.Key.Key_Delete)
    assert [part.id for part in screen.timeline.song.lanes[0].sections] == ["x2"]
    assert not screen.timeline.selection
    screen.project.undo()
    screen.timeline.select({"x1"})
    QTest.keyClick(screen.timeline, Qt.Key.Key_Delete, SHIFT)
    assert section(screen, "x2").start == 0


def test_repeat_copy_cut_and_paste(screen: ArrangeScreen) -> None:
    screen.timeline.select({"x5"})
    QTest.keyClick(screen.timeline, Qt.Key.Key_R)
    QTest.keyClick(screen.timeline, Qt.Key.Key_D, CTRL)
    starts = [part.start for part in screen.timeline.song.lanes[2].sections]
    assert starts == [round(seconds * SONG_RATE) for seconds in (4, 6, 8)]
    QTest.keyClick(screen.timeline, Qt.Key.Key_X, CTRL)
    assert len(screen.timeline.song.lanes[2].sections) == 2
    screen.choose_song("s2")
    screen.sound.seek(SONG_RATE)
    screen.timeline.setFocus()
    QTest.keyClick(screen.timeline, Qt.Key.Key_V, CTRL)
    pasted = screen.timeline.song.lanes[2].sections[0]
    assert (pasted.clip, pasted.start, screen.timeline.selection) == ("c0001", SONG_RATE, {pasted.id})


def test_arrows_nudge_and_change_lanes(screen: ArrangeScreen) -> None:
    screen.timeline.select({"x5"})
    before = section(screen, "x5").start
    QTest.keyClick(screen.timeline, Qt.Key.Key_Right)
    assert section(screen, "x5").start > before
    QTest.keyClick(screen.timeline, Qt.Key.Key_Left)
    QTest.keyClick(screen.timeline, Qt.Key.Key_Right, SHIFT)
    assert section(screen, "x5").start == before + SONG_RATE // 1000
    QTest.keyClick(screen.timeline, Qt.Key.Key_Up, ALT)
    assert lane_of(screen, "x5") == 1
    QTest.keyClick(screen.timeline, Qt.Key.Key_Up)
    assert screen.timeline.selection <= {"x1", "x2"}
    QTest.keyClick(screen.timeline, Qt.Key.Key_Left, CTRL)
    assert screen.timeline.selection == {"x1"}


def test_a_lasso_and_shift_clicks_choose_several(screen: ArrangeScreen) -> None:
    drag(screen, place(screen, 7.5, 1), place(screen, 4.5, 2))
    assert screen.timeline.selection == {"x4", "x5"}
    assert screen.timeline.scene.lasso is None
    QTest.mouseClick(screen.timeline.viewport(), LEFT, SHIFT, place(screen, 1.0, 0))
    assert screen.timeline.selection == {"x1", "x4", "x5"}
    drag(screen, place(screen, 5.0, 2), place(screen, 6.0, 2))
    assert screen.project.undo_name == "Move sections"
    assert section(screen, "x1").start > 0


def test_a_clip_dropped_on_a_lane_becomes_a_section_there(screen: ArrangeScreen) -> None:
    drop_clips(screen, "c0002", place(screen, 8.0, 2))
    fresh = screen.timeline.song.lanes[2].sections[-1]
    assert (fresh.clip, fresh.start, fresh.offset) == ("c0002", 8 * SONG_RATE, 0)
    assert screen.timeline.selection == {fresh.id}
    assert screen.project.undo_name == "Place clip"
    drop_clips(screen, "c0001 c0003", place(screen, 0.0, 3))
    below = screen.timeline.song.lanes[3].sections
    assert [part.clip for part in below] == ["c0001", "c0003"]
    assert below[1].start == below[0].end
    screen.project.undo()
    assert len(screen.timeline.song.lanes) == 3


def test_a_drag_that_leaves_places_nothing(screen: ArrangeScreen) -> None:
    before = screen.project.value
    drop_clips(screen, "c0002", place(screen, 8.0, 2), leave=True)
    assert screen.timeline.scene.song != screen.timeline.song
    screen.timeline.cancel()
    assert screen.project.value == before
    assert screen.timeline.scene.song == screen.timeline.song


def test_return_in_the_list_puts_the_clip_at_the_playhead(screen: ArrangeScreen) -> None:
    screen.sound.seek(SONG_RATE)
    screen.clips.list.setFocus()
    screen.clips.list.setCurrentIndex(screen.clips.list.clips.index(0))
    QTest.keyClick(screen.clips.list, Qt.Key.Key_Return)
    fresh = screen.timeline.chosen()[0]
    assert (fresh.clip, fresh.start) == ("c0006", SONG_RATE)
    assert len(screen.timeline.song.lanes) == 4  # no lane has room for all of it there


def test_stars_and_rejects_by_key_and_click(screen: ArrangeScreen) -> None:
    clips = screen.clips.list
    clips.setFocus()
    clips.setCurrentIndex(clips.clips.index(1))
    QTest.keyClick(clips, Qt.Key.Key_4)
    assert {clip.id: clip.stars for clip in screen.project.value.clips}["c0005"] == 4
    assert clips.current() == "c0005"
    from app.widgets.clip_cell import stars_area

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
    screen.clips.rejected.click()
    assert clips.clips.place_of(rejected) == 5


def test_the_section_panel_sets_all_that_is_chosen_in_one_step(screen: ArrangeScreen) -> None:
    screen.timeline.select({"x1", "x3"})
    for value in (-4, -8, -12):
        screen.panel.gain.slider.setValue(value)
    screen.panel.let_go.emit()
    screen.panel.pan.slider.setValue(-70)
    assert {section(screen, id).gain_db for id in ("x1", "x3")} == {-6.0}
    assert section(screen, "x1").pan == pytest.approx(-0.7)
    screen.project.undo()
    assert section(screen, "x1").pan == 0
    screen.project.undo()
    assert section(screen, "x1").gain_db == 0
    screen.panel.fade_in.slider.setValue(100)
    assert section(screen, "x1").fade_in == pytest.approx(1.25 * SONG_RATE, rel=0.01)
    QTest.mouseDClick(screen.panel.fade_in.slider, LEFT)
    assert section(screen, "x1").fade_in == 0


def test_the_panel_tells_how_the_clip_was_made_and_how_loud_it_is(screen: ArrangeScreen, qtbot: QtBot) -> None:
    screen.timeline.select({"x2"})
    assert screen.panel.facts.value("Epoch") == "7"
    assert screen.panel.facts.value("Seed") == "4"
    qtbot.waitUntil(lambda: screen.panel.facts.value("Loudness").endswith("LUFS"))


def test_lanes_are_muted_soloed_panned_added_and_removed(screen: ArrangeScreen) -> None:
    header = screen.timeline.headers.headers[0]
    header.mute.click()
    header.solo.click()
    lane = screen.timeline.song.lanes[0]
    assert (lane.mute, lane.solo) == (True, True)
    header.gain.setFocus()
    QTest.keyClick(header.gain, Qt.Key.Key_Down)
    assert screen.timeline.song.lanes[0].gain_db == -0.5
    QTest.mouseDClick(header.pan, LEFT)
    assert screen.timeline.song.lanes[0].pan == 0
    screen.timeline.headers.add.click()
    assert len(screen.timeline.song.lanes) == 4
    screen.timeline.headers.headers[3].remove.click()
    assert len(screen.timeline.song.lanes) == 3
    assert screen.project.undo_name == "Remove lane"


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


def test_zoom_stays_under_the_pointer_and_backslash_fits(screen: ArrangeScreen) -> None:
    view = screen.timeline.viewport()
    at = QPointF(300, 50)
    under = screen.timeline.scene.scale.frame(300)
    for turn in (120, 120, 120):
        wheel = QWheelEvent(
            at, view.mapToGlobal(at), QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton, CTRL,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(view, wheel)
    assert screen.timeline.scene.scale.frame(300) == pytest.approx(under, abs=500)
    assert screen.timeline.scene.scale.start > 0
    QTest.keyClick(screen.timeline, Qt.Key.Key_Backslash)
    assert screen.timeline.scene.scale.start == 0
    assert screen.timeline.scene.x(screen.timeline.song.frames) <= view.width()


def test_the_ruler_seeks_and_draws_a_loop(screen: ArrangeScreen) -> None:
    ruler = screen.timeline.ruler
    QTest.mouseClick(ruler, LEFT, pos=QPoint(place(screen, 2.0, 0).x(), 12))
    assert screen.timeline.scene.playhead == pytest.approx(2 * SONG_RATE, abs=1000)
    assert screen.player.position == pytest.approx(2.0, abs=0.03)
    QTest.mousePress(ruler, LEFT, pos=QPoint(place(screen, 3.0, 0).x(), 12))
    move(ruler, QPoint(place(screen, 4.0, 0).x(), 12))
    QTest.mouseRelease(ruler, LEFT, pos=QPoint(place(screen, 4.0, 0).x(), 12))
    assert screen.timeline.scene.loop == (3 * SONG_RATE, 4 * SONG_RATE)
    assert screen.player.loop == (3.0, 4.0)
    QTest.mouseDClick(ruler, LEFT, pos=QPoint(200, 12))
    assert screen.player.loop is None


def test_the_song_plays_from_the_playhead_and_an_edit_is_heard(screen: ArrangeScreen, qtbot: QtBot) -> None:
    screen.sound.seek(SONG_RATE)
    screen.play()
    qtbot.waitUntil(lambda: screen.timeline.scene.playhead > SONG_RATE, timeout=10_000)
    before = screen.player.source
    screen.timeline.headers.headers[0].mute.click()
    assert screen.player.source is not before
    assert screen.player.is_playing
    screen.player.pause()


def test_a_clip_plays_and_stops_with_space(screen: ArrangeScreen, qtbot: QtBot) -> None:
    clips = screen.clips.list
    clips.setFocus()
    clips.setCurrentIndex(clips.clips.index(0))
    QTest.keyClick(clips, Qt.Key.Key_Space)
    assert screen.player.is_playing
    assert screen.player.length == pytest.approx(9.0, abs=0.01)
    QTest.keyClick(clips, Qt.Key.Key_Space)
    assert not screen.player.is_playing
    screen.timeline.setFocus()
    screen.play()
    assert screen.player.length == pytest.approx(7.0, abs=0.01)
    screen.player.pause()


def test_a_clip_whose_file_is_gone_is_told_and_the_rest_goes_on(screen: ArrangeScreen, qtbot: QtBot) -> None:
    (screen.project.folder / "clips/c0003.flac").unlink()
    with qtbot.waitSignal(screen.say) as said:
        screen.sound.play_clip("c0003")
    assert "c0003" in said.args[0]
    screen.play()
    assert screen.player.is_playing
    screen.player.pause()


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


def test_the_song_goes_on_with_an_edit_made_elsewhere_and_stops_when_it_is_deleted(
    screen: ArrangeScreen, qtbot: QtBot
) -> None:
    screen.play()
    qtbot.waitUntil(lambda: screen.timeline.scene.playhead > 0, timeout=10_000)
    screen.left()
    before = screen.player.source
    screen.project.edit("Mute", mute_lane, "l1", True)
    assert screen.player.source is not before
    assert screen.player.is_playing
    screen.project.put("Delete Songs", replace(screen.project.value, songs=()))
    assert not screen.player.is_playing


def test_every_edit_is_saved(screen: ArrangeScreen, qtbot: QtBot) -> None:
    screen.timeline.select({"x1"})
    with qtbot.waitSignal(screen.project.saved, check_params_cb=lambda done: done):
        QTest.keyClick(screen.timeline, Qt.Key.Key_Delete)
    assert load_project(screen.project.folder) == screen.project.value


def test_nothing_yet_says_what_to_do_next(qtbot: QtBot, tmp_path: Path) -> None:
    project = OpenProject(tmp_path, Project(name="new"))
    steps = shown_empty(qtbot, project)
    screen = next(steps)
    assert screen.clips.to_train.isVisible()
    assert not screen.clips.generate.isVisible()
    with qtbot.waitSignal(screen.go) as asked:
        screen.clips.to_train.click()
    assert asked.args == ["train"]
    QTest.mouseClick(screen.findChild(QWidget, "first-song"), LEFT)
    assert len(project.value.songs) == 1
    assert screen.timeline.isVisible()
    next(steps, None)
    project.close()


def shown_empty(qtbot: QtBot, project: OpenProject) -> Iterator[ArrangeScreen]:
    player = Player()
    screen = ArrangeScreen(project, JobList(), player)
    qtbot.addWidget(screen)
    screen.resize(900, 600)
    screen.show()
    qtbot.waitExposed(screen)
    yield screen
    screen.shut()
    player.close()


def test_what_is_empty_stays_dark_whatever_is_selected(screen: ArrangeScreen) -> None:
    from PySide6.QtGui import QColor

    from app.widgets import theme

    for lane in screen.timeline.song.lanes:
        for part in lane.sections:
            screen.timeline.select({part.id})
            picture = screen.timeline.viewport().grab().toImage()
            assert picture.pixelColor(picture.width() - 20, picture.height() - 20) == QColor(theme.GROUND)


def test_every_control_says_its_name(screen: ArrangeScreen) -> None:
    screen.timeline.select({"x1"})
    from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QLineEdit, QScrollBar

    for control in screen.findChildren(QWidget):
        if isinstance(control, QAbstractButton | QAbstractSlider | QLineEdit) and not isinstance(control, QScrollBar):
            inside_spin_box = control.objectName() == "qt_spinbox_lineedit"
            assert inside_spin_box or control.accessibleName() or getattr(control, "text", str)(), control
    assert "e12 · 0006, lane A" in screen.timeline.accessibleDescription()
    assert all(action.text() for action in screen.actions())
    keys = [key.toString() for action in screen.actions() for key in action.shortcuts()]
    assert len(keys) == len(set(keys))
