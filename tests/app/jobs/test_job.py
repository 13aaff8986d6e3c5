"""Jobs: real threads, started, cancelled and closed in every order."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import CancelledError

import pytest
from PySide6.QtCore import QObject, QThread, Slot
from pytestqt.qtbot import QtBot

from app.document.errors import UserError
from app.jobs.job import Job, JobList
from resources.progress import Cancelled, Report

MINUTE = 60_000


class Listener(QObject):
    """Notes what a job says, and in which thread."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self.heard: list[tuple[str, object]] = []
        self.threads: set[QThread] = set()
        job.progressed.connect(self.on_progressed)
        job.finished.connect(self.on_finished)
        job.failed.connect(self.on_failed)
        job.cancelled.connect(self.on_cancelled)
        job.ended.connect(self.on_ended)

    def _note(self, name: str, value: object = None) -> None:
        self.heard.append((name, value))
        self.threads.add(QThread.currentThread())

    @Slot(float, str, float)
    def on_progressed(self, fraction: float, text: str, left: float) -> None:
        self._note("progressed", (fraction, text))

    @Slot(object)
    def on_finished(self, value: object) -> None:
        self._note("finished", value)

    @Slot(str)
    def on_failed(self, why: str) -> None:
        self._note("failed", why)

    @Slot()
    def on_cancelled(self) -> None:
        self._note("cancelled")

    @Slot()
    def on_ended(self) -> None:
        self._note("ended")


def until_cancelled(report: Report, cancelled: Cancelled) -> None:
    while not cancelled():
        report(0.5, "waiting")
        time.sleep(0.002)
    raise CancelledError


def test_a_value_comes_back_in_the_thread_of_the_window(qtbot: QtBot) -> None:
    jobs = JobList()
    threads = []

    def work(report: Report, cancelled: Cancelled) -> int:
        threads.append(threading.current_thread())
        report(1.0, "done")
        return 42

    job = jobs.start("Sum", work)
    listener = Listener(job)
    qtbot.waitUntil(lambda: not jobs.running, timeout=MINUTE)
    assert listener.heard == [("progressed", (1.0, "done")), ("finished", 42), ("ended", None)]
    assert threads[0] is not threading.main_thread()
    assert listener.threads == {QThread.currentThread()}


def test_what_the_person_can_mend_is_told_in_plain_words(qtbot: QtBot) -> None:
    def work(report: Report, cancelled: Cancelled) -> None:
        raise UserError("The disk is full.", "Free some space.")

    jobs = JobList()
    listener = Listener(jobs.start("Save", work))
    qtbot.waitUntil(lambda: not jobs.running, timeout=MINUTE)
    assert listener.heard == [("failed", "The disk is full. Free some space."), ("ended", None)]


def test_our_own_faults_are_told_and_logged(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    def work(report: Report, cancelled: Cancelled) -> None:
        raise ZeroDivisionError("by zero")

    jobs = JobList()
    listener = Listener(jobs.start("Sum", work))
    qtbot.waitUntil(lambda: not jobs.running, timeout=MINUTE)
    assert [name for name, _ in listener.heard] == ["failed", "ended"]
    assert "Sum failed: by zero" in str(listener.heard[0][1])
    assert "ZeroDivisionError" in caplog.text


def test_cancel_ends_a_job_soon_and_says_so(qtbot: QtBot) -> None:
    jobs = JobList()
    job = jobs.start("Wait", until_cancelled)
    listener = Listener(job)
    qtbot.waitUntil(lambda: bool(listener.heard), timeout=MINUTE)
    job.cancel()
    assert job.is_asked_to_stop
    qtbot.waitUntil(lambda: not jobs.running, timeout=MINUTE)
    assert [name for name, _ in listener.heard][-2:] == ["cancelled", "ended"]


def test_reports_are_thinned_but_the_last_is_told(qtbot: QtBot) -> None:
    def work(report: Report, cancelled: Cancelled) -> None:
        for step in range(20_001):
            report(step / 20_000, f"step {step}")

    jobs = JobList()
    listener = Listener(jobs.start("Count", work))
    qtbot.waitUntil(lambda: not jobs.running, timeout=MINUTE)
    told = [value for name, value in listener.heard if name == "progressed"]
    assert len(told) < 1_000
    assert told[-1] == (1.0, "step 20000")


def test_the_list_tells_of_starts_and_ends(qtbot: QtBot) -> None:
    jobs = JobList()
    told: list[tuple[str, str]] = []
    jobs.started.connect(lambda job: told.append(("started", job.name)))
    jobs.ended.connect(lambda job: told.append(("ended", job.name)))
    job = jobs.start("Wait", until_cancelled)
    assert jobs.running == [job]
    jobs.cancel_all()
    qtbot.waitUntil(lambda: not jobs.running, timeout=MINUTE)
    assert told == [("started", "Wait"), ("ended", "Wait")]


def test_waiting_reports_whether_all_ended(qtbot: QtBot) -> None:
    jobs = JobList()
    jobs.start("Wait", until_cancelled)
    assert not jobs.wait(0.0)
    jobs.cancel_all()
    assert jobs.wait(60.0)
    qtbot.waitUntil(lambda: not jobs.running, timeout=MINUTE)


def test_hundreds_of_jobs_started_cancelled_and_closed_in_any_order(qtbot: QtBot) -> None:
    """No crash, no thread left, and each job says exactly one of the three, then that it has ended."""
    chance = random.Random(1)
    said: dict[str, list[str]] = {}

    def quick(report: Report, cancelled: Cancelled) -> str:
        report(chance.random(), "quick")
        return "value"

    def failing(report: Report, cancelled: Cancelled) -> None:
        raise UserError("No.")

    for turn in range(8):
        jobs = JobList()
        listeners = []
        for place in range(40):
            job = jobs.start(f"{turn} {place}", chance.choice((quick, failing, until_cancelled)))
            listener = Listener(job)
            listeners.append((job.name, listener))
            if chance.random() < 0.3:
                chance.choice(jobs.running).cancel()
            if chance.random() < 0.2:
                qtbot.wait(1)
        jobs.cancel_all()
        assert jobs.wait(60.0)
        qtbot.waitUntil(lambda jobs=jobs: not jobs.running, timeout=MINUTE)
        said |= {name: [what for what, _ in listener.heard if what != "progressed"] for name, listener in listeners}
        jobs.deleteLater()
    outcomes = {tuple(what) for what in said.values()}
    assert outcomes == {("finished", "ended"), ("failed", "ended"), ("cancelled", "ended")}
    assert len(said) == 8 * 40


def test_what_starts_while_all_is_stopped_stops_as_well(qtbot: QtBot) -> None:
    jobs = JobList()
    jobs.cancel_all()
    listener = Listener(jobs.start("Late", until_cancelled))
    qtbot.waitUntil(lambda: not jobs.running, timeout=MINUTE)
    assert [what for what, _ in listener.heard][-1] == "ended"


def test_a_worker_that_no_one_waits_for_ends_quietly(qtbot: QtBot) -> None:
    """Its thread goes on for a while after its job is gone from the window."""
    go_on = threading.Event()
    threads: list[threading.Thread] = []

    def work(report: Report, cancelled: Cancelled) -> None:
        threads.append(threading.current_thread())
        go_on.wait(60.0)
        report(1.0, "too late")

    jobs = JobList()
    job = jobs.start("Slow", work)
    qtbot.waitUntil(lambda: bool(threads), timeout=MINUTE)
    with qtbot.waitSignal(job.destroyed, timeout=MINUTE):
        jobs.deleteLater()
    go_on.set()
    threads[0].join(60.0)
    assert not threads[0].is_alive()
