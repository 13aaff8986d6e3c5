"""The model goes on from a section, by the button and by the key."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.document.model import SONG_RATE
from app.screens.arrange import ArrangeScreen
from tests.app.conftest import add_checkpoints
from tests.app.screens.arrange.hand import LEFT


def test_continuations_lie_on_a_new_lane_at_the_playhead_and_one_undo_takes_them_away(
    screen: ArrangeScreen, qtbot: QtBot
) -> None:
    add_checkpoints(screen.project.folder, 12)
    screen.timeline.select({"x1"})
    screen.sound.seek(2 * SONG_RATE)
    before = screen.project.value.songs
    with qtbot.waitSignal(screen.say, timeout=60_000) as said:
        QTest.keyClick(screen.timeline, Qt.Key.Key_C)
        assert not screen.going_on.go_on.isEnabled()
    song = screen.timeline.song
    assert said.args == ["3 ways to go on, one behind the other on lane D.", "good"]
    assert len(song.lanes) == 4
    fresh = song.lanes[3]
    assert [part.clip for part in fresh.sections] == ["c0007", "c0008", "c0009"]
    assert fresh.sections[0].start == 2 * SONG_RATE
    assert fresh.sections[1].start == fresh.sections[0].end
    assert fresh.pan == song.lanes[0].pan
    assert screen.timeline.selection == {part.id for part in fresh.sections}
    assert screen.project.undo_name == "Continue from here"
    screen.project.undo()
    assert screen.project.value.songs == before
    assert len(screen.project.value.clips) == 9
    screen.timeline.select({"x1"})
    qtbot.waitUntil(screen.going_on.go_on.isEnabled, timeout=20_000)


def test_without_the_playhead_in_it_a_section_goes_on_from_its_end(screen: ArrangeScreen, qtbot: QtBot) -> None:
    add_checkpoints(screen.project.folder, 12)
    screen.timeline.select({"x5"})
    screen.sound.seek(SONG_RATE)
    with qtbot.waitSignal(screen.say, timeout=60_000):
        qtbot.mouseClick(screen.panel.go_on, LEFT)
    assert screen.timeline.song.lanes[3].sections[0].start == 6 * SONG_RATE


def test_without_a_model_it_is_said_plainly(screen: ArrangeScreen, qtbot: QtBot) -> None:
    screen.timeline.select({"x1"})
    with qtbot.waitSignal(screen.say, timeout=20_000) as said:
        qtbot.mouseClick(screen.panel.go_on, LEFT)
    assert said.args[0].startswith("Nothing has been learnt yet")
    qtbot.waitUntil(screen.going_on.go_on.isEnabled, timeout=20_000)
    assert screen.project.undo_name == ""


def test_a_section_that_is_deleted_meanwhile_leaves_its_continuations_in_the_list(
    screen: ArrangeScreen, qtbot: QtBot
) -> None:
    add_checkpoints(screen.project.folder, 12)
    screen.timeline.select({"x5"})
    with qtbot.waitSignal(screen.say, timeout=60_000) as said:
        screen.going_on.go_on.trigger()
        screen.sections.delete.trigger()
    assert said.args[0] == "The section is gone, so its continuations are in the list of clips."
    assert len(screen.project.value.clips) == 9
    assert len(screen.timeline.song.lanes) == 3


def test_cancelling_leaves_nothing(screen: ArrangeScreen, qtbot: QtBot) -> None:
    add_checkpoints(screen.project.folder, 12)
    screen.timeline.select({"x5"})
    before = screen.project.value
    screen.going_on.go_on.trigger()
    screen.jobs.asked_for[-1].cancel()
    qtbot.waitUntil(screen.going_on.go_on.isEnabled, timeout=60_000)
    assert screen.project.value == before
    assert not list((screen.project.folder / "clips").glob("c0007*"))
