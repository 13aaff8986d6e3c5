"""What an import is doing, and what it left out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QProgressBar, QWidget

from app.document.words import plural
from app.widgets.basics import Card, Elided, button, column, label, row, scrolling, time_left

_TALLEST_LIST = 150


class ImportProgress(Card):
    """A bar, what is being read, the time left, and Cancel.

    Signals:
        cancel_asked()
    """

    cancel_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._text = Elided("", "dim")
        self._left = label("", "faint", tabular=True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Progress of the import")
        self.cancel = button("Cancel")
        self.cancel.clicked.connect(self.cancel_asked)
        words = row(self._text, self._left, spacing=12)
        words.setStretch(0, 1)
        inner = row(column(words, self._bar, spacing=8), self.cancel, spacing=18, margins=(16, 12, 16, 12))
        inner.setStretch(0, 1)
        self.setLayout(inner)

    def begin(self) -> None:
        """Shows an import that has just begun."""
        self._text.show_text("Looking through the files")
        self._left.clear()
        self._bar.setValue(0)
        self.cancel.setEnabled(True)
        self.show()

    def show_progress(self, fraction: float, text: str, seconds: float) -> None:
        """Shows how far it is (0..1), what it does, and the seconds that are left."""
        self._bar.setValue(round(fraction * 1000))
        self._text.show_text(text)
        self._left.setText(time_left(seconds))

    def show_stopping(self) -> None:
        """Shows that it has been cancelled and is about to end."""
        self._text.show_text("Stopping\u2026")
        self._left.clear()
        self.cancel.setEnabled(False)


class LeftOut(Card):
    """The files that an import did not take, and why."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._head = label("", "heading")
        self._why = label("", "dim", wrap=True)
        self._why.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._why.setAccessibleName("Why they were left out")
        self.done = button("All right")
        self.done.clicked.connect(self.hide)
        self._scroll = scrolling(column(self._why, 1))
        self.setLayout(column(row(self._head, 1, self.done), self._scroll, spacing=6, margins=(16, 12, 16, 12)))
        self.hide()

    @property
    def reasons(self) -> str:
        """Why files were left out, as it is shown."""
        return self._why.text()

    def show_reasons(self, reasons: Sequence[str]) -> None:
        """Shows one sentence for each file, or hides where there is none."""
        self.setVisible(bool(reasons))
        if not reasons:
            return
        many = len(reasons) > 1
        self._head.setText(f"{plural(len(reasons), 'file')} were left out" if many else "One file was left out")
        self._why.setText("\n".join(reasons))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As tall as the sentences are, up to a limit."""
        height = self._why.heightForWidth(max(self.width() - 50, 200))
        self._scroll.setFixedHeight(min(height + 4, _TALLEST_LIST))
