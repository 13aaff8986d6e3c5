"""The chip that chooses the finish: what is added to clips in playback and export."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QActionGroup, QKeyEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from app.document.model import FinishChoice
from app.widgets.basics import set_kind

_WORDS: dict[FinishChoice, str] = {"album": "as the album", "air": "air only", "made": "as made"}
_TIPS: dict[FinishChoice, str] = {
    "album": "Clips are heard and exported with the album's air above 8 kHz and its width",
    "air": "Clips are heard and exported with the album's air above 8 kHz, in mono",
    "made": "Clips are heard and exported as the model made them, in mono and up to 8 kHz",
}
_NOT_LEARNT = "As the model made them: the album's air and width are learnt when you train on it (Train)"
_NOTHING = "As the model made them: the album is in mono and ends at 8 kHz"


class FinishChip(QPushButton):
    """A chip with a menu of three.

    Signals:
        asked(str): one was chosen, "album", "air" or "made".
    """

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, "chip")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self.menu_ = QMenu(self)
        self.menu_.setToolTipsVisible(True)
        group = QActionGroup(self)
        self.choices = {choice: self.menu_.addAction(words) for choice, words in _WORDS.items()}
        for choice, action in self.choices.items():
            action.setCheckable(True)
            action.setToolTip(_TIPS[choice])
            action.triggered.connect(lambda _=False, choice=choice: self.asked.emit(choice))
            group.addAction(action)
        self.clicked.connect(self.open)
        self.show_finish("made", None)

    def show_finish(self, choice: FinishChoice, learnt: tuple[bool, bool] | None) -> None:
        """Shows what is heard.

        Args:
            choice: what the project asks for.
            learnt: whether the album taught air, and width; None where it was not learnt yet.
        """
        has_air, has_width = learnt or (False, False)
        there = {"album": has_air or has_width, "air": has_air, "made": True}
        heard: FinishChoice = choice if there[choice] else "made"
        tip = _NOT_LEARNT if learnt is None else _TIPS[heard] if has_air or has_width else _NOTHING
        self.setText(_WORDS[heard])
        self.setToolTip(tip)
        self.setAccessibleName(f"Finish of the clips: {_WORDS[heard]}")
        self.setAccessibleDescription(tip)
        for name, action in self.choices.items():
            action.setEnabled(there[name])
            action.setChecked(name == heard)

    def open(self) -> None:
        """Opens the menu above the chip."""
        self.menu_.popup(self.mapToGlobal(QPoint(0, -self.menu_.sizeHint().height())))
        self.menu_.setActiveAction(next(action for action in self.choices.values() if action.isChecked()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.open()
        else:
            super().keyPressEvent(event)
