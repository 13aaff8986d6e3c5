"""Dragging things out of a widget: within the window as what they are, into other programs as files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from PySide6.QtCore import QMimeData, QSize, Qt
from PySide6.QtGui import QColor, QDrag, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from app.widgets import theme

OWN_MIME = "application/x-deepcuts"
"""Borne by all that is dragged within this window: the files that come with it are for other programs."""

Dragged = TypeVar("Dragged")
MimeOf = Callable[[Dragged, Mapping[str, bytes]], QMimeData]
"""Makes what a drag carries, of what is dragged and the formats that this window knows it by."""


def own_mime(dragged: object, own: Mapping[str, bytes]) -> QMimeData:
    """No more than what this window itself takes."""
    mime = QMimeData()
    for name, data in {**own, OWN_MIME: b"1"}.items():
        mime.setData(name, data)
    return mime


def run_drag(drag: QDrag, mime: QMimeData, action: Qt.DropAction = Qt.DropAction.CopyAction) -> None:
    """Carries it until it is dropped.

    Args:
        mime: where it has a `give_up`, that is called if no other program took it.
        action: what a drop within the window does; other programs copy.
    """
    drag.setMimeData(mime)
    done = drag.exec(action | Qt.DropAction.CopyAction, action)
    give_up = getattr(mime, "give_up", None)
    if give_up is not None and (done == Qt.DropAction.IgnoreAction or drag.target() is not None):
        give_up()


def drag_picture(text: str, widget: QWidget) -> QPixmap:
    """What is carried along under the pointer: a few words, as wide as they are in the widget's font."""
    dpr = widget.devicePixelRatioF()
    size = QSize(widget.fontMetrics().horizontalAdvance(text) + 20, 24)
    picture = QPixmap(size * dpr)
    picture.setDevicePixelRatio(dpr)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(theme.PRESSED))
    painter.setPen(QColor(theme.ACCENT))
    painter.drawRoundedRect(0, 0, size.width() - 1, size.height() - 1, 6, 6)
    painter.setFont(widget.font())
    painter.setPen(QColor(theme.TEXT))
    painter.drawText(0, 0, size.width(), size.height(), Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return picture
