"""Small things done in the background, one after another."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import CancelledError
from typing import Generic, TypeVar

log = logging.getLogger(__name__)

Request = TypeVar("Request", bound=Hashable)


class TaskQueue(Generic[Request]):
    """Does what is requested in a thread that lives only while there is something to do.

    A request that waits already is not taken twice.

    Args:
        name: of the thread.
        do: does what one request asks for; called in the thread. What it raises goes to the log.
        newest_first: what was requested last is done first; else what was requested first.
        at_rest: called in the thread once nothing waits any more.
    """

    def __init__(
        self,
        name: str,
        do: Callable[[Request], object],
        *,
        newest_first: bool = True,
        at_rest: Callable[[], object] | None = None,
    ) -> None:
        self._name = name
        self._do = do
        self._newest_first = newest_first
        self._at_rest = at_rest
        self._waiting: dict[Request, None] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False

    def put(self, *requests: Request) -> None:
        """Adds requests; those that wait already become the newest."""
        with self._lock:
            if self._closed:
                return
            for request in requests:
                self._waiting.pop(request, None)
                self._waiting[request] = None
            if self._waiting and self._thread is None:
                self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._thread.start()

    def is_closed(self) -> bool:
        """Whether what is being done now should be left off."""
        return self._closed

    def close(self) -> None:
        """Gives up what waits; returns once the thread has ended."""
        with self._lock:
            self._closed = True
            self._waiting.clear()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _work(self) -> None:
        has_rested = self._at_rest is None
        while (request := self._next(has_rested)) is not None or not has_rested:
            if request is None:
                has_rested = True
                self._rest()
            else:
                has_rested = self._at_rest is None
                self._do_one(request)

    def _next(self, last: bool) -> Request | None:
        """The request to do now; None where none waits: where `last`, the thread ends with that."""
        with self._lock:
            if not self._waiting:
                if last:
                    self._thread = None
                return None
            request = next(reversed(self._waiting) if self._newest_first else iter(self._waiting))
            del self._waiting[request]
            return request

    def _rest(self) -> None:
        if self._at_rest is not None and not self._closed:
            self._at_rest()

    def _do_one(self, request: Request) -> None:
        try:
            self._do(request)
        except CancelledError:
            log.info("%s: left off", self._name)
        except Exception:
            log.exception("%s failed", self._name)
