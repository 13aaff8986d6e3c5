"""Clips of the list, dropped where there is no timeline yet."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from app.widgets.timeline.mouse import carried_excerpts, clips_of


class ClipDrop(QObject):
    """Lets clips be dropped on a widget.

    Signals:
        dropped(list[str]): the ids of the clips.
        excerpts_dropped(list[Excerpt]): excerpts of clips, dragged from the map.
    """

    dropped = Signal(list)
    excerpts_dropped = Signal(list)

    def __init__(self, onto: QWidget) -> None:
        super().__init__(onto)
        onto.setAcceptDrops(True)
        onto.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QDropEvent):
            return super().eventFilter(watched, event)
        clips, excerpts = clips_of(event.mimeData()), carried_excerpts(event.mimeData())
        if clips or excerpts:
            event.acceptProposedAction()
            if event.type() == QEvent.Type.Drop:
                (self.dropped if clips else self.excerpts_dropped).emit(list(clips or excerpts))
            return True
        return super().eventFilter(watched, event)
