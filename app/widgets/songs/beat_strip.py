"""The beginning of a clip with its accents and the beats of a tempo over it, to see whether they meet."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.document.model import BEATS_PER_BAR, SONG_RATE, Clip, Tempo
from app.widgets import theme
from app.widgets.timeline.waves import Waves, wave_image

_SECONDS = 8.0
_HEIGHT = 96
_HEAD = 16
"""Pixels above the wave, for the numbers of the bars and the accents."""


class BeatStrip(QWidget):
    """Signals:
    first_asked(float): a bar shall begin at this second of the clip.
    """

    first_asked = Signal(float)

    def __init__(self, clip: Clip, waves: Waves, accents: Sequence[int], colour: QColor) -> None:
        super().__init__()
        self._clip = clip
        self._waves = waves
        self._accents = [frame / SONG_RATE for frame in accents]
        self._colour = colour
        self._tempo: Tempo | None = None
        self._seconds = min(_SECONDS, max(clip.seconds, 0.1))
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Beginning of the clip with its beats")
        self.setToolTip("Click where a bar begins")

    def sizeHint(self) -> QSize:
        return QSize(480, _HEIGHT)

    def show_tempo(self, tempo: Tempo | None) -> None:
        """Shows the beats of a tempo; None for none."""
        self._tempo = tempo
        self.update()

    def beats(self) -> list[tuple[float, int]]:
        """Seconds of the beats in view, and which of its bar each is, from 0."""
        if self._tempo is None:
            return []
        every = 60.0 / self._tempo.bpm
        first = int(np.ceil(-self._tempo.first_beat / every))
        last = int((self._seconds - self._tempo.first_beat) / every)
        return [(self._tempo.first_beat + beat * every, beat % BEATS_PER_BAR) for beat in range(first, last + 1)]

    def place_of(self, seconds: float) -> float:
        """The x of a time."""
        return seconds / self._seconds * self.width()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        asked = event.position().x() / self.width() * self._seconds
        reach = 8 / self.width() * self._seconds
        near = min(self._accents, key=lambda accent: abs(accent - asked), default=asked)
        self.first_asked.emit(max(near if abs(near - asked) <= reach else asked, 0.0))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.GROUND))
        ratio = self.devicePixelRatioF()
        wave = QRect(0, _HEAD, self.width(), _HEIGHT - _HEAD)
        found = self._waves.window(self._clip, 0.0, self._seconds * SONG_RATE, round(wave.width() * ratio))
        if found is not None:
            inner = theme.with_alpha(self._colour, 1.0)
            picture = wave_image(*found, round(wave.height() * ratio), theme.with_alpha(self._colour, 0.55), inner)
            painter.drawImage(QRectF(wave), picture, QRectF(picture.rect()))
        painter.setFont(theme.ui_font(11, tabular=True))
        for seconds, place in self.beats():
            x = round(self.place_of(seconds))
            begins = place == 0
            shade = theme.with_alpha(theme.TEXT, 0.9 if begins else 0.28)
            painter.fillRect(QRect(x, 0 if begins else _HEAD, 1, _HEIGHT), shade)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.SECOND))
        for accent in self._accents:
            middle = self.place_of(accent)
            if middle > self.width() + 5:
                break
            top, foot = _HEAD - 7, _HEAD - 1
            painter.drawPolygon(QPolygonF([QPointF(middle - 4, top), QPointF(middle + 4, top), QPointF(middle, foot)]))
