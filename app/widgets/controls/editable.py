"""A text that becomes a field when it is clicked."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStackedWidget, QWidget

from app.document.words import isolated
from app.widgets.basics import caption, set_kind
from app.widgets.controls.passing_field import PassingField

_ROOM = 15


class EditableText(QStackedWidget):
    """Shows a text; a click makes it a field; Return or a click elsewhere takes what was typed, Escape does not.

    Args:
        what: what it is the text of, e.g. "Name of the project".
        kind: the look; see "name" in the style sheet.
        widest: in pixels; a longer text ends in "…".
        empty: shown, faintly, where there is no text.

    Signals:
        edited(str): another text was typed.
    """

    edited = Signal(str)

    def __init__(
        self, what: str, kind: str = "name", *, widest: int = 280, empty: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._what, self._widest, self._empty = what, widest, empty
        self._text = ""
        self._is_open = False
        self.shown = QPushButton()
        set_kind(self.shown, kind)
        self.shown.setCursor(Qt.CursorShape.IBeamCursor)
        self.shown.clicked.connect(self.begin)
        self.field = PassingField()
        self.field.setAccessibleName(what)
        self.field.setMaxLength(200)
        self.field.returnPressed.connect(self._finish)
        self.field.left.connect(self._finish)
        self.field.given_up.connect(self._close)
        self.addWidget(self.shown)
        self.addWidget(self.field)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        return self._text

    def show_text(self, text: str) -> None:
        """Shows a text, or what stands for an empty one."""
        self._text = text
        metrics = self.shown.fontMetrics()
        visible = text or self._empty
        self.shown.setText(caption(metrics.elidedText(visible, Qt.TextElideMode.ElideRight, self._widest)))
        self.shown.setToolTip(f"{isolated(text)}: click to change" if text else "Click to change")
        self.shown.setAccessibleName(f"{self._what}: {visible}")
        self.setFixedWidth(min(metrics.horizontalAdvance(visible), self._widest) + _ROOM)

    def make_room(self, widest: int) -> None:
        """Takes another limit, in pixels."""
        if widest != self._widest:
            self._widest = widest
            if not self._is_open:
                self.show_text(self._text)

    def begin(self) -> None:
        """Lets the person type."""
        self._is_open = True
        self.field.setText(self._text)
        self.setFixedWidth(min(max(self.width(), 220), max(self._widest, 160) + _ROOM))
        self.setCurrentWidget(self.field)
        self.field.selectAll()
        self.field.setFocus()

    def _finish(self) -> None:
        text = self.field.text().strip()
        was_open = self._is_open
        self._close()
        if was_open and text != self._text:
            self.edited.emit(text)

    def _close(self) -> None:
        """The field goes, and that it loses the focus by this means nothing."""
        if self._is_open:
            self._is_open = False
            self.setCurrentWidget(self.shown)
            self.show_text(self._text)
