"""Accents onto accents without moving a section: its window slips along its clip. For songs made by a recipe."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec.structs import replace

from app.document.edits.layers import put_instead
from app.document.model import Clip, Project, Section, Song
from app.document.tree import clip_of, song_of
from app.studio.alignment.layering import AccentsByClip, ClipSpan, shift_onto, span_of
from app.studio.analysis.accents import Accents, listen_to
from resources.progress import Cancelled, Report, never, no_report
from samplernn.errors import SoundError

_REACH = 0.5
"""Seconds either way: as far as a beat, so that what was chosen stays what is heard."""


def slip_songs(
    project: Project, folder: Path, songs: Iterable[str], report: Report = no_report, cancelled: Cancelled = never
) -> Project:
    """Listens to the clips of songs and slips their sections; clips that are missing or damaged stay as they are.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    songs = list(songs)
    clips = {part.clip: clip_of(project, part.clip) for id in songs for part in _sections(song_of(project, id))}
    heard = accents_of_clips(folder, list(clips.values()), report, cancelled)
    for id in songs:
        project = slip_accents(project, id, heard)
    return project


def accents_of_clips(
    folder: Path, clips: Sequence[Clip], report: Report = no_report, cancelled: Cancelled = never
) -> dict[str, Accents]:
    """The accents of clips by their ids, but for those that are missing or damaged.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    heard: dict[str, Accents] = {}
    for number, clip in enumerate(clips):
        report(number / len(clips), f"Listening for accents, clip {number + 1} of {len(clips)}")
        heard |= _heard(folder, clip, cancelled)
    return heard


def _heard(folder: Path, clip: Clip, cancelled: Cancelled) -> dict[str, Accents]:
    with contextlib.suppress(SoundError):
        return listen_to(folder, [clip], cancelled=cancelled)
    return {}


def _sections(song: Song) -> list[Section]:
    return [part for lane in song.lanes for part in lane.sections]


def slip_accents(project: Project, song: str, heard: AccentsByClip) -> Project:
    """Slips the sections of all lanes but the first so that each starts with its accents on those of the first lane.

    Places and lengths in the song stay. A section whose clip has no sound where it would slip to stays as it is, and so
    does a take of the guide that the first lane plays along to at the same moment: they are together already.
    """
    lanes = song_of(project, song).lanes
    guided = {_moment_of_guide(project, part) for part in lanes[0].sections} if lanes else set()
    onto = [span_of(part) for part in lanes[0].sections if part.clip in heard] if lanes else []
    slipped = []
    for part in (part for lane in lanes[1:] for part in lane.sections if part.clip in heard):
        moment = _moment_of_guide(project, part)
        if moment is not None and moment in guided:
            continue
        frames = clip_of(project, part.clip).frames
        whole = ClipSpan(part.clip, part.start - part.offset, 0, frames)
        offset = part.offset - shift_onto(onto, [whole], heard, part.start, part.end, _REACH)
        if 0 <= offset <= frames - part.length:
            slipped.append(replace(part, offset=offset))
    return put_instead(project, slipped)


def _moment_of_guide(project: Project, part: Section) -> tuple[str, int] | None:
    """Which guide a section plays along to, and where in the song that would begin; None without one."""
    guide = clip_of(project, part.clip).guide
    return (guide, part.start - part.offset) if guide else None
