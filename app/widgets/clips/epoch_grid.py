"""Checkpoints and temperatures as a grid of short sounds: seen, and heard by a click or the arrow keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets import theme
from app.widgets.timeline.waves import shades_of, wave_image

Floats = NDArray[np.float32]
Cell = tuple[int, int]
"""Row and column."""

_NAMES, _HEAD, _GAP = 44, 24, 6
"""Pixels: of the epochs at the left, of the temperatures above, between two cells."""
_LEAST_WIDTH, _LEAST_HEIGHT, _USUAL_WIDTH, _USUAL_HEIGHT = 76, 26, 128, 40
_COLUMNS = 240
"""Of the waveform of a cell."""
_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


@dataclass(frozen=True)
class GridRowHead:
    """What stands before a row."""

    epoch: int
    age: float
    """0 for the first epoch of the run, 1 for the newest: the colour of the row."""
    note: str = ""
    """Behind the epoch in its tip, e.g. "the best on held-out music"."""


def levels_of(samples: Floats, columns: int = _COLUMNS) -> tuple[Floats, Floats]:
    """The least and the greatest level of each column, for samples [n], n at least `columns`."""
    starts = np.arange(columns) * len(samples) // columns
    return np.minimum.reduceat(samples, starts), np.maximum.reduceat(samples, starts)


class EpochGrid(QWidget):
    """A row for each checkpoint, a column for each temperature.

    Signals:
        play_asked(int, int): hear the cell of this row and column, or stop it where it plays.
        current_changed(): another cell is chosen.
    """

    play_asked = Signal(int, int)
    current_changed = Signal()

    def __init__(self, heads: Sequence[GridRowHead], temperatures: Sequence[float]) -> None:
        super().__init__()
        self._heads, self._temperatures = tuple(heads), tuple(temperatures)
        self._waves: dict[Cell, tuple[Floats, Floats]] = {}
        self._pictures: dict[Cell, QImage] = {}
        self._playing: tuple[Cell, float] | None = None
        self._making = 0.0
        self.current: Cell | None = None
        """The chosen cell, which is made already."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._say()

    @property
    def rows_made(self) -> int:
        """How many rows there are to hear, from the top."""
        return len(self._waves) // len(self._temperatures)

    def clear(self) -> None:
        """No row is there yet."""
        self._waves.clear()
        self._pictures.clear()
        self._playing, self._making = None, 0.0
        if self.current is not None:
            self.current = None
            self.current_changed.emit()
        self._say()
        self.update()

    def add_row(self, sounds: Sequence[Floats]) -> None:
        """The next row is made: the samples of each of its cells."""
        row = self.rows_made
        for column, samples in enumerate(sounds):
            self._waves[row, column] = levels_of(samples)
        self._making = 0.0
        self.update()

    def show_making(self, share: float) -> None:
        """How much of the next row is made, 0..1."""
        self._making = min(max(share, 0.0), 1.0)
        self.update()

    def show_playing(self, cell: Cell | None, fraction: float = 0.0) -> None:
        """Which cell plays, and how far it is."""
        self._playing = None if cell is None else (cell, fraction)
        self.update()

    def choose(self, cell: Cell) -> None:
        """Chooses a cell that is made, and asks to hear it."""
        if cell not in self._waves:
            return
        if cell != self.current:
            self.current = cell
            self._say()
            self.update()
            self.current_changed.emit()
        self.play_asked.emit(*cell)

    def _say(self) -> None:
        words = "no cell chosen"
        if self.current is not None:
            row, column = self.current
            words = f"epoch {self._heads[row].epoch}, temperature {self._temperatures[column]:.2f}"
        self.setAccessibleName(f"Epochs and temperatures: {words}")

    # where things are

    def cell_rect(self, cell: Cell) -> QRectF:
        """Where a cell is painted."""
        row, column = cell
        width = (self.width() - _NAMES - _GAP * (len(self._temperatures) - 1)) / len(self._temperatures)
        height = (self.height() - _HEAD - _GAP * (len(self._heads) - 1)) / max(len(self._heads), 1)
        height = min(height, 2 * _USUAL_HEIGHT)
        return QRectF(_NAMES + column * (width + _GAP), _HEAD + row * (height + _GAP), width, height)

    def _cell_at(self, x: float, y: float) -> Cell | None:
        cells = ((row, column) for row in range(len(self._heads)) for column in range(len(self._temperatures)))
        return next((cell for cell in cells if self.cell_rect(cell).contains(x, y)), None)

    def _head_at(self, y: float) -> GridRowHead | None:
        rects = (self.cell_rect((row, 0)) for row in range(len(self._heads)))
        places = (head for head, rect in zip(self._heads, rects, strict=True) if rect.top() <= y <= rect.bottom())
        return next(places, None)

    # Qt

    def sizeHint(self) -> QSize:
        return self._size(_USUAL_WIDTH, _USUAL_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self._size(_LEAST_WIDTH, _LEAST_HEIGHT)

    def _size(self, width: int, height: int) -> QSize:
        columns, rows = len(self._temperatures), len(self._heads)
        return QSize(_NAMES + columns * (width + _GAP), _HEAD + rows * (height + _GAP))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event.position().x(), event.position().y())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self.choose(cell)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event.position().x(), event.position().y())
        over = cell is not None and cell in self._waves
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)
        head = self._head_at(event.position().y())
        note = f" · {head.note}" if head is not None and head.note else ""
        self.setToolTip(f"Epoch {head.epoch}{note}" if head is not None else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _STEPS and self._waves:
            rows, columns = self.rows_made, len(self._temperatures)
            row, column = self.current or (0, 0)
            if self.current is not None:
                down, right = _STEPS[key]
                row, column = min(max(row + down, 0), rows - 1), min(max(column + right, 0), columns - 1)
            if (row, column) != self.current:
                self.choose((row, column))
        elif key == Qt.Key.Key_Space and self.current is not None:
            self.choose(self.current)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: object) -> None:
        self._pictures.clear()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.ui_font(12, tabular=True))
        painter.setPen(QColor(theme.FAINT))
        for column, temperature in enumerate(self._temperatures):
            cell = self.cell_rect((0, column))
            above = QRectF(cell.left(), 0, cell.width(), _HEAD - 4)
            painter.drawText(above, Qt.AlignmentFlag.AlignCenter, f"{temperature:.2f}")
        made = self.rows_made
        for row, head in enumerate(self._heads):
            colour = theme.age_colour(head.age)
            first = self.cell_rect((row, 0))
            painter.setFont(theme.ui_font(12, weight=QFont.Weight.Medium, tabular=True))
            painter.setPen(QColor(theme.DIM if row < made else theme.FAINT))
            name = QRectF(0, first.top(), _NAMES - 8, first.height())
            painter.drawText(name, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, f"e{head.epoch}")
            for column in range(len(self._temperatures)):
                self._paint_cell(painter, (row, column), colour)

    def _paint_cell(self, painter: QPainter, cell: Cell, colour: QColor) -> None:
        rect = self.cell_rect(cell)
        chosen, plays = cell == self.current, self._playing is not None and self._playing[0] == cell
        painter.setBrush(QColor(theme.PRESSED if plays else theme.PANEL))
        ring = QColor(theme.TEXT if chosen else theme.LINE)
        if chosen and self.hasFocus():
            ring = QColor(theme.SECOND)
        painter.setPen(ring)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        inside = rect.adjusted(4, 4, -4, -4)
        if cell in self._waves:
            painter.drawImage(inside, self._picture(cell, inside, colour))
        elif cell[0] == self.rows_made and self._making:
            bar = QRectF(inside.left(), inside.center().y() - 1, inside.width() * self._making, 2)
            painter.fillRect(bar, theme.with_alpha(colour, 0.6))
        if plays and self._playing is not None:
            x = inside.left() + self._playing[1] * inside.width()
            painter.fillRect(QRectF(x, inside.top(), 2, inside.height()), QColor(theme.TEXT))

    def _picture(self, cell: Cell, inside: QRectF, colour: QColor) -> QImage:
        if cell not in self._pictures:
            outer, inner, _, _ = shades_of(colour.rgb())
            height = max(round(inside.height() * self.devicePixelRatioF()), 1)
            self._pictures[cell] = wave_image(*self._waves[cell], height, outer, inner)
        return self._pictures[cell]
