"""Looking at the machine now and then, without holding up the window."""

from __future__ import annotations

import logging
import threading

from PySide6.QtCore import QObject, Signal

from app.studio.training.machine import Machine, look_at_machine, warm_up

log = logging.getLogger(__name__)

__all__ = ["Machine", "MachineWatch"]

_FIRST_LOOK_SECONDS = 1.0
_LOOK_EVERY_SECONDS = 5.0


class MachineWatch(QObject):
    """Looks at the device and its memory every few seconds, in a thread of its own.

    The first look loads torch; it waits a moment, so that the window is up by then. What else learning needs of torch
    is loaded right after it, while no one works yet: loading holds up the window.

    Signals (from that thread; slots of objects that live in the window's thread run in that thread):
        seen(Machine): what it saw, where that is not what it saw before.
    """

    seen = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="machine", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends the thread, after the look in hand."""
        self._closed.set()
        self._thread.join()

    def _watch(self) -> None:
        before, is_warm = None, False
        wait = _FIRST_LOOK_SECONDS
        while not self._closed.wait(wait):
            wait = _LOOK_EVERY_SECONDS
            try:
                machine = look_at_machine()
                if machine != before:
                    before = machine
                    self.seen.emit(machine)
                if not is_warm and not self._closed.is_set():
                    warm_up()
                    is_warm = True
            except Exception:
                log.exception("the machine cannot be looked at")
                return
