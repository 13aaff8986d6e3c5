"""A stretch is replaced by the model, and more like a section is made, by keys and in the menu."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.document.edits.continuing import CROSSFADE
from app.document.model import SONG_RATE
from app.screens.arrange.screen import ArrangeScreen
from tests.app.conftest import add_checkpoints
from tests.app.screens.arrange.hand import ALT, CTRL, section


def test_the_part_in_the_loop_is_replaced_by_what_leads_on_best(screen: ArrangeScreen, qtbot: QtBot) -> None:
    add_checkpoints(screen.project.folder, 12)
    screen.timeline.state.select({"x1"})
    screen.sound.loop((SONG_RATE, 2 * SONG_RATE))
    before = screen.project.value.songs
    with qtbot.waitSignal(screen.say, timeout=60_000) as said:
        QTest.keyClick(screen.timeline, Qt.Key.Key_C, ALT)
        assert not screen.replacing.replace.isEnabled()
        assert screen.jobs.asked_for[-1].name == "Replacing"
    words, kind = said.args
    assert words.startswith("Of 4 ways this one leads on best: what stands after takes 0.")
    assert (words.endswith("behind the last. Ctrl+. goes to the next."), kind) == (True, "good")
    left, fresh, right, other = screen.timeline.state.song.lanes[0].sections
    assert (left.id, other.id, screen.timeline.state.selection) == ("x1", "x2", {fresh.id})
    assert (left.end, fresh.start) == (SONG_RATE + CROSSFADE, SONG_RATE)
    assert right.start == fresh.end - CROSSFADE
    assert right.end == section(screen, "x1").start + 3 * SONG_RATE
    assert set(fresh.alternatives) == {"c0007", "c0008", "c0009", "c0010"}
    assert fresh.clip == fresh.alternatives[0]
    assert screen.panel.why.words.text() == fresh.why == words.removesuffix(" Ctrl+. goes to the next.")
    assert screen.player.is_playing_part
    assert screen.project.steps == ["Replace this stretch"]
    qtbot.waitUntil(screen.replacing.replace.isEnabled, timeout=20_000)
    QTest.keyClick(screen.timeline, Qt.Key.Key_Period, CTRL)
    assert section(screen, fresh.id).clip == fresh.alternatives[1]
    assert screen.panel.alternatives.words.text() == "2 of 4"
    screen.project.undo()
    screen.project.undo()
    assert screen.project.value.songs == before
    assert len(screen.project.value.clips) == 10


def test_more_like_a_section_joins_the_list_and_leaves_the_song_alone(screen: ArrangeScreen, qtbot: QtBot) -> None:
    add_checkpoints(screen.project.folder, 12)
    screen.timeline.state.select({"x1"})
    before = screen.project.value.songs
    with qtbot.waitSignal(screen.say, timeout=60_000) as said:
        QTest.keyClick(screen.timeline, Qt.Key.Key_L, ALT)
    assert said.args == ["4 new clips from where this section begins, in the list of clips.", "good"]
    made = screen.project.value.clips[6:]
    assert [round(clip.seconds, 3) for clip in made] == [3.0] * 4
    assert len({clip.seed for clip in made}) == 4
    assert (screen.project.value.songs, screen.project.undo_name) == (before, "")


def test_both_are_in_the_menu_and_wait_for_one_section(screen: ArrangeScreen) -> None:
    screen.timeline.state.select({"x1"})
    actions = (screen.replacing.replace, screen.replacing.more)
    (sub,) = [action.menu() for action in screen.sections.menu().actions() if action.text() == "With the model"]
    assert set(actions) <= set(sub.actions())
    assert all(action.isEnabled() for action in actions)
    screen.timeline.state.select({"x1", "x2"})
    assert not any(action.isEnabled() for action in actions)


def test_why_it_cannot_be_is_said(screen: ArrangeScreen, qtbot: QtBot) -> None:
    screen.timeline.state.select({"x5"})
    with qtbot.waitSignal(screen.say) as said:
        QTest.keyClick(screen.timeline, Qt.Key.Key_C, ALT)
    assert said.args[0].startswith("Nothing stands before this stretch to go on from.")
    screen.timeline.state.select({"x1"})
    for key in (Qt.Key.Key_C, Qt.Key.Key_L):
        qtbot.waitUntil(screen.replacing.replace.isEnabled, timeout=20_000)
        with qtbot.waitSignal(screen.say, timeout=20_000) as said:
            QTest.keyClick(screen.timeline, key, ALT)
        assert said.args[0].startswith("Nothing has been learnt yet")
    assert screen.project.undo_name == ""


def test_what_was_cut_meanwhile_stays_and_the_clips_are_in_the_list(screen: ArrangeScreen, qtbot: QtBot) -> None:
    add_checkpoints(screen.project.folder, 12)
    screen.timeline.state.select({"x1"})
    with qtbot.waitSignal(screen.say, timeout=60_000) as said:
        screen.replacing.replace.trigger()
        screen.sections.delete.trigger()
    assert said.args[0].startswith("The section is another one by now")
    assert len(screen.project.value.clips) == 10
    assert screen.project.steps == ["Delete"]


def test_cancelling_leaves_nothing(screen: ArrangeScreen, qtbot: QtBot) -> None:
    add_checkpoints(screen.project.folder, 12)
    screen.timeline.state.select({"x1"})
    before = screen.project.value
    screen.replacing.replace.trigger()
    screen.jobs.asked_for[-1].cancel()
    qtbot.waitUntil(screen.replacing.replace.isEnabled, timeout=60_000)
    assert screen.project.value == before
    assert not list((screen.project.folder / "clips").glob("c0007*"))
