"""A riff or a beat as what clips play along to, chosen in the dialog: drawn, tapped, or a MIDI file."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.document.beat_grid import BeatGrid, pattern_of_grid, with_stroke
from app.document.guide_choice import GuideChoice
from app.document.pattern import Pattern
from app.widgets.clips.generate_dialog import GenerateDialog
from app.widgets.clips.generate_settings import GenerateSettings, GuideQuestion
from app.widgets.clips.guide_view import ShownGuide
from app.widgets.clips.guide_words import SOURCES
from tests.app.screens.dropping import drop, files

LEFT = Qt.MouseButton.LeftButton
MIDI, LOOP = Path("/music/kick.mid"), Path("/music/loop.wav")
SHOWN = ShownGuide(np.full((500, 20), -40.0, np.float32), 2.0, 2.0, 120.0)
KICK = pattern_of_grid(with_stroke(BeatGrid(), "low", 0, 1.0))
Open = Callable[..., GenerateDialog]


def chosen_last(guide: GuideChoice) -> GenerateSettings:
    return GenerateSettings("run-1", 4, 3, 12.0, 0.8, 5, guide=guide)


def draw(dialog: GenerateDialog, step: int) -> None:
    grid = dialog.guide.beat.grid
    QTest.mouseClick(grid, LEFT, pos=grid.cell("low", step).center().toPoint())


def test_a_beat_is_drawn_worked_out_and_generated_to(qtbot: QtBot, opened: Open) -> None:
    dialog = opened()
    questions: list[GuideQuestion | None] = []
    dialog.guide_asked.connect(questions.append)
    QTest.mouseClick(dialog.cards.card("pattern"), LEFT)
    beat = dialog.guide.beat
    assert beat.grid.isVisible()
    assert beat.controls.isVisible()
    assert not beat.file_controls.isVisible()
    assert dialog.focusWidget() is beat.grid
    assert questions == [None]
    assert not dialog.generate.isEnabled()
    draw(dialog, 0)
    assert dialog.generate.isEnabled()
    assert not dialog.guide.hear.isEnabled()
    assert dialog.guide.name.whole == "The beat you drew"
    qtbot.waitUntil(lambda: len(questions) == 2, timeout=10_000)
    assert questions[1] == GuideQuestion(GuideChoice("pattern", pattern=KICK), 30.0, 77)
    dialog.show_guide(SHOWN)
    assert dialog.guide.hear.isEnabled()
    assert dialog.guide.facts.text() == "0:02 · 120 bpm"
    assert beat.grid.isVisible()
    draw(dialog, 4)  # another beat: what was heard of the one before is none of it
    assert not dialog.guide.hear.isEnabled()
    dialog.show_guide(SHOWN)
    assert not dialog.guide.hear.isEnabled()
    qtbot.waitUntil(lambda: len(questions) == 3, timeout=10_000)
    QTest.mouseClick(beat.clear, LEFT)
    assert not dialog.generate.isEnabled()
    qtbot.waitUntil(lambda: questions[-1] is None, timeout=10_000)
    draw(dialog, 0)
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    assert dialog.result() == GenerateDialog.DialogCode.Accepted
    assert dialog.settings().guide.pattern == KICK


def test_a_beat_is_tapped_in_the_dialog(opened: Open) -> None:
    dialog = opened()
    QTest.mouseClick(dialog.cards.card("pattern"), LEFT)
    for _ in range(3):
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_T)
    pattern = dialog.settings().guide.pattern
    assert isinstance(pattern, Pattern)
    assert pattern.name == "the beat you tapped"
    assert dialog.isVisible()


def test_who_passes_by_with_keys_stays_on_the_cards(opened: Open) -> None:
    dialog = opened(chosen_last(GuideChoice("recording", LOOP)))
    assert dialog.focusWidget() is dialog.cards.card("recording")
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Down)
    assert dialog.focusWidget() is dialog.cards.card("pattern")
    assert dialog.settings().guide.source == "pattern"
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Space)
    assert dialog.focusWidget() is dialog.guide.beat.grid


def test_the_tab_key_goes_through_the_controls(opened: Open) -> None:
    dialog = opened(chosen_last(GuideChoice("pattern", pattern=KICK)))
    dialog.show_guide(SHOWN)
    beat = dialog.guide.beat
    for field in (
        dialog.guide.hear,
        beat.grid,
        beat.play,
        beat.tap,
        beat.bpm,
        beat.bars[1],
        beat.clear,
        beat.file,
        dialog.follow.slider,
    ):
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        assert dialog.focusWidget() is field


def test_what_was_drawn_is_undone_in_the_dialog(opened: Open) -> None:
    dialog = opened()
    QTest.mouseClick(dialog.cards.card("pattern"), LEFT)
    assert not dialog.guide.undo.isEnabled()
    draw(dialog, 0)
    draw(dialog, 4)
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert dialog.settings().guide.pattern == KICK
    QTest.mouseClick(dialog.guide.undo, LEFT)
    assert dialog.guide.beat.value.is_empty
    assert not dialog.generate.isEnabled()
    QTest.mouseClick(dialog.guide.redo, LEFT)
    assert dialog.settings().guide.pattern == KICK
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert dialog.guide.beat.value.rows[0][4] == 1.0
    QTest.mouseClick(dialog.cards.card("none"), LEFT)
    assert not dialog.guide.undo.isVisible()


def test_a_midi_file_is_chosen_and_left_again(opened: Open, file_dialog: list[Path | None]) -> None:
    dialog = opened(chosen_last(GuideChoice("pattern", pattern=KICK)))
    beat = dialog.guide.beat
    file_dialog.extend([None, MIDI])
    QTest.mouseClick(beat.file, LEFT)
    assert dialog.settings().guide.pattern == KICK
    QTest.mouseClick(beat.file, LEFT)
    assert dialog.settings().guide == GuideChoice("pattern", pattern=MIDI)
    assert dialog.guide.name.whole == "kick.mid"
    assert not beat.grid.isVisible()
    assert beat.other_file.isVisible()
    dialog.show_guide(SHOWN)
    assert dialog.guide.picture.isVisible()
    dialog.show_guide_problem("“kick.mid” is damaged, or no MIDI file. Choose another file.")
    assert "is damaged" in dialog.guide.words.text()
    assert not dialog.generate.isEnabled()
    QTest.mouseClick(beat.draw, LEFT)
    assert dialog.settings().guide.pattern == KICK  # what was drawn is still there
    assert dialog.generate.isEnabled()
    assert beat.grid.isVisible()


def test_files_that_are_dropped_are_told_apart(opened: Open) -> None:
    dialog = opened()
    assert drop(dialog, files(MIDI))
    assert dialog.settings().guide == GuideChoice("pattern", pattern=MIDI)
    assert drop(dialog, files(LOOP))
    assert dialog.settings().guide.source == "recording"
    assert dialog.settings().guide.recording == LOOP
    assert not dialog.guide.beat.file_controls.isVisible()


@pytest.mark.parametrize("pattern", [KICK, MIDI])
def test_what_was_chosen_last_time_is_chosen_again(opened: Open, pattern: Pattern | Path) -> None:
    before = GuideChoice("pattern", None, 0.4, pattern=pattern)
    dialog = opened(chosen_last(before))
    assert dialog.settings().guide == dialog.to_remember().guide == before
    assert dialog.cards.key == "pattern"


def test_a_problem_with_what_was_drawn_is_said_below_it(opened: Open) -> None:
    dialog = opened(chosen_last(GuideChoice("pattern", pattern=KICK)))
    dialog.show_guide_problem("Something is wrong.")
    assert dialog.guide.beat.grid.isVisible()
    assert dialog.guide.caption.whole == "Something is wrong."
    assert not dialog.generate.isEnabled()
    draw(dialog, 4)
    assert dialog.generate.isEnabled()


def test_cards_take_no_more_room_than_their_words(opened: Open) -> None:
    """Words that fit into one line ask for one, so nothing stays empty below the cards."""
    dialog = opened()
    cards = [dialog.cards.card(key) for key in SOURCES]
    assert all(card.sizeHint().height() == card.heightForWidth(card.width()) == card.height() for card in cards)
    gaps = [after.geometry().top() - before.geometry().bottom() for before, after in itertools.pairwise(cards)]
    assert max(gaps) < 12
