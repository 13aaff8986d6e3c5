"""A small server of one file."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Server(http.server.ThreadingHTTPServer):
    """Serves one file. It can break off, fall silent, refuse to go on in the middle, not tell the size, or say no."""

    daemon_threads = False

    def __init__(self, data: bytes) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.data = data
        self.ranges: list[str] = []
        self.break_after: int | None = None
        self.silent = threading.Event()
        self.hold = threading.Event()
        self.knows_ranges = True
        self.tells_size = True
        self.status = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/vgg19.pth"


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        asked = self.headers.get("Range", "")
        self.server.ranges.append(asked)
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and self.server.knows_ranges else 0
        whole = self.server.data
        if self.server.status or start >= len(whole):
            self.send_error(self.server.status or 416)
            return
        self.send_response(206 if start else 200)
        if self.server.tells_size:
            self.send_header("Content-Length", str(len(whole) - start))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(whole) - 1}/{len(whole)}")
        self.end_headers()
        end = len(whole) if self.server.break_after is None else start + self.server.break_after
        self.wfile.write(whole[start:end])
        self.wfile.flush()
        if self.server.hold.is_set():
            self.server.silent.wait(30)

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def serving(data: bytes) -> Iterator[Server]:
    made = Server(data)
    thread = threading.Thread(target=made.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield made
    finally:
        made.silent.set()
        made.shutdown()
        thread.join()
        made.server_close()
