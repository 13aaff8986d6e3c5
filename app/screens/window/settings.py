"""What the window remembers from one time to the next: its place, the last project, the recent ones."""

from __future__ import annotations

import base64
import contextlib
import json
from pathlib import Path
from typing import Any

import platformdirs

from app.document.store import ProjectFolder
from resources.files import clear_parts, is_there, make_folders, write_whole

_MOST_RECENT = 10
_LARGEST = 2**20
"""Bytes."""


def default_memory_file() -> Path:
    """Where this system wants programs to keep their settings."""
    return platformdirs.user_config_path("deepcuts", appauthor=False) / "window.json"


def default_shelf() -> Path:
    """Where new projects are made: "Deep Cuts" in the music folder of the person."""
    return platformdirs.user_music_path() / "Deep Cuts"


class Memory:
    """A small JSON file. What cannot be read is forgotten, what cannot be written is not remembered.

    Args:
        path: the file.
        shelf: the folder in which new projects are made.
    """

    def __init__(self, path: Path, shelf: Path) -> None:
        self.shelf = shelf
        self._path = path
        known = _read(path)
        names = known.get("recent")
        self._recent = [Path(name) for name in names if isinstance(name, str)] if isinstance(names, list) else []
        self._geometry = _bytes_of(known.get("geometry"))

    @property
    def recent(self) -> list[Path]:
        """The projects opened last that still exist, the newest first."""
        return [path for path in self._recent if is_there(ProjectFolder(path).document)]

    def opened(self, project: Path) -> None:
        """Puts a project first among the recent ones."""
        self._recent = [project, *(path for path in self.recent if path != project)][:_MOST_RECENT]
        self._keep()

    def gone(self, project: Path) -> None:
        """Forgets a project."""
        self._recent = [path for path in self.recent if path != project]
        self._keep()

    @property
    def geometry(self) -> bytes:
        """What `QWidget.saveGeometry` gave, or nothing."""
        return self._geometry

    @geometry.setter
    def geometry(self, value: bytes) -> None:
        self._geometry = value
        self._keep()

    def _keep(self) -> None:
        known = {"recent": [str(path) for path in self._recent], "geometry": base64.b64encode(self._geometry).decode()}
        with contextlib.suppress(OSError):
            make_folders(self._path.parent)
            clear_parts(self._path.parent)
            write_whole(self._path, json.dumps(known))


def _read(path: Path) -> dict[str, Any]:
    """Whatever lies there; nothing where it is no file of ours."""
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return {}
        known = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return known if isinstance(known, dict) else {}


def _bytes_of(text: Any) -> bytes:
    try:
        return base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except ValueError:
        return b""
