"""A beat of one's own: drawn on a grid, tapped on a key, or out of a MIDI file."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from app.document.beat_grid import (
    BARS,
    DRAWN_NAME,
    SLOWEST,
    STRONG,
    TAPPED_NAME,
    BeatGrid,
    grid_of_pattern,
    pattern_of_grid,
    with_bars,
    with_bpm,
    with_stroke,
    without_strokes,
)
from app.document.pattern import Pattern, Stroke
from app.document.steps import Steps
from app.document.tapping import Tap, tapped
from app.widgets import theme
from app.widgets.basics import button, label, row
from app.widgets.clips.beat_grid_view import BeatGridView
from app.widgets.clips.bpm_field import bpm_field

_REST_SECONDS = 2.5
"""A tap after such a rest begins the beat anew."""
_PLAY = "Hear the beat go round while you draw (P): taps then fall onto the nearest step of it"
_TAP = "In time, with the mouse or Space. On the grid: T, or 1, 2 and 3 for each row"


@dataclass(frozen=True, slots=True)
class _Beat:
    """What undo goes back to."""

    grid: BeatGrid
    name: str


class BeatEditor(QObject):
    """The grid, and the row of controls that belongs below it.

    Args:
        clock: seconds, by which taps are timed.

    Signals:
        changed(): it is another beat now.
        play_asked(): hear the beat go round, or stop it where it is heard.
        struck(str): a stroke was tapped, and is to be heard.
        file_asked(): a MIDI file is to be chosen.
        draw_asked(): a beat is to be drawn, instead of the file.
    """

    changed = Signal()
    play_asked = Signal()
    struck = Signal(str)
    file_asked = Signal()
    draw_asked = Signal()

    def __init__(self, parent: QObject, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._taps: list[Tap] = []
        self._steps = Steps(_Beat(BeatGrid(), DRAWN_NAME))
        self._heard_step: float | None = None
        """Which step is heard right now, with its share; None while the beat does not go round."""
        self.grid = BeatGridView()
        self.play = button("", icon="play", tip=_PLAY)
        self.play.setAccessibleName("Play the beat")
        self.tap = button("Tap", tip=_TAP)
        self.bpm = bpm_field(SLOWEST, "Tempo")
        self.bars = {count: self._bars_chip(count) for count in BARS}
        self.clear = button("Clear", "quiet")
        self.file, self.other_file = button("MIDI file…"), button("Another file…")
        self.draw = button("Draw a beat instead")
        for each in (self.play, self.tap, self.clear, self.file, self.other_file, self.draw):
            each.setAutoDefault(False)
        for each in (self.play, self.tap, *self.bars.values(), self.clear):
            each.installEventFilter(self)  # who has pressed Play goes on to tap on keys
        self.controls, self.file_controls = QWidget(), QWidget()
        chips = row(label("bars", "dim"), *self.bars.values(), spacing=4)
        self.controls.setLayout(row(self.play, self.tap, self.bpm, chips, 1, self.clear, self.file, spacing=6))
        self.file_controls.setLayout(row(self.draw, 1, self.other_file))
        self._connect()
        self._show()

    @property
    def value(self) -> BeatGrid:
        """What is drawn."""
        return self._steps.value.grid

    @property
    def name(self) -> str:
        """What the beat is called, by how it came about."""
        return self._steps.value.name

    @property
    def fields(self) -> tuple[QWidget, ...]:
        """All that takes keys, in the order in which they come."""
        return (
            self.grid, self.play, self.tap, self.bpm, *self.bars.values(), self.clear, self.file, self.draw,
            self.other_file,
        )  # fmt: skip

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys that tap and play do so on the buttons, too."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self.grid.take_key(event):
            return True
        return super().eventFilter(watched, event)

    def _bars_chip(self, count: int) -> QPushButton:
        chip = button(str(count), "small-chip")
        chip.setCheckable(True)
        chip.setAutoDefault(False)
        chip.setAccessibleName(f"{count} bars" if count > 1 else "1 bar")
        return chip

    def _connect(self) -> None:
        group = QButtonGroup(self)
        for count, chip in self.bars.items():
            group.addButton(chip)
            chip.clicked.connect(lambda _=False, count=count: self._change(with_bars(self.value, count)))
        self.grid.drawn.connect(lambda grid, stroke: self._change(grid, stroke))
        self.grid.tapped.connect(self._on_tap)
        self.grid.play_asked.connect(self.play_asked)
        self.play.clicked.connect(self.play_asked)
        self.tap.pressed.connect(lambda: self._on_tap(self.grid.stroke))
        self.bpm.valueChanged.connect(lambda bpm: self._change(with_bpm(self.value, bpm), "bpm"))
        self.clear.clicked.connect(lambda: self._change(without_strokes(self.value)))
        self.file.clicked.connect(self.file_asked)
        self.other_file.clicked.connect(self.file_asked)
        self.draw.clicked.connect(self.draw_asked)

    def pattern(self) -> Pattern | None:
        """The beat; None while there is none."""
        return pattern_of_grid(self.value, self.name)

    def recall(self, pattern: Pattern) -> None:
        """Shows a beat that was drawn before."""
        grid = grid_of_pattern(pattern)
        if grid is not None:
            self._steps = Steps(_Beat(grid, pattern.name))
            self._show()

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to undo."""
        return self._steps.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is a step that was undone."""
        return self._steps.can_redo

    def undo(self) -> None:
        """Goes one step back; taps in a row are one."""
        if self._steps.undo():
            self._on_step()

    def redo(self) -> None:
        """Goes one step forth."""
        if self._steps.redo():
            self._on_step()

    def show_heard(self, step: float | None) -> None:
        """Which step of the beat is heard right now, with its share; None where it does not go round."""
        if (step is None) != (self._heard_step is None):
            self.play.setIcon(theme.icon("play" if step is None else "stop"))
            self.play.setAccessibleName("Play the beat" if step is None else "Stop the beat")
        self._heard_step = step
        self.grid.show_playhead(step)

    def _change(self, grid: BeatGrid, gesture: Hashable = None) -> None:
        """Takes what was drawn or set."""
        self._taps.clear()
        name = self.name if grid.rows == self.value.rows else DRAWN_NAME
        self._take(_Beat(grid, name), gesture)

    def _on_tap(self, stroke: Stroke) -> None:
        self.struck.emit(stroke)
        if self._heard_step is not None:
            # to what is heard: the stroke falls onto the nearest step of it
            step = round(self._heard_step) % self.value.steps
            self._take(_Beat(with_stroke(self.value, stroke, step, STRONG), TAPPED_NAME))
            return
        now = self._clock()
        if self._taps and now - self._taps[-1].seconds > _REST_SECONDS:
            self._taps.clear()
        self._taps.append(Tap(now, stroke))
        begins = self._taps[0].seconds
        self._take(_Beat(tapped(self.value, self._taps), TAPPED_NAME), ("taps", begins))

    def _take(self, beat: _Beat, gesture: Hashable = None) -> None:
        if self._steps.put(beat, gesture):
            self._show()
            self.changed.emit()

    def _on_step(self) -> None:
        self._taps.clear()
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        grid = self.value
        self.grid.show_grid(grid)
        if grid.bpm != self.bpm.value():  # not what is being typed: the rest of the number is still to come
            self.bpm.blockSignals(True)
            self.bpm.setValue(grid.bpm)
            self.bpm.blockSignals(False)
        self.bars[grid.bars].setChecked(True)
        self.clear.setEnabled(not grid.is_empty)
