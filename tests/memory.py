"""How much memory this process held at the most, since it was asked last."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process held at the most")


def most_megabytes() -> int:
    """MiB that were held at the most since this was called last, or since the process began. Linux alone tells."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    most = next(line for line in lines if line.startswith("VmHWM")).split()[1]
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak is now what is held now
    return int(most) >> 10


def held_megabytes() -> int:
    """MiB that are held now; `most_megabytes` counts from here on."""
    most_megabytes()
    return most_megabytes()
