"""What to know before an export, line by line, each with the way to where it can be put right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.jobs.export import Check
from app.widgets.basics import button, label, row

_BADGES = {"ok": "badge-good", "look": "badge-warn", "bad": "badge-bad"}
_BADGE_WIDTH = 42
_WAYS = {
    "arrange": "Show",
    "artwork": "Artwork",
    "titles": "Titles",
    "names": "Name it",
    "details": "Details",
    "place": "Change",
}
"""What the button to each place says."""


class CheckList(QWidget):
    """Signals:
    way_asked(Check): the person wants to be where it can be put right.
    """

    way_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(7)
        self._shown: tuple[Check, ...] | None = None
        self.ways: dict[str, QPushButton] = {}
        """The buttons, by the text of their check."""

    def show_checks(self, checks: Sequence[Check]) -> None:
        """Shows these; where they are shown already, nothing flickers and the keyboard stays where it is."""
        if tuple(checks) == self._shown:
            return
        self._shown = tuple(checks)
        self.ways.clear()
        while (item := self._lines.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for check in checks:
            self._lines.addWidget(self._line(check))

    def _line(self, check: Check) -> QWidget:
        badge = label(check.level, _BADGES[check.level])
        badge.setMinimumWidth(_BADGE_WIDTH)
        badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words = label(check.text, "dim", wrap=True)
        words.setAccessibleName(f"{check.level}: {check.text}")
        parts: list[QWidget] = [badge, words]
        if check.place:
            way = button(_WAYS[check.place], "badge")
            way.setAccessibleName(f"{_WAYS[check.place]}: {check.text}")
            way.clicked.connect(lambda: self.way_asked.emit(check))
            self.ways[check.text] = way
            parts.append(way)
        whole = row(*parts, spacing=9)
        for part in (badge, *parts[2:]):
            whole.setAlignment(part, Qt.AlignmentFlag.AlignTop)
        whole.setStretch(1, 1)
        shown = QWidget()
        shown.setLayout(whole)
        return shown
