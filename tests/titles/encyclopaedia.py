"""A small server that speaks MusicBrainz's JSON, for tests: two bands of one name, and answers as odd as one likes.

The shapes are those of its web service: `artist?query=` is a search with `count` and `score`, `recording?artist=` is a
list in pages with `recording-count` and `recording-offset`.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

LOUD = "11111111-2222-3333-4444-555555555555"
QUIET = "99999999-2222-3333-4444-555555555555"
_THINGS = ("Harvest", "Parade", "Liturgy", "Engine", "Descent", "Orchard", "Doors", "Signal", "Window", "Knot")
SONGS = [f"{colour} {thing}" for colour in ("Iron", "Salt", "Glass", "Thin") for thing in _THINGS]


def artist(id: str, name: str, score: int, **more: Any) -> dict[str, Any]:
    return {"id": id, "type": "Group", "score": score, "name": name, "sort-name": name, **more}


def recording(title: str, **more: Any) -> dict[str, Any]:
    base = {"id": "0", "title": title, "length": 214000, "disambiguation": "", "video": False}
    return base | {"first-release-date": "1999-03-01"} | more


class Encyclopaedia:
    """What the server knows, what it was asked, and how it behaves."""

    def __init__(self) -> None:
        places = {"area": {"name": "Belgium"}, "begin-area": {"name": "Ghent"}}
        loud = {**places, "life-span": {"begin": "1991-05", "ended": None}, "disambiguation": "doom metal"}
        quiet = {"country": "NZ", "life-span": {"begin": "1970", "end": "1974"}}
        self.artists = [
            artist("55555555-2222-3333-4444-555555555555", "The Cast Iron Gardens Tribute", 71),
            artist(LOUD, "Cast Iron Gardens", 100, **loud),
            artist(QUIET, "Cast Iron Gardens", 94, **quiet),
            artist("not an id", "Cast Iron Gardens", 93),
            artist("77777777-2222-3333-4444-555555555555", "Cast", 20),
        ]
        self.recordings = {
            LOUD: [
                *(recording(title) for title in SONGS),
                *(recording(title, disambiguation="live, 1999-08-23: Ghent") for title in SONGS * 3),
                recording("A Film of It", video=True),
                recording("[untitled]"),
                recording("Iron Harvest / Salt Parade"),
                recording("Don’t Look Down"),
                recording("Iron Harvest (live)"),
                recording(None),
            ],
            QUIET: [],
        }
        self.asked: list[tuple[str, float, str]] = []
        self.answers: list[Callable[[], tuple[int, bytes, dict[str, str]]]] = []
        """Taken, first one first, instead of what it knows."""
        self.hang = threading.Event()
        self.hang.set()
        """While it is not set, no answer comes."""
        self.url = ""

    def answer(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        if self.answers:
            return self.answers.pop(0)()
        parts = urlsplit(path)
        asks = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if asks.get("fmt") != "json":
            return 406, b"<error/>", {}
        if parts.path == "/ws/2/artist":
            words = asks["query"].replace("\\", "").casefold().split()
            found = [one for one in self.artists if any(word in one["name"].casefold() for word in words)]
            body: dict[str, Any] = {
                "created": "2025-05-03T10:00:00.000Z",
                "count": len(found),
                "offset": 0,
                "artists": found,
            }
        elif parts.path == "/ws/2/recording" and asks.get("artist") in self.recordings:
            whole = self.recordings[asks["artist"]]
            start, limit = int(asks.get("offset", 0)), min(int(asks.get("limit", 25)), 100)
            body = {
                "recording-count": len(whole),
                "recording-offset": start,
                "recordings": whole[start : start + limit],
            }
        else:
            return 404, b'{"error": "Not Found"}', {}
        return 200, json.dumps(body).encode(), {}


def busy(seconds: int) -> tuple[int, bytes, dict[str, str]]:
    return 503, b'{"error": "Your requests are exceeding the allowable rate limit."}', {"Retry-After": str(seconds)}


@contextmanager
def serving() -> Iterator[Encyclopaedia]:
    known = Encyclopaedia()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known.asked.append((self.path, time.monotonic(), self.headers.get("User-Agent", "")))
            known.hang.wait(10)
            status, body, headers = known.answer(self.path)
            self.send_response(status)
            for name, value in {"Content-Type": "application/json; charset=utf-8", **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *what: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield known
    finally:
        known.hang.set()
        server.shutdown()
        thread.join()
        server.server_close()
