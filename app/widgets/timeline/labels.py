"""Short texts as pictures: drawing text anew for each of hundreds of sections is slow."""

from __future__ import annotations

import math
from collections import OrderedDict
from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPixmap

from app.widgets import theme

LABEL_HEIGHT = 22
_MOST_LABELS = 600
_LEAST_ROOM = 48
"""Pixels below which too little would be left of a text."""
_ROOM_STEP = 4


class Labels:
    """Makes the pictures and keeps those wanted last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int, int, float], QPixmap] = OrderedDict()

    def fitting(self, text: str, room: float, colour: QColor, weight: QFont.Weight, dpr: float) -> QPixmap | None:
        """The text, ended by "…" where it needs more than `room` pixels; None where too little of it would be left."""
        if _width(text, weight) > room:
            if room < _LEAST_ROOM:
                return None
            text = _elided(text, int(room) // _ROOM_STEP * _ROOM_STEP, weight)
        return self.picture(text, colour, weight, dpr)

    def picture(self, text: str, colour: QColor, weight: QFont.Weight, dpr: float) -> QPixmap:
        """The text as a picture; the same picture again for the same text."""
        key = (text, colour.rgba(), weight.value, dpr)
        known = self._kept.get(key)
        if known is None:
            known = self._kept[key] = _text_picture(text, colour, weight, dpr)
            if len(self._kept) > _MOST_LABELS:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return known


@lru_cache(maxsize=2000)
def _width(text: str, weight: QFont.Weight) -> float:
    return QFontMetricsF(theme.ui_font(12, weight=weight, tabular=True)).horizontalAdvance(text)


@lru_cache(maxsize=2000)
def _elided(text: str, room: int, weight: QFont.Weight) -> str:
    metrics = QFontMetricsF(theme.ui_font(12, weight=weight, tabular=True))
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)


def _text_picture(text: str, colour: QColor, weight: QFont.Weight, dpr: float) -> QPixmap:
    width = math.ceil(_width(text, weight)) + 1
    pixmap = QPixmap(math.ceil(width * dpr), math.ceil(LABEL_HEIGHT * dpr))
    pixmap.setDevicePixelRatio(dpr)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setFont(theme.ui_font(12, weight=weight, tabular=True))
    painter.setPen(colour)
    painter.drawText(
        QRectF(0, 0, width, LABEL_HEIGHT), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text
    )
    painter.end()
    return pixmap
