"""Starting a process that shares nothing with this one but two pipes: neither locks that threads hold nor a window.

`multiprocessing` would do it as well, but its processes first run the main program again, which may be anything.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

FLAG = "--decode-sound"
"""First argument of the double-click program where it is to be a worker; the descriptors of its pipes follow."""
_BEGIN = (
    "import sys; sys.path[:] = sys.argv[3:]; "
    "from samplernn.audio.worker_main import run_worker as run; run(*sys.argv[1:3])"
)


def start_worker() -> tuple[subprocess.Popen[bytes], Connection, Connection]:
    """A fresh process that runs `worker_main.run_worker`, and this side's ends of the pipes from it and to it.

    Raises:
        OSError: the system allows no further process.
    """
    with ExitStack() as opened:
        # a pipe for each direction: of sockets, which go both ways, every block takes four times as long
        from_it, worker_end_out = (opened.enter_context(end) for end in Pipe(duplex=False))
        worker_end_in, to_it = (opened.enter_context(end) for end in Pipe(duplex=False))
        numbers = [worker_end_in.fileno(), worker_end_out.fileno()]
        if getattr(sys, "frozen", False):
            command = [sys.executable, FLAG, *map(str, numbers)]
        else:
            command = [sys.executable, "-c", _BEGIN, *map(str, numbers), *sys.path]
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,  # what libraries write to the terminal is of no use to anybody
            **_inheriting(numbers),
        )
        opened.pop_all()
        worker_end_in.close()
        worker_end_out.close()
        return process, from_it, to_it


def _inheriting(numbers: list[int]) -> dict[str, Any]:
    """How `Popen` is told that the process gets these ends of the pipes."""
    if sys.platform == "win32":
        for number in numbers:
            os.set_handle_inheritable(number, True)
        startup = subprocess.STARTUPINFO(lpAttributeList={"handle_list": numbers})
        return {"startupinfo": startup, "creationflags": subprocess.CREATE_NO_WINDOW}
    return {"pass_fds": numbers}


def connections_at(requests_fd: str, answers_fd: str) -> tuple[Connection, Connection]:
    """The other ends, within the process: to hear requests and to answer."""
    if sys.platform == "win32":
        from multiprocessing.connection import PipeConnection

        return PipeConnection(int(requests_fd), writable=False), PipeConnection(int(answers_fd), readable=False)
    return Connection(int(requests_fd), writable=False), Connection(int(answers_fd), readable=False)
