"""What becomes of memory that the program frees."""

from __future__ import annotations

import ctypes
import platform
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""Of `mallopt`, as malloc.h of glibc numbers them."""
_KEPT = 256 << 20
_LARGE = 32 << 20
"""What is larger goes back to the system at once; more than this cannot be asked for."""


def keep_freed_memory() -> None:
    """Has glibc keep freed memory for what is asked for next, instead of handing it to the system and back.

    A step of a small network frees ten megabytes, and fresh pages for as much cost it up to a third of its time. To be
    called before there are other threads: all then share one arena, since glibc gives back those of single threads
    whatever it is told. Nothing happens where there is no glibc.
    """
    if sys.platform != "linux" or platform.libc_ver()[0] != "glibc":
        return
    tell = ctypes.CDLL(None).mallopt
    for what, value in ((_ARENA_MAX, 1), (_TRIM_THRESHOLD, _KEPT), (_MMAP_THRESHOLD, _LARGE)):
        tell(what, value)
