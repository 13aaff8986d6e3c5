"""Running long work in a shell: progress on stderr, Ctrl-C as Cancel, and what is said when it fails."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from types import FrameType

from app.document.words import isolate_names
from app.logs import log_file
from resources.errors import PlainError, in_plain_words
from resources.progress import Cancelled, Report

DONE = 0
OUR_FAULT = 1
WRONG_CALL = 2
CANCELLED = 130

_LINE_EVERY_SECONDS = 5.0


def status_of(work: Callable[[], int]) -> int:
    """The exit status that `work` returns or earns; whatever went wrong is one plain line on stderr."""
    try:
        return work()
    except PlainError as error:
        complain(str(error))
        return WRONG_CALL
    except (CancelledError, KeyboardInterrupt):
        complain("Stopped. What was made until now is kept.")
        return CANCELLED
    except Exception as error:
        told = in_plain_words(error)
        if told is not None:
            logging.getLogger("app.shell").exception("the system refused something")
            complain(told)
            return WRONG_CALL
        logging.getLogger("app.shell").exception("a command failed")
        complain(f"Something went wrong inside Deep Cuts; this is our fault. The details are in {log_file()}")
        return OUR_FAULT


def complain(text: str) -> None:
    """One line on stderr."""
    sys.stderr.write(isolate_names(" ".join(text.split())) + "\n")
    sys.stderr.flush()


@contextmanager
def warnings_said() -> Iterator[None]:
    """Puts on stderr, too, what the instrument writes to the log as a warning: the artist should know."""
    said = _Said(logging.WARNING)
    instrument = logging.getLogger("samplernn")
    instrument.addHandler(said)
    try:
        yield
    finally:
        instrument.removeHandler(said)


class _Said(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        complain(record.getMessage())


@contextmanager
def long_work() -> Iterator[tuple[Report, Cancelled]]:
    """What a studio function wants: a report that shows progress, and a check that Ctrl-C makes true."""
    with _interruptible() as cancelled, _progress() as report:
        yield report, cancelled


@contextmanager
def _interruptible() -> Iterator[Cancelled]:
    """SIGINT and SIGTERM ask for a clean stop; a second one does not wait."""
    asked = threading.Event()

    def ask(signum: int, frame: FrameType | None) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()
        os.write(2, b"\nStopping cleanly. Once more stops at once.\n")

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _progress() -> Iterator[Report]:
    if sys.stderr.isatty():
        with _bar() as report:
            yield report
    else:
        yield _lines()


@contextmanager
def _bar() -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), TaskProgressColumn(), TimeRemainingColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=1.0)

        def report(fraction: float, text: str) -> None:
            progress.update(task, completed=min(max(fraction, 0.0), 1.0), description=text)

        yield report


def _lines() -> Report:
    """For logs and pipes: a line now and then instead of a bar."""
    last_time, last_text = time.monotonic(), ""

    def report(fraction: float, text: str) -> None:
        nonlocal last_time, last_text
        now = time.monotonic()
        if text != last_text and now - last_time >= _LINE_EVERY_SECONDS:
            last_time, last_text = now, text
            complain(f"{min(max(fraction, 0.0), 1.0):4.0%}  {text}")

    return report
