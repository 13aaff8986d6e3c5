"""A grid of steps to draw a beat on: high, mid and low strokes, with mouse and keys."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.document.beat_grid import SOFT, STEPS_PER_BAR, STEPS_PER_BEAT, STROKES, STRONG, BeatGrid, with_stroke
from app.document.pattern import Stroke
from app.widgets import theme

_NAMES = 34
"""Pixels for the names of rows."""
_GAP, _BAR_GAP = 2.0, 5.0
"""Between steps, and between bars."""
_ROWS = STROKES[::-1]
"""From the top."""
_TAPS: dict[int, Stroke] = dict(zip((Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3), STROKES, strict=True))
_MOVES = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class BeatGridView(QWidget):
    """Shows a beat and lets it be drawn. It holds no truth of its own: what is drawn comes back by `show_grid`.

    Signals:
        drawn(BeatGrid, object): what it is to be now, and the stroke of the mouse or key that it is part of.
        tapped(str): a stroke was tapped on a key.
        play_asked(): the beat is to be heard, or no longer.
    """

    drawn = Signal(object, object)
    tapped = Signal(str)
    play_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = BeatGrid()
        self._row, self._step = len(_ROWS) - 1, 0
        """Where the keys are at work."""
        self._brush: float | None = None
        """What the mouse is drawing."""
        self._strokes_drawn = 0
        """With the mouse or by key: each is a step that can be undone."""
        self._playhead: float | None = None
        """The step that is heard, with its share; None for none."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Beat")
        self._tell()

    @property
    def stroke(self) -> Stroke:
        """The row where the keys are at work."""
        return _ROWS[self._row]

    def show_grid(self, grid: BeatGrid) -> None:
        """Shows another beat."""
        self._grid = grid
        self._step = min(self._step, grid.steps - 1)
        self._tell()
        self.update()

    def show_playhead(self, step: float | None) -> None:
        """Which step is heard right now, with its share; None for none."""
        if step != self._playhead:
            self._playhead = step
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, 80)

    def cell(self, stroke: Stroke, step: int) -> QRectF:
        """Where a step is."""
        bars = self._grid.bars
        width = (self.width() - _NAMES - (bars - 1) * _BAR_GAP) / self._grid.steps
        height = self.height() / len(_ROWS)
        left = _NAMES + step * width + step // STEPS_PER_BAR * _BAR_GAP
        top = _ROWS.index(stroke) * height
        return QRectF(left, top, width, height).adjusted(_GAP / 2, _GAP / 2, -_GAP / 2, -_GAP / 2)

    def _at(self, place: QPoint) -> tuple[int, int] | None:
        """Row and step under a point."""
        if place.x() < _NAMES or not self.rect().contains(place):
            return None
        row = min(place.y() * len(_ROWS) // self.height(), len(_ROWS) - 1)
        rights = (self.cell(_ROWS[row], step).right() + _GAP / 2 for step in range(self._grid.steps))
        return row, next((step for step, right in enumerate(rights) if place.x() <= right), self._grid.steps - 1)

    # drawing

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._at(event.position().toPoint())
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton) or at is None:
            return
        self._strokes_drawn += 1
        keys = event.modifiers()
        wanted = SOFT if keys & Qt.KeyboardModifier.ShiftModifier else STRONG
        there = self._strength(*at)
        is_erasing = bool(keys & Qt.KeyboardModifier.AltModifier) or there == wanted
        # some desktops keep Alt and the left button for moving windows
        is_erasing |= event.button() == Qt.MouseButton.RightButton
        self._brush = 0.0 if is_erasing or (there and wanted == STRONG) else wanted
        self._draw(*at, self._brush)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._at(event.position().toPoint())
        if self._brush is not None and at is not None:
            self._draw(*at, self._brush)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._brush = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if self._brush is None:
            self._strokes_drawn += 1
        if self.take_key(event):
            return
        if key in _MOVES:
            down, right = _MOVES[key]
            self._move(self._row + down, self._step + right)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._move(self._row, 0 if key == Qt.Key.Key_Home else self._grid.steps - 1)
        elif key == Qt.Key.Key_Space:
            wanted = SOFT if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STRONG
            there = self._strength(self._row, self._step)
            self._draw(self._row, self._step, 0.0 if there == wanted else wanted)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._draw(self._row, self._step, 0.0)
        else:
            event.ignore()

    def take_key(self, event: QKeyEvent) -> bool:
        """Taps or plays, where the key is one for that; whether it is. Also for keys pressed on buttons beside it."""
        key = Qt.Key(event.key())
        if key not in _TAPS and key not in (Qt.Key.Key_T, Qt.Key.Key_P):
            return False
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False  # a key of the window
        if event.isAutoRepeat():
            return True
        if key == Qt.Key.Key_P:
            self.play_asked.emit()
        else:
            self.tapped.emit(_TAPS.get(key, self.stroke))
        return True

    def _strength(self, row: int, step: int) -> float:
        return self._grid.rows[STROKES.index(_ROWS[row])][step]

    def _move(self, row: int, step: int) -> None:
        self._row = min(max(row, 0), len(_ROWS) - 1)
        self._step = min(max(step, 0), self._grid.steps - 1)
        self._tell()
        self.update()

    def _draw(self, row: int, step: int, strength: float) -> None:
        self._move(row, step)
        if self._strength(row, step) != strength:
            grid = with_stroke(self._grid, _ROWS[row], step, strength)
            self.drawn.emit(grid, ("drawn", self._strokes_drawn))

    def _tell(self) -> None:
        """Says where the keys are, for those who do not see it."""
        level = self._strength(self._row, self._step)
        what = "nothing" if not level else "a soft stroke" if level < STRONG else "a stroke"
        self.setAccessibleDescription(f"{self.stroke}, step {self._step + 1} of {self._grid.steps}: {what}")

    # how it looks

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.ui_font(11))
        for stroke, row in zip(STROKES, self._grid.rows, strict=True):
            painter.setPen(QColor(theme.FAINT))
            names = self.cell(stroke, 0)
            names.setLeft(0)
            names.setRight(_NAMES)
            painter.drawText(names, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, stroke)
            painter.setPen(Qt.PenStyle.NoPen)
            for step, level in enumerate(row):
                is_lit = step // STEPS_PER_BEAT % 2 == 0  # beats are told apart
                ground = theme.RAISED if is_lit else theme.PANEL
                painter.setBrush(theme.with_alpha(theme.ACCENT, level) if level else QColor(ground))
                painter.drawRoundedRect(self.cell(stroke, step), 3, 3)
        if self._playhead is not None:
            step = min(int(self._playhead), self._grid.steps - 1)
            cell = self.cell(_ROWS[0], step)
            at = cell.left() + (self._playhead - step) * cell.width()
            painter.fillRect(QRectF(at - 1, 0, 2, self.height()), QColor(theme.TEXT))
        if self.hasFocus():
            painter.setPen(QColor(theme.SECOND))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.cell(self.stroke, self._step), 3, 3)
