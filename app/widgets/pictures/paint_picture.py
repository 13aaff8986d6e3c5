"""A picture on which boxes are marked with the mouse."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.widgets import theme
from app.widgets.pictures.picture import PictureView


class PaintPicture(PictureView):
    """A drag marks a box; a click on a box takes it away.

    Signals:
        marked(object): a `QRectF` in sides of the picture.
        unmarked(int): the place of a box.
    """

    marked = Signal(object)
    unmarked = Signal(int)

    def __init__(self, words_when_empty: str = "", parent: QWidget | None = None) -> None:
        super().__init__(words_when_empty, parent)
        self._boxes: list[QRectF] = []
        self._from: QPointF | None = None
        self._to = QPointF()
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName("The old cover: drag over its lettering")

    def show_boxes(self, boxes: Sequence[QRectF]) -> None:
        """Args: boxes: what is marked, in sides of the picture."""
        self._boxes = list(boxes)
        self.update()

    def point(self, across: float, down: float) -> QPointF:
        """Where a place of the picture (in its sides) is on this widget."""
        area = self.area()
        return QPointF(area.left() + across * area.width(), area.top() + down * area.height())

    def _share(self, box: QRectF) -> QRectF:
        area = self.area()
        box = box & area
        return QRectF(
            (box.left() - area.left()) / area.width(),
            (box.top() - area.top()) / area.height(),
            box.width() / area.width(),
            box.height() / area.height(),
        )

    def _pixels(self, box: QRectF) -> QRectF:
        return QRectF(self.point(box.left(), box.top()), self.point(box.right(), box.bottom()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not self.image().isNull():
            self._from = self._to = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is not None:
            self._to = event.position()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._from is None or event.button() != Qt.MouseButton.LeftButton:
            return
        box = QRectF(self._from, event.position()).normalized()
        self._from = None
        self.update()
        if max(box.width(), box.height()) >= 4:
            self.marked.emit(self._share(box))
            return
        under = [place for place, each in enumerate(self._boxes) if self._pixels(each).contains(event.position())]
        if under:
            self.unmarked.emit(under[-1])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._from is not None:
            self._from = None
            self.update()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.image().isNull():
            return
        painter = QPainter(self)
        painter.setPen(QPen(QColor(theme.ACCENT), 1, Qt.PenStyle.DashLine))
        for box in self._boxes:
            painter.drawRect(self._pixels(box))
        if self._from is not None:
            painter.setPen(QPen(QColor(theme.SECOND), 1))
            painter.setBrush(theme.with_alpha(theme.SECOND, 0.2))
            painter.drawRect(QRectF(self._from, self._to).normalized() & self.area())
