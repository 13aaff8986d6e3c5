"""Cards to choose one of: a name and, under it, what it means."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from app.widgets import theme
from app.widgets.basics import Elided, column, label


class ChoiceCard(QAbstractButton):
    """One choice; it is on or off like a radio button."""

    def __init__(self, name: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setAccessibleDescription(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name, self._words = Elided(name, "heading"), label(words, "faint", wrap=True)
        for text in (self._name, self._words):
            text.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setLayout(column(self._name, self._words, spacing=1, margins=(12, 8, 12, 8)))

    def put(self, name: str, words: str) -> None:
        """Shows another name and meaning."""
        self._name.show_text(name)
        self._words.setText(words)
        self.setAccessibleName(name)
        self.setAccessibleDescription(words)

    def sizeHint(self) -> QSize:
        # words that wrap would ask for the height that they have in a narrower card
        hint = super().sizeHint()
        return QSize(hint.width(), self.heightForWidth(max(self.width(), hint.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = theme.ACCENT if self.isChecked() else theme.SECOND if self.hasFocus() else theme.LINE
        lit = self.isChecked() or (self.underMouse() and self.isEnabled())
        painter.setPen(QColor(edge))
        painter.setBrush(QColor(theme.RAISED if lit else theme.PANEL))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)


class ChoiceCards(QWidget):
    """A column of cards, one of which is chosen.

    Signals:
        chosen(str): the key of the card that the person chose.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(8)
        self._group = QButtonGroup(self)
        self._cards: dict[str, ChoiceCard] = {}

    def add(self, key: str, name: str, words: str) -> ChoiceCard:
        """Adds a card; `key` says which it is when it is chosen."""
        card = ChoiceCard(name, words)
        card.clicked.connect(lambda: self.chosen.emit(key))
        self._cards[key] = card
        self._group.addButton(card)
        self._body.addWidget(card)
        if len(self._cards) == 1:
            card.setChecked(True)
        return card

    @property
    def key(self) -> str:
        """Of the card that is chosen."""
        return next(key for key, card in self._cards.items() if card.isChecked())

    def choose(self, key: str) -> None:
        """Chooses a card, by its key."""
        self._cards[key].setChecked(True)

    def card(self, key: str) -> ChoiceCard:
        """A card, by its key."""
        return self._cards[key]
