"""A slider with its name and its value in words."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QSlider, QWidget

from app.widgets.basics import column, label, row


class ValueSlider(QWidget):
    """Chooses a whole number in a range; a double click puts it back to what it was made with.

    Signals:
        moved(int): the person changes it; many come during one drag.
        let_go(): the drag is over.
    """

    moved = Signal(int)
    let_go = Signal()

    def __init__(
        self, name: str, least: int, most: int, value: int, words: Callable[[int], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._words = words
        self._usual = value
        self._shown = label("", tabular=True)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(least, most)
        self.slider.setAccessibleName(name)
        self.slider.installEventFilter(self)
        self.slider.valueChanged.connect(self._on_value)
        self.slider.sliderReleased.connect(self.let_go)
        self.setLayout(column(row(label(name, "dim"), 1, self._shown), self.slider, spacing=2))
        self.put(value)
        self._on_value(value)

    @property
    def value(self) -> int:
        return self.slider.value()

    def put(self, value: int) -> None:
        """Shows a value without saying that the person moved it."""
        self.slider.blockSignals(True)
        self.slider.setValue(value)
        self.slider.blockSignals(False)
        self._shown.setText(self._words(self.slider.value()))

    def _on_value(self, value: int) -> None:
        self._shown.setText(self._words(value))
        self.moved.emit(value)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonDblClick:
            self.slider.setValue(self._usual)
            self.let_go.emit()
            return True
        return super().eventFilter(watched, event)
