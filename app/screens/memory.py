"""What the window remembers from one time to the next: its place, the last project, the recent ones."""

from __future__ import annotations

import base64
import contextlib
import json
from pathlib import Path
from typing import Any

import platformdirs

from app.document.files import clear_parts, make_folders, replacing

_MOST_RECENT = 10


def default_memory_file() -> Path:
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
        self._values: dict[str, Any] = {}
        with contextlib.suppress(OSError, ValueError):
            read = json.loads(path.read_text(encoding="utf-8"))
            self._values = read if isinstance(read, dict) else {}

    @property
    def recent(self) -> list[Path]:
        """The projects opened last that still exist, the newest first."""
        names = self._values.get("recent", [])
        paths = [Path(name) for name in names if isinstance(name, str)] if isinstance(names, list) else []
        return [path for path in paths if (path / "project.json").is_file()]

    def opened(self, project: Path) -> None:
        """Puts a project first among the recent ones."""
        others = [path for path in self.recent if path != project]
        self._put("recent", [str(path) for path in (project, *others)][:_MOST_RECENT])

    def gone(self, project: Path) -> None:
        """Forgets a project."""
        self._put("recent", [str(path) for path in self.recent if path != project])

    @property
    def geometry(self) -> bytes:
        """What `QWidget.saveGeometry` gave, or nothing."""
        with contextlib.suppress(ValueError, TypeError):
            return base64.b64decode(self._values.get("geometry", ""))
        return b""

    @geometry.setter
    def geometry(self, value: bytes) -> None:
        self._put("geometry", base64.b64encode(value).decode())

    def _put(self, name: str, value: Any) -> None:
        self._values[name] = value
        with contextlib.suppress(OSError):
            make_folders(self._path.parent)
            clear_parts(self._path.parent)
            with replacing(self._path) as fresh:
                fresh.write_text(json.dumps(self._values), encoding="utf-8")
