"""What every editor taught the hand: copies by Ctrl and a drag, paste after paste, undo that keeps what is selected."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.document.model import SONG_RATE
from app.screens.arrange.screen import ArrangeScreen
from tests.app.screens.arrange.hand import ALT, CTRL, LEFT, drag, lane_of, move, place, section


def copies_of(screen: ArrangeScreen, id: str) -> list[str]:
    known = section(screen, id)
    alike = [part for lane in screen.timeline.state.song.lanes for part in lane.sections if part.clip == known.clip]
    return [part.id for part in alike if part.id != id]


def test_pasting_again_and_again_makes_a_row(screen: ArrangeScreen) -> None:
    screen.timeline.state.select({"x5"})
    QTest.keyClick(screen.timeline, Qt.Key.Key_C, CTRL)
    screen.sound.seek(8 * SONG_RATE)
    length = section(screen, "x5").length
    for times in range(1, 4):
        QTest.keyClick(screen.timeline, Qt.Key.Key_V, CTRL)
        assert screen.timeline.state.playhead == 8 * SONG_RATE + times * length
    lane = screen.timeline.state.song.lanes[2].sections
    assert [part.start for part in lane[1:]] == [8 * SONG_RATE + times * length for times in range(3)]
    assert screen.project.steps == ["Paste"] * 3


@pytest.mark.parametrize("at", [0, 8])
def test_what_was_pasted_stays_in_view(screen: ArrangeScreen, at: int) -> None:
    state = screen.timeline.state
    screen.timeline.state.select({"x1", "x2", "x5"})
    QTest.keyClick(screen.timeline, Qt.Key.Key_C, CTRL)
    span = max(part.end for part in state.chosen()) - min(part.start for part in state.chosen())
    width = screen.timeline.viewport().width()
    state.set_scale(replace(state.scale, frames_per_pixel=1.3 * span / width, start=0.0))
    screen.sound.seek(at * SONG_RATE)
    QTest.keyClick(screen.timeline, Qt.Key.Key_V, CTRL)
    pasted = state.chosen()
    assert len(pasted) == 3
    assert min(state.x(part.start) for part in pasted) >= 0
    assert max(state.x(part.end) for part in pasted) <= width
    screen.timeline.state.set_scale(replace(state.scale, frames_per_pixel=0.5 * span / width, start=0.0))
    QTest.keyClick(screen.timeline, Qt.Key.Key_V, CTRL)
    assert 0 <= min(state.x(part.start) for part in state.chosen()) < width / 2


def test_pasting_does_not_disturb_what_plays(screen: ArrangeScreen) -> None:
    screen.timeline.state.select({"x5"})
    QTest.keyClick(screen.timeline, Qt.Key.Key_C, CTRL)
    screen.sound.seek(0)
    screen.sound.play_song()
    QTest.keyClick(screen.timeline, Qt.Key.Key_V, CTRL)
    assert screen.timeline.state.playhead < section(screen, "x5").length
    screen.player.pause()


def test_ctrl_and_a_drag_copy(screen: ArrangeScreen) -> None:
    before = screen.project.value
    screen.timeline.snap.on = False
    drag(screen, place(screen, 5.0, 2), place(screen, 6.0, 0), CTRL)
    assert section(screen, "x5") == before.songs[0].lanes[2].sections[0]
    (copy,) = copies_of(screen, "x5")
    assert lane_of(screen, copy) == 0
    assert section(screen, copy).start == pytest.approx(5 * SONG_RATE, abs=screen.timeline.state.scale.frames(2))
    assert screen.timeline.state.selection == {copy}
    assert screen.project.undo_name == "Copy section"
    screen.project.undo()
    assert screen.project.value == before


def test_ctrl_pressed_from_the_start_copies_what_is_selected_and_what_is_not(screen: ArrangeScreen) -> None:
    for selected in ({"x5"}, {"x4", "x5"}, {"x1"}, set()):
        screen.timeline.state.select(selected)
        before = screen.project.value
        view, start = screen.timeline.viewport(), place(screen, 5.0, 2)
        QTest.mousePress(view, LEFT, CTRL, start)
        for far in (6, 60, 120):
            move(view, start + QPoint(far, 0), CTRL)
        QTest.mouseRelease(view, LEFT, CTRL, start + QPoint(120, 0))
        copied = selected if "x5" in selected else {"x5"}
        assert len(screen.timeline.state.selection) == len(copied)
        assert not screen.timeline.state.selection & {"x1", "x4", "x5"}
        assert screen.project.undo_name == ("Copy section" if len(copied) == 1 else "Copy sections")
        screen.project.undo()
        assert screen.project.value == before
        assert screen.timeline.state.selection == copied


def test_ctrl_let_go_before_the_button_moves(screen: ArrangeScreen) -> None:
    view, start = screen.timeline.viewport(), place(screen, 5.0, 2)
    QTest.mousePress(view, LEFT, CTRL, start)
    for far in (6, 60, 120):
        move(view, start + QPoint(far, 0), CTRL)
    QTest.mouseRelease(view, LEFT, Qt.KeyboardModifier.NoModifier, start + QPoint(120, 0))
    assert copies_of(screen, "x5") == []
    assert screen.project.undo_name == "Move section"


def test_ctrl_and_a_click_choose_and_let_go(screen: ArrangeScreen) -> None:
    view = screen.timeline.viewport()
    for seconds, lane, selected in ((1.0, 0, {"x1"}), (5.0, 2, {"x1", "x5"}), (1.0, 0, {"x5"}), (5.0, 2, set())):
        QTest.mouseClick(view, LEFT, CTRL, place(screen, seconds, lane))
        assert screen.timeline.state.selection == selected
    assert not screen.project.undo_name


def test_a_copy_falls_onto_the_end_of_what_it_was_copied_from(screen: ArrangeScreen) -> None:
    part = section(screen, "x5")
    start = place(screen, 5.0, 2)
    by = round(part.length / screen.timeline.state.scale.frames_per_pixel)
    drag(screen, start, start + QPoint(by + 4, 0), CTRL)
    (copy,) = copies_of(screen, "x5")
    assert section(screen, copy).start == part.end
    screen.project.undo()
    drag(screen, start, start + QPoint(by + 4, 0), CTRL | ALT)
    (copy,) = copies_of(screen, "x5")
    assert section(screen, copy).start != part.end


def test_copies_are_carried_onto_another_song(screen: ArrangeScreen) -> None:
    view, card = screen.timeline.viewport(), screen.flow.cards[1]
    before, end = screen.project.value, screen.project.value.songs[1].frames
    screen.timeline.state.select({"x4", "x5"})
    QTest.mousePress(view, LEFT, CTRL, place(screen, 5.0, 2))
    move(view, place(screen, 5.0, 2) - QPoint(0, 30), CTRL)
    over = view.mapFromGlobal(card.mapToGlobal(card.rect().center()))
    move(view, over, CTRL)
    QTest.mouseRelease(view, LEFT, CTRL, over)
    assert screen.song == "s2"
    assert screen.project.value.songs[0] == before.songs[0]
    assert sorted(part.start for part in screen.timeline.state.chosen()) == [end, end + SONG_RATE]
    assert screen.project.undo_name == "Copy to another song"
    screen.project.undo()
    assert screen.project.value == before


@pytest.mark.parametrize("kinds", [True, False])
def test_near_the_start_things_fall_onto_it(screen: ArrangeScreen, kinds: bool) -> None:
    if not kinds:
        for action in screen.views.kinds.values():
            action.trigger()
    drag(screen, place(screen, 5.0, 2), place(screen, 1.0, 2) + QPoint(5, 0))
    assert section(screen, "x5").start == 0
    screen.project.undo()
    drag(screen, place(screen, 5.0, 2), place(screen, 1.0, 2) + QPoint(5, 0), ALT)
    assert section(screen, "x5").start > 0
    screen.project.undo()
    zero = place(screen, 0.0, 0).x()
    for where, y in ((screen.timeline.ruler, 10), (screen.timeline.viewport(), place(screen, 0, 2).y())):
        screen.sound.seek(SONG_RATE)
        QTest.mouseClick(where, LEFT, pos=QPoint(zero + 5, y))
        assert screen.timeline.state.playhead == 0
        screen.sound.seek(SONG_RATE)
        QTest.mouseClick(where, LEFT, ALT, QPoint(zero + 5, y))
        assert 0 < screen.timeline.state.playhead < SONG_RATE // 2


@pytest.mark.parametrize(
    ("does", "after"),
    [
        ("S", {"x5"}),
        ("R", None),
        ("Del", set()),
        ("Shift+Del", set()),
        ("Ctrl+X", set()),
        ("Ctrl+D", None),
        ("Right", {"x5"}),
        ("Alt+Up", {"x5"}),
        ("[", {"x5"}),
        ("M", {"x5"}),
    ],
)
def test_undo_keeps_or_brings_back_what_was_selected(screen: ArrangeScreen, does: str, after: set[str] | None) -> None:
    screen.sound.seek(round(4.5 * SONG_RATE))
    screen.timeline.state.select({"x5"})
    before = screen.project.value
    key = next(action for action in [*screen.timeline.actions(), *screen.actions()] if does in keys_of(action))
    key.trigger()
    assert screen.project.value != before
    then = screen.timeline.state.selection
    assert after is None or then == after
    screen.project.undo()
    assert screen.timeline.state.selection == {"x5"}
    screen.project.redo()
    assert screen.timeline.state.selection == (then if then else set())
    screen.project.undo()
    assert screen.timeline.state.selection == {"x5"}


def test_the_chip_says_how_to_snap_onto_nothing(screen: ArrangeScreen) -> None:
    assert screen.foot.snap.toolTip() == "Snap; hold Alt while you drag for none (N)"


def keys_of(action: object) -> list[str]:
    return [key.toString() for key in action.shortcuts()]  # type: ignore[attr-defined]


def test_what_was_selected_since_stays_so(screen: ArrangeScreen) -> None:
    screen.timeline.state.select({"x5"})
    QTest.keyClick(screen.timeline, Qt.Key.Key_Right)
    screen.timeline.state.select({"x1", "x2"})
    for step in (screen.project.undo, screen.project.redo, screen.project.undo):
        step()
        assert screen.timeline.state.selection == {"x1", "x2"}
    screen.timeline.state.select(())
    screen.project.redo()
    assert screen.timeline.state.selection == frozenset()
