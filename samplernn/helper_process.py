"""Starting a process that shares nothing with this one but a pipe: neither locks that threads hold nor a window.

`multiprocessing` would do it as well, but its processes first run the main program again, which may be anything.
"""

from __future__ import annotations

import os
import subprocess
import sys
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

FLAG = "--decode-sound"
"""First argument of the double-click program where it is to help: the number of its end of the pipe follows."""
_BEGIN = "import sys; sys.path[:] = sys.argv[2:]; from samplernn.helping import help_at; help_at(int(sys.argv[1]))"


def start_helper() -> tuple[subprocess.Popen[bytes], Connection]:
    """A fresh process that runs `samplernn.helping.help_at`, and this end of the pipe to it.

    Raises:
        OSError: the system allows no further process.
    """
    ours, theirs = Pipe()
    with theirs:
        number = theirs.fileno()
        if getattr(sys, "frozen", False):
            command = [sys.executable, FLAG, str(number)]
        else:
            command = [sys.executable, "-c", _BEGIN, str(number), *sys.path]
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # what libraries write to the terminal is of no use to anybody
                **_inheriting(number),
            )
        except BaseException:
            ours.close()
            raise
    return process, ours


def _inheriting(number: int) -> dict[str, Any]:
    """How `Popen` is told that the process gets this end of the pipe."""
    if sys.platform == "win32":
        os.set_handle_inheritable(number, True)
        startup = subprocess.STARTUPINFO(lpAttributeList={"handle_list": [number]})
        return {"startupinfo": startup, "creationflags": subprocess.CREATE_NO_WINDOW}
    return {"pass_fds": (number,)}


def connection_at(number: int) -> Connection:
    """The other end of the pipe, within the process."""
    if sys.platform == "win32":
        from multiprocessing.connection import PipeConnection

        return PipeConnection(number)
    return Connection(number)
