"""What is dragged out of the window, or copied, with the sound file that another program asks for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl, Signal

from app.document.model import Project
from app.document.song_part import SongPart, sections_alone, whole_song
from app.document.tree import clip_of
from app.jobs.job import Job, JobList
from app.session.open_project import OpenProject
from resources.errors import PlainError, in_plain_words
from resources.progress import Cancelled, Report

_URLS = "text/uri-list"
_LONGEST_WAIT = 60.0
"""Seconds that another program is kept waiting for a file."""

Make = Callable[[Cancelled], Sequence[Path]]


class SoundMime(QMimeData):
    """Formats of the program's own, and files that a thread begins to make at once.

    Within the window nobody asks for the files, so nothing waits for them. Another program that does gets them once
    they are whole: never the promise of a file.

    Signals:
        failed(str): why there is no file, in plain words.
    """

    failed = Signal(str)

    def __init__(self, own: Mapping[str, bytes], make: Make) -> None:
        super().__init__()
        for name, data in own.items():
            self.setData(name, data)
        self._paths: tuple[Path, ...] = ()
        self._why = ""
        self._is_given_up = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(make,), name="taking out", daemon=True)
        self._thread.start()

    def give_up(self) -> None:
        """Nobody wants the files any more: those that are not whole yet are not made."""
        self._is_given_up.set()

    def wait(self) -> tuple[Path, ...]:
        """The files, once they are whole; none where they could not be made, or not while another program waits."""
        self._thread.join(_LONGEST_WAIT)
        if self._thread.is_alive():
            self._why = "The sound file took too long to make for a drag. Drag less at a time, or export the song."
        if self._why:
            self.failed.emit(self._why)
            self._why = ""
        return self._paths

    def formats(self) -> list[str]:
        return [*super().formats(), _URLS]

    def hasFormat(self, mimetype: str) -> bool:
        return mimetype == _URLS or super().hasFormat(mimetype)

    def retrieveData(self, mimetype: str, preferredType: object) -> object:  # noqa: N803
        if mimetype == _URLS:
            return [QUrl.fromLocalFile(str(path)) for path in self.wait()]
        return super().retrieveData(mimetype, preferredType)  # type: ignore[arg-type]

    def _run(self, make: Make) -> None:
        try:
            self._paths = tuple(make(self._is_given_up.is_set))
        except CancelledError:
            pass
        except PlainError as error:
            self._why = str(error)
        except Exception as error:
            self._why = in_plain_words(error) or f"The sound file could not be made: {error}."


def clips_out(project: Project, folder: Path, ids: Sequence[str], own: Mapping[str, bytes]) -> SoundMime:
    """Clips, each as a file."""

    def make(cancelled: Cancelled) -> list[Path]:
        from app.studio.release.taking_out import clip_alone, take_out

        return [take_out(project, folder, clip_alone(clip_of(project, id)), cancelled) for id in ids]

    return SoundMime(own, make)


def sections_out(project: Project, folder: Path, ids: Sequence[str], own: Mapping[str, bytes]) -> SoundMime:
    """Sections of one song, mixed as they lie, as one file."""
    return _part_out(project, folder, sections_alone(project, ids), own)


def song_out(project: Project, folder: Path, song: str, own: Mapping[str, bytes]) -> SoundMime:
    """A song as a file."""
    return _part_out(project, folder, whole_song(project, song), own)


def copy_out(project: OpenProject, jobs: JobList, ids: Sequence[str]) -> Job:
    """Starts making a file of sections of one song, mixed as they lie; the job finishes with its path."""

    def work(report: Report, cancelled: Cancelled) -> Path:
        from app.studio.release.taking_out import take_out

        return take_out(value, folder, part, cancelled)

    value, folder = project.value, project.folder
    part = sections_alone(value, ids)
    return jobs.start("Copying", work, quiet=True)


def _part_out(project: Project, folder: Path, part: SongPart, own: Mapping[str, bytes]) -> SoundMime:
    def make(cancelled: Cancelled) -> list[Path]:
        from app.studio.release.taking_out import take_out

        return [take_out(project, folder, part, cancelled)] if part.frames else []

    return SoundMime(own, make)
