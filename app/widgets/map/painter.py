"""How the points of the map look: painted once onto a layer, and again only when they are others or elsewhere."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from app.widgets import theme
from app.widgets.map.geometry import Floats
from app.widgets.map.points import MapPoints

_SHADES = 24
"""Steps of age that can be told apart."""
_RADII = (4.0, 4.0, 4.6, 5.4, 6.2, 7.0)
"""Pixels, by stars."""
_ALBUM = 6.5
"""Pixels: the sides of the square that is a stretch of the album."""
_OPACITY, _FAINT, _UNLIKE = 0.92, 0.25, 0.13
_EDGE, _BEYOND = 1.5, 8
"""Pixels: around a point in its picture, and beyond the view in which points are still painted."""


class PointPainter:
    """Paints points by stamping the picture of each kind of point, which is made once."""

    def __init__(self) -> None:
        self._stamps: dict[tuple[int, int, int], QPixmap] = {}
        self._dpr = 1.0

    def layer(self, points: MapPoints, pixels: Floats, alike: frozenset[int], size: QSize, dpr: float) -> QPixmap:
        """All shown points within a view of this size.

        Args:
            alike: where there are some, all others are hardly seen.
        """
        if dpr != self._dpr:
            self._stamps.clear()
            self._dpr = dpr
        layer = QPixmap(size * dpr)
        layer.setDevicePixelRatio(dpr)
        layer.fill(QColor(theme.GROUND))
        painter = QPainter(layer)
        middle = [size.width() / 2, size.height() / 2]
        inside = points.shown & (np.abs(pixels - middle) < np.array(middle) + _BEYOND).all(axis=1)
        own = np.array([excerpt.is_album for excerpt in points.excerpts], np.bool_)
        shades = np.where(own, -1, np.rint(np.clip(points.ages, 0.0, 1.0) * (_SHADES - 1)).astype(np.int64))
        halves = np.where(own, _ALBUM / 2, np.array(_RADII)[np.clip(points.stars, 0, 5)]) + _EDGE
        clarity = points.faint.astype(np.int64)
        if alike:
            clarity[:] = 2
            clarity[list(alike)] = 0
        # whole pixels: Qt takes them much faster
        corners = np.rint(pixels - halves[:, None]).astype(np.int64)
        order = np.flatnonzero(inside)
        order = order[np.lexsort((points.stars[order], ~own[order], -clarity[order]))]  # the best on top
        columns = (shades, points.stars, clarity, corners[:, 0], corners[:, 1])
        draw, stamp = painter.drawPixmap, self._stamp
        for shade, stars, clear, x, y in zip(*(column[order].tolist() for column in columns), strict=True):
            draw(x, y, stamp(shade, stars, clear))
        _paint_legend(painter, size)
        painter.end()
        return layer

    def _stamp(self, shade: int, stars: int, clarity: int) -> QPixmap:
        """The picture of a kind of point: its shade (-1 for the album), stars, and 0 clear, 1 faint, 2 hardly seen."""
        picture = self._stamps.get((shade, stars, clarity))
        if picture is None:
            picture = self._stamps[shade, stars, clarity] = self._stamped(shade, stars, clarity)
        return picture

    def _stamped(self, shade: int, stars: int, clarity: int) -> QPixmap:
        radius = _ALBUM / 2 if shade < 0 else _RADII[min(max(stars, 0), 5)]
        half = radius + _EDGE
        side = round(2 * half * self._dpr)
        picture = QPixmap(side, side)
        picture.setDevicePixelRatio(self._dpr)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity((_OPACITY, _FAINT, _UNLIKE)[clarity])
        if shade < 0:
            painter.setPen(QColor(theme.SECOND))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(half - radius, half - radius, 2 * radius, 2 * radius))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.age_colour(shade / (_SHADES - 1)))
            painter.drawEllipse(QPointF(half, half), radius, radius)
        painter.end()
        return picture


def _paint_legend(painter: QPainter, size: QSize) -> None:
    """What nearness and squares mean, at the foot."""
    painter.setFont(theme.ui_font(11))
    words = ("near = sounds alike", "the album itself")
    widths = [painter.fontMetrics().horizontalAdvance(each) for each in words]
    left, foot, gap, mark = 12, size.height() - 10, 20, 12
    ground = QRectF(left - 5, foot - 13, sum(widths) + gap + mark + 10, 18)
    painter.fillRect(ground, theme.with_alpha(theme.GROUND, 0.75))
    painter.setPen(QColor(theme.FAINT))
    painter.drawText(left, foot, words[0])
    painter.drawText(left + widths[0] + gap + mark, foot, words[1])
    painter.setPen(QColor(theme.SECOND))
    painter.drawRect(QRectF(left + widths[0] + gap, foot - 8.5, _ALBUM, _ALBUM))


def radius_of(points: MapPoints, place: int) -> float:
    """Of a point as it is painted, in pixels."""
    return _ALBUM / 2 if points.excerpts[place].is_album else _RADII[min(int(points.stars[place]), 5)]
