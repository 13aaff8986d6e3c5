"""Files that are dropped onto a widget."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from app.widgets.dragging import OWN_MIME

ELSEWHERE = "Only files of this computer can be dropped here. Save it to the computer first, then drop the file."

_TITLE_LISTS = (".txt", ".csv", ".tsv")
_COMMON_PICTURES = (".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")
_PICTURES = (*_COMMON_PICTURES, ".avif", ".jfif", ".jpe", ".jp2", ".tga")


class DropCatcher(QObject):
    """Takes what is dropped onto a widget; what it does not want goes on to whatever lies behind.

    Args:
        finds: what is wanted of a drop; empty where it is not for this widget.

    Signals:
        over(bool): something that is wanted is held over the widget, or no longer.
        dropped(object): what `finds` found.
    """

    over = Signal(bool)
    dropped = Signal(object)

    def __init__(self, widget: QWidget, finds: Callable[[QMimeData], object]) -> None:
        super().__init__(widget)
        self._finds = finds
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragEnterEvent):
            wanted = bool(self._finds(event.mimeData()))
            event.setAccepted(wanted)
            if wanted:
                event.setDropAction(Qt.DropAction.CopyAction)
                event.accept()
                self.over.emit(True)
            return True
        if event.type() == QEvent.Type.DragLeave:
            self.over.emit(False)
            return True
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            self.over.emit(False)
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.dropped.emit(self._finds(event.mimeData()))
            return True
        return super().eventFilter(watched, event)


def has_files(data: QMimeData) -> bool:
    """Whether a drag brings files from elsewhere."""
    return data.hasUrls() and not data.hasFormat(OWN_MIME)


def dropped_paths(data: QMimeData) -> tuple[list[Path], str]:
    """The files and folders of this computer in a drop, and a plain sentence where there were others, else ""."""
    if data.hasFormat(OWN_MIME):
        return [], ""
    local = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return local, "" if len(local) == len(data.urls()) else ELSEWHERE


def first_file(data: QMimeData) -> Path | None:
    """The first file of this computer in a drop; None where there is none."""
    return next(iter(dropped_paths(data)[0]), None)


def dropped_title_files(data: QMimeData) -> list[Path]:
    """The lists of titles in a drop of nothing but such; else none."""
    return _only(data, _TITLE_LISTS)


def dropped_pictures(data: QMimeData) -> list[Path]:
    """The pictures in a drop of nothing but such; else none."""
    return _only(data, _PICTURES)


def dropped_text(data: QMimeData) -> str:
    """The text of a drop that is no drop of files."""
    return "" if data.hasUrls() else data.text()


def _only(data: QMimeData, suffixes: tuple[str, ...]) -> list[Path]:
    paths, refused = dropped_paths(data)
    return paths if not refused and all(path.suffix.lower() in suffixes for path in paths) else []
