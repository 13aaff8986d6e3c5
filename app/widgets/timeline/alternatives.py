"""Which of several clips a section plays: "2 of 3", and the way to the others."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from app.widgets.basics import button, label, row

_SIDE = 26


class Alternatives(QWidget):
    """Hidden where there is no choice.

    Signals:
        step_asked(int): 1 for the next, -1 for the one before; round and round.
    """

    step_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.before = _arrow("\u25c0", "The way to go on before (Ctrl+,)")
        self.next = _arrow("\u25b6", "The next way to go on (Ctrl+.)")
        self.words = label("", tabular=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setLayout(row(label("Way to go on", "dim"), 1, self.before, self.words, self.next, spacing=6))
        self.before.clicked.connect(lambda: self.step_asked.emit(-1))
        self.next.clicked.connect(lambda: self.step_asked.emit(1))

    def show_choice(self, place: int, count: int) -> None:
        """Args: place: from 1; count: 0 or 1 where there is no choice."""
        self.words.setText(f"{place} of {count}")
        self.setVisible(count > 1)


def _arrow(text: str, tip: str) -> QPushButton:
    made = button(text, tip=tip)
    made.setProperty("kind", "small-chip")
    made.setFixedSize(_SIDE, _SIDE - 4)
    made.setAccessibleName(tip)
    return made
