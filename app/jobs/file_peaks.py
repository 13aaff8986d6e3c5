"""Waveforms of sound files, made in the background one after another."""

from __future__ import annotations

import logging
import queue
import threading
from concurrent.futures import CancelledError
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.studio.errors import PLAIN_ERRORS
from app.studio.peaks import Peaks, peaks_of

log = logging.getLogger(__name__)

__all__ = ["Peaks", "PeaksLoader"]


class PeaksLoader(QObject):
    """Gives the peaks of files, from the cache of the project or from the sound itself.

    Its thread starts with the first question.

    Signals:
        ready(Path, Peaks): in the thread of the window.
        missing(Path, str): why there are none, in plain words.
    """

    ready = Signal(object, object)
    missing = Signal(object, str)

    def __init__(self, cache: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cache = cache
        self._wanted: queue.SimpleQueue[Path | None] = queue.SimpleQueue()
        self._asked: set[Path] = set()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def ask(self, path: Path) -> None:
        """Asks for the peaks of a file; each file is answered once."""
        if path in self._asked or self._closing.is_set():
            return
        self._asked.add(path)
        self._wanted.put(path)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="waveforms", daemon=True)
            self._thread.start()

    def forget(self, path: Path) -> None:
        """Lets the file be asked for again."""
        self._asked.discard(path)

    def close(self) -> None:
        """Stops, also in the middle of a file; returns once the thread has ended."""
        self._closing.set()
        self._wanted.put(None)
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while (path := self._wanted.get()) is not None and not self._closing.is_set():
            try:
                peaks = peaks_of(path, self._cache, self._closing.is_set)
            except PLAIN_ERRORS as error:
                self.missing.emit(path, str(error))
            except CancelledError:
                return
            except Exception as error:
                log.exception("no waveform of %s", path)
                self.missing.emit(path, str(error))
            else:
                self.ready.emit(path, peaks)
