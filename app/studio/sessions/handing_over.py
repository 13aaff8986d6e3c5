"""The songs of a project handed over to a studio: as stems, or as sessions of other programs.

Everything lies in a new folder, which appears whole or not at all. What is handed over is the mix: the loudness and the
limiter of the release come after it, and are left to whoever goes on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from app.document.errors import UserError
from app.document.model import Clip, Project, Song
from app.document.store import ProjectFolder
from app.document.studio_form import StudioForm
from app.document.unfinished import flush_files, move_to_free, unfinished_folder
from app.studio.analysis.accents import accents_of
from app.studio.audio.clip_sound import ClipSounds
from app.studio.finish.chosen import chosen_finish
from app.studio.release.names import free_place, song_name
from app.studio.release.room import check_room
from app.studio.sessions import dawproject, reaper
from app.studio.sessions.read_me import read_me
from app.studio.sessions.session import Head, Session, session_of
from app.studio.sessions.stems import stem_bytes, write_stems
from app.studio.sessions.waves import BYTES_PER_FRAME, wave_frames, write_waves
from resources.files import make_folder, write_whole
from resources.progress import Cancelled, Report, between, forward_only, never, no_report, stop_if
from samplernn.errors import SoundError

READ_ME = "read me.txt"
_KINDS = {"stems": "stems", "dawproject": "DAWproject", "reaper": "Reaper"}
"""How the folder is called, behind the name of the album."""
_NO_TEMPO = 120.0
_SPARE_BYTES = 1_000_000
_OPENED, _WRITTEN = 0.2, 0.98
"""Fractions of the work."""
_Write: TypeAlias = Callable[[Path], Iterator[str]]


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What came of it.

    Attributes:
        folder: where all lies.
        notes: what to know of it, in plain sentences.
    """

    folder: Path
    notes: tuple[str, ...]


def hand_over(
    project: Project,
    folder: Path,
    out: Path,
    form: StudioForm,
    *,
    report: Report = no_report,
    cancelled: Cancelled = never,
) -> HandedOver:
    """Writes all songs of the project in `folder` into a new folder in `out`, "Artist - Title (stems)" or the like.

    Raises:
        UserError: there is no song, no room, or the disk does not take it; nothing is left behind.
        SoundError: the same, of a sound file.
        concurrent.futures.CancelledError: once `cancelled()`; nothing is left behind.
    """
    report = forward_only(report)
    songs = [song for song in project.songs if song.frames]
    if not songs:
        raise UserError("There is no song to hand over.", "Place clips on a song in Arrange, or use “Make it for me…”.")
    sounds = ClipSounds(folder, project.clips, chosen_finish(project, folder))
    used = [part.clip for song in songs for lane in song.lanes for part in lane.sections]
    sounds.prepare(used, between(report, 0.0, _OPENED), cancelled)
    work = _Work(project, folder, songs, sounds, report, cancelled)
    write, needed = work.prepared(form)
    check_room(out, needed + _SPARE_BYTES)
    try:
        with unfinished_folder(out) as place:
            notes = (*sounds.problems.values(), *write(place))
            write_whole(place / READ_ME, read_me(form, notes))
            report(_WRITTEN, "Writing it to the disk")
            flush_files(place)
            stop_if(cancelled)
            artist, title = project.release.artist, project.release.title or "Untitled album"
            name = move_to_free(place, lambda: free_place(out, artist, title, _KINDS[form]))
    except OSError as error:
        raise UserError.from_os_error(f"The {_KINDS[form]} could not be written to “{out}”", error) from error
    report(1.0, "All songs are handed over")
    return HandedOver(name, notes)


@dataclass(frozen=True)
class _Work:
    project: Project
    folder: Path
    songs: list[Song]
    sounds: ClipSounds
    report: Report
    cancelled: Cancelled

    def prepared(self, form: StudioForm) -> tuple[_Write, int]:
        """What writes it all into a folder and gives notes, and the bytes that it takes."""
        if form == "stems":
            return self._stems, sum(map(stem_bytes, self.songs))
        sessions = [self._session(song, number) for number, song in enumerate(self.songs, start=1)]
        sizes = [BYTES_PER_FRAME * wave_frames(session.waves) for session in sessions]
        if form == "dawproject":  # a song's files lie there twice for a while
            return lambda place: self._dawprojects(place, sessions), sum(sizes) + max(sizes)
        return lambda place: self._reaper(place, sessions), sum(sizes)

    def _name(self, number: int) -> str:
        return Path(song_name(number, len(self.songs), self._title(number), "wav")).stem

    def _title(self, number: int) -> str:
        return self.songs[number - 1].title or f"Untitled {number}"

    def _part(self, number: int) -> Report:
        share = (_WRITTEN - _OPENED) / len(self.songs)
        return between(self.report, _OPENED + share * (number - 1), _OPENED + share * number)

    def _stems(self, place: Path) -> Iterator[str]:
        for number, song in enumerate(self.songs, start=1):
            make_folder(place / self._name(number))
            stems = write_stems(
                song, self._name(number), self.sounds, place / self._name(number), self._part(number), self.cancelled
            )
            if stems.turned_down_db:
                down = f"{stems.turned_down_db:.1f} dB quieter than the mix"
                yield f"“{self._title(number)}” goes beyond full scale, so all its files are {down}."

    def _session(self, song: Song, number: int) -> Session:
        release = self.project.release
        bpm = _tempo(song, self.project.clips, self.folder, self.cancelled)
        head = Head(self._title(number), release.artist, release.title, bpm)
        return session_of(song, head, self.project.clips, self.sounds)

    def _dawprojects(self, place: Path, sessions: list[Session]) -> Iterator[str]:
        for number, session in enumerate(sessions, start=1):
            waves = place / "waves"
            make_folder(waves)
            written = write_waves(session, self.sounds, waves, self._part(number), self.cancelled)
            path = place / (self._name(number) + dawproject.SUFFIX)
            dawproject.write_dawproject(path, session, written, self._comment(), self.cancelled)
            waves.rmdir()
        yield from ()

    def _reaper(self, place: Path, sessions: list[Session]) -> Iterator[str]:
        for number, session in enumerate(sessions, start=1):
            folder = place / self._name(number)
            make_folder(folder)
            make_folder(folder / reaper.WAVES)
            for _ in write_waves(session, self.sounds, folder / reaper.WAVES, self._part(number), self.cancelled):
                pass
            path = folder / (self._name(number) + reaper.SUFFIX)
            write_whole(path, reaper.project_rpp(session, self._comment()))
        yield from ()

    def _comment(self) -> str:
        from app.studio.release.export import comment

        return comment(self.project)


def _tempo(song: Song, clips: tuple[Clip, ...], folder: Path, cancelled: Cancelled) -> float:
    """Beats a minute: of the clip that has most of the song, of those whose tempo was set or given by a guide, else as
    listening finds it."""
    frames: Counter[str] = Counter()
    for lane in song.lanes:
        for part in lane.sections:
            frames[part.clip] += part.length
    there = {clip.id: clip for clip in clips}
    most = [there[id] for id, _ in frames.most_common() if id in there]
    known = next((clip.tempo for clip in most if clip.tempo is not None), None)
    if known is None and most:
        try:
            known = accents_of(folder / most[0].file, ProjectFolder(folder).cache, cancelled).tempo
        except SoundError:
            known = None
    return known.bpm if known is not None else _NO_TEMPO
