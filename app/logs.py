"""Where the program keeps its log, for the day that something goes wrong."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

import platformdirs

_LARGEST = 1_000_000
_KEPT = 3


def log_file() -> Path:
    return platformdirs.user_log_path("deepcuts", appauthor=False) / "deepcuts.log"


def start_logging() -> None:
    """Sends warnings, uncaught errors of every thread and crashes of the interpreter to `log_file()`.

    Where that cannot be written (a full disk, a locked home) the program goes on without a log.
    """
    path = log_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            path, maxBytes=_LARGEST, backupCount=_KEPT, encoding="utf-8", errors="backslashreplace", delay=True
        )
        crashes = path.with_name("crash.log").open("a", encoding="utf-8")
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # a full disk costs the log, and is told elsewhere
    faulthandler.enable(crashes)
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logging.getLogger("app").critical("uncaught", exc_info=(kind, error, trace))
    if sys.stderr is not None:
        sys.stderr.write(f"Something went wrong inside Deep Cuts; this is our fault. The details are in {log_file()}\n")


def _log_uncaught_in_thread(told: threading.ExceptHookArgs) -> None:
    if told.exc_value is not None:
        _log_uncaught(told.exc_type, told.exc_value, told.exc_traceback)
