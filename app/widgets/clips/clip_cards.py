"""Cards of clips, one a checkpoint: what it sounded like then. A click plays, a star keeps the checkpoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QWidget

from app.widgets import theme
from app.widgets.basics import button, duration
from app.widgets.plots.waveform import paint_waveform

Floats = NDArray[np.float32]

_SIDE, HEIGHT, _LEAST_WIDTH = 11, 84, 160
_NAME = _SIDE + 17
_STAR, _LENGTH, _GAP = 24, 38, 7
_BEST = "best"
_GONE = "Its checkpoint was removed to make room; the clip stays."


@dataclass(frozen=True)
class ClipFacts:
    """What a card shows of a clip."""

    id: str
    title: str
    seconds: float
    age: float
    """Of its checkpoint: 0 for the first epoch, 1 for the newest."""
    starred: bool | None = False
    """Whether its checkpoint is kept for ever; None where it is gone."""
    best: bool = False
    """Whether its checkpoint is the best so far."""


class ClipCard(QAbstractButton):
    """One clip: name, length, waveform in the colour of its age, how far it has played, and a star.

    Signals:
        star_asked(bool): its checkpoint shall be kept for ever, or no longer.
    """

    star_asked = Signal(bool)

    def __init__(self, facts: ClipFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts = facts
        self._lows: Floats = np.empty(0, np.float32)
        self._highs: Floats = np.empty(0, np.float32)
        self._played: float | None = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.star = button("", "star")
        self.star.setParent(self)
        self.star.setCheckable(True)
        self.star.setFixedSize(_STAR, _STAR)
        self.star.clicked.connect(self.star_asked)
        self._say()

    @property
    def facts(self) -> ClipFacts:
        """What it shows."""
        return self._facts

    def show_facts(self, facts: ClipFacts) -> None:
        """Shows these facts."""
        self._facts = facts
        self._say()
        self.update()

    def show_waveform(self, lows: Floats, highs: Floats) -> None:
        """The least and the greatest of every bin, -1..1."""
        self._lows, self._highs = lows, highs
        self.update()

    @property
    def has_waveform(self) -> bool:
        """Whether a waveform is shown."""
        return len(self._highs) > 0

    def show_played(self, fraction: float | None) -> None:
        """How much of it has been heard, or None while it does not play."""
        if fraction != self._played:
            self._played = fraction
            self._say()
            self.update()

    @property
    def is_playing(self) -> bool:
        """Whether it is shown as playing."""
        return self._played is not None

    def _say(self) -> None:
        facts = self._facts
        doing = f"{'Stop' if self.is_playing else 'Play'} {facts.title}"
        best = ", the best so far" if facts.best else ""
        self.setAccessibleName(f"{doing}, {duration(facts.seconds)}{best}")
        self.setToolTip(f"{doing}{best}" if facts.starred is not None else f"{doing}. {_GONE}")
        self.star.setVisible(facts.starred is not None)
        self.star.setChecked(bool(facts.starred))
        self.star.setText("★" if facts.starred else "☆")
        self.star.setToolTip("Kept for ever; click to take the star away" if facts.starred else "Keep it for ever")
        self.star.setAccessibleName(f"Keep the checkpoint of {facts.title} for ever")

    def shown_title(self) -> str:
        """Its name as far as there is room beside the badge and the star."""
        room = self._right_end() - _NAME - self._badge_width()
        return QFontMetrics(_title_font()).elidedText(self._facts.title, Qt.TextElideMode.ElideRight, room)

    def _right_end(self) -> int:
        return self.width() - _SIDE - (_STAR - 2 if self._facts.starred is not None else 0)

    def _badge_width(self) -> int:
        return QFontMetrics(theme.ui_font(11)).horizontalAdvance(_BEST) + _GAP if self._facts.best else 0

    def sizeHint(self) -> QSize:
        return QSize(_LEAST_WIDTH, HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.star.move(self.width() - _STAR - 6, 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = theme.age_colour(self._facts.age)
        edge = colour if self.is_playing else QColor(theme.SECOND if self.hasFocus() else theme.LINE)
        painter.setPen(edge)
        painter.setBrush(QColor(theme.PRESSED if self.underMouse() else theme.RAISED))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        self._draw_head(painter, colour)
        self._draw_wave(painter, QRectF(_SIDE, 34, self.width() - 2 * _SIDE, self.height() - 42), colour)
        painter.end()

    def _draw_head(self, painter: QPainter, colour: QColor) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        if self.is_playing or self.underMouse():
            top = 13.0
            points = [(_SIDE, top), (_SIDE + 8.5, top + 4.5), (_SIDE, top + 9)]
            if self.is_playing:
                painter.drawRect(QRectF(_SIDE, top + 0.5, 8, 8))
            else:
                painter.drawPolygon(QPolygonF([QPointF(*point) for point in points]))
        else:
            painter.drawRoundedRect(QRectF(_SIDE, 13.5, 8, 8), 2, 2)
        painter.setFont(_title_font())
        painter.setPen(QColor(theme.TEXT))
        left, right_end = _NAME, self._right_end()
        small = theme.ui_font(11)
        badge = self._badge_width()
        title = self.shown_title()
        middle = Qt.AlignmentFlag.AlignVCenter
        width = painter.fontMetrics().horizontalAdvance(title)
        painter.drawText(QRectF(left, 6, right_end - left, 24), middle, title)
        left += width + badge
        if self._facts.best:
            painter.setFont(small)
            painter.setPen(QColor(theme.SECOND))
            painter.drawText(QRectF(left - badge + _GAP, 6, badge, 24), middle, _BEST)
        if right_end - left >= _LENGTH:  # where there is little room the length goes first: it is that of the others
            painter.setFont(theme.ui_font(12, tabular=True))
            painter.setPen(QColor(theme.FAINT))
            head = QRectF(right_end - _LENGTH, 6, _LENGTH, 24)
            painter.drawText(head, middle | Qt.AlignmentFlag.AlignRight, duration(self._facts.seconds))

    def _draw_wave(self, painter: QPainter, area: QRectF, colour: QColor) -> None:
        middle = area.center().y()
        if not self.has_waveform:
            painter.setPen(QColor(theme.LINE))
            painter.drawLine(QPointF(area.left(), middle), QPointF(area.right(), middle))
            return
        rest = colour if self._played is None else theme.with_alpha(colour, 0.4)
        paint_waveform(painter, area, self._lows, self._highs, rest)
        if self._played is not None:
            heard = area.left() + area.width() * min(max(self._played, 0.0), 1.0)
            painter.setClipRect(QRectF(area.topLeft(), QPointF(heard, area.bottom())))
            paint_waveform(painter, area, self._lows, self._highs, colour)
            painter.setClipping(False)
            painter.setPen(QColor(theme.TEXT))
            painter.drawLine(QPointF(heard, area.top()), QPointF(heard, area.bottom()))


def _title_font() -> QFont:
    return theme.ui_font(13, weight=QFont.Weight.Medium)


class ClipCards(QWidget):
    """Cards side by side, as many in a row as there is room for, at most `most_columns`.

    Signals:
        clicked(str): the id of the clip.
        star_asked(str, bool): the checkpoint of the clip shall be kept for ever, or no longer.
    """

    clicked = Signal(str)
    star_asked = Signal(str, bool)

    def __init__(self, most_columns: int = 4, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._most_columns = most_columns
        self._columns = 0
        self._cards: dict[str, ClipCard] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(10)

    def show_clips(self, clips: Sequence[ClipFacts]) -> None:
        """One card for each of these, in their order."""
        for id in set(self._cards) - {facts.id for facts in clips}:
            gone = self._cards.pop(id)
            self._grid.removeWidget(gone)
            gone.deleteLater()
        for facts in clips:
            if facts.id in self._cards:
                self._cards[facts.id].show_facts(facts)
            else:
                self._cards[facts.id] = self._new_card(facts)
        self._cards = {facts.id: self._cards[facts.id] for facts in clips}
        self._arrange(force=True)

    def _new_card(self, facts: ClipFacts) -> ClipCard:
        card = ClipCard(facts, self)
        card.clicked.connect(self._on_clicked)
        card.star_asked.connect(self._on_star)
        return card

    def cards(self) -> list[ClipCard]:
        """All cards, in their order."""
        return list(self._cards.values())

    def card(self, id: str) -> ClipCard | None:
        """The card of a clip, by its id; None where there is none."""
        return self._cards.get(id)

    def show_played(self, id: str, fraction: float) -> None:
        """Marks one card as the one that plays; "" for none."""
        for card_id, card in self._cards.items():
            card.show_played(fraction if card_id == id else None)

    def _on_clicked(self) -> None:
        card = self.sender()
        if isinstance(card, ClipCard):
            self.clicked.emit(card.facts.id)

    def _on_star(self, starred: bool) -> None:
        card = self.sender()
        if isinstance(card, ClipCard):
            self.star_asked.emit(card.facts.id, starred)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self, *, force: bool = False) -> None:
        columns = min(max((self.width() + 10) // (_LEAST_WIDTH + 10), 1), self._most_columns)
        if columns == self._columns and not force:
            return
        for column in range(self._most_columns):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        for place, card in enumerate(self._cards.values()):
            self._grid.addWidget(card, place // columns, place % columns)
        self._columns = columns
