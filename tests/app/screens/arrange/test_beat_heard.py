"""A beat is heard while it is drawn in the Generate dialog, and no longer once that is closed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.playback.beat_source import BeatSource
from app.screens.arrange.screen import ArrangeScreen
from app.widgets.clips.beat_editor import BeatEditor
from app.widgets.clips.generate_dialog import GenerateDialog
from tests.app.conftest import MINUTE, add_checkpoints
from tests.app.screens.arrange.hand import LEFT, generate_by

Answer = Callable[[GenerateDialog], None]


@pytest.fixture
def ask(screen: ArrangeScreen) -> Callable[[Answer], None]:
    """Opens the dialog with an empty beat and answers it; what goes wrong in the answer is raised here."""
    add_checkpoints(screen.project.folder, 5)

    def ask(answer: Answer) -> None:
        def give(dialog: GenerateDialog) -> None:
            QTest.mouseClick(dialog.cards.card("pattern"), LEFT)
            answer(dialog)

        generate_by(screen, give)

    return ask


def draw(beat: BeatEditor, step: int) -> None:
    QTest.mouseClick(beat.grid, LEFT, pos=beat.grid.cell("low", step).center().toPoint())


def test_it_goes_round_while_it_is_drawn_and_stops_with_the_dialog(
    screen: ArrangeScreen, qtbot: QtBot, ask: Callable[[Answer], None]
) -> None:
    player = screen.player

    def answer(dialog: GenerateDialog) -> None:
        beat = dialog.guide.beat
        draw(beat, 0)
        QTest.keyClick(beat.grid, Qt.Key.Key_P)
        qtbot.waitUntil(lambda: player.is_playing, timeout=MINUTE)
        assert beat.play.accessibleName() == "Stop the beat"
        qtbot.waitUntil(lambda: player.position > 0.3, timeout=MINUTE)
        source = player.source
        assert isinstance(source, BeatSource)
        draw(beat, 8)
        beat.bpm.setValue(240)
        assert player.source is source
        assert player.is_playing
        here = round(player.position * source.rate) + 2 * source.rate
        qtbot.waitUntil(lambda: player.position * source.rate > here - source.rate, timeout=MINUTE)
        sound = source.read(here, source.rate)  # a bar of a second, with two strokes
        assert np.count_nonzero(np.diff((np.abs(sound[:, 0]) > 0.2).astype(int), prepend=0) > 0) >= 2
        QTest.mouseClick(beat.play, LEFT)
        assert not player.is_playing
        assert beat.play.accessibleName() == "Play the beat"
        QTest.mouseClick(beat.play, LEFT)
        assert player.is_playing

    ask(answer)
    assert not player.is_playing
    assert not isinstance(player.source, BeatSource)  # the song is what the transport plays again


def test_the_guide_and_the_beat_are_heard_one_at_a_time(
    screen: ArrangeScreen, qtbot: QtBot, ask: Callable[[Answer], None], tmp_path: Path
) -> None:
    player = screen.player

    def answer(dialog: GenerateDialog) -> None:
        beat = dialog.guide.beat
        draw(beat, 0)
        qtbot.waitUntil(lambda: dialog.guide.hear.isEnabled(), timeout=MINUTE)
        QTest.mouseClick(beat.play, LEFT)
        qtbot.waitUntil(lambda: isinstance(player.source, BeatSource), timeout=MINUTE)
        QTest.mouseClick(dialog.guide.hear, LEFT)
        assert player.is_playing
        assert not isinstance(player.source, BeatSource)
        assert (beat.play.accessibleName(), dialog.guide.hear.text()) == ("Play the beat", "Stop")
        QTest.mouseClick(beat.play, LEFT)
        assert (beat.play.accessibleName(), dialog.guide.hear.text()) == ("Stop the beat", "Hear the guide")
        QTest.mouseClick(dialog.cards.card("none"), LEFT)
        assert not player.is_playing

    ask(answer)


def test_taps_are_heard_at_once_and_then_it_is_quiet_again(
    screen: ArrangeScreen, qtbot: QtBot, ask: Callable[[Answer], None]
) -> None:
    player = screen.player

    def answer(dialog: GenerateDialog) -> None:
        beat = dialog.guide.beat
        QTest.keyClick(beat.grid, Qt.Key.Key_1)
        qtbot.waitUntil(lambda: player.is_playing, timeout=MINUTE)
        assert isinstance(player.source, BeatSource)
        assert beat.play.accessibleName() == "Play the beat"  # only the tap is heard
        QTest.keyClick(beat.grid, Qt.Key.Key_3)
        assert not beat.value.is_empty
        qtbot.waitUntil(lambda: not player.is_playing, timeout=MINUTE)
        QTest.keyClick(beat.grid, Qt.Key.Key_2)
        assert player.is_playing
        dialog.reject()

    ask(answer)
    assert not player.is_playing


def test_taps_fall_onto_the_beat_that_goes_round(
    screen: ArrangeScreen, qtbot: QtBot, ask: Callable[[Answer], None]
) -> None:
    def answer(dialog: GenerateDialog) -> None:
        beat = dialog.guide.beat
        draw(beat, 0)
        QTest.mouseClick(beat.play, LEFT)
        qtbot.waitUntil(lambda: screen.player.position > 0.2, timeout=MINUTE)
        QTest.keyClick(beat.grid, Qt.Key.Key_3)
        assert beat.value.bpm == 120.0
        assert sum(map(bool, beat.value.rows[2])) == 1
        assert beat.value.rows[0][0] == 1.0
        assert screen.player.is_playing

    ask(answer)
