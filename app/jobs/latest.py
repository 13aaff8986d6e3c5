"""One job at a time for what changes faster than it can be worked out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Slot

from app.jobs.job import Job

Request = TypeVar("Request")


class LatestOnly(QObject, Generic[Request]):
    """Starts a job for a request; of those that come while it runs, only the last is served, once it has ended.

    Args:
        start: starts the job of one request.
        at_rest: called once a job has ended and nothing waits.
        cancels: whether a new request cancels the job that runs, rather than wait for it.
    """

    def __init__(
        self,
        start: Callable[[Request], Job],
        parent: QObject,
        *,
        at_rest: Callable[[], object] | None = None,
        cancels: bool = False,
    ) -> None:
        super().__init__(parent)
        self._start_job = start
        self._at_rest = at_rest
        self._cancels = cancels
        self._job: Job | None = None
        self._waiting: list[Request] = []
        """At most one."""

    def ask(self, request: Request) -> None:
        """Serves this request now, or as soon as the job that runs has ended."""
        self._waiting = [request]
        if self._job is None:
            self._start()
        elif self._cancels:
            self._job.cancel()

    def cancel(self) -> None:
        """Cancels the job that runs, and forgets what waits."""
        self._waiting.clear()
        if self._job is not None:
            self._job.cancel()

    def _start(self) -> None:
        self._job = self._start_job(self._waiting.pop())
        self._job.ended.connect(self._on_ended)

    @Slot()
    def _on_ended(self) -> None:
        self._job = None
        if self._waiting:
            self._start()
        elif self._at_rest is not None:
            self._at_rest()
