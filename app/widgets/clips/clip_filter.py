"""The choice of which clips are looked through: unrated ones, cool or warm ones, quiet or loud ones."""

from __future__ import annotations

import math
from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from app.widgets import theme
from app.widgets.basics import set_kind
from app.widgets.clips.clip_figures import MEASURES
from app.widgets.clips.clip_model import ANY, Range

_COOL, _WARM = 0.9, 1.05
_QUIET, _LOUD = -20.0, -14.0
_DARK, _BRIGHT = 800.0, 1600.0
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


LEAST = (0, 40, 60, 80)
"""Of a measure; 0 for anything."""
BRIGHTNESS: dict[str, Range] = {
    "Any brightness": ANY,
    f"Dark: below {_DARK:.0f} Hz": (-_NO_END, _DARK),
    f"Middling: {_DARK:.0f} to {_BRIGHT:.0f} Hz": (_DARK, _BRIGHT),
    f"Bright: {_BRIGHT:.0f} Hz and more": (_BRIGHT, _NO_END),
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
        self.hide_flawed = menu.addAction("Hide stuck ones and copies")
        self.liked = menu.addAction("Like what you starred")
        for action in (self.hide_flawed, self.liked):
            action.setCheckable(True)
            action.toggled.connect(self._on_changed)
        self.temperatures = self._choices(menu, TEMPERATURES)
        self.loudnesses = self._choices(menu, LOUDNESS)
        menu.addSeparator()
        self.measures = {name: self._choices(menu.addMenu(name), _least_words(name)) for name in MEASURES}
        self.brightnesses = self._choices(menu.addMenu("Brightness"), BRIGHTNESS)
        menu.addSeparator()
        self.clear = menu.addAction("No filter")
        self.clear.triggered.connect(self._on_clear)
        self._menu = menu
        self.clicked.connect(self._open)
        self._show()

    def _choices(self, menu: QMenu, choices: Iterable[str]) -> dict[str, QAction]:
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

    @property
    def least(self) -> tuple[int, int, int, int]:
        """The least of each of `MEASURES` that is chosen."""
        close, new, moving, time = (
            next(least for least, action in zip(LEAST, actions.values(), strict=True) if action.isChecked())
            for actions in self.measures.values()
        )
        return close, new, moving, time

    @property
    def brightness(self) -> Range:
        """The range of brightness that is chosen."""
        return next(BRIGHTNESS[words] for words, action in self.brightnesses.items() if action.isChecked())

    @property
    def _groups(self) -> tuple[dict[str, QAction], ...]:
        return (self.temperatures, self.loudnesses, *self.measures.values(), self.brightnesses)

    def _open(self) -> None:
        self._show()
        self._menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _on_changed(self) -> None:
        self._show()
        self.changed.emit()

    def _on_clear(self) -> None:
        for action in (self.unrated, self.rejected, self.hide_flawed, self.liked):
            action.setChecked(False)
        for actions in self._groups:
            next(iter(actions.values())).setChecked(True)
        self._on_changed()

    def _show(self) -> None:
        """The chip is lit while other clips are shown than usual."""
        actions = [self.unrated, self.rejected, self.hide_flawed, self.liked]
        actions += [action for group in self._groups for action in group.values()]
        told = [action.text() for action in actions if action.isChecked() and not action.text().startswith("Any")]
        self.setChecked(bool(told))
        words = " \u00b7 ".join(told) or "Unrated clips only, cool or warm ones, quiet or loud ones; rejected ones, too"
        self.setToolTip(words)
        self.setAccessibleName(f"Filter of the clips: {words}")


def _least_words(measure: str) -> list[str]:
    """A line for each of `LEAST`."""
    return ["Any", *(f"{measure}: {least} and more" for least in LEAST[1:])]
