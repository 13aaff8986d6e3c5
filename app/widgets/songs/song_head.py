"""The line above the timeline: which song it is, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QColor, QFont, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter, QWidget

from app.document.model import SONG_RATE, Song
from app.widgets import theme
from app.widgets.basics import duration, label, row
from app.widgets.controls.name_field import NameField
from app.widgets.songs.tempo_chip import TempoChip

_ROOM_FOR_WORDS, _ROOM_FOR_LENGTH = 620, 820


class KeyButton(QPushButton):
    """A button with its key, fainter, behind its name."""

    def __init__(self, name: str, action: QAction, short: str = "") -> None:
        super().__init__()
        self._name, self._key = name, action.shortcut().toString()
        self._names = (short or name, name)
        self._has_room_for_key = not short
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(action.text())
        self.setToolTip(f"{action.text()} ({self._key})")
        self.setEnabled(action.isEnabled())
        self.clicked.connect(action.trigger)
        action.enabledChanged.connect(self.setEnabled)
        self.show_room(True)

    def show_room(self, wide: bool) -> None:
        """Shows the whole name, and the key of those whose name is short; or else the short name alone."""
        self._name = self._names[wide]
        # The key is part of the text, so that the style makes room for it; then it is painted over, fainter.
        self.setText(f"{self._name}  {self._key}" if wide and self._has_room_for_key else self._name)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        metrics = self.fontMetrics()
        area = self.rect()
        area.setLeft((self.width() - metrics.horizontalAdvance(self.text())) // 2)
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setPen(QColor(theme.TEXT if self.isEnabled() else theme.FAINT))
        painter.drawText(area, left, self._name)
        if self.text() != self._name:
            area.setLeft(area.left() + metrics.horizontalAdvance(f"{self._name}  "))
            painter.setPen(QColor(theme.FAINT))
            painter.drawText(area, left, self._key)


class SongHead(QWidget):
    """Number, title and length of the song; buttons of actions.

    Signals:
        title_asked(str): the person typed another title.
    """

    title_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = label("", "heading", tabular=True)
        self._number.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.title = NameField()
        self.title.setProperty("kind", "inline")
        self.title.setPlaceholderText("untitled: type a name")
        self.title.setAccessibleName("Title of the song")
        self.title.setFont(theme.ui_font(13, weight=QFont.Weight.DemiBold))
        self.setFixedHeight(48)
        self.title.editingFinished.connect(self._on_typed)
        self._length = label("", "badge", tabular=True)
        self._length.setFixedHeight(20)
        self._before = ""
        self._buttons: list[KeyButton] = []
        self.tempo = TempoChip()
        shown = (row(self._number, self.title, spacing=0), self._length, self.tempo)
        self._row = row(*shown, 1, spacing=6, margins=(14, 8, 14, 8))
        self._row.setStretch(0, 1000)  # a title takes what the buttons leave, as far as it needs it
        self.setLayout(self._row)

    def add_action(self, name: str, action: QAction, short: str = "") -> KeyButton:
        """A button that does the action, with its key on it where there is room, else with its short name."""
        made = KeyButton(name, action, short)
        self._buttons.append(made)
        self._row.addWidget(made)
        return made

    def show_song(self, number: int, song: Song) -> None:
        """Shows a song; `number` is its place on the album from 1 on, or 0."""
        self._number.setText(f"{number} ·" if number else "")
        if self._before != song.title or not self.title.hasFocus():
            self._before = song.title
            self.title.setText(song.title)
            self.title.setCursorPosition(0)
        self.title.setVisible(bool(number))
        self._length.setVisible(song.frames > 0 and self.width() >= _ROOM_FOR_LENGTH)
        self._length.setText(duration(song.frames / SONG_RATE))
        self._fit_title()

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = event.size().width() >= _ROOM_FOR_WORDS
        for made in self._buttons:
            made.show_room(wide)
        self.tempo.make_room(wide)
        self._length.setVisible(event.size().width() >= _ROOM_FOR_LENGTH)
        self._fit_title()

    def _fit_title(self) -> None:
        words = self.title.text() or self.title.placeholderText()
        wanted = self.title.fontMetrics().horizontalAdvance(words) + 24
        self.title.setMaximumWidth(max(wanted, 80))

    def _on_typed(self) -> None:
        typed = self.title.text().strip()
        if typed != self._before:
            self._before = typed
            self.title_asked.emit(typed)
