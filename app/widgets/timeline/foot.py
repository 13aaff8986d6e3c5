"""The row of buttons below the timeline: what drags snap to, zoom, and what follows the playhead."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from app.widgets.basics import row

_HEIGHT = 34
_BETWEEN, _SIDE = 4, 12


class ActionChip(QPushButton):
    """A small button for an action; it shows whether the action is switched on."""

    def __init__(self, text: str, action: QAction) -> None:
        super().__init__(text)
        keys = action.shortcut().toString()
        self.setProperty("kind", "small-chip")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(action.text())
        words = action.statusTip() or action.text()
        self.setToolTip(f"{words} ({keys})" if keys else words)
        if action.isCheckable():
            self.setCheckable(True)
            self.setChecked(action.isChecked())
            action.toggled.connect(self.setChecked)
        self.clicked.connect(action.trigger)


class TimelineFoot(QFrame):
    """Chips of actions.

    Args:
        snap: whether drags snap at all.
        kinds: to what they snap, by the text of the button.
        zoom: out and in, which come and go together.
        views: what of the song is seen, by what the chips say.
    """

    def __init__(
        self,
        snap: QAction,
        kinds: Mapping[str, QAction],
        zoom: tuple[QAction, QAction],
        views: Mapping[str, QAction],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "timeline-foot")
        self.setFixedHeight(_HEIGHT)
        self.snap = ActionChip("snap", snap)
        self.kinds = {kind: ActionChip(kind, action) for kind, action in kinds.items()}
        self.zoom = [ActionChip(text, action) for text, action in zip("−+", zoom, strict=True)]
        self.views = [ActionChip(text, action) for text, action in views.items()]
        right = (*self.zoom, *self.views)
        shown = row(self.snap, *self.kinds.values(), 1, *right, spacing=_BETWEEN, margins=(_SIDE, 0, _SIDE, 0))
        self.setLayout(shown)
        snap.toggled.connect(self._show_snap)
        self._show_snap(snap.isChecked())

    def _show_snap(self, on: bool) -> None:
        for chip in self.kinds.values():
            chip.setEnabled(on)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, _HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hides the buttons at the right for which there is no room; their keys still work."""
        left = event.size().width() - 2 * _SIDE + _BETWEEN
        singly = [[chip] for chip in (self.snap, *self.kinds.values())]
        for chips in (*singly, self.zoom, *([chip] for chip in self.views)):
            left -= sum(chip.sizeHint().width() + _BETWEEN for chip in chips)
            for chip in chips:
                chip.setVisible(left >= 0)
