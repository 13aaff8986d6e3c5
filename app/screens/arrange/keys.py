"""How the Arrange screen makes its actions."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence

from app.widgets.timeline.view import TimelineView

Key = str | QKeySequence.StandardKey


class Keys:
    """Makes actions with their keys.

    Those whose keys mean something elsewhere too (arrows, Delete, copy and paste) work while the timeline has the
    focus; the others work while the screen is shown, wherever in the window the focus is.
    """

    def __init__(self, timeline: TimelineView, on_screen: Callable[[QAction], None]) -> None:
        self._timeline = timeline
        self._on_screen = on_screen

    def anywhere(self, name: str, does: Callable[[], object], *keys: Key) -> QAction:
        """An action whose keys work while the screen is shown."""
        action = self._made(name, keys, Qt.ShortcutContext.WindowShortcut)
        action.triggered.connect(lambda: does())
        return action

    def on_timeline(self, name: str, does: Callable[[], object], *keys: Key) -> QAction:
        """An action whose keys work while the timeline has the focus."""
        action = self._made(name, keys, Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda: does())
        self._timeline.addAction(action)
        return action

    def switch(self, name: str, does: Callable[[bool], object], key: Key, *, on: bool) -> QAction:
        """An action that is on or off; its key works while the screen is shown."""
        action = self._made(name, (key,), Qt.ShortcutContext.WindowShortcut)
        action.setCheckable(True)
        action.setChecked(on)
        action.toggled.connect(does)
        return action

    def _made(self, name: str, keys: tuple[Key, ...], context: Qt.ShortcutContext) -> QAction:
        action = QAction(name, self._timeline)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setShortcutContext(context)
        self._on_screen(action)
        return action
