"""How one clip looks in the list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.document.clip_names import clip_name
from app.document.model import Clip
from app.widgets import theme
from app.widgets.basics import duration
from app.widgets.clips.clip_figures import Tag
from app.widgets.clips.clip_model import ClipModel
from app.widgets.timeline.waves import Waves, shades_of, wave_image

ROW_HEIGHT = 84
_MARGIN = 12
_STAR = 13
_WAVE_TOP, _WAVE_HEIGHT = 31, 26
_TAG_TOP, _TAG_HEIGHT, _TAG_GAP = 62, 16, 5
_TAG_LOOKS = {
    "good": (theme.GOOD_GROUND, theme.GOOD),
    "warn": (theme.WARN_GROUND, theme.WARN),
    "bad": (theme.BAD_GROUND, theme.BAD),
    "": (theme.PRESSED, theme.DIM),
}
"""Ground and text."""
_Index = QModelIndex | QPersistentModelIndex


def stars_area(row: QRect) -> QRect:
    """Where in a row the stars are."""
    return QRect(row.right() - _MARGIN - 5 * _STAR + 1, row.top() + 8, 5 * _STAR, 18)


def star_at(row: QRect, place: QPoint) -> int:
    """The star under a place of a row, 1..5; 0 for none."""
    area = stars_area(row)
    return (place.x() - area.left()) // _STAR + 1 if area.contains(place) else 0


def play_area(row: QRect) -> QRect:
    """The small square before the name: it plays."""
    return QRect(row.left() + _MARGIN - 6, row.top() + 6, 22, 22)


def wave_area(row: QRect) -> QRect:
    """Where in a row the waveform is."""
    return QRect(row.left() + _MARGIN, row.top() + _WAVE_TOP, row.width() - 2 * _MARGIN, _WAVE_HEIGHT)


class ClipCell(QStyledItemDelegate):
    """Name, length, stars, waveform and tags, in the colour of the clip's age."""

    def __init__(self, waves: Waves, parent: QObject) -> None:
        super().__init__(parent)
        self._waves = waves
        self.playing: tuple[str, float] = ("", 0.0)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(200, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        clip: Clip = index.data(ClipModel.ClipRole)
        colour = theme.age_colour(index.data(ClipModel.AgeRole))
        row = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option)
        if clip.rejected:
            painter.setOpacity(0.35)
        flaw = index.data(ClipModel.FlawRole)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        self._paint_head(painter, row, clip, colour, hovered=hovered)
        _paint_stars(painter, stars_area(row), clip)
        self._paint_wave(painter, row, clip, colour)
        if flaw:
            _paint_flaw(painter, wave_area(row), flaw)
        figures = index.data(ClipModel.FiguresRole)
        if figures is not None:
            _paint_tags(painter, row, figures.tags)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        row, state = option.rect, option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(row, QColor(theme.PRESSED))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(row, QColor(theme.RAISED))
        painter.fillRect(QRect(row.left(), row.bottom(), row.width(), 1), QColor(theme.LINE))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(QRect(row.left(), row.top(), 2, row.height() - 1), QColor(theme.SECOND))

    def _paint_head(self, painter: QPainter, row: QRect, clip: Clip, colour: QColor, *, hovered: bool) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        x, y = row.left() + _MARGIN, row.top() + 17
        if self.playing[0] == clip.id:
            painter.drawRoundedRect(QRectF(x, y - 5, 3.5, 10), 1, 1)
            painter.drawRoundedRect(QRectF(x + 6, y - 5, 3.5, 10), 1, 1)
        elif hovered:
            painter.drawPolygon(QPolygonF([QPointF(x, y - 5.5), QPointF(x + 10, y), QPointF(x, y + 5.5)]))
        else:
            painter.drawRoundedRect(QRectF(x, y - 4.5, 9, 9), 2, 2)
        painter.setFont(theme.ui_font(13, weight=QFont.Weight.Medium, tabular=True))
        painter.setPen(QColor(theme.TEXT))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        name = clip_name(clip)
        painter.drawText(QRectF(x + 18, row.top() + 6, 130, 22), flags, name)
        after = x + 18 + painter.fontMetrics().horizontalAdvance(name) + 9
        painter.setFont(theme.ui_font(12, tabular=True))
        painter.setPen(QColor(theme.FAINT))
        length = duration(clip.seconds)
        room = stars_area(row).left() - after - 4
        # half a length says nothing
        for words in (f"{length} · rejected", length) if clip.rejected else (length,):
            if painter.fontMetrics().horizontalAdvance(words) <= room:
                painter.drawText(QRectF(after, row.top() + 6, room, 22), flags, words)
                break

    def _paint_wave(self, painter: QPainter, row: QRect, clip: Clip, colour: QColor) -> None:
        dpr = painter.device().devicePixelRatioF()
        area = wave_area(row)
        columns = max(round(area.width() * dpr), 1)
        window = self._waves.window(clip, 0.0, float(max(clip.frames, 1)), columns)
        outer, inner, _, _ = shades_of(colour.rgb())
        if window is None:
            painter.fillRect(QRect(area.left(), area.center().y(), area.width(), 1), theme.with_alpha(colour, 0.4))
            return
        image = wave_image(*window, round(_WAVE_HEIGHT * dpr), outer, inner)
        image.setDevicePixelRatio(dpr)
        painter.drawImage(area.topLeft(), image)
        if self.playing[0] == clip.id:
            x = area.left() + round(self.playing[1] * area.width())
            heard = QRect(area.left(), area.top(), x - area.left(), area.height())
            painter.fillRect(heard, theme.with_alpha(theme.TEXT, 0.10))
            painter.fillRect(QRect(x, area.top(), 2, area.height()), QColor(theme.TEXT))


def _paint_tags(painter: QPainter, row: QRect, tags: Sequence[Tag]) -> None:
    """As many as there is room for."""
    painter.setFont(theme.ui_font(11, tabular=True))
    x, right = row.left() + _MARGIN, row.right() - _MARGIN
    for tag in tags:
        width = painter.fontMetrics().horizontalAdvance(tag.words) + 12
        if x + width > right:
            break
        ground, text = _TAG_LOOKS[tag.kind]
        badge = QRectF(x, row.top() + _TAG_TOP, width, _TAG_HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(badge, 4, 4)
        painter.setPen(QColor(text))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, tag.words)
        x += width + _TAG_GAP


def _paint_flaw(painter: QPainter, area: QRect, flaw: str) -> None:
    painter.setFont(theme.ui_font(12))
    words = f"file {flaw}"
    width = painter.fontMetrics().horizontalAdvance(words) + 14
    badge = QRectF(area.right() + 1 - width, area.center().y() - 9, width, 19)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.GROUND))
    painter.drawRoundedRect(badge, 4, 4)
    painter.setPen(QColor(theme.BAD))
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, words)


def _paint_stars(painter: QPainter, area: QRect, clip: Clip) -> None:
    painter.setFont(theme.ui_font(13))
    for place in range(5):
        star = QRect(area.left() + place * _STAR, area.top(), _STAR, area.height())
        painter.setPen(QColor(theme.STAR if place < clip.stars else theme.FAINT))
        painter.drawText(star, Qt.AlignmentFlag.AlignCenter, "★" if place < clip.stars else "☆")
