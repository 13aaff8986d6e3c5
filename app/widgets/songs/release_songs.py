"""The songs of a release in their order: drawn row by row, moved by dragging or with the keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from app.widgets import theme
from app.widgets.basics import duration

Floats = NDArray[np.float32]

ROW = 43
_NUMBER, _LENGTH, _LUFS, _WAVE, _GAP = 32, 58, 78, 150, 16
_INSET = 6
_NARROW, _VERY_NARROW, _NO_WAVE = 520, 400, 300
_AT_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_AT_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, eq=False)
class SongRow:
    """What a row shows."""

    id: str
    title: str
    seconds: float
    lufs: float | None = None
    lows: Floats | None = None
    highs: Floats | None = None
    ages: Floats | None = None
    """0..1 for each column of the waveform; NaN where nothing is heard."""


@dataclass(frozen=True)
class _Style:
    """How a text of a row is written."""

    colour: str
    pixels: int = 13
    tabular: bool = False
    alignment: Qt.AlignmentFlag = _AT_LEFT


class ReleaseSongs(QWidget):
    """The rows. Up and Down choose, Alt with them moves, Return plays.

    Signals:
        moved(str, int): the song of this id is wanted at this place.
        play_asked(str, float): and from where, 0..1.
        out_asked(str): the song of this id is carried out of the window.
    """

    moved = Signal(str, int)
    play_asked = Signal(str, float)
    out_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[SongRow, ...] = ()
        self._chosen = 0
        self._pressed: QPointF | None = None
        self._dragged: int | None = None
        self._drop = 0
        self._playing, self._heard = "", 0.0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setMouseTracking(True)
        self.setToolTip("Drag to change the order; click a waveform to play")

    def show_rows(self, rows: Sequence[SongRow]) -> None:
        """Shows these songs."""
        self._rows = tuple(rows)
        self._chosen = min(self._chosen, max(len(rows) - 1, 0))
        self.setMinimumHeight(self.sizeHint().height())
        self._say()
        self.update()

    @property
    def rows(self) -> tuple[SongRow, ...]:
        """The songs that are shown."""
        return self._rows

    def show_played(self, id: str, fraction: float) -> None:
        """How much of a song has been heard; "" for none."""
        if (id, fraction) != (self._playing, self._heard):
            self._playing, self._heard = id, fraction
            self.update()

    def wave_area(self, place: int) -> QRectF:
        """Where the waveform of a row is drawn; empty where there is no room for one."""
        right = self.width() - _LENGTH - (_LUFS + _GAP if self.width() >= _NARROW else 0)
        if self.width() < _NO_WAVE:
            return QRectF()
        width = _WAVE if self.width() >= _NARROW else _WAVE / 2 if self.width() >= _VERY_NARROW else _WAVE / 3
        return QRectF(right - width - _GAP, place * ROW + 12, width, ROW - 24)

    def sizeHint(self) -> QSize:
        return QSize(540, len(self._rows) * ROW + 1)

    def _say(self) -> None:
        lines = [f"{place}. {row.title}, {duration(row.seconds)}" for place, row in enumerate(self._rows, start=1)]
        self.setAccessibleName("Songs of the release")
        chosen = lines[self._chosen] if lines else "none"
        self.setAccessibleDescription(f"Chosen: {chosen}. All: {'; '.join(lines)}")

    # drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        for place, row in enumerate(self._rows):
            self._draw(painter, place, row)
        painter.fillRect(QRectF(0, len(self._rows) * ROW, self.width(), 1), QColor(theme.LINE))
        if self._dragged is not None:
            painter.fillRect(QRectF(0, self._drop * ROW - 1, self.width(), 2), QColor(theme.ACCENT))

    def _draw(self, painter: QPainter, place: int, row: SongRow) -> None:
        top = place * ROW
        area = QRectF(0, top, self.width(), ROW)
        if place == self._dragged:
            painter.fillRect(area, QColor(theme.RAISED))
        elif self.hasFocus() and place == self._chosen:
            painter.fillRect(area, theme.with_alpha(theme.SECOND, 0.08))
            painter.fillRect(QRectF(0, top, 2, ROW), QColor(theme.SECOND))
        painter.fillRect(QRectF(0, top, self.width(), 1), QColor(theme.LINE))
        wave = self.wave_area(place)
        right = wave.left() if not wave.isEmpty() else self.width() - _LENGTH
        self._write(
            painter, QRectF(_INSET, top, _NUMBER - _INSET, ROW), str(place + 1), _Style(theme.FAINT, tabular=True)
        )
        title = QRectF(_NUMBER, top, right - _NUMBER - 8, ROW)
        self._write(painter, title, row.title or "no title yet", _Style(theme.TEXT if row.title else theme.FAINT))
        if self.width() >= _NARROW:
            lufs = QRectF(self.width() - _LENGTH - _LUFS - _GAP / 2, top, _LUFS, ROW)
            self._write(painter, lufs, _loudness(row.lufs), _Style(theme.FAINT, 12, tabular=True, alignment=_AT_RIGHT))
        length = QRectF(self.width() - _LENGTH, top, _LENGTH - _INSET, ROW)
        self._write(painter, length, duration(row.seconds), _Style(theme.DIM, tabular=True, alignment=_AT_RIGHT))
        if not wave.isEmpty():
            self._draw_wave(painter, wave, row)

    def _write(self, painter: QPainter, area: QRectF, text: str, style: _Style) -> None:
        weight = QFont.Weight.Medium if style.colour == theme.TEXT else QFont.Weight.Normal
        font = theme.ui_font(style.pixels, weight=weight, tabular=style.tabular)
        painter.setFont(font)
        painter.setPen(QColor(style.colour))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, max(int(area.width()), 8))
        painter.drawText(area, style.alignment, shown)

    def _draw_wave(self, painter: QPainter, area: QRectF, row: SongRow) -> None:
        middle = area.center().y()
        if row.highs is None or row.lows is None or row.ages is None:
            painter.fillRect(QRectF(area.left(), middle, area.width(), 1), QColor(theme.LINE))
            return
        width = area.width() / len(row.highs)
        reach = area.height() / 2 / max(float(row.highs.max()), float(-row.lows.min()), 0.05)
        heard = self._heard if row.id == self._playing else None
        for column, (low, high, age) in enumerate(zip(row.lows, row.highs, row.ages, strict=True)):
            colour = theme.age_colour(0.0 if np.isnan(age) else float(age))
            if heard is not None and column / len(row.highs) > heard:
                colour = theme.with_alpha(colour, 0.4)
            top, foot = middle - max(high * reach, 0.5), middle - min(low * reach, -0.5)
            painter.fillRect(QRectF(area.left() + column * width, top, width, foot - top), colour)

    # mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position().y())
        if event.button() != Qt.MouseButton.LeftButton or place is None:
            return
        self._chosen = place
        self._pressed = event.position()
        self._say()
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        far = (event.position() - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        if self._dragged is None and far:
            self._dragged = self._chosen
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        window = self.window()
        if self._dragged is not None and not window.rect().contains(
            window.mapFromGlobal(event.globalPosition().toPoint())
        ):
            id = self._rows[self._dragged].id
            self._dragged = self._pressed = None
            self.unsetCursor()
            self.update()
            self.out_asked.emit(id)
        elif self._dragged is not None:
            self._drop = min(max(round(event.position().y() / ROW), 0), len(self._rows))
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        dragged, pressed = self._dragged, self._pressed
        self._dragged = self._pressed = None
        self.unsetCursor()
        self.update()
        if dragged is not None:
            to = self._drop - (self._drop > dragged)
            if to != dragged:
                self.moved.emit(self._rows[dragged].id, to)
        elif pressed is not None:
            wave = self.wave_area(self._chosen)
            if wave.contains(pressed):
                self.play_asked.emit(self._rows[self._chosen].id, (pressed.x() - wave.left()) / wave.width())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._place_at(event.position().y()) is not None:
            self.play_asked.emit(self._rows[self._chosen].id, 0.0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if not self._rows:
            super().keyPressEvent(event)
        elif event.key() in steps:
            to = self._chosen + steps[Qt.Key(event.key())]
            if 0 <= to < len(self._rows):
                id, self._chosen = self._rows[self._chosen].id, to
                if event.modifiers() & Qt.KeyboardModifier.AltModifier:
                    self.moved.emit(id, to)
            self._say()
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.play_asked.emit(self._rows[self._chosen].id, 0.0)
        elif event.key() == Qt.Key.Key_Escape and self._dragged is not None:
            self._dragged = self._pressed = None
            self.update()
        else:
            super().keyPressEvent(event)

    def _place_at(self, y: float) -> int | None:
        place = int(y // ROW)
        return place if 0 <= place < len(self._rows) else None


def _loudness(lufs: float | None) -> str:
    if lufs is None:
        return ""
    return f"{lufs:.1f} LUFS".replace("-", "−") if np.isfinite(lufs) else "silent"
