"""Small things done in the background, one after another."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import CancelledError
from typing import Generic, TypeVar

log = logging.getLogger(__name__)

Wish = TypeVar("Wish", bound=Hashable)


class Errands(Generic[Wish]):
    """Does what is wished for in a thread that lives only while there is something to do.

    A wish that waits already is not taken twice.

    Args:
        name: of the thread.
        do: fulfils one wish; called in the thread. What it raises goes to the log.
        newest_first: what is looked at now matters more than what was looked at before; else the oldest comes first.
        at_rest: called in the thread once nothing waits any more.
    """

    def __init__(
        self,
        name: str,
        do: Callable[[Wish], object],
        *,
        newest_first: bool = True,
        at_rest: Callable[[], object] | None = None,
    ) -> None:
        self._name = name
        self._do = do
        self._newest_first = newest_first
        self._at_rest = at_rest
        self._waiting: dict[Wish, None] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False

    def want(self, *wishes: Wish) -> None:
        """Takes wishes; those that wait already become the newest."""
        with self._lock:
            if self._closed:
                return
            for wish in wishes:
                self._waiting.pop(wish, None)
                self._waiting[wish] = None
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
        while (wish := self._next(has_rested)) is not None or not has_rested:
            if wish is None:
                has_rested = True
                self._rest()
            else:
                has_rested = self._at_rest is None
                self._fulfil(wish)

    def _next(self, last: bool) -> Wish | None:
        """The wish to fulfil now; None where none waits: where that is the last look, the thread ends with it."""
        with self._lock:
            if not self._waiting:
                if last:
                    self._thread = None
                return None
            wish = next(reversed(self._waiting) if self._newest_first else iter(self._waiting))
            del self._waiting[wish]
            return wish

    def _rest(self) -> None:
        if self._at_rest is not None and not self._closed:
            self._at_rest()

    def _fulfil(self, wish: Wish) -> None:
        try:
            self._do(wish)
        except CancelledError:
            log.info("%s: left off", self._name)
        except Exception:
            log.exception("%s failed", self._name)
