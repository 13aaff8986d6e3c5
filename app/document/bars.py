"""Where bars begin in a song: told by the clips that know their tempo, as their guide gave it or it was set by hand."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from app.document.model import BEATS_PER_BAR, SONG_RATE, Clip, Section, Song, Tempo

_OFF_BAR = SONG_RATE // 20
"""Frames by which what is meant to be whole bars may differ from them: the seam under what follows is less."""


def seconds_of_bar(bpm: float) -> float:
    """Length of a bar at so many beats a minute."""
    return BEATS_PER_BAR * 60 / bpm


def bar_frames(tempo: Tempo) -> float:
    """Length of a bar in frames of a song."""
    return seconds_of_bar(tempo.bpm) * SONG_RATE


def bars_of_song(song: Song, clips: Mapping[str, Clip]) -> tuple[int, ...]:
    """The frames at which bars begin, and at which the last of a section would end with it, in order.

    Args:
        clips: by their ids; sections of others, and of clips without a tempo, tell of no bars.
    """
    parts = (part for lane in song.lanes for part in lane.sections)
    told = (bars_of_section(part, clips[part.clip], part.start, part.end) for part in parts if part.clip in clips)
    return tuple(sorted({bar for bars in told for bar in bars}))


def bars_of_section(section: Section, clip: Clip, begin: int, end: int) -> Iterator[int]:
    """The frames of the song at which bars of a section begin, from `begin` to `end`, as far as it reaches."""
    if clip.tempo is None:
        return
    drift = section.start - section.offset
    bar, first = bar_frames(clip.tempo), clip.tempo.first_beat * SONG_RATE + drift
    begin, end = max(begin, section.start), min(end, section.end)
    number = math.ceil((begin - first) / bar)
    while (frame := round(first + number * bar)) <= end:
        if frame >= begin:  # not where it was rounded down
            yield frame
        number += 1


def block_frames(sections: Sequence[Section], clips: Mapping[str, Clip]) -> int:
    """How far behind its beginning a block of sections is to begin again: its length, or the whole bars that it is but
    for a few hundredths of a second.
    """
    first = min(sections, key=lambda part: part.start)
    span = max(part.end for part in sections) - first.start
    tempo = clips[first.clip].tempo if first.clip in clips else None
    if tempo is None:
        return span
    bar = bar_frames(tempo)
    whole = round(round(span / bar) * bar)
    return whole if whole and abs(whole - span) <= _OFF_BAR else span
