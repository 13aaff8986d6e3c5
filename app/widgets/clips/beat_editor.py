"""A beat of one's own: drawn on a grid, tapped on a key, or out of a MIDI file."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QButtonGroup, QDoubleSpinBox, QPushButton, QWidget

from app.document.beat_grid import (
    BARS,
    DRAWN_NAME,
    FASTEST,
    SLOWEST,
    TAPPED_NAME,
    BeatGrid,
    grid_of_pattern,
    pattern_of_grid,
    with_bars,
    with_bpm,
    without_strokes,
)
from app.document.pattern import Pattern, Stroke
from app.document.tapping import Tap, tapped
from app.widgets.basics import button, keep_off_edges, label, row
from app.widgets.clips.beat_grid_view import BeatGridView

_REST_SECONDS = 2.5
"""A tap after such a rest begins the beat anew."""
_FIELD = 96
"""Pixels of the field of the tempo."""


class BeatEditor(QObject):
    """The grid, and the row of controls that belongs below it.

    Args:
        clock: seconds, by which taps are timed.

    Signals:
        changed(): it is another beat now.
        file_asked(): a MIDI file is to be chosen.
        draw_asked(): a beat is to be drawn, instead of the file.

    Attributes:
        name: what the beat is called, by how it came about.
    """

    changed = Signal()
    file_asked = Signal()
    draw_asked = Signal()

    def __init__(self, parent: QObject, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._taps: list[Tap] = []
        self.value = BeatGrid()
        self.name = DRAWN_NAME
        self.grid = BeatGridView()
        self.tap = button("Tap", tip="In time, with the mouse or Space. On the grid: T, or 1, 2 and 3 for each row")
        self.bpm = QDoubleSpinBox()
        self.bpm.setRange(SLOWEST, FASTEST)
        self.bpm.setDecimals(1)
        self.bpm.setSuffix(" bpm")
        self.bpm.setFixedWidth(_FIELD)
        self.bpm.setAccessibleName("Tempo")
        keep_off_edges(self.bpm)
        self.bars = {count: self._bars_chip(count) for count in BARS}
        self.clear = button("Clear", "quiet")
        self.file, self.other_file = button("MIDI file…"), button("Another file…")
        self.draw = button("Draw a beat instead")
        for each in (self.tap, self.clear, self.file, self.other_file, self.draw):
            each.setAutoDefault(False)
        self.controls, self.file_controls = QWidget(), QWidget()
        chips = row(label("bars", "dim"), *self.bars.values(), spacing=4)
        self.controls.setLayout(row(self.tap, self.bpm, chips, 1, self.clear, self.file))
        self.file_controls.setLayout(row(self.draw, 1, self.other_file))
        self._connect()
        self._put(self.value)

    @property
    def fields(self) -> tuple[QWidget, ...]:
        """All that takes keys, in the order in which they come."""
        return (
            self.grid, self.tap, self.bpm, *self.bars.values(), self.clear, self.file, self.draw, self.other_file
        )  # fmt: skip

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
        self.grid.drawn.connect(self._change)
        self.grid.tapped.connect(self._on_tap)
        self.tap.pressed.connect(lambda: self._on_tap(self.grid.stroke))
        self.bpm.valueChanged.connect(lambda bpm: self._change(with_bpm(self.value, bpm)))
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
            self.name = pattern.name
            self._put(grid)

    def _change(self, grid: BeatGrid) -> None:
        """Takes what was drawn or set."""
        self._taps.clear()
        if grid.rows != self.value.rows:
            self.name = DRAWN_NAME
        self._take(grid)

    def _on_tap(self, stroke: Stroke) -> None:
        now = self._clock()
        if self._taps and now - self._taps[-1].seconds > _REST_SECONDS:
            self._taps.clear()
        self._taps.append(Tap(now, stroke))
        self.name = TAPPED_NAME
        self._take(tapped(self.value, self._taps))

    def _take(self, grid: BeatGrid) -> None:
        if grid != self.value:
            self._put(grid)
            self.changed.emit()

    def _put(self, grid: BeatGrid) -> None:
        self.value = grid
        self.grid.show_grid(grid)
        self.bpm.blockSignals(True)
        self.bpm.setValue(grid.bpm)
        self.bpm.blockSignals(False)
        self.bars[grid.bars].setChecked(True)
        self.clear.setEnabled(not grid.is_empty)
