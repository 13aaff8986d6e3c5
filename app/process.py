"""What the process needs before anything else is loaded."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

_FILES = (8192, 4096, 1024)
"""Open files that are asked for, most first; macOS refuses what is beyond a limit of the kernel's."""
_QUIET = "qt.multimedia.symbolsresolver=false;qt.multimedia.ffmpeg*=false"
"""Qt tells, as soon as it is imported, which sound systems are not there and what it decodes with. It tells so in
threads that hold the loader's lock: a message handler written in Python, waiting for the interpreter, would wait for
ever."""
_NO_DEVICE = ","
"""For sound alone, FFmpeg needs no video hardware, and no libva to look for some."""


def raise_file_limit() -> None:
    """Lets this process have thousands of files open where the system allows it: usual are 1024, on macOS 256."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for wanted in _FILES:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        if most <= soft or soft == resource.RLIM_INFINITY:
            return
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
            return


def calm_multimedia() -> None:
    """Sets how QtMultimedia is to start, for this process and its children, where the environment does not say so.

    To be called before Qt is imported.
    """
    os.environ.setdefault("QT_LOGGING_RULES", _QUIET)
    os.environ.setdefault("QT_FFMPEG_DECODING_HW_DEVICE_TYPES", _NO_DEVICE)
    os.environ.setdefault("QT_FFMPEG_ENCODING_HW_DEVICE_TYPES", _NO_DEVICE)
