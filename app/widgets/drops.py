"""What was dropped."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData

ELSEWHERE = "Only files of this computer can be dropped here. Save it to the computer first, then drop the file."

_TITLE_LISTS = (".txt", ".csv", ".tsv")


def dropped_paths(data: QMimeData) -> tuple[list[Path], str]:
    """The files and folders of this computer in a drop, and a plain sentence where there were others, else ""."""
    local = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return local, "" if len(local) == len(data.urls()) else ELSEWHERE


def dropped_title_files(data: QMimeData) -> list[Path]:
    """The lists of titles in a drop of nothing but such; else none."""
    paths, refused = dropped_paths(data)
    return paths if not refused and all(path.suffix.lower() in _TITLE_LISTS for path in paths) else []


def dropped_text(data: QMimeData) -> str:
    """The text of a drop that is no drop of files."""
    return "" if data.hasUrls() else data.text()
