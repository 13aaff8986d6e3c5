"""What Qt needs of the system to open a window, and what to say where that is missing: Qt itself would abort."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from importlib.resources import files

from app.document.errors import UserError


def missing_libraries(*groups: str) -> dict[str, str]:
    """Those of `resources/system_libraries.txt`, in these groups, that do not load; each with its Debian package."""
    lines = files("resources").joinpath("system_libraries.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return {library: package for group, library, package in rows if group in groups and not _loads(library)}


def no_window(error: ImportError) -> UserError:
    """What to say where Qt does not load."""
    missing = missing_libraries("base")
    if missing:
        return _without(missing)
    return UserError(
        f"The window cannot open, because Qt does not load: {str(error).rstrip('.')}.",
        "Set Deep Cuts up again (make setup), or download it again.",
    )


def no_screen() -> UserError | None:
    """Why no window can be shown here; None where one can."""
    platform, display = os.environ.get("QT_QPA_PLATFORM", ""), os.environ.get("DISPLAY", "")
    if sys.platform != "linux" or os.environ.get("WAYLAND_DISPLAY") or platform.partition(":")[0] not in ("", "xcb"):
        return None
    if not display:
        return UserError("There is no screen here.", "The shell does the same work: deepcuts --help")
    if missing := missing_libraries("screen"):
        return _without(missing)
    if not _answers(display):
        return UserError(f"The screen “{display}” does not answer.", "The shell does the same work: deepcuts --help")
    return None


def _without(missing: dict[str, str]) -> UserError:
    """What to say where some libraries are not there."""
    names = ", ".join(missing)
    is_or_are = "a library of this system is" if len(missing) == 1 else "libraries of this system are"
    if shutil.which("apt-get"):
        todo = f"Install what is missing, then start again: sudo apt-get install {' '.join(missing.values())}"
    else:
        todo = "Install what is missing with this system's package manager, then start again."
    return UserError(f"The window cannot open, because {is_or_are} not here: {names}.", todo)


def _answers(display: str) -> bool:
    """Whether an X server can be reached there."""
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = (ctypes.c_void_p,)
    connection = xcb.xcb_connect(os.fsencode(display), None)
    is_well = bool(xcb.xcb_connection_has_error(connection) == 0)
    xcb.xcb_disconnect(connection)
    return is_well


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
