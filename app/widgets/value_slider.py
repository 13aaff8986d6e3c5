"""A slider with its name and its value in words."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSlider, QWidget

from app.widgets.basics import column, label, row
from app.widgets.wheel import WHEEL_RESTS_MS, keep_wheel_off


class ValueSlider(QWidget):
    """Chooses a whole number in a range; a double click puts it back to what it was made with.

    Signals:
        moved(int): the person changes it; many come during one drag.
        let_go(): the drag, the held key or the turn of the wheel is over.
    """

    moved = Signal(int)
    let_go = Signal()

    def __init__(
        self,
        name: str,
        least: int,
        most: int,
        value: int,
        words: Callable[[int], str],
        parent: QWidget | None = None,
        *,
        beside: QWidget | None = None,
    ) -> None:
        """Args: beside: stands between the name and the value."""
        super().__init__(parent)
        self._words = words
        self._usual = value
        self._shown = label("", tabular=True)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(least, most)
        self.slider.setAccessibleName(name)
        self.slider.installEventFilter(self)
        keep_wheel_off(self.slider)
        self._wheel_rests = QTimer(self)
        self._wheel_rests.setSingleShot(True)
        self._wheel_rests.setInterval(WHEEL_RESTS_MS)
        self._wheel_rests.timeout.connect(self.let_go)
        self.slider.valueChanged.connect(self._on_value)
        self.slider.sliderReleased.connect(self.let_go)
        head = row(label(name, "dim"), 1, self._shown)
        if beside is not None:
            head.insertWidget(1, beside)
        self.setLayout(column(head, self.slider, spacing=2))
        self.put(value)
        self._on_value(value)

    @property
    def value(self) -> int:
        return self.slider.value()

    @property
    def words(self) -> str:
        """As they stand beside it."""
        return self._shown.text()

    def put(self, value: int, words: str = "") -> None:
        """Shows a value without saying that the person moved it.

        Args:
            words: what stands there instead, where the value is only near the true one.
        """
        self.slider.blockSignals(True)
        self.slider.setValue(value)
        self.slider.blockSignals(False)
        self._shown.setText(words or self._words(self.slider.value()))

    def _on_value(self, value: int) -> None:
        self._shown.setText(self._words(value))
        self.moved.emit(value)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.MouseButtonDblClick:
                self.slider.setValue(self._usual)
                self.let_go.emit()
                return True
            case QEvent.Type.KeyRelease if isinstance(event, QKeyEvent) and not event.isAutoRepeat():
                self.let_go.emit()
            case QEvent.Type.Wheel:
                self._wheel_rests.start()
        return super().eventFilter(watched, event)
