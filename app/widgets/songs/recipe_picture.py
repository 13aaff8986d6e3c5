"""What a recipe makes, as a small picture of a timeline: its sections in the colours of their ages."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets import theme

_STROKE = 7.0
"""Pixels from one stroke of the waveform to the next."""
_LANE_GAP = 3.0


@dataclass(frozen=True, slots=True)
class Block:
    """A section of the picture; places are shares of its width."""

    start: float
    length: float
    age: float
    lane: int = 0
    level: float = 1.0
    letter: str = ""


def _row(*blocks: tuple[float, float], gap: float = 0.008, lane: int = 0, at: float = 0.0) -> tuple[Block, ...]:
    """Blocks one behind the other: (length, age) of each."""
    made = []
    for length, age in blocks:
        made.append(Block(at, length - gap, age, lane))
        at += length
    return tuple(made)


def _letters(form: str, ages: Mapping[str, float]) -> tuple[Block, ...]:
    length = 1 / len(form)
    return tuple(
        Block(place * length, length - 0.008, ages[letter], letter=letter) for place, letter in enumerate(form)
    )


SKETCHES: Mapping[str, tuple[Block, ...]] = {
    "reveal": _row(*((1 / 9, place / 8) for place in range(9))),
    "random": (
        *_row((0.17, 1.0), (0.31, 0.86), (0.12, 1.0), (0.24, 0.92), (0.16, 1.0)),
        *_row((0.29, 0.9), (0.14, 1.0), (0.33, 1.0), (0.11, 0.86), (0.13, 0.95), lane=1),
    ),
    "sections": (
        Block(0.0, 0.28, 1.0, level=0.62),
        Block(0.33, 0.38, 1.0, level=1.0),
        Block(0.76, 0.24, 1.0, level=0.42),
    ),
    "stitch": _row((0.16, 0.0), (0.2, 0.5), (0.18, 1.0), (0.12, 0.0), (0.14, 0.5), (0.2, 1.0)),
    "layers": (
        Block(0.06, 0.94, 0.86),
        Block(0.06, 0.9, 1.0, lane=1),
        Block(0.06, 0.92, 0.72, lane=2),
    ),
    "motifs": _letters("AABAACBA", {"A": 1.0, "B": 0.62, "C": 0.34}),
    "likeness": _row((0.2, 0.7), (0.2, 0.76), (0.2, 0.83), (0.2, 0.91), (0.2, 1.0), gap=0.03),
}


def paint_recipe(painter: QPainter, name: str, area: QRectF) -> None:
    """Paints the picture of a recipe."""
    blocks = SKETCHES[name]
    lanes = 1 + max(block.lane for block in blocks)
    height = (area.height() - _LANE_GAP * (lanes - 1)) / lanes
    for number, block in enumerate(blocks):
        top = area.top() + block.lane * (height + _LANE_GAP)
        box = QRectF(area.left() + block.start * area.width(), top, block.length * area.width(), height)
        _paint_block(painter, block, box, number)
    pen = QPen(QColor(theme.TEXT), 1.2)
    if name == "layers":  # where all takes strike at once
        x = area.left() + 0.06 * area.width() + 1
        painter.setPen(pen)
        painter.drawLine(QPointF(x, area.top() - 1), QPointF(x, area.bottom() + 1))
    if name == "likeness":  # what holds the chain together
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for before in blocks[:-1]:
            x = area.left() + (before.start + before.length + 0.015) * area.width()
            painter.drawEllipse(QPointF(x, area.center().y()), 2.6, 2.6)


def _paint_block(painter: QPainter, block: Block, box: QRectF, number: int) -> None:
    colour = theme.age_colour(block.age)
    inset = (1.0 - block.level) * box.height() / 2
    box = box.adjusted(0.5, inset + 0.5, -0.5, -inset - 0.5)
    painter.setPen(QPen(theme.with_alpha(colour, 0.75), 1))
    painter.setBrush(theme.with_alpha(colour, 0.2))
    painter.drawRoundedRect(box, 3, 3)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPath(_wave(box, number, rough=block.age))
    if block.letter and box.height() >= 22:
        painter.setFont(theme.ui_font(11, weight=QFont.Weight.DemiBold))
        painter.setPen(QColor(theme.TEXT))
        painter.drawText(box.adjusted(5, 2, 0, 0), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, block.letter)


def _wave(box: QRectF, number: int, *, rough: float) -> QPainterPath:
    """Strokes that die away; of an early age there are hardly any yet."""
    half = 0.36 * box.height()
    points = [
        (box.left() + 2 + x, half * (0.25 + 0.75 * level * (0.3 + 0.7 * rough)))
        for x, level in _levels(box.width() - 4, number)
    ]
    path = QPainterPath(QPointF(points[0][0], box.center().y()))
    for x, level in points:
        path.lineTo(x, box.center().y() - level)
    for x, level in reversed(points):
        path.lineTo(x, box.center().y() + level)
    path.closeSubpath()
    return path


def _levels(width: float, number: int) -> Iterator[tuple[float, float]]:
    for step in range(max(round(width), 1) + 1):
        stroke, within = divmod(step + 3 * number, _STROKE)
        accent = 0.62 + 0.38 * abs(math.sin(1.7 * stroke + number))
        yield min(float(step), max(width, 0.0)), accent * math.exp(-0.28 * within)


class RecipePicture(QWidget):
    """The picture of the recipe that is chosen."""

    def __init__(self, height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = next(iter(SKETCHES))
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_recipe(self, name: str) -> None:
        """Shows another recipe."""
        self._name = name
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(theme.LINE))
        painter.setBrush(QColor(theme.GROUND))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        paint_recipe(painter, self._name, QRectF(self.rect()).adjusted(12, 12, -12, -12))
