"""Waveforms of sound files, made in the background one after another."""

from __future__ import annotations

import logging
from concurrent.futures import CancelledError
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.studio.analysis.peaks import Peaks, peaks_of
from app.task_queue import TaskQueue
from resources.errors import PlainError

log = logging.getLogger(__name__)

__all__ = ["Peaks", "PeaksLoader"]


class PeaksLoader(QObject):
    """Gives the peaks of files, from the cache of the project or from the sound itself.

    Signals:
        ready(Path, Peaks): in the thread of the window.
        missing(Path, str): why there are none, in plain words.
    """

    ready = Signal(object, object)
    missing = Signal(object, str)

    def __init__(self, cache: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cache = cache
        self._asked: set[Path] = set()
        self._queue: TaskQueue[Path] = TaskQueue("waveforms of files", self._look, newest_first=False)

    def ask(self, path: Path) -> None:
        """Asks for the peaks of a file; each file is answered once."""
        if path not in self._asked:
            self._asked.add(path)
            self._queue.put(path)

    def forget(self, path: Path) -> None:
        """Lets the file be asked for again."""
        self._asked.discard(path)

    def close(self) -> None:
        """Stops, also in the middle of a file; returns once the thread has ended."""
        self._queue.close()

    def _look(self, path: Path) -> None:
        try:
            peaks = peaks_of(path, self._cache, self._queue.is_closed)
        except PlainError as error:
            self.missing.emit(path, str(error))
        except CancelledError:
            raise
        except Exception as error:
            log.exception("no waveform of %s", path)
            self.missing.emit(path, str(error))
        else:
            self.ready.emit(path, peaks)
