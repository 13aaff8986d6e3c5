"""Messages that show for a while above everything else."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QWidget

from app.document.words import isolate_names
from app.widgets.basics import label, row, set_kind

_SHORTEST_MS = 3_500
_MS_PER_LETTER = 55
_LONGEST_MS = 12_000
_GAP = 16


class Toast(QFrame):
    """One message at a time, at the foot of `host`; gone after the time that reading it takes, or by a click."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self._text = label(wrap=True)
        self.setProperty("kind", "toast")
        self.setLayout(row(self._text, margins=(14, 10, 14, 10)))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        host.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        return self._text.text()

    def say(self, text: str, kind: str = "") -> None:
        """Shows a message; kinds: "good", "bad" and ""."""
        self._text.setText(isolate_names(text))
        set_kind(self, f"toast-{kind}" if kind else "toast")
        self._place()
        self.show()
        self.raise_()
        self._timer.start(min(max(_SHORTEST_MS, len(text) * _MS_PER_LETTER), _LONGEST_MS))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _place(self) -> None:
        widest = min(560, self._host.width() - 2 * _GAP)
        text_width = self._text.fontMetrics().horizontalAdvance(self._text.text()) + 4
        width = min(text_width + 32, widest)
        height = self._text.heightForWidth(width - 30) + 22
        self.resize(width, height)
        self.move((self._host.width() - width) // 2, self._host.height() - height - 56 - _GAP)
