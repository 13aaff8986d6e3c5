"""The model goes on from a section, by the button and by the key."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QSpinBox
from pytestqt.qtbot import QtBot

from app.document.edits.continuing import CROSSFADE
from app.document.model import SONG_RATE
from app.screens.arrange.screen import ArrangeScreen
from tests.app.conftest import add_checkpoints
from tests.app.screens.arrange.hand import CTRL, LEFT, SHIFT, section


def test_of_three_ways_to_go_on_one_is_heard_and_the_others_are_a_key_away(screen: ArrangeScreen, qtbot: QtBot) -> None:
    add_checkpoints(screen.project.folder, 12)
    screen.timeline.state.select({"x5"})
    screen.sound.seek(SONG_RATE)
    before = screen.project.value.songs
    with qtbot.waitSignal(screen.say, timeout=60_000) as said:
        QTest.keyClick(screen.timeline, Qt.Key.Key_C)
        assert not screen.going_on.go_on.isEnabled()
    assert said.args == ["3 ways to go on: this is the first. Ctrl+. goes to the next.", "good"]
    song, panel = screen.timeline.state.song, screen.panel.alternatives
    assert len(song.lanes) == 3
    origin, fresh = song.lanes[2].sections
    assert (origin.clip, fresh.clip) == ("c0001", "c0007")
    assert fresh.alternatives == ("c0007", "c0008", "c0009")
    assert fresh.start == 6 * SONG_RATE
    assert screen.timeline.state.selection == {fresh.id}
    assert screen.player.is_playing_part  # it is heard at once, from a little before
    assert screen.project.undo_name == "Continue from here"
    assert (panel.isVisible(), panel.words.text()) == (True, "1 of 3")
    qtbot.waitUntil(screen.going_on.go_on.isEnabled, timeout=20_000)
    after = screen.project.value
    for clip, words, step in (
        ("c0008", "2 of 3", lambda: QTest.mouseClick(panel.next, LEFT)),
        ("c0009", "3 of 3", lambda: QTest.keyClick(screen.timeline, Qt.Key.Key_Period, CTRL)),
        ("c0007", "1 of 3", lambda: QTest.mouseClick(panel.next, LEFT)),
        ("c0009", "3 of 3", lambda: QTest.keyClick(screen.timeline, Qt.Key.Key_Comma, CTRL)),
        ("c0008", "2 of 3", lambda: QTest.mouseClick(panel.before, LEFT)),
    ):
        step()
        assert replace(section(screen, fresh.id), clip="") == replace(fresh, clip="")
        assert section(screen, fresh.id).clip == clip
        assert panel.words.text() == words
        assert screen.player.is_playing_part
        assert screen.timeline.hasFocus()
    assert screen.project.steps == ["Continue from here", *["Another way to go on"] * 5]
    for _ in range(5):
        screen.project.undo()
    assert screen.project.value == after
    assert screen.timeline.state.selection == {fresh.id}
    assert panel.words.text() == "1 of 3"
    screen.project.undo()
    assert screen.project.value.songs == before
    assert screen.timeline.state.selection == {"x5"}
    assert len(screen.project.value.clips) == 9


def test_from_the_playhead_on_the_rest_of_the_section_makes_way_and_what_is_in_the_way_stays(
    screen: ArrangeScreen, qtbot: QtBot
) -> None:
    add_checkpoints(screen.project.folder, 12)
    screen.timeline.state.select({"x1"})
    screen.sound.seek(2 * SONG_RATE)
    before = screen.project.value.songs
    with qtbot.waitSignal(screen.say, timeout=60_000):
        qtbot.mouseClick(screen.panel.go_on, LEFT)
    song = screen.timeline.state.song
    assert len(song.lanes) == 4  # on its own lane another section is in the way
    (fresh,) = song.lanes[3].sections
    assert fresh.start == 2 * SONG_RATE
    assert section(screen, "x1").end == 2 * SONG_RATE + CROSSFADE
    assert section(screen, "x2") == before[0].lanes[0].sections[1]
    assert song.lanes[3].pan == song.lanes[0].pan
    screen.project.undo()
    assert screen.project.value.songs == before


def test_as_many_ways_as_one_says(screen: ArrangeScreen, qtbot: QtBot) -> None:
    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QInputDialog)
        field = dialog.findChild(QSpinBox)
        assert field is not None
        assert field.value() == 3
        field.setValue(1)
        QTest.keyClick(field, Qt.Key.Key_Return)

    add_checkpoints(screen.project.folder, 12)
    screen.timeline.state.select({"x5"})
    QTimer.singleShot(0, answer)
    with qtbot.waitSignal(screen.say, timeout=60_000) as said:
        QTest.keyClick(screen.timeline, Qt.Key.Key_C, SHIFT)
    assert said.args == ["1 way to go on.", "good"]
    assert len(screen.project.value.clips) == 7
    assert screen.timeline.state.chosen()[0].alternatives == ()
    assert not screen.panel.alternatives.isVisible()


def test_what_plays_meanwhile_is_not_disturbed(screen: ArrangeScreen, qtbot: QtBot) -> None:
    add_checkpoints(screen.project.folder, 12)
    screen.timeline.state.select({"x5"})
    with qtbot.waitSignal(screen.say, timeout=60_000):
        screen.going_on.go_on.trigger()
        screen.sound.play_clip("c0006")
        source = screen.player.source
        assert source is not None
        player = screen.player
        player.set_loop((0.0, player.length))  # it plays for as long as generating may take
        stopped: list[bool] = []
        player.state_changed.connect(stopped.append)
    assert player.source is source
    assert player.is_playing
    assert stopped == []


def test_a_section_that_is_moved_meanwhile_takes_its_continuation_along(screen: ArrangeScreen, qtbot: QtBot) -> None:
    add_checkpoints(screen.project.folder, 12)
    screen.timeline.state.select({"x5"})
    with qtbot.waitSignal(screen.say, timeout=60_000):
        screen.going_on.go_on.trigger()
        QTest.keyClick(screen.timeline, Qt.Key.Key_Right)
        assert screen.project.undo_name == "Nudge"
    origin, fresh = screen.timeline.state.song.lanes[2].sections
    assert fresh.start == origin.end - CROSSFADE > 6 * SONG_RATE


def test_where_there_is_no_other_way_it_is_said(screen: ArrangeScreen, qtbot: QtBot) -> None:
    screen.timeline.state.select({"x5"})
    assert not screen.panel.alternatives.isVisible()
    with qtbot.waitSignal(screen.say) as said:
        QTest.keyClick(screen.timeline, Qt.Key.Key_Period, CTRL)
    assert said.args[0].startswith("There is no other way to go on here")
    assert not screen.project.undo_name


def test_without_a_model_it_is_said_plainly(screen: ArrangeScreen, qtbot: QtBot) -> None:
    screen.timeline.state.select({"x1"})
    with qtbot.waitSignal(screen.say, timeout=20_000) as said:
        qtbot.mouseClick(screen.panel.go_on, LEFT)
    assert said.args[0].startswith("Nothing has been learnt yet")
    qtbot.waitUntil(screen.going_on.go_on.isEnabled, timeout=20_000)
    assert screen.project.undo_name == ""


def test_a_section_that_is_deleted_meanwhile_leaves_its_continuations_in_the_list(
    screen: ArrangeScreen, qtbot: QtBot
) -> None:
    add_checkpoints(screen.project.folder, 12)
    screen.timeline.state.select({"x5"})
    with qtbot.waitSignal(screen.say, timeout=60_000) as said:
        screen.going_on.go_on.trigger()
        screen.sections.delete.trigger()
    assert said.args[0] == "The section is gone, so its continuations are in the list of clips."
    assert len(screen.project.value.clips) == 9
    assert len(screen.timeline.state.song.lanes) == 3


def test_cancelling_leaves_nothing(screen: ArrangeScreen, qtbot: QtBot) -> None:
    add_checkpoints(screen.project.folder, 12)
    screen.timeline.state.select({"x5"})
    before = screen.project.value
    screen.going_on.go_on.trigger()
    screen.jobs.asked_for[-1].cancel()
    qtbot.waitUntil(screen.going_on.go_on.isEnabled, timeout=60_000)
    assert screen.project.value == before
    assert not list((screen.project.folder / "clips").glob("c0007*"))
