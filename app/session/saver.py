"""Saving the document in a thread of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from app.document.errors import UserError
from app.document.model import Project

_FIRST_RETRY_SECONDS, _LAST_RETRY_SECONDS = 2.0, 30.0
_PATIENCE_SECONDS = 20.0
_SLOW = "The disk takes very long to write the project."


class Saver:
    """Writes the newest document; values overtaken while writing are skipped.

    What could not be written, for whatever reason, is tried again after a while, ever longer; the trouble is told once
    for each value.

    Args:
        write: puts a document on the disk.
        on_saved: called with True from the thread once the newest value is on the disk, with False once it is not.
        on_failed: called from the thread with the trouble, in plain words.
    """

    def __init__(
        self, write: Callable[[Project], None], on_saved: Callable[[bool], Any], on_failed: Callable[[str], Any]
    ) -> None:
        self._write = write
        self._on_saved = on_saved
        self._on_failed = on_failed
        self._unwritten: Project | None = None
        self._asked = self._tried = 0
        """Times that writing was asked for; the last of them that was tried."""
        self._trouble = ""
        self._closing = False
        self._change = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="save", daemon=True)
        self._thread.start()

    def save(self, project: Project) -> None:
        """Has this document written soon; one that still waits is skipped."""
        with self._change:
            self._unwritten = project
            self._asked += 1
        self._on_saved(False)
        with self._change:  # last: the thread that wakes keeps the interpreter to itself for some milliseconds
            self._change.notify_all()

    def settle(self, seconds: float = _PATIENCE_SECONDS) -> str:
        """Waits until the newest value is written or was tried to; gives the trouble, or ""."""
        with self._change:
            if self._unwritten is None:
                return ""
            self._asked += 1
            asked = self._asked
            self._change.notify_all()
            tried = self._change.wait_for(lambda: self._tried >= asked or self._unwritten is None, seconds)
            return self._trouble if tried else _SLOW

    def close(self) -> None:
        """Tries once more to write what is not written, and ends the thread."""
        with self._change:
            self._closing = True
            self._change.notify_all()
        self._thread.join()

    def _run(self) -> None:
        told: Project | None = None
        pause = _FIRST_RETRY_SECONDS
        while True:
            with self._change:
                wait = pause if self._unwritten is not None else None
                self._change.wait_for(lambda: self._asked > self._tried or self._closing, wait)
                asked, project, closing = self._asked, self._unwritten, self._closing
            trouble = self._trouble_writing(project) if project is not None else ""
            with self._change:
                newest = self._unwritten is project
                if newest and not trouble:
                    self._unwritten = None
                self._tried, self._trouble = asked, trouble
                self._change.notify_all()
            if trouble:
                pause = min(pause * 2, _LAST_RETRY_SECONDS) if project is told else _FIRST_RETRY_SECONDS
                if project is not told:
                    told = project
                    self._on_failed(trouble)
            else:
                told, pause = None, _FIRST_RETRY_SECONDS
                if newest and project is not None:
                    self._on_saved(True)
            if closing and newest:
                return

    def _trouble_writing(self, project: Project) -> str:
        """Gives why it could not be written, in plain words, or ""."""
        try:
            self._write(project)
        except UserError as error:
            return str(error)
        except Exception as error:
            # whatever it is: an end of this thread would lose all later edits without a word
            logging.getLogger(__name__).exception("The project could not be saved")
            return f"The project could not be saved: {type(error).__name__}. The program tries again by itself."
        return ""
