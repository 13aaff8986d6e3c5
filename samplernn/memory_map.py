"""Memory-mapped .npy files that need no open file descriptor.

Python's own map keeps a copy of the descriptor for as long as it lives (up to 3.12 it cannot be told not to), so that
an album of a thousand clips needs a thousand of them, where a program may have 256.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import sys
import weakref
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from resources.files import NotRegularError, open_regular

_FAILED = ctypes.c_void_p(-1).value


def open_mapped(path: Path) -> NDArray[Any]:
    """The array in an .npy file, of any shape and type, read-only. The file is not open any more.

    Raises:
        OSError: where the file cannot be read or mapped.
        ValueError: where it is no file, or no array, or not all of one.
    """
    try:
        file = open_regular(path)
    except NotRegularError as fault:
        raise ValueError(f"{path} is not a file") from fault
    with file:
        shape, by_column, dtype = _header(file)
        if dtype.hasobject:
            raise ValueError(f"{path} holds objects, which are not read")
        begin, size = file.tell(), os.fstat(file.fileno()).st_size
        count = int(np.prod(shape, dtype=object))
        if count < 0 or begin + count * dtype.itemsize > size:
            raise ValueError(f"{path} ends early")
        values: NDArray[Any] = np.frombuffer(_mapped(file.fileno(), size), dtype, count, begin)
    return values.reshape(shape, order="F" if by_column else "C")


_HEADERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Shape, whether it lies column by column, and type; it is Python source, which numpy takes apart."""
    try:
        header: tuple[tuple[int, ...], bool, np.dtype[Any]] = _HEADERS[np.lib.format.read_magic(file)](file)
    except OSError:
        raise
    except Exception as fault:  # the parser of a damaged one raises nearly anything
        raise ValueError("it is not an array that we know") from fault
    return header


def _mapped(descriptor: int, size: int) -> Any:
    """All `size` bytes of an open file, as a read-only buffer that outlives the descriptor."""
    if sys.version_info >= (3, 13):
        return mmap.mmap(descriptor, size, access=mmap.ACCESS_READ, trackfd=False)
    if sys.platform == "win32":  # files that are open are not counted there
        return mmap.mmap(descriptor, size, access=mmap.ACCESS_READ)
    system = ctypes.CDLL(None, use_errno=True)
    system.mmap.restype = ctypes.c_void_p
    # The last argument is an off_t, which is as long as a pointer wherever PyTorch runs.
    system.mmap.argtypes = (
        ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_ssize_t
    )  # fmt: skip
    system.munmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t)
    place = system.mmap(None, size, mmap.PROT_READ, mmap.MAP_SHARED, descriptor, 0)
    if place == _FAILED:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    buffer = (ctypes.c_ubyte * size).from_address(place)
    # Not at exit: threads may still be reading, and the system takes it all back anyway.
    weakref.finalize(buffer, system.munmap, place, size).atexit = False
    return memoryview(buffer).toreadonly()
