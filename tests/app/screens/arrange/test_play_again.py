"""Sections that are played again in other sound, and clips that go with the other lanes: by keys and by the menu."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.document.model import SONG_RATE
from app.document.song_part import lanes_beside, sections_alone
from app.document.tree import section_of
from app.screens.arrange.screen import ArrangeScreen
from app.widgets.clips.generate_dialog import GenerateDialog
from tests.app.conftest import MINUTE, add_checkpoints
from tests.app.screens.arrange.hand import ALT, LEFT, NONE, SHIFT, place, section

Answer = Callable[[GenerateDialog], None]
Press = Callable[[Qt.Key, Qt.KeyboardModifier, Answer], None]


@pytest.fixture
def press(screen: ArrangeScreen, qtbot: QtBot) -> Press:
    """Presses a key and answers the dialog that it opens; what goes wrong in the answer is raised here."""
    add_checkpoints(screen.project.folder, 5)

    def press(key: Qt.Key, keys: Qt.KeyboardModifier, answer: Answer) -> None:
        problems: list[BaseException] = []
        opened: list[GenerateDialog] = []

        def give() -> None:
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, GenerateDialog)
            opened.append(dialog)
            try:
                answer(dialog)
            except BaseException as problem:
                problems.append(problem)
            if dialog.isVisible():
                dialog.reject()

        screen.window().activateWindow()
        screen.timeline.setFocus()
        qtbot.waitUntil(screen.timeline.hasFocus, timeout=MINUTE)
        QTimer.singleShot(0, give)
        QTest.keyClick(screen.timeline, key, keys)
        if problems:
            raise problems[0]
        assert opened

    return press


def test_a_section_is_played_again(screen: ArrangeScreen, qtbot: QtBot, press: Press) -> None:
    QTest.mouseClick(screen.timeline.viewport(), LEFT, pos=place(screen, 1.0, 0))
    assert screen.timeline.state.selection == {"x1"}
    before = screen.project.value

    def answer(dialog: GenerateDialog) -> None:
        assert dialog.cards.key == "song"
        assert dialog.seconds.value() == 3.0
        assert dialog.settings().guide.part == sections_alone(before, ["x1"])
        dialog.count.setValue(2)
        qtbot.waitUntil(lambda: dialog.guide.hear.isEnabled(), timeout=MINUTE)
        assert dialog.guide.name.whole == "Hollow Engine, section 1"
        assert dialog.guide.facts.text() == "0:03"
        QTest.mouseClick(dialog.generate, LEFT)

    press(Qt.Key.Key_G, SHIFT, answer)
    qtbot.waitUntil(lambda: len(screen.project.value.clips) == 8, timeout=MINUTE)
    clips = screen.project.value.clips[6:]
    assert [(clip.guide, clip.seconds) for clip in clips] == [("Hollow Engine, section 1", 3.0)] * 2
    # it is heard in its place at once, and the one before is a click away
    qtbot.waitUntil(lambda: screen.project.value.songs != before.songs, timeout=MINUTE)
    was, now = section_of(before, "x1")[2], section(screen, "x1")
    assert (now.clip, now.start, now.offset, now.length) == (clips[0].id, was.start, 0, 3 * SONG_RATE)
    assert now.alternatives == (was.clip, *(clip.id for clip in clips))
    assert screen.timeline.state.selection == {"x1"}
    assert screen.player.is_playing_part
    assert screen.panel.alternatives.words.text() == "2 of 3"
    QTest.mouseClick(screen.panel.alternatives.before, LEFT)
    assert replace(section(screen, "x1"), alternatives=(), alternative_offsets=()) == was
    QTest.mouseClick(screen.panel.alternatives.before, LEFT)
    assert (section(screen, "x1").clip, section(screen, "x1").offset) == (clips[1].id, 0)
    assert screen.project.steps == ["Play it again", *["Another way to go on"] * 2]
    for _ in range(3):
        screen.project.undo()
    assert screen.project.value.songs == before.songs
    assert screen.project.value.clips[6:] == clips

    def look(dialog: GenerateDialog) -> None:
        assert dialog.cards.key == "album"  # what was chosen before is asked for again
        assert dialog.seconds.value() == 30.0
        assert dialog.cards.card("song").isEnabled()
        QTest.mouseClick(dialog.cards.card("song"), LEFT)
        assert dialog.settings().guide.part is not None
        QTest.keyClick(dialog, Qt.Key.Key_Return)

    press(Qt.Key.Key_G, NONE, look)

    def look_again(dialog: GenerateDialog) -> None:
        assert dialog.cards.key == "song"
        assert dialog.settings().guide.part == sections_alone(screen.project.value, ["x2"])

    QTest.mouseClick(screen.timeline.viewport(), LEFT, pos=place(screen, 5.0, 0))
    press(Qt.Key.Key_G, NONE, look_again)


def test_without_a_selection_the_whole_song_is_played_again(screen: ArrangeScreen, press: Press) -> None:
    def answer(dialog: GenerateDialog) -> None:
        part = dialog.settings().guide.part
        assert part is not None
        assert (part.kind, part.name, part.seconds) == ("song", "Hollow Engine", 7.0)
        assert dialog.seconds.value() == 7.0
        assert dialog.cards.card("song").accessibleName() == "The whole song"

    press(Qt.Key.Key_G, SHIFT, answer)


def test_clips_go_with_the_other_lanes(screen: ArrangeScreen, qtbot: QtBot, press: Press) -> None:
    screen.timeline.state.select({"x1"})

    def answer(dialog: GenerateDialog) -> None:
        part = dialog.settings().guide.part
        assert part == lanes_beside(screen.project.value, ["x1"])
        assert part is not None
        assert (part.name, part.start, part.frames) == ("Hollow Engine, lane 2", 0, 3 * SONG_RATE)
        dialog.count.setValue(2)
        qtbot.waitUntil(lambda: dialog.guide.hear.isEnabled(), timeout=MINUTE)
        QTest.mouseClick(dialog.generate, LEFT)

    said: list[str] = []
    screen.say.connect(lambda words, _: said.append(words))
    lanes = screen.timeline.state.song.lanes
    press(Qt.Key.Key_G, ALT, answer)
    qtbot.waitUntil(lambda: bool(said), timeout=MINUTE)
    assert said == ["2 takes on a lane below: this is the first. Ctrl+. goes to the next."]
    first, second, fresh, last = screen.timeline.state.song.lanes
    assert (first, second, last) == lanes
    (made,) = fresh.sections
    assert (made.start, made.length, made.alternatives) == (0, 3 * SONG_RATE, ("c0007", "c0008"))
    assert screen.timeline.state.selection == {made.id}
    screen.project.undo()
    assert screen.timeline.state.song.lanes == lanes


def test_what_cannot_be_played_again_is_said(screen: ArrangeScreen, qtbot: QtBot, press: Press) -> None:
    said: list[str] = []
    screen.say.connect(lambda words, _: said.append(words))
    screen.choose_song("s2")
    screen.timeline.state.select({"x6"})
    screen.playing_again.along.trigger()
    assert said == ["Nothing lies on other lanes beside what is selected."]
    screen.sections.delete_chosen()
    assert not screen.playing_again.along.isEnabled()
    screen.playing_again.again.trigger()
    assert said[1:] == ["There is nothing in this song yet to play again."]

    def answer(dialog: GenerateDialog) -> None:
        assert not dialog.cards.card("song").isEnabled()

    press(Qt.Key.Key_G, NONE, answer)


def test_a_section_whose_file_is_gone_gets_a_sentence(screen: ArrangeScreen, qtbot: QtBot, press: Press) -> None:
    Path(screen.project.folder / "clips/c0003.flac").unlink()
    screen.choose_song("s2")
    before = screen.project.value

    def answer(dialog: GenerateDialog) -> None:
        qtbot.waitUntil(lambda: "is missing" in dialog.guide.words.text(), timeout=MINUTE)
        assert not dialog.generate.isEnabled()
        assert not dialog.guide.file.isVisible()
        QTest.mouseClick(dialog.cards.card("none"), LEFT)
        assert dialog.generate.isEnabled()

    screen.timeline.state.select({"x6"})
    press(Qt.Key.Key_G, SHIFT, answer)
    assert screen.project.value == before


def test_the_menu_has_both(screen: ArrangeScreen) -> None:
    screen.timeline.state.select({"x1"})
    menu = screen.sections.menu()
    (under,) = menu.findChildren(QMenu)
    assert under.menuAction() in menu.actions()
    texts = [action.text() for action in under.actions()]
    assert "Play it again, anew…" in texts
    assert "Play along to the other lanes…" in texts
    menu.close()
