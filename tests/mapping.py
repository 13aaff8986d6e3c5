"""Whether an array lies in a file that is mapped, as the system itself tells it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from numpy.typing import NDArray

_MAPS = Path("/proc/self/maps")


def is_mapped(values: NDArray[Any], path: Path) -> bool:
    """Whether the first of `values` lies in a map of the file; always true where the system keeps no list of maps."""
    if not _MAPS.is_file():
        return True
    first = values.ctypes.data
    for line in _MAPS.read_text().splitlines():
        if line.endswith(str(path.resolve())):
            begin, end = (int(place, 16) for place in line.split()[0].split("-"))
            if begin <= first < end:
                return True
    return False
