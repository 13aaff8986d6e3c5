"""A number in words that is turned by dragging, the wheel or the arrow keys, or typed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.widgets import theme
from app.widgets.controls.value_entry import ENTER, ValueEntry, say_limit, typed_value
from app.widgets.controls.value_range import ValueRange
from app.widgets.controls.wheel import wheel_timer

_PIXELS_FOR_RANGE = 160
_FINER = 10
"""What is typed may lie between the steps."""


class DragNumber(QWidget):
    """Shows a value in words; up is more. A double click or Return lets one type it, Delete puts it back.

    Signals:
        moved(float): the person changes it; many come during one drag.
        let_go(): the drag, the turn of the wheel or the held key is over, or a value was typed.
    """

    moved = Signal(float)
    let_go = Signal()

    def __init__(
        self, name: str, values: ValueRange[float], parent: QWidget | None = None, *, centred: bool = False
    ) -> None:
        super().__init__(parent)
        across = Qt.AlignmentFlag.AlignHCenter if centred else Qt.AlignmentFlag.AlignLeft
        self._alignment = Qt.AlignmentFlag.AlignVCenter | across
        self._margins = (1, 0, -1, 0) if centred else (4, 0, -2, 0)
        self._name, self._usual, self._step, self._words = name, values.usual, values.step, values.words
        self._range = (values.least, values.most)
        self._value = values.usual
        self._limits = values.notes(name)
        self._pressed: tuple[QPoint, float] | None = None
        self.entry = ValueEntry(name, self)
        self.entry.typed.connect(self._on_typed)
        self._wheel_rests = wheel_timer(self, self.let_go)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SizeVerCursor)
        self.show_name(name, values.usual)
        self.put(values.usual)

    @property
    def value(self) -> float:
        """The number that is shown."""
        return self._value

    def put(self, value: float) -> None:
        """Shows a value without saying that the person moved it."""
        self._value = value
        self.setAccessibleName(f"{self._name} {self._words(value)}")
        self.update()

    def show_name(self, name: str, usual: float) -> None:
        """Says what it is a number of, and what Delete puts it back to."""
        self._name, self._usual = name, usual
        self.setToolTip(f"{name}: drag up or down; double-click to type; Delete for {self._words(usual)}")
        self.setAccessibleName(f"{name} {self._words(self._value)}")

    def sizeHint(self) -> QSize:
        return QSize(52, 18)

    def begin_typing(self) -> None:
        """Opens a field over the number, to type another."""
        self.entry.begin(self._words(self._value), self.rect())

    def _on_typed(self, text: str) -> None:
        least, most = self._range
        fine = self._step / _FINER
        if not text.strip():
            self._turn(self._usual)
        elif text != self._words(self._value):
            every = (round(least + place * fine, 6) for place in range(round((most - least) / fine) + 1))
            found = typed_value(text, sorted(every, key=lambda value: len(f"{value:g}")), self._words)
            if found is None:
                return
            self._take(round(found[0], 9))
            if not found[1]:
                say_limit(self, self._limits[found[0] > (least + most) / 2])
        self.let_go.emit()

    def _turn(self, value: float) -> None:
        least, most = self._range
        if not least <= value <= most:
            say_limit(self, self._limits[value > most])
        self._take(round(round(min(max(value, least), most) / self._step) * self._step, 9))

    def _take(self, value: float) -> None:
        if abs(value - self._value) > 1e-9:
            self.put(value)
            self.moved.emit(value)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and event.key() in ENTER:
            event.accept()  # here it types, whatever it does on the screen
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        strong = self.underMouse() or self.hasFocus() or self._pressed is not None
        if strong:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QColor(theme.SECOND if self.hasFocus() else theme.LINE))
            painter.setBrush(QColor(theme.RAISED))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setFont(theme.ui_font(11, tabular=True))
        painter.setPen(QColor(theme.TEXT if strong else theme.DIM))
        area = QRectF(self.rect()).adjusted(*self._margins)
        painter.drawText(area, self._alignment, self._words(self._value))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = (event.globalPosition().toPoint(), self._value)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None:
            least, most = self._range
            up = self._pressed[0].y() - event.globalPosition().toPoint().y()
            fine = 0.2 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
            self._turn(self._pressed[1] + up * fine * (most - least) / _PIXELS_FOR_RANGE)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None:
            self._pressed = None
            self.update()
            self.let_go.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pressed = None
        self.begin_typing()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.hasFocus():
            event.ignore()
            return
        self._turn(self._value + self._step * round(event.angleDelta().y() / 120))
        self._wheel_rests.start()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Up: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_Left: -1}
        way = ways.get(Qt.Key(event.key()), 0)
        if event.key() == Qt.Key.Key_Escape and self._pressed is not None:
            self._turn(self._pressed[1])
            self._pressed = None
            self.update()
        elif event.key() in ENTER:
            self.begin_typing()
        elif way:
            self._turn(self._value + way * self._step)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._turn(self._usual)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat():
            self.let_go.emit()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: object) -> None:
        self.update()
