"""The choice of which clips are looked through: unrated ones, cool or warm ones, quiet or loud ones."""

from __future__ import annotations

import math
from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from app.widgets import theme
from app.widgets.basics import set_kind
from app.widgets.clips.clip_model import ANY, Range

_COOL, _WARM = 0.9, 1.05
_QUIET, _LOUD = -20.0, -14.0
_NO_END = math.inf
_WIDTH = 38
TEMPERATURES: dict[str, Range] = {
    "Any temperature": ANY,
    f"Cool: below {_COOL:.2f}": (-_NO_END, _COOL),
    f"Middling: {_COOL:.2f} to {_WARM:.2f}": (_COOL, _WARM),
    f"Warm: {_WARM:.2f} and more": (_WARM, _NO_END),
}
LOUDNESS: dict[str, Range] = {
    "Any loudness": ANY,
    f"Quiet: below \u2212{-_QUIET:.0f} LUFS": (-_NO_END, _QUIET),
    f"Middling: \u2212{-_QUIET:.0f} to \u2212{-_LOUD:.0f} LUFS": (_QUIET, _LOUD),
    f"Loud: \u2212{-_LOUD:.0f} LUFS and more": (_LOUD, _NO_END),
}


class ClipFilter(QPushButton):
    """A chip with a menu.

    Signals:
        changed(): another choice.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setIcon(theme.icon("filter"))
        set_kind(self, "chip")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedWidth(_WIDTH)
        self.setCheckable(True)
        menu = QMenu(self)
        self.unrated = menu.addAction("Unrated only")
        self.unrated.setCheckable(True)
        self.unrated.toggled.connect(self._on_changed)
        self.rejected = menu.addAction("Rejected ones, too")
        self.rejected.setCheckable(True)
        self.rejected.toggled.connect(self._on_changed)
        self.temperatures = self._choices(menu, TEMPERATURES)
        self.loudnesses = self._choices(menu, LOUDNESS)
        menu.addSeparator()
        self.clear = menu.addAction("No filter")
        self.clear.triggered.connect(self._on_clear)
        self._menu = menu
        self.clicked.connect(self._open)
        self._show()

    def _choices(self, menu: QMenu, choices: Mapping[str, Range]) -> dict[str, QAction]:
        menu.addSeparator()
        group = QActionGroup(self)
        actions = {}
        for words in choices:
            action = actions[words] = menu.addAction(words)
            action.setCheckable(True)
            group.addAction(action)
        next(iter(actions.values())).setChecked(True)
        group.triggered.connect(self._on_changed)
        return actions

    @property
    def temperature(self) -> Range:
        """The range of temperatures that is chosen."""
        return next(TEMPERATURES[words] for words, action in self.temperatures.items() if action.isChecked())

    @property
    def loudness(self) -> Range:
        """The range of loudness that is chosen."""
        return next(LOUDNESS[words] for words, action in self.loudnesses.items() if action.isChecked())

    def _open(self) -> None:
        self._show()
        self._menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _on_changed(self) -> None:
        self._show()
        self.changed.emit()

    def _on_clear(self) -> None:
        self.unrated.setChecked(False)
        self.rejected.setChecked(False)
        for actions in (self.temperatures, self.loudnesses):
            next(iter(actions.values())).setChecked(True)
        self._on_changed()

    def _show(self) -> None:
        """The chip is lit while other clips are shown than usual."""
        actions = (self.unrated, self.rejected, *self.temperatures.values(), *self.loudnesses.values())
        told = [action.text() for action in actions if action.isChecked() and not action.text().startswith("Any")]
        self.setChecked(bool(told))
        words = " \u00b7 ".join(told) or "Unrated clips only, cool or warm ones, quiet or loud ones; rejected ones, too"
        self.setToolTip(words)
        self.setAccessibleName(f"Filter of the clips: {words}")
