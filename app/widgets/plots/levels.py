"""The meter of what goes out: two bars, the peaks they had, and a light that says "too loud"."""

from __future__ import annotations

import math
import time

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.widgets import theme

_FLOOR_DB = -48.0
_WARM_DB = -9.0
_FALL_DB_PER_SECOND = 24.0
_HOLD_SECONDS = 1.5
_CLIP = 0.9999


def place_of(level_db: float) -> float:
    """Where a level stands on the bar: 0..1."""
    return min(max((level_db - _FLOOR_DB) / -_FLOOR_DB, 0.0), 1.0)


class LevelMeter(QWidget):
    """Two bars for left and right.

    They rise at once, fall slowly, and mark the highest peak of the last while. Once the sound has gone beyond full
    scale, the light at the right stays on until the meter is clicked, or what plays next begins.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._levels = [_FLOOR_DB, _FLOOR_DB]
        self._holds = [_FLOOR_DB, _FLOOR_DB]
        self._held_since = [0.0, 0.0]
        self._clipped = False
        self._last = time.monotonic()
        self._falling = QTimer(self)
        self._falling.setInterval(33)
        self._falling.timeout.connect(self._fall)
        self.setFixedSize(210, 16)
        self.setAccessibleName("Level of what is heard")

    def sizeHint(self) -> QSize:
        return QSize(210, 16)

    def set_peaks(self, left: float, right: float) -> None:
        """Takes the peaks since the last time; 1.0 is full scale."""
        self._fall()
        now = time.monotonic()
        for side, peak in enumerate((left, right)):
            level = 20.0 * math.log10(peak) if peak > 1e-6 else _FLOOR_DB
            self._levels[side] = max(self._levels[side], level)
            if level >= self._holds[side]:
                self._holds[side], self._held_since[side] = level, now
        if max(left, right) > _CLIP and not self._clipped:
            self._clipped = True
            self.setToolTip("Louder than full scale: click to switch the light off. The export will not clip.")
        self._falling.start()
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.put_light_out()

    def put_light_out(self) -> None:
        """Forgets that there was clipping."""
        if self._clipped:
            self._clipped = False
            self.setToolTip("")
            self.update()

    def _fall(self) -> None:
        now = time.monotonic()
        passed, self._last = min(now - self._last, 1.0), now
        for side in (0, 1):
            self._levels[side] = max(self._levels[side] - _FALL_DB_PER_SECOND * passed, _FLOOR_DB)
            if now - self._held_since[side] > _HOLD_SECONDS:
                self._holds[side] = self._levels[side]
        if max(*self._levels, *self._holds) <= _FLOOR_DB:
            self._falling.stop()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        width = self.width() - 12
        for side in (0, 1):
            y = 1 + side * 9
            painter.setBrush(QColor(theme.PRESSED))
            painter.drawRoundedRect(QRectF(0, y, width, 6), 2, 2)
            end, warm = place_of(self._levels[side]) * width, place_of(_WARM_DB) * width
            painter.setBrush(QColor(theme.GOOD))
            if end > 0:
                painter.drawRoundedRect(QRectF(0, y, min(end, warm), 6), 2, 2)
            if end > warm:
                painter.setBrush(QColor(theme.WARN))
                painter.drawRect(QRectF(warm, y, end - warm, 6))
            hold = place_of(self._holds[side]) * width
            if hold > 1:
                painter.setBrush(QColor(theme.TEXT))
                painter.drawRect(QRectF(hold - 1.5, y, 1.5, 6))
        painter.setBrush(QColor(theme.BAD if self._clipped else theme.PRESSED))
        painter.drawRoundedRect(QRectF(width + 4, 1, 8, 15), 2, 2)
