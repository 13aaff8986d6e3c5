"""The tempo of a clip, put right by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QDialog, QDoubleSpinBox, QGridLayout, QWidget

from app.document.clip_names import clip_name
from app.document.model import BEATS_PER_BAR, FASTEST_BPM, SLOWEST_BPM, Clip, Tempo
from app.widgets.basics import button, column, keep_off_edges, label, row
from app.widgets.controls.wheel import keep_wheel_off
from app.widgets.dialogs.fitting import Dialog
from app.widgets.songs.beat_strip import BeatStrip
from app.widgets.timeline.waves import Waves

_USUAL_BPM = 120.0


def bpm_text(bpm: float) -> str:
    """A tempo in words."""
    return f"{bpm:.1f} bpm"


@dataclass(frozen=True)
class Answer:
    """What the person decided: a tempo by hand, or None for what listening found."""

    tempo: Tempo | None


class TempoDialog(Dialog):
    """Asks; `answer()` is the answer.

    Args:
        found: what listening has found; None where there was no telling.
        accents: frames of the clip's accents.
    """

    def __init__(
        self,
        clip: Clip,
        found: Tempo | None,
        accents: Sequence[int],
        waves: Waves,
        colour: QColor,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Tempo")
        self._found = found
        self.bpm = QDoubleSpinBox()
        self.bpm.setRange(SLOWEST_BPM, FASTEST_BPM)
        self.bpm.setDecimals(2)
        self.bpm.setSuffix(" bpm")
        self.bpm.setAccessibleName("Tempo")
        self.first = QDoubleSpinBox()
        self.first.setRange(0.0, max(clip.seconds, 0.001))
        self.first.setDecimals(3)
        self.first.setSingleStep(0.005)
        self.first.setSuffix(" s")
        self.first.setAccessibleName("First beat of a bar")
        for field in (self.bpm, self.first):
            keep_off_edges(field)
        self.half = button("Half")
        self.double = button("Double")
        self.earlier = button("A beat earlier")
        self.later = button("A beat later")
        self.strip = BeatStrip(clip, waves, accents, colour)
        self.as_found = button(f"As heard: {bpm_text(found.bpm)}" if found else "As heard", "quiet")
        self.as_found.setEnabled(found is not None)
        self.use = button("Use this tempo", "primary")
        self.use.setDefault(True)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        self.use.clicked.connect(self.accept)
        self._put(clip.tempo or found or Tempo(bpm=_USUAL_BPM))
        self._connect()
        words = label("White lines are where bars begin: where you would count “one”.", "dim")
        self.fill(
            column(
                label(f"Tempo of {clip_name(clip)}", "title"),
                words,
                self.strip,
                self._fields(),
                spacing=12,
            ),
            row(self.as_found, 1, cancel, self.use, margins=(0, 10, 0, 0)),
        )
        self.setMinimumWidth(540)
        keep_wheel_off(self)
        self.bpm.setFocus()
        self.bpm.selectAll()

    def _fields(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(4, 1)
        rows = (("Tempo", self.bpm, self.half, self.double), ("A bar begins at", self.first, self.earlier, self.later))
        for place, (name, field, *buttons) in enumerate(rows):
            words = label(name, "dim")
            words.setBuddy(field)
            words.setMinimumWidth(110)
            for at, widget in enumerate((words, field, *buttons)):
                grid.addWidget(widget, place, at)
        return grid

    def _connect(self) -> None:
        self.half.clicked.connect(lambda: self.bpm.setValue(self.bpm.value() / 2))
        self.double.clicked.connect(lambda: self.bpm.setValue(self.bpm.value() * 2))
        self.earlier.clicked.connect(lambda: self._shift(-1))
        self.later.clicked.connect(lambda: self._shift(1))
        self.as_found.clicked.connect(self._put_found)
        self.strip.first_asked.connect(self.first.setValue)
        self.bpm.valueChanged.connect(self._show)
        self.first.valueChanged.connect(self._show)

    def _put(self, tempo: Tempo) -> None:
        self.bpm.setValue(tempo.bpm)
        self.first.setValue(tempo.first_beat)
        self._show()

    def _put_found(self) -> None:
        if self._found is not None:
            self._put(self._found)

    def _shift(self, beats: int) -> None:
        """By so many beats; within the first bar or so of the clip, as the bars before and after are the same."""
        beat = 60.0 / self.bpm.value()
        fresh = self.first.value() + beats * beat
        self.first.setValue(fresh if fresh >= 0 else fresh + BEATS_PER_BAR * beat)

    def _show(self) -> None:
        self.strip.show_tempo(self._typed())

    def _typed(self) -> Tempo:
        return Tempo(bpm=self.bpm.value(), first_beat=self.first.value())

    def answer(self) -> Answer:
        """What was chosen; no tempo where it is the one that was found."""
        typed = self._typed()
        return Answer(None if self._found is not None and _same(typed, self._found) else typed)


def _same(one: Tempo, other: Tempo) -> bool:
    """As far as the fields show."""
    return abs(one.bpm - other.bpm) < 0.006 and abs(one.first_beat - other.first_beat) < 0.0006


def ask_tempo(
    parent: QWidget | None, clip: Clip, found: Tempo | None, accents: Sequence[int], waves: Waves, colour: QColor
) -> Answer | None:
    """None where the person thought better of it."""
    dialog = TempoDialog(clip, found, accents, waves, colour, parent)
    agreed = dialog.exec() == QDialog.DialogCode.Accepted
    answer = dialog.answer() if agreed else None
    dialog.deleteLater()
    return answer
