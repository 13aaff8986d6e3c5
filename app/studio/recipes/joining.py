"""Stretches of clips one behind the other on a lane, joined where both strike: one strikes instead of the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from app.document.bars import bar_frames
from app.document.model import SONG_RATE, Section
from app.studio.recipes.choosing import Stretch, accent_near
from app.studio.recipes.drafts import CROSSFADE, faded_in, faded_out, section_of_clip
from app.studio.recipes.material import HeardClip, Material

BEFORE_ACCENT = 3 * SONG_RATE // 1000
"""Frames by which the cut lies before the accent, so that its attack is whole."""
OVER = 8 * SONG_RATE // 1000
"""Frames by which what comes is faded in before the cut."""
REACH = 3 * SONG_RATE // 4
"""Frames around the place where a join is wanted in which an accent is looked for."""
_LONGEST_REACH, _LONGEST_BAR = 5 * SONG_RATE // 4, 5 * SONG_RATE // 2
_LEAST = SONG_RATE // 2
MARGIN = _LONGEST_REACH + _LONGEST_BAR
"""Frames that a stretch should have beyond its length, so that there are accents to choose from."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a clip as it is wanted in a song: about from its offset on, and about as long.

    Attributes:
        why: why it was chosen.
    """

    stretch: Stretch
    why: str = ""


def joined(pieces: Sequence[Piece], frames: int, material: Material) -> tuple[Section, ...]:
    """The pieces one behind the other up to a frame of the song, or as far as the last clip goes.

    Where both of two clips strike near the join, it lies just before a stroke of both: the next strikes where the one
    before would have. Else they fade into each other. Which it is is said of the section that comes.
    """
    lengths = [piece.stretch.length for piece in pieces]
    edges = [round(frames * sum(lengths[:place]) / sum(lengths)) for place in range(len(pieces) + 1)]
    first = pieces[0]
    offset = _begin(first.stretch)
    lane = [section_of_clip(first.stretch.heard.clip, 0, offset, edges[1], first.why)]
    for place, piece in enumerate(pieces[1:], start=1):
        lane[-1], coming = _join(pieces[place - 1].stretch.heard, lane[-1], piece, edges[place])
        length = edges[place + 1] - coming.start
        lane.append(replace(coming, length=max(min(length, piece.stretch.heard.clip.frames - coming.offset), 1)))
    by_clip = {piece.stretch.heard.clip.id: piece.stretch.heard for piece in pieces}
    lane = [replace(part, gain_db=material.gain_db(by_clip[part.clip])) for part in lane]
    lane[0] = faded_in(lane[0])
    lane[-1] = faded_out(lane[-1])
    return tuple(lane)


def _begin(stretch: Stretch) -> int:
    """Where the first clip of a song begins: just before a stroke near the beginning of its stretch."""
    heard = stretch.heard
    last = min(stretch.offset + until_bar(heard), heard.clip.frames - _LEAST)
    accent = accent_near(heard, stretch.offset, stretch.offset + BEFORE_ACCENT, last)
    return stretch.offset if accent is None else accent - BEFORE_ACCENT


def _join(going: HeardClip, part: Section, piece: Piece, edge: int) -> tuple[Section, Section]:
    """The section that ends about there, and the one that comes then."""
    coming = piece.stretch.heard
    drift = part.start - part.offset
    reach = min(reach_in(going), (edge - part.start) // 2)
    last = min(edge + reach, part.start + going.clip.frames - part.offset)
    stop = accent_near(going, edge - drift, edge - reach - drift, last - drift)
    offset = piece.stretch.offset
    begin = accent_near(coming, offset, offset + BEFORE_ACCENT + OVER, offset + until_bar(coming))
    if stop is None or begin is None or stop + drift - BEFORE_ACCENT - part.start < _LEAST:
        end = min(edge, part.start + going.clip.frames - part.offset)
        over = min(CROSSFADE, (end - part.start) // 3)
        why = f"{piece.why} It fades in: nothing strikes there on both sides.".strip()
        return replace(part, length=end - part.start), section_of_clip(coming.clip, end - over, offset, 1, why)
    cut = stop + drift - BEFORE_ACCENT
    why = f"{piece.why} It takes over on a stroke.".strip()
    start = cut - OVER
    return (
        replace(part, length=cut - part.start),
        section_of_clip(coming.clip, start, begin - BEFORE_ACCENT - OVER, 1, why),
    )


def until_bar(heard: HeardClip) -> int:
    """Frames behind a place in which an accent to begin with is looked for: a bar where bars are known."""
    tempo = heard.clip.tempo
    return REACH if tempo is None else min(max(round(bar_frames(tempo) * 1.05), REACH), _LONGEST_BAR)


def reach_in(heard: HeardClip) -> int:
    """Frames around a place in which an accent is looked for: half a bar where bars are known."""
    tempo = heard.clip.tempo
    return REACH if tempo is None else min(max(round(bar_frames(tempo) * 0.55), REACH), _LONGEST_REACH)
