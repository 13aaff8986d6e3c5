"""What was dropped."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData

ELSEWHERE = "Only files of this computer can be dropped here. Save it to the computer first, then drop the file."


def dropped_paths(data: QMimeData) -> tuple[list[Path], str]:
    """The files and folders of this computer in a drop, and a plain sentence where there were others, else ""."""
    local = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return local, "" if len(local) == len(data.urls()) else ELSEWHERE
