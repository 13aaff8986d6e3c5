"""Long work in the background: one thread a job, reported to the thread of the window."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance, Slot

from resources.errors import PlainError, in_plain_words
from resources.progress import Cancelled, Report

log = logging.getLogger(__name__)

Work = Callable[[Report, Cancelled], Any]

_REPORT_EVERY = 0.05
_ESTIMATE_AFTER = 2.0


class Job(QObject):
    """One piece of work, started as soon as it is made by `JobList.start`.

    The worker's news goes through the window's queue of events, so that whoever connects right after the start misses
    nothing, however soon the work is done.

    Signals (all in the window's thread):
        progressed(float, str, float): fraction done, what is being done, seconds left (negative: not known yet).
        finished(object): the value that the work returned.
        failed(str): what went wrong, in plain words.
        cancelled(): it stopped because it was asked to.
        ended(): always, after one of the three above.
    """

    progressed = Signal(float, str, float)
    finished = Signal(object)
    failed = Signal(str)
    cancelled = Signal()
    ended = Signal()

    _news = Signal(object, object)

    def __init__(self, name: str, work: Work, parent: QObject | None = None, *, quiet: bool = False) -> None:
        super().__init__(parent)
        self.name = name
        self.quiet = quiet
        """A small thing that the person did not ask for: it is not shown, and no one is asked before it is stopped."""
        self.fraction = 0.0
        self.text = ""
        self.seconds_left = -1.0
        self._work = work
        self._asked_to_stop = threading.Event()
        self._began = 0.0
        self._reported = 0.0
        self._thread = threading.Thread(target=self._run, name=f"job: {name}", daemon=True)
        self._news.connect(self._on_news, Qt.ConnectionType.QueuedConnection)

    def tell(self, signal: SignalInstance, *values: object) -> None:
        """For the worker: emits a signal of this job in the window's thread."""
        with contextlib.suppress(RuntimeError):  # the window did not wait for the end of it
            self._news.emit(signal, values)

    def begin(self) -> None:
        """Starts the thread."""
        self._began = time.monotonic()
        self._thread.start()

    def cancel(self) -> None:
        """Asks the work to stop; `ended` follows as soon as it has."""
        self._asked_to_stop.set()

    @property
    def is_running(self) -> bool:
        """Whether the thread has begun and not ended yet."""
        return self._thread.is_alive()

    @property
    def is_asked_to_stop(self) -> bool:
        """Whether it was cancelled; it may still be working until its next look."""
        return self._asked_to_stop.is_set()

    def wait(self, seconds: float | None = None) -> bool:
        """Waits for the thread to end; False where it has not within that time."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            value = self._work(self._report, self._asked_to_stop.is_set)
        except CancelledError:
            self.tell(self.cancelled)
        except PlainError as error:
            self.tell(self.failed, str(error))
        except Exception as error:
            log.exception("%s failed", self.name)
            ours = f"{self.name} failed: {error}. The log has the details."
            self.tell(self.failed, in_plain_words(error) or ours)
        else:
            self.tell(self.finished, value)
        finally:
            self.tell(self.ended)

    @Slot(object, object)
    def _on_news(self, signal: SignalInstance, values: tuple[object, ...]) -> None:
        signal.emit(*values)

    def _report(self, fraction: float, text: str) -> None:
        now = time.monotonic()
        if now - self._reported < _REPORT_EVERY and fraction < 1.0:
            return
        self._reported = now
        elapsed = now - self._began
        known = fraction > 0.01 and elapsed > _ESTIMATE_AFTER
        self.fraction, self.text = min(max(fraction, 0.0), 1.0), text
        self.seconds_left = elapsed * (1.0 - self.fraction) / self.fraction if known else -1.0
        self.tell(self.progressed, self.fraction, self.text, self.seconds_left)


class JobList(QObject):
    """The jobs that are running.

    Signals:
        started(Job), ended(Job): in the window's thread.
    """

    started = Signal(object)
    ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.running: list[Job] = []
        self._is_closing = False

    @property
    def asked_for(self) -> list[Job]:
        """The running jobs without the quiet ones."""
        return [job for job in self.running if not job.quiet]

    def start(self, name: str, work: Work, *, quiet: bool = False) -> Job:
        """Starts work at once; see `Job.quiet`.

        Connect to the job's signals right away: they arrive no sooner than the window's next turn of events.
        """
        return self.start_job(Job(name, work, self, quiet=quiet))

    def start_job(self, job: Job) -> Job:
        """Starts a job and lists it until it has ended."""
        job.setParent(self)
        self.running.append(job)
        job.ended.connect(self._on_ended)
        job.begin()
        if self._is_closing:
            job.cancel()
        self.started.emit(job)
        return job

    def cancel_all(self) -> None:
        """Asks all jobs to stop, those too that are started from now on."""
        self._is_closing = True
        for job in self.running:
            job.cancel()

    def wait(self, seconds: float) -> bool:
        """Waits for all threads to end; False where some still run after that time."""
        until = time.monotonic() + seconds
        waits = [job.wait(max(until - time.monotonic(), 0.0)) for job in self.running]
        return all(waits)

    def after_all(self, do: Callable[[], object]) -> None:
        """Calls `do` once all threads have ended, from a thread of its own: for whoever does not stay to wait."""
        running = tuple(self.running)

        def wait_and_do() -> None:
            for job in running:
                job.wait()
            do()

        threading.Thread(target=wait_and_do, name="last jobs", daemon=True).start()

    def _on_ended(self) -> None:
        job = self.sender()
        if isinstance(job, Job) and job in self.running:
            job.wait()
            self.running.remove(job)
            self.ended.emit(job)
            job.deleteLater()
