"""Clips of the list, dropped where there is no timeline yet."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from app.widgets.timeline.mouse import clips_of


class ClipDrop(QObject):
    """Lets clips be dropped on a widget.

    Signals:
        dropped(list[str]): the ids of the clips.
    """

    dropped = Signal(list)

    def __init__(self, onto: QWidget) -> None:
        super().__init__(onto)
        onto.setAcceptDrops(True)
        onto.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDropEvent) and (clips := clips_of(event.mimeData())):
            event.acceptProposedAction()
            if event.type() == QEvent.Type.Drop:
                self.dropped.emit(list(clips))
            return True
        return super().eventFilter(watched, event)
