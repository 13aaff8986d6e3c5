"""Threads that do the same thing at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable


def at_once(count: int, work: Callable[[], None]) -> None:
    """Runs `work` in `count` threads that begin together; returns when all have ended."""
    start = threading.Barrier(count)

    def run() -> None:
        start.wait()
        work()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
