"""What to look at before an export in how songs sound: only of those that have been listened to, as they are now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from app.document.model import SONG_RATE, Project, Song
from app.document.store import ProjectFolder
from app.studio.analysis.song_summary import SongSummary, known_summary
from app.studio.audio.k_weighting import power_of
from app.studio.audio.loudness import MUCH_OFFSET, decibels
from app.studio.finish.chosen import chosen_finish, name_of
from app.studio.release.check import Check, named
from app.studio.release.page import clock

_LONGEST_SILENCE = 2.0
"""Seconds amid a song."""
_SILENT_LUFS = -70.0
_FAR_LU = 6.0
_HOP, _WINDOW = 0.1, 0.4
"""Seconds, of the windows of `Measured.windows`."""


def sound_checks(project: Project, folder: Path) -> Iterator[Check]:
    """Quick: nothing is listened to."""
    finish = name_of(chosen_finish(project, folder))
    known: dict[str, SongSummary] = {}
    for song in project.songs:
        if song.frames and (summary := known_summary(song, {}, ProjectFolder(folder).cache / "songs", finish)):
            known[song.id] = summary
    numbers = {song.id: place for place, song in enumerate(project.songs, start=1)}
    heard = [song for song in project.songs if song.id in known]
    yield from _offsets(heard, known, numbers)
    if project.release.loudness is None:
        yield from _clipping(heard, known, numbers)
    if not project.release.each_song or project.release.loudness is None:
        yield from _far(heard, known, numbers)
    for song in heard:
        yield from _silences(song, known[song.id], numbers[song.id])


def _offsets(songs: Sequence[Song], known: Mapping[str, SongSummary], numbers: Mapping[str, int]) -> Iterator[Check]:
    found = [song for song in songs if known[song.id].measured.offset > MUCH_OFFSET]
    if found:
        places = [numbers[song.id] for song in found]
        yield Check(
            "look", f"{named(places)} off centre: the mean of its sound is not zero (DC)", "arrange", found[0].id
        )


def _clipping(songs: Sequence[Song], known: Mapping[str, SongSummary], numbers: Mapping[str, int]) -> Iterator[Check]:
    """As made nothing is turned down, so what is too loud is cut off in the file."""
    for song in songs:
        summary = known[song.id]
        peaks = np.maximum(summary.highs, -summary.lows)
        peak = float(peaks.max())
        if peak > 1.0:
            frame = int(peaks.argmax()) * song.frames // len(peaks)
            over = f"{decibels(peak):.1f} dB over full scale at {clock(frame / SONG_RATE)}"
            yield Check("look", f"song {numbers[song.id]} is cut off as made: {over}", "arrange", song.id, frame)


def _far(songs: Sequence[Song], known: Mapping[str, SongSummary], numbers: Mapping[str, int]) -> Iterator[Check]:
    lufs = {song.id: known[song.id].measured.lufs for song in songs}
    lufs = {id: value for id, value in lufs.items() if np.isfinite(value)}
    if len(lufs) < 2:
        return
    for song in songs:
        if song.id not in lufs:
            continue
        off = lufs[song.id] - float(np.median([value for id, value in lufs.items() if id != song.id]))
        if abs(off) > _FAR_LU:
            how = "louder" if off > 0 else "quieter"
            yield Check(
                "look", f"song {numbers[song.id]} is {abs(off):.0f} LU {how} than the others", "arrange", song.id
            )


def _silences(song: Song, summary: SongSummary, number: int) -> Iterator[Check]:
    """The longest silence amid a song; what is before its first sound and behind its last is none."""
    loud = np.flatnonzero(summary.measured.windows > power_of(_SILENT_LUFS))
    if len(loud) < 2:
        return
    gaps = np.diff(loud)
    longest = int(gaps.argmax())
    # a window is loud as soon as it touches sound: the last one before begins up to a hop before the silence does, and
    # the first one behind ends up to a hop after its end
    seconds = gaps[longest] * _HOP + _WINDOW - 2 * _HOP
    if seconds > _LONGEST_SILENCE:
        begin = (loud[longest] + 1) * _HOP
        words = f"song {number} is silent for {seconds:.1f} s at {clock(begin)}"
        yield Check("look", words, "arrange", song.id, round(begin * SONG_RATE))
