"""Pausing and stopping a training that runs in another thread."""

from __future__ import annotations

from threading import Event

from resources.progress import Cancelled, never


class Control:
    """Thread-safe flags that the trainer looks at before every step.

    Args:
        cancelled: another way to stop it, for callers that have such a check already.
    """

    def __init__(self, cancelled: Cancelled = never) -> None:
        self._cancelled = cancelled
        self._running = Event()
        self._running.set()
        self._stopped = Event()

    def pause(self) -> None:
        """Holds the training before its next step until `unpause` or `stop`."""
        self._running.clear()

    def unpause(self) -> None:
        """Lets a paused training go on."""
        self._running.set()

    def stop(self) -> None:
        """Ends the training after the present step, with a checkpoint; cannot be taken back."""
        self._stopped.set()
        self._running.set()

    @property
    def paused(self) -> bool:
        """Whether the training is to wait before its next step."""
        return not self._running.is_set()

    @property
    def stopped(self) -> bool:
        """Whether the training is to end."""
        return self._stopped.is_set() or self._cancelled()

    def wait_while_paused(self, seconds: float) -> bool:
        """Waits at most `seconds` for the pause to end; True once the training may go on (or is to stop)."""
        return self._running.wait(seconds)
