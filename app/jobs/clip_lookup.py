"""What can be told of a clip's sound, worked out in the background as it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Generic

from PySide6.QtCore import QObject, Signal

from app.document.model import Clip
from app.task_queue import Request, TaskQueue


class ClipLookup(QObject, Generic[Request]):
    """The thread of one who answers "not known yet" and tells by a signal once it is known.

    Args:
        folder: of the project.
        name: of the thread.
        look: works out what one request asks for; called in the thread.

    Signals (from the thread; slots of objects that live in the window's thread run in that thread):
        ready(str): the id of a clip of which more is known now.
    """

    ready = Signal(str)

    def __init__(self, folder: Path, name: str, look: Callable[[Request], object]) -> None:
        super().__init__()
        self._folder = folder
        self._queue: TaskQueue[Request] = TaskQueue(name, look)

    def close(self) -> None:
        """Ends the work in the background."""
        self._queue.close()

    def _tell(self, clip: Clip) -> None:
        """Emits `ready`, unless no one is there to hear it any more."""
        if not self._queue.is_closed():
            self.ready.emit(clip.id)
