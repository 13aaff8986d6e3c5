"""Typing a value where it stands in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtWidgets import QToolTip, QWidget

from app.widgets.controls.passing_field import PassingField

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
"""The keys that open the field."""
_LEAST_WIDTH = 64
_NOTE_MS = 6_000
_PLAIN = str.maketrans("−–,", "--.", "\u2009")
_SIDES = {"l": -1.0, "r": 1.0}
_NUMBER = re.compile(r"([lr]?)\s*(?:1/\s*)?([-+]?(?:\d+(?:\.\d+)?|\.\d+))\s*([a-z%]*)")


def figure(words: str) -> float | None:
    """The number in a value in words: "−1.5 dB" is −1.5, "1/6" is 6, "L 70" is −70, "C" is 0, "250 ms" is 0.25.

    None where there is no number in it.
    """
    plain = words.strip().lower().translate(_PLAIN)
    if plain == "c":
        return 0.0
    found = _NUMBER.match(plain)
    if found is None:
        return None
    return _SIDES.get(found[1], 1.0) * float(found[2]) / (1000.0 if found[3] == "ms" else 1.0)


def typed_value(text: str, values: Iterable[float], words: Callable[[float], str]) -> tuple[float, bool] | None:
    """That of `values` whose words come nearest to what was typed, and whether that is within their limits.

    None for what is no value.
    """
    known = [(value, words(value)) for value in values]
    for value, said in known:
        if said.casefold() == text.strip().casefold():
            return value, True
    wanted = figure(text)
    figures = [(value, number) for value, said in known if (number := figure(said)) is not None]
    if wanted is None or not figures:
        return None
    numbers = [number for _, number in figures]
    nearest = min(figures, key=lambda each: abs(each[1] - wanted))
    return nearest[0], min(numbers) <= wanted <= max(numbers)


class ValueEntry(PassingField):
    """A field over a value, there while that is typed; Return or leaving it takes what was typed, Escape does not.

    Signals:
        typed(str): what the person wants instead.
    """

    typed = Signal(str)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setAccessibleName(f"{name}: type a value")
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setProperty("kind", "value")
        self.returnPressed.connect(self._take)
        self.left.connect(self._take)
        self.given_up.connect(self._close)
        self.hide()

    def begin(self, words: str, place: QRect) -> None:
        """Opens over `place` of its parent, flush with its right edge."""
        room = self._over.size()
        width = min(max(place.width(), _LEAST_WIDTH), room.width())
        height = max(place.height(), self.fontMetrics().height() + 4)
        right, middle = min(place.right() + 1, room.width()), place.center().y()
        top = min(max(middle - height // 2, 0), max(room.height() - height, 0))
        self.setGeometry(max(right - width, 0), top, width, height)
        self.setText(words)
        self.selectAll()
        self.show()
        self.raise_()
        self.setFocus()

    def event(self, event: QEvent) -> bool:
        # Return and Escape mean the field alone, and no key of the screen, while something is typed
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def _take(self) -> None:
        if not self.isHidden():
            self._close()
            self.typed.emit(self.text())

    def _close(self) -> None:
        had_focus = self.hasFocus()
        self.hide()
        if had_focus:
            self._over.setFocus()


def say_limit(widget: QWidget, note: str) -> None:
    """Says, beside a value, why it goes no further."""
    QToolTip.showText(widget.mapToGlobal(QPoint(0, widget.height() + 2)), note, widget, QRect(), _NOTE_MS)
