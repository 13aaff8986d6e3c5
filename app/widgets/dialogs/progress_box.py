"""What is being done, how far it is, and a way to stop it."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QProgressBar, QWidget

from app.document.words import isolate_names
from app.widgets.basics import button, column, label, row


class ProgressBox(QWidget):
    """Signals:
    cancel_asked(): the person wants it stopped.
    """

    cancel_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = label("", "faint", wrap=True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setAccessibleName("Progress")
        self._is_stopping = False
        self.cancel = button("Cancel")
        self.cancel.clicked.connect(self._on_cancel)
        self.setLayout(column(self._words, self._bar, row(1, self.cancel)))
        self.hide()

    def begin(self, words: str) -> None:
        """Shows work that has just begun."""
        self._is_stopping = False
        self._bar.setValue(0)
        self._words.setText(isolate_names(words))
        self.show()

    def show_progress(self, fraction: float, words: str) -> None:
        """Shows how far it is (0..1) and what it does, until it is cancelled."""
        if not self._is_stopping:
            self._bar.setValue(round(fraction * 1000))
            self._words.setText(isolate_names(words))

    def words(self) -> str:
        """The words that are shown."""
        return self._words.text()

    @Slot()
    def _on_cancel(self) -> None:
        self._is_stopping = True
        self._words.setText("Stopping…")
        self.cancel_asked.emit()
