"""The tempo of a clip, put right by hand."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.document.model import SONG_RATE, Clip, Tempo
from app.widgets.songs.tempo_chip import TempoChip
from app.widgets.songs.tempo_dialog import Answer, TempoDialog
from app.widgets.timeline.waves import Window

LEFT = Qt.MouseButton.LeftButton
FOUND = Tempo(bpm=92.3456, first_beat=0.31)
CLIP = Clip(
    id="c0107", run="r", epoch=31, file="clips/c0107.flac", rate=16_000, samples=20 * 16_000, seed=1, temperature=1.0
)


class Flat:
    """Waveforms of a clip that hums."""

    def window(self, clip: Clip, start: float, frames: float, width: int) -> Window | None:
        return np.full(width, -0.4, np.float32), np.full(width, 0.4, np.float32)


def ask(qtbot: QtBot, found: Tempo | None = FOUND, clip: Clip = CLIP, accents: tuple[int, ...] = ()) -> TempoDialog:
    dialog = TempoDialog(clip, found, accents, Flat(), QColor("#ff6a3d"))
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


def tempo(dialog: TempoDialog) -> tuple[float, float]:
    answer = dialog.answer().tempo
    assert answer is not None
    return answer.bpm, answer.first_beat


def test_what_was_heard_stays_what_was_heard(qtbot: QtBot) -> None:
    assert ask(qtbot).answer() == Answer(None)


def test_half_and_double(qtbot: QtBot) -> None:
    dialog = ask(qtbot)
    QTest.mouseClick(dialog.double, LEFT)
    assert tempo(dialog) == (pytest.approx(184.7, abs=0.01), pytest.approx(0.31))
    QTest.mouseClick(dialog.half, LEFT)
    QTest.mouseClick(dialog.half, LEFT)
    assert tempo(dialog)[0] == pytest.approx(46.17, abs=0.01)
    QTest.mouseClick(dialog.as_found, LEFT)
    assert dialog.answer() == Answer(None)


def test_tempo_and_offset_are_typed(qtbot: QtBot) -> None:
    dialog = ask(qtbot, found=None)
    assert tempo(dialog) == (120.0, 0.0)
    assert not dialog.as_found.isEnabled()
    QTest.keyClicks(dialog.bpm, "138.5")
    dialog.first.setFocus()
    dialog.first.selectAll()
    QTest.keyClicks(dialog.first, "1.25")
    QTest.keyClick(dialog.first, Qt.Key.Key_Return)
    assert dialog.result() == TempoDialog.DialogCode.Accepted
    assert tempo(dialog) == (138.5, 1.25)


def test_the_bar_is_moved_by_beats_and_never_before_the_clip(qtbot: QtBot) -> None:
    dialog = ask(qtbot, found=Tempo(bpm=120.0, first_beat=0.3))
    QTest.mouseClick(dialog.later, LEFT)
    assert tempo(dialog)[1] == pytest.approx(0.8)
    QTest.mouseClick(dialog.earlier, LEFT)
    QTest.mouseClick(dialog.earlier, LEFT)
    # the same bars, one bar on
    assert tempo(dialog)[1] == pytest.approx(1.8)


def test_a_click_on_the_strip_begins_a_bar_there_or_at_the_accent_beside(qtbot: QtBot) -> None:
    dialog = ask(qtbot, accents=(2 * SONG_RATE,))
    strip = dialog.strip
    QTest.mouseClick(strip, LEFT, pos=QPoint(round(strip.place_of(2.0)) + 3, 50))
    assert tempo(dialog)[1] == pytest.approx(2.0, abs=0.001)
    QTest.mouseClick(strip, LEFT, pos=QPoint(round(strip.place_of(5.0)), 50))
    assert tempo(dialog)[1] == pytest.approx(5.0, abs=0.02)


def test_the_beats_that_are_drawn_are_those_of_the_tempo(qtbot: QtBot) -> None:
    dialog = ask(qtbot, found=Tempo(bpm=60.0, first_beat=2.5))
    beats = dialog.strip.beats()
    assert [seconds for seconds, _ in beats] == [pytest.approx(at + 0.5) for at in range(8)]
    assert [place for _, place in beats] == [2, 3, 0, 1, 2, 3, 0, 1]
    picture = dialog.strip.grab().toImage()
    line, between = (picture.pixelColor(round(dialog.strip.place_of(at)), 3) for at in (2.5, 3.0))
    assert line.lightness() > 150 > between.lightness()


def test_the_chip_says_whose_tempo_it_is_and_how_it_was_found(qtbot: QtBot) -> None:
    chip = TempoChip()
    qtbot.addWidget(chip)
    chip.show_tempo(CLIP, FOUND, known=False)
    assert chip.isHidden()
    chip.show_tempo(CLIP, FOUND, known=True)
    assert not chip.isHidden()
    assert chip.text() == "92.3 bpm"
    assert "e31 · 0107, as heard" in chip.toolTip()
    chip.show_tempo(CLIP, None, known=True)
    assert chip.text() == "no tempo"
    chip.make_room(False)
    assert chip.isHidden()
