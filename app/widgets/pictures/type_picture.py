"""A picture with words on it that can be taken by the mouse and put elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.widgets import theme
from app.widgets.pictures.picture import PictureView

_STEP = 0.02
_ARROWS = {
    Qt.Key.Key_Left: (-_STEP, 0.0),
    Qt.Key.Key_Right: (_STEP, 0.0),
    Qt.Key.Key_Up: (0.0, -_STEP),
    Qt.Key.Key_Down: (0.0, _STEP),
}


class TypePicture(PictureView):
    """While it can be edited, each of its words has a box that can be dragged; the arrow keys move the chosen ones.

    Signals:
        taken(str): the name of the words that the mouse has taken.
        pushed(str, float, float): name, and how far right and down they are to go, in sides of the picture.
        let_go(): the drag is over.
        picture_asked(): the empty place was clicked.
    """

    taken = Signal(str)
    pushed = Signal(str, float, float)
    let_go = Signal()
    picture_asked = Signal()

    def __init__(self, words_when_empty: str = "", parent: QWidget | None = None) -> None:
        super().__init__(words_when_empty, parent)
        self._boxes: dict[str, QRectF] = {}
        self._chosen = ""
        self._held: QPointF | None = None
        self._editable = False
        self.setMouseTracking(True)

    def edit_words(self, on: bool, chosen: str = "") -> None:
        """Says whether the words can be edited here, and which of them is chosen."""
        self._editable = on
        self._chosen = chosen
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if on else Qt.FocusPolicy.NoFocus)
        if not on:
            self.unsetCursor()
        self.update()

    def show_boxes(self, boxes: Mapping[str, QRectF]) -> None:
        """Args: boxes: of the words by name, in sides of the picture."""
        self._boxes = dict(boxes)
        self.update()

    def box(self, name: str) -> QRectF:
        """On this widget, in pixels."""
        area, box = self.area(), self._boxes[name]
        return QRectF(
            area.left() + box.left() * area.width(),
            area.top() + box.top() * area.height(),
            box.width() * area.width(),
            box.height() * area.height(),
        )

    def show_image(self, image: QImage) -> None:
        """Shows a picture; without one, a click asks for one."""
        super().show_image(image)
        if image.isNull():
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.image().isNull():
            if event.button() == Qt.MouseButton.LeftButton:
                self.picture_asked.emit()
            return
        name = self._under(event.position())
        if event.button() == Qt.MouseButton.LeftButton and name:
            self._chosen = name
            self._held = event.position()
            self.taken.emit(name)
            self.update()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.image().isNull():
            return
        if self._held is None:
            over = self._under(event.position())
            self.setCursor(Qt.CursorShape.SizeAllCursor if over else Qt.CursorShape.ArrowCursor)
            return
        by = event.position() - self._held
        self._held = event.position()
        area = self.area()
        self.pushed.emit(self._chosen, by.x() / area.width(), by.y() / area.height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held is not None and event.button() == Qt.MouseButton.LeftButton:
            self._held = None
            self.let_go.emit()
        else:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _ARROWS.get(Qt.Key(event.key()))
        if self._editable and step and self._chosen in self._boxes:
            self.pushed.emit(self._chosen, *step)
            self.let_go.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._editable or self.image().isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for name in self._boxes:
            chosen = name == self._chosen
            painter.setPen(QPen(QColor(theme.ACCENT if chosen else theme.DIM), 1, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(self.box(name).adjusted(-4, -3, 4, 3), 4, 4)

    def _under(self, point: QPointF) -> str:
        if not self._editable:
            return ""
        found = [name for name in self._boxes if self.box(name).adjusted(-6, -6, 6, 6).contains(point)]
        return self._chosen if self._chosen in found else found[0] if found else ""
