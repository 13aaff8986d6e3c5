"""Asking MusicBrainz over the network: the only thing here that does, and only when told to.

Its rules stand at https://musicbrainz.org/doc/MusicBrainz_API/Rate_Limiting: at most one question a second, a
User-Agent that says who asks, and patience where the answer is 503.
"""

from __future__ import annotations

import http.client
import json
import os
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from resources.files import make_folders
from resources.progress import Cancelled, stop_if
from resources.redirects import opener
from titles.errors import TitleError

INSTEAD = "Paste the titles instead, or drop a text file."
_LARGEST_ANSWER = 16 * 2**20
_TRIES = 4
_PATIENCE = 20.0
"""Seconds that one answer may take."""
_SENDS_ON = (301, 302, 303, 307, 308)
_LONGEST_QUEUE = 60.0
"""Seconds; a last question later than that is of a clock that was wrong."""


class Line:
    """The line to one site.

    Args:
        agent: who asks, as the User-Agent: "Name/1.0 ( where to complain )".
        asked: a file whose time is that of the last question, or of the last turn that someone waits for, so that all
            windows keep to one pace together.
        pause: least seconds between two questions.
    """

    def __init__(self, site: str, agent: str, asked: Path, pause: float) -> None:
        self._site = site.rstrip("/")
        self._agent = agent
        self._asked = asked
        self._pause = pause

    def ask(self, path: str, cancelled: Cancelled) -> Mapping[str, Any]:
        """What is answered to a path with its query.

        Raises:
            TitleError: where the site cannot be reached, is too busy, or answers something odd.
            CancelledError: once `cancelled()`, at once.
        """
        for _ in range(_TRIES - 1):
            answer = self._answer(path, cancelled)
            if answer.busy is None:
                return answer.value()
            _sleep(answer.busy, cancelled)
        return self._answer(path, cancelled).value()

    def _answer(self, path: str, cancelled: Cancelled) -> _Answer:
        self._wait_for_turn(cancelled)
        headers = {"User-Agent": self._agent, "Accept": "application/json"}
        answer = _Answer(urllib.request.Request(self._site + path, headers=headers))
        answer.wait(cancelled)
        return answer

    def _wait_for_turn(self, cancelled: Cancelled) -> None:
        """Takes the next free turn, by the time of the file, and waits for it: who comes meanwhile queues behind."""
        now = turn = time.time()
        with suppress(OSError):
            last = self._asked.stat().st_mtime
            if last - now < _LONGEST_QUEUE:
                turn = max(now, last + self._pause)
        with suppress(OSError):
            make_folders(self._asked.parent)
            self._asked.open("a").close()
            os.utime(self._asked, (turn, turn))
        _sleep(turn - now, cancelled)


class _Answer:
    """One question on its way, in a thread of its own: a network that hangs must not hold up Cancel."""

    def __init__(self, request: urllib.request.Request) -> None:
        self._raw = b""
        self._error: Exception | None = None
        self.busy: float | None = None
        """Seconds to wait where the service was asked too often or is overloaded, else None."""
        self._thread = threading.Thread(target=self._fetch, args=(request,), daemon=True)
        self._thread.start()

    def _fetch(self, request: urllib.request.Request) -> None:
        try:
            with opener(other_hosts=False).open(request, timeout=_PATIENCE) as response:
                self._raw = response.read(_LARGEST_ANSWER)
        except urllib.error.HTTPError as error:
            self._error = error
            if error.code in (429, 503):
                after = error.headers.get("Retry-After", "")
                self.busy = min(float(after[:9]), 30.0) if after.isdecimal() else 2.0
            error.close()
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._error = error

    def wait(self, cancelled: Cancelled) -> None:
        while self._thread.is_alive():
            stop_if(cancelled)
            self._thread.join(0.05)
        stop_if(cancelled)

    def value(self) -> Mapping[str, Any]:
        if self.busy is not None:
            raise TitleError("MusicBrainz has too much to do at the moment.", "Try again in a few minutes.")
        if isinstance(self._error, urllib.error.HTTPError):
            if self._error.code in _SENDS_ON:
                raise TitleError("MusicBrainz sends on to a place that is not to be trusted.", INSTEAD)
            raise TitleError(f"MusicBrainz does not answer as it should (status {self._error.code}).", INSTEAD)
        if self._error is not None:
            raise TitleError("MusicBrainz cannot be reached.", f"Check the internet connection. {INSTEAD}")
        try:
            answer = json.loads(self._raw)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise TitleError("What MusicBrainz answered cannot be read.", f"Try again later. {INSTEAD}")
        return answer


def _sleep(seconds: float, cancelled: Cancelled) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        stop_if(cancelled)
        time.sleep(min(left, 0.05))
