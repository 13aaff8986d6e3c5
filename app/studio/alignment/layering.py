"""Layering takes into stereo with their accents aligned, as the paper's albums were: pure functions of a project and of
what is heard in its clips.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.document.edits.layers import (
    Take,
    begun_together,
    ended_together,
    put_apart,
    put_instead,
    reaching_back,
    shifted,
    unbroken_rows,
)
from app.document.edits.ripple import close_new_silence
from app.document.errors import UserError
from app.document.model import SONG_RATE, Project, Section, Song
from app.document.tree import clip_of, song_of
from app.studio.alignment.aligning import REACH, Fit, Known, best_shift
from app.studio.analysis.accents import Accents
from app.studio.analysis.onsets import STEPS_PER_SECOND, Strength
from app.studio.analysis.tempo import PULSE

AccentsByClip = Mapping[str, Accents]

_LISTEN = 6 * SONG_RATE
"""Frames from its start on by which a take is aligned."""
_LOOSE = STEPS_PER_SECOND // 10
"""Steps: within these takes drift apart while they are listened to."""
_START = 2 * SONG_RATE
_START_REACH = 0.08
"""Then the first two seconds are put right, by so many seconds at most."""


@dataclass(frozen=True, slots=True)
class ClipSpan:
    """Part of a clip in a song, in frames; unlike a section it may begin before the song does."""

    clip: str
    start: int
    offset: int
    length: int

    @property
    def end(self) -> int:
        """The frame of the song after its last."""
        return self.start + self.length


def span_of(section: Section) -> ClipSpan:
    """What a section plays of its clip."""
    return ClipSpan(section.clip, section.start, section.offset, section.length)


def layer_to_stereo(project: Project, song: str, takes: Sequence[Take], heard: AccentsByClip) -> Project:
    """Puts takes side by side: panned apart, begun and ended together, the accents of their starts aligned.

    The earliest take stays where it is; after their starts the takes drift freely. Where nothing sounds any more,
    because a take lay there, what follows moves up.

    Args:
        heard: what is heard in the clips of all takes.

    Raises:
        UserError: for fewer than two takes.
    """
    return side_by_side(project, song, aligned_takes(project, takes, heard))


def side_by_side(project: Project, song: str, aligned: Sequence[Take]) -> Project:
    """Puts takes that are aligned already onto lanes of their own."""
    return close_new_silence(put_apart(project, song, aligned), project, song)


def aligned_takes(project: Project, takes: Sequence[Take], heard: AccentsByClip) -> list[Take]:
    """The takes in the same order, all but the earliest moved to begin with it, accents on accents.

    What one of them has before the others begin is trimmed away. Takes that were not in the song begin where they were
    to begin, the others at the first frame from which on all of them sound.
    """
    if len(takes) < 2:
        raise UserError("There is only one take here.", "Choose two or more sections or clips to layer.")
    still = min(takes, key=lambda take: take[0].start)
    start = still[0].start
    beside = [take if take is still else _beside(project, take, still, start, heard) for take in takes]
    aligned = ended_together(project, begun_together(beside), still[-1].end, round(REACH * SONG_RATE))
    is_new = not any(still[0].id == part.id for song in project.songs for lane in song.lanes for part in lane.sections)
    late = aligned[0][0].start - start
    return [shifted(take, -late) for take in aligned] if is_new else aligned


def _beside(project: Project, take: Take, still: Take, start: int, heard: AccentsByClip) -> Take:
    together = shifted(take, start - take[0].start)
    reach = min(REACH, together[0].length / SONG_RATE / 2)
    end = max(part.end for part in still)
    by = shift_onto([span_of(part) for part in still], whole_spans(project, together), heard, start, end, reach)
    return reaching_back(shifted(together, by, start), start)


def align_accents(project: Project, song: str, ids: Iterable[str], heard: AccentsByClip) -> Project:
    """Moves the chosen sections so that their accents fall onto those of what sounds with them.

    Where sections on several lanes are chosen, those on the uppermost stay and the others move to them; where all are
    on one lane, they move to what else sounds. Sections that go on unbroken in their clip move together.

    Raises:
        UserError: where nothing sounds together with any of them.
    """
    still, moving = still_and_moving(song_of(project, song), ids)
    onto = [span_of(part) for part in still]
    met = False
    for row in moving:
        start = max(row[0].start, min((span.start for span in onto if span.end > row[0].start), default=0))
        end = row[-1].end
        if any(span.start < end and span.end > start for span in onto):
            met = True
            reach = min(REACH, row[0].length / SONG_RATE / 2)
            by = shift_onto(onto, [span_of(part) for part in row], heard, start, end, reach)
            project = put_instead(project, shifted(row, by))
    if not met:
        raise UserError("Nothing sounds together with what you chose.", "Lay sections over each other first.")
    return project


def still_and_moving(song: Song, ids: Iterable[str]) -> tuple[Take, list[Take]]:
    """What stays, and what is moved to it, see `align_accents`."""
    chosen = frozenset(ids)
    lanes = [(lane, [part for part in lane.sections if part.id in chosen]) for lane in song.lanes]
    rows = [parts for _, parts in lanes if parts]
    if len(rows) > 1:
        return tuple(rows[0]), [row for parts in rows[1:] for row in unbroken_rows(parts)]
    others = (part for lane, parts in lanes if not parts and not lane.mute for part in lane.sections)
    return tuple(others), [row for parts in rows for row in unbroken_rows(parts)]


def shift_onto(
    still: Sequence[ClipSpan], moving: Sequence[ClipSpan], heard: AccentsByClip, start: int, end: int, reach: float
) -> int:
    """How many frames later what moves should begin, so that it starts with its accents on those of the other.

    Args:
        start, end: where in the song the two sound together.
        reach: seconds either way.
    """
    loose = fit_between(still, moving, heard, (start, min(end, start + _LISTEN)), reach, _LOOSE)
    by = round(loose.seconds * SONG_RATE)
    there = [replace(span, start=span.start + by) for span in moving]
    fine = fit_between(still, there, heard, (start, min(end, start + _START)), _START_REACH)
    return by + round(fine.seconds * SONG_RATE)


def fit_between(
    still: Sequence[ClipSpan],
    moving: Sequence[ClipSpan],
    heard: AccentsByClip,
    between: tuple[int, int],
    reach: float,
    pulse: int = PULSE,
) -> Fit:
    """How much later what moves should begin, to go with what of the other sounds between two frames of the song.

    Args:
        reach: seconds that it may be moved at most, either way.
    """
    start, end = between
    margin = round(reach * SONG_RATE)
    first, steps = start - margin, -(-(end - start + 2 * margin) * STEPS_PER_SECOND // SONG_RATE)
    strength, known = strength_in_song(still, heard, first, steps)
    edge = -(-margin * STEPS_PER_SECOND // SONG_RATE)
    known[:edge] = False
    known[len(known) - edge :] = False
    other, other_known = strength_in_song(moving, heard, first, steps)
    return best_shift(strength, other, reach, pulse=pulse, still_known=known, moving_known=other_known)


def strength_in_song(spans: Iterable[ClipSpan], heard: AccentsByClip, start: int, steps: int) -> tuple[Strength, Known]:
    """Onset strength of spans that sound together, from a frame of the song on, and where there is any sound."""
    strength, known = np.zeros(steps, np.float32), np.zeros(steps, bool)
    frames = start + np.arange(steps) * (SONG_RATE / STEPS_PER_SECOND)
    for span in spans:
        inside = slice(*np.searchsorted(frames, (span.start, span.end)))
        of_clip = heard[span.clip].strength
        if inside.start < inside.stop and len(of_clip):
            places = (frames[inside] - span.start + span.offset) * (STEPS_PER_SECOND / SONG_RATE)
            strength[inside] += np.interp(places, np.arange(len(of_clip)), of_clip).astype(np.float32)
            known[inside] = True
    return strength, known


def whole_spans(project: Project, take: Take) -> list[ClipSpan]:
    """The take, with what its clips have before its start and after its end."""
    spans = [span_of(part) for part in take]
    first = spans[0]
    spans[0] = ClipSpan(first.clip, first.start - first.offset, 0, first.length + first.offset)
    last = spans[-1]
    spans[-1] = ClipSpan(last.clip, last.start, last.offset, max(clip_of(project, last.clip).frames - last.offset, 1))
    return spans
