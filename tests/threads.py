"""Threads that do the same thing at the same moment, and waiting for them."""

from __future__ import annotations

import threading
import time
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


def wait_until(is_so: Callable[[], bool], seconds: float = 10.0) -> None:
    """Waits for what another thread does, without Qt."""
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "it did not come to be"
        time.sleep(0.005)
