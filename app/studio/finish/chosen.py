"""Which finish a project puts on its clips: what was learnt from the album, and what of it is asked for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from app.document.model import Clip, FinishChoice, Project
from app.document.store import ProjectFolder
from app.studio.finish.applying import FinishProcessor
from app.studio.finish.finish import Finish, load_finish

_VERSION = 2
"""Of what the finish does to sound: what is kept of an older one is made again."""
_LEAST_RATE, _MOST_RATE = 15_000, 18_000
"""In Hz: a clip of less has too little to tell anything by; one of more has air of its own."""


@dataclass(frozen=True, eq=False)
class ChosenFinish:
    """What is put on the clips of a project."""

    finish: Finish
    width: bool
    name: str
    """Tells the finish and the choice; part of the names of files in the cache."""

    def on(self, clip: Clip) -> FinishProcessor | None:
        """What is put on this clip; None where it stays as made."""
        return self.at(clip.rate, clip.seed)

    def at(self, rate: int, seed: int) -> FinishProcessor | None:
        """What is put on sound that a model made at this rate with this seed; None where it stays as made."""
        finish = self.finish if rate <= _MOST_RATE else replace(self.finish, has_air=False)
        if rate < _LEAST_RATE or not (finish.has_air or (finish.has_width and self.width)):
            return None
        return FinishProcessor(finish, seed, self.width)


def chosen_finish(project: Project, place: Path) -> ChosenFinish | None:
    """The finish of the project in the folder `place`; None where its clips are to sound as made.

    Quick enough for the thread of the window: the file is read again only where it is another one.
    """
    return _chosen(ProjectFolder(place).finish, project.release.finish)


def learnt_finish(place: Path) -> Finish | None:
    """What was learnt from the album of the project in the folder `place`; None where nothing was."""
    chosen = _chosen(ProjectFolder(place).finish, "album")
    return chosen.finish if chosen is not None else None


def name_of(chosen: ChosenFinish | None) -> str:
    """The name of the finish; "" for none."""
    return chosen.name if chosen is not None else ""


def _chosen(path: Path, choice: FinishChoice) -> ChosenFinish | None:
    if choice == "made":
        return None
    try:
        stat = path.stat()
    except OSError:
        return None
    read = _read(path, stat.st_mtime_ns, stat.st_size)
    if read is None:
        return None
    finish, digest = read
    return ChosenFinish(finish, width=choice == "album", name=f"{choice}-{digest}")


@lru_cache(maxsize=8)
def _read(path: Path, time: int, size: int) -> tuple[Finish, str] | None:
    finish = load_finish(path)
    if finish is None:
        return None
    try:
        content = path.read_bytes()
    except OSError:
        return None
    return finish, hashlib.sha256(f"{_VERSION} ".encode() + content).hexdigest()[:12]
