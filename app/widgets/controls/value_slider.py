"""A slider with its name and its value in words."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLabel, QSlider, QStyle, QStyleOptionSlider, QWidget

from app.widgets.basics import column, label, row
from app.widgets.controls.value_entry import ENTER, ValueEntry, say_limit, typed_value
from app.widgets.controls.value_range import ValueRange
from app.widgets.controls.wheel import keep_wheel_off, wheel_timer

_TEMPERATURE_LIMITS = (
    "Below 0.50 the model only repeats what it is surest of, and ends in a hum.",
    "Above 1.50 chance outweighs the model, and what is left is noise.",
)
_HEIGHT = 22
"""Pixels that take the mouse, much more than the groove."""
_VALUE_WIDTH = 52
"""Pixels for the value at the right of a slider."""
_DOWN = (Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_PageDown)
_UP = (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_PageUp)


class Groove(QSlider):
    """A press anywhere on it takes the handle there, and a drag goes on from that place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), _HEIGHT)

    def x_of(self, value: int) -> int:
        """Where the middle of the handle stands at a value."""
        groove, handle = self._parts()
        room = groove.width() - handle.width()
        place = QStyle.sliderPositionFromValue(self.minimum(), self.maximum(), value, room)
        return groove.left() + handle.width() // 2 + place

    def _parts(self) -> tuple[QRect, QRect]:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        style, slider = self.style(), QStyle.ComplexControl.CC_Slider
        groove = style.subControlRect(slider, option, QStyle.SubControl.SC_SliderGroove, self)
        return groove, style.subControlRect(slider, option, QStyle.SubControl.SC_SliderHandle, self)

    def _go_to(self, x: int) -> None:
        groove, handle = self._parts()
        room = groove.width() - handle.width()
        place = x - groove.left() - handle.width() // 2
        self.setSliderPosition(QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), place, room))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._go_to(event.position().toPoint().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._go_to(event.position().toPoint().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)


class ValueSlider(QWidget):
    """Chooses a whole number in a range. A click goes there, a double click puts it back to what it was made with.

    The value can be typed, too: after a click on it, or after Return.

    Signals:
        moved(int): the person changes it; many come during one drag.
        let_go(): the drag, the held key or the turn of the wheel is over, or a value was typed.
    """

    moved = Signal(int)
    let_go = Signal()

    def __init__(
        self,
        name: str,
        values: ValueRange[int],
        parent: QWidget | None = None,
        *,
        beside: QWidget | None = None,
        name_width: int = 0,
    ) -> None:
        """Args:
        beside: stands between the name and the value.
        name_width: pixels for the name at the left of the slider, the value at its right; 0 for both above it.
        """
        super().__init__(parent)
        self._words = values.words
        self._usual = values.usual
        self._limits = values.notes(name)
        self._shown = label("", tabular=True)
        self._shown.setCursor(Qt.CursorShape.IBeamCursor)
        self._shown.setToolTip("Click to type a value")
        self._shown.installEventFilter(self)
        self.slider = Groove()
        self.slider.setRange(values.least, values.most)
        self.slider.setAccessibleName(name)
        self.slider.setAccessibleDescription(" ".join(dict.fromkeys(self._limits)))
        self.slider.installEventFilter(self)
        self.setFocusProxy(self.slider)
        self.entry = ValueEntry(name, self)
        self.entry.typed.connect(self._on_typed)
        keep_wheel_off(self.slider)
        self._wheel_rests = wheel_timer(self, self.let_go)
        self.slider.valueChanged.connect(self._on_value)
        self.slider.sliderReleased.connect(self._on_released)
        named = label(name, "dim")
        if name_width:
            named.setFixedWidth(name_width)
            self._shown.setFixedWidth(_VALUE_WIDTH)
            line = row(named, self.slider, self._shown)
            line.setStretch(1, 1)
            self.setLayout(line)
        else:
            head = row(named, 1, self._shown)
            if beside is not None:
                head.insertWidget(1, beside)
            self.setLayout(column(head, self.slider, spacing=0))
        self.put(values.usual)
        self._on_value(values.usual)

    @property
    def value(self) -> int:
        """The number at which the slider stands."""
        return self.slider.value()

    @property
    def words(self) -> str:
        """As they stand beside it."""
        return self._shown.text()

    @property
    def shown(self) -> QLabel:
        """What the value stands in, in words."""
        return self._shown

    def put(self, value: int, words: str = "") -> None:
        """Shows a value without saying that the person moved it.

        Args:
            words: what stands there instead, where the value is only near the true one.
        """
        self.slider.blockSignals(True)
        self.slider.setValue(value)
        self.slider.blockSignals(False)
        self._shown.setText(words or self._words(self.slider.value()))

    def begin_typing(self) -> None:
        """Opens a field over the value, to type another."""
        self.entry.begin(self.words, self._shown.geometry())

    def _on_value(self, value: int) -> None:
        self._shown.setText(self._words(value))
        self.moved.emit(value)

    def _on_released(self) -> None:
        if self.value in (self.slider.minimum(), self.slider.maximum()):
            self._say_limit(self.value == self.slider.maximum())
        self.let_go.emit()

    def _on_typed(self, text: str) -> None:
        values = range(self.slider.minimum(), self.slider.maximum() + 1)
        found = typed_value(text, values, lambda value: self._words(int(value)))
        if found is None or text == self.words:
            return
        value, is_within = int(found[0]), found[1]
        if value == self.value:
            self._on_value(value)  # the true value may have been another, near it
        self.slider.setValue(value)
        if not is_within:
            self._say_limit(value == self.slider.maximum())
        self.let_go.emit()

    def _say_limit(self, is_most: bool) -> None:
        say_limit(self, self._limits[1 if is_most else 0])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._shown:
            if event.type() == QEvent.Type.MouseButtonPress and self.isEnabled():
                self.begin_typing()
                return True
            return super().eventFilter(watched, event)
        match event.type():
            case QEvent.Type.MouseButtonDblClick:
                self.slider.setSliderDown(False)
                self.slider.setValue(self._usual)
                self.let_go.emit()
                return True
            case QEvent.Type.ShortcutOverride if isinstance(event, QKeyEvent) and event.key() in ENTER:
                event.accept()
                return True
            case QEvent.Type.KeyPress if isinstance(event, QKeyEvent):
                if event.key() in ENTER:
                    self.begin_typing()
                    return True
                if event.key() in _DOWN and self.value == self.slider.minimum():
                    self._say_limit(is_most=False)
                elif event.key() in _UP and self.value == self.slider.maximum():
                    self._say_limit(is_most=True)
            case QEvent.Type.KeyRelease if isinstance(event, QKeyEvent) and not event.isAutoRepeat():
                self.let_go.emit()
            case QEvent.Type.Wheel:
                self._wheel_rests.start()
        return super().eventFilter(watched, event)


def temperature_slider(name: str, usual: int, *, name_width: int = 0) -> ValueSlider:
    """How wild the model plays, in hundredths; `name_width` as `ValueSlider` has it."""
    values = ValueRange(50, 150, usual, lambda value: f"{value / 100:.2f}", limits=_TEMPERATURE_LIMITS)
    return ValueSlider(name, values, name_width=name_width)
