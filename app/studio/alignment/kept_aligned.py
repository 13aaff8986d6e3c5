"""Keeping takes aligned: at every bar what has drifted is cut at an accent and put back onto the other's accents."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import count, pairwise

import numpy as np
from msgspec.structs import replace

from app.document.bars import seconds_of_bar
from app.document.edits.layers import Take
from app.document.edits.windows import before_cut, behind_cut, ended_at
from app.document.model import SONG_RATE, Project, Section
from app.document.numbering import number_of
from app.document.tree import clip_of, new_id
from app.studio.alignment.layering import AccentsByClip, ClipSpan, aligned_takes, fit_between, side_by_side, span_of
from app.studio.analysis.accents import Accents

_REACH = 0.15
"""Seconds: drift within one bar is never more."""
_LEAST_DRIFT = 0.005
_LEAST_GAIN = 0.03
"""So much more alike must the takes become for a cut to be worth it."""
_NEAR_BAR = SONG_RATE // 8
_LEAST_PIECE = SONG_RATE // 4
_BEFORE_ACCENT = 3 * SONG_RATE // 1000
_CROSSFADE = 8 * SONG_RATE // 1000
_BAR_SECONDS = 2.0
"""Where no tempo is known."""
_LONGEST_BAR = 4 * SONG_RATE


def layer_kept_aligned(project: Project, song: str, takes: Sequence[Take], heard: AccentsByClip) -> Project:
    """As `layer_to_stereo`, but the takes are aligned anew at every bar of the earliest of them.

    Raises:
        UserError: for fewer than two takes.
    """
    aligned = aligned_takes(project, takes, heard)
    place = min(range(len(takes)), key=lambda place: takes[place][0].start)
    still = aligned[place]
    lines = bar_lines(project, still, heard)
    used = [number_of(part.id) for take in takes for part in take]
    numbers = count(max(int(new_id(project, "x")[1:]), *(number + 1 for number in used)))
    for other, take in enumerate(aligned):
        if other != place:
            aligned[other] = tuple(
                piece for part in take for piece in _recut(project, part, still, lines, heard, numbers)
            )
    return side_by_side(project, song, aligned)


def bar_lines(project: Project, take: Take, heard: AccentsByClip) -> list[int]:
    """The frames of the song at which bars of the take begin, by the tempo of its clips."""
    lines: set[int] = set()
    for part in take:
        tempo = clip_of(project, part.clip).tempo or heard[part.clip].tempo
        first = tempo.first_beat if tempo else 0.0
        bar = seconds_of_bar(tempo.bpm) if tempo else _BAR_SECONDS
        begin, end = part.offset / SONG_RATE, (part.offset + part.length) / SONG_RATE
        bars = range(math.ceil((begin - first) / bar), math.ceil((end - first) / bar))
        lines.update(part.start - part.offset + round((first + number * bar) * SONG_RATE) for number in bars)
    return sorted(lines)


def _recut(
    project: Project, part: Section, still: Take, lines: Sequence[int], heard: AccentsByClip, numbers: Iterator[int]
) -> list[Section]:
    """The section in pieces, each aligned for the bar that it plays in.

    Args:
        numbers: for the ids of all pieces but the first.
    """
    frames = clip_of(project, part.clip).frames
    onto = [span_of(other) for other in still]
    pieces = [part]
    for line, after in pairwise([*lines, lines[-1] + _LONGEST_BAR] if lines else ()):
        now = pieces[-1]
        if not now.start + _LEAST_PIECE < line < part.end - _LEAST_PIECE:
            continue
        drift = now.offset - now.start
        end_of_bar = min(after, line + _LONGEST_BAR, part.end)
        fit = fit_between(onto, [ClipSpan(part.clip, -drift, 0, frames)], heard, (line, end_of_bar), _REACH)
        if abs(fit.seconds) < _LEAST_DRIFT or fit.likeness < fit.before + _LEAST_GAIN:
            continue
        shift = round(fit.seconds * SONG_RATE)
        cut = _cut_before_accent(heard[part.clip], line, drift, shift)
        start, end = cut - _CROSSFADE, min(part.end, frames - drift + shift)
        offset = start + drift - shift
        if now.start + _LEAST_PIECE < start < cut <= now.end and end - start > _LEAST_PIECE and offset >= 0:
            pieces[-1] = before_cut(now, cut)
            rest = behind_cut(part, start)
            pieces.append(replace(ended_at(rest, end), id=f"x{next(numbers)}", offset=offset))
    return pieces


def _cut_before_accent(heard: Accents, line: int, drift: int, shift: int) -> int:
    """Where to go over from a clip to the same clip `shift` frames later: hidden by the strongest accent near.

    It lies before the accent as it sounds on either side, so that the accent is heard once.
    """
    in_song = heard.frames - drift + shift
    near = np.flatnonzero(np.abs(in_song - line) <= _NEAR_BAR)
    accent = int(in_song[near[np.argmax(heard.weights[near])]]) if len(near) else line
    return min(accent, accent - shift) - _BEFORE_ACCENT
