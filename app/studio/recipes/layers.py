"""The recipe “layers”, after Megaturging: mono takes layered into stereo, their accents aligned where they begin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from app.document.edits.layers import Take, pans_of, reaching_back, shifted
from app.document.edits.windows import ended_at
from app.document.model import SONG_RATE, Project, Section
from app.studio.alignment.aligning import REACH
from app.studio.alignment.layering import aligned_takes
from app.studio.analysis.accents import Accents
from app.studio.analysis.liveliness import WINDOW
from app.studio.recipes.choosing import Chooser, Stretch
from app.studio.recipes.drafts import Draft, faded_in, faded_out, put_drafts, section_of_clip
from app.studio.recipes.material import Batch, Learnt, Material, Wishes

_FIRST_STROKES = 2 * SONG_RATE
_SAME_STROKE = SONG_RATE // 12
"""Frames: so near to each other two strokes are meant as one."""
_TAKES = (2, 3)
"""How many takes a song may have: one of these is drawn."""
_CANDIDATES = 4
"""Clips that are made for each song."""
_TEMPO_COSTS = 2.0
"""For tempos an octave apart, against 1 for notes that have nothing in common."""
_MORE_SECONDS = 2 * REACH + 0.5
"""That a take is moved by may be lost at its beginning, and is wanted at its end."""


def layers_clips(wishes: Wishes, learnt: Learnt) -> Iterator[Batch]:
    """Several takes for each song, to choose from."""
    seconds = wishes.song_seconds + _MORE_SECONDS
    yield Batch(learnt.best, max(_CANDIDATES * wishes.songs, max(_TAKES)), seconds, wishes.seed)


def layers_recipe(project: Project, wishes: Wishes, material: Material) -> Project:
    """Adds the songs, each of takes that no other has: first the two that go best together are found, then a third,
    by their notes and by how near their tempos are. Takes come again only where too few are fit to be heard."""
    chooser = Chooser(wishes.seed)
    takes = [chooser.stretch([heard], wishes.frames + round(_MORE_SECONDS / 2 * SONG_RATE)) for heard in material.clips]
    chooser.draw.shuffle(takes)
    together, slowness = harmonies(takes), tempo_costs(takes)
    fit = {place for place, take in enumerate(takes) if take.is_fit}
    pool = fit if len(fit) > 1 else set(range(len(takes)))
    left = set(pool)
    drafts = []
    for _ in range(wishes.songs):
        if len(left) < 2:
            left = set(pool)
        chosen = going_together(together - slowness, left, min(chooser.draw.choice(_TAKES), len(left)))
        left -= set(chosen)
        drafts.append(_layered(project, [takes[place] for place in chosen], wishes, material, together, chosen))
    return put_drafts(project, "layers", drafts)


def harmonies(takes: Sequence[Stretch]) -> NDArray[np.float64]:
    """How well the notes of each go with those of each other, [takes, takes]: the mean inner product of their chroma at
    the same moment, 0 where no notes are known."""
    if not takes:
        return np.zeros((0, 0))
    windows = max(min(take.length for take in takes) // WINDOW, 1)
    rows = np.zeros((len(takes), windows, 12))
    for place, take in enumerate(takes):
        if take.heard.profile is not None:
            first = take.offset // WINDOW
            known = take.heard.profile.chroma[first : first + windows]
            rows[place, : len(known)] = known
    flat = rows.reshape(len(takes), -1)
    return np.asarray(flat @ flat.T / windows)


def tempo_costs(takes: Sequence[Stretch]) -> NDArray[np.float64]:
    """What it costs that the tempos of each two differ, [takes, takes]; 0 where one of them is not known. Half and
    double time are alike."""
    logs = np.array([np.log2(bpm) if (bpm := take.heard.bpm) is not None else np.nan for take in takes])
    octaves = logs[:, None] - logs
    return np.asarray(np.nan_to_num(_TEMPO_COSTS * np.abs(octaves - np.round(octaves))))


def going_together(together: NDArray[np.float64], left: set[int], count: int) -> tuple[int, ...]:
    """The places of the takes that go best together, among those that are left."""
    places = sorted(left)
    worth = np.array([[together[one, other] for other in places] for one in places])
    np.fill_diagonal(worth, -np.inf)
    first, second = np.unravel_index(int(np.argmax(worth)), worth.shape)
    chosen = [int(first), int(second)]
    while len(chosen) < count:
        chosen.append(int(np.argmax(worth[chosen].min(axis=0))))
    return tuple(places[place] for place in chosen)


def _layered(
    project: Project,
    takes: Sequence[Stretch],
    wishes: Wishes,
    material: Material,
    together: NDArray[np.float64],
    chosen: Sequence[int],
) -> Draft:
    rows: list[Take] = [(section_of_clip(take.heard.clip, 0, take.offset, take.heard.clip.frames),) for take in takes]
    accents = material.accents
    is_aligned = all(take.heard.clip.id in accents for take in takes)
    if is_aligned:
        rows = aligned_takes(project, rows, accents)
        rows = [rows[0], *((_on_first_stroke(rows[0][0], row[0], accents),) for row in rows[1:])]
    lanes = []
    for number, (row, take) in enumerate(zip(rows, takes, strict=True)):
        part = ended_at(row[0], min(row[0].end, wishes.frames))
        why = _why(number, together[chosen[0], chosen[number]], is_aligned)
        lanes.append((_finished(replace(part, gain_db=material.gain_db(take.heard), why=why)),))
    pairs = [together[one, other] for place, one in enumerate(chosen) for other in chosen[:place]]
    told = f"{len(takes)} takes begin on the same stroke, then drift as they like."
    if max(pairs) > 0:
        told += f" Their notes go together by {100 * float(np.mean(pairs)):.0f} of 100."
    return Draft(tuple(lanes), pans_of(len(takes)), told)


def _on_first_stroke(still: Section, moving: Section, accents: Mapping[str, Accents]) -> Section:
    """A take that was aligned over its first seconds, moved so that the first stroke that both have is one."""
    there, here = (accents[part.clip].frames - part.offset + part.start for part in (still, moving))
    there, here = there[there >= still.start], here[here >= moving.start]
    for stroke in there[there < still.start + _FIRST_STROKES]:
        nearest = here[np.abs(here - stroke) <= _SAME_STROKE]
        if len(nearest):
            later = int(stroke - nearest[np.argmin(np.abs(nearest - stroke))])
            (moved,) = shifted((moving,), later, still.start)
            return reaching_back((moved,), still.start)[0]
    return moving


def _finished(part: Section) -> Section:
    return faded_out(faded_in(part))


def _why(number: int, together: float, is_aligned: bool) -> str:
    if number == 0:
        return "The take that the others were chosen to go with."
    told = "Begins on the same stroke as the first take, then drifts." if is_aligned else "Begins with the first take."
    return f"{told} Its notes go with it by {100 * together:.0f} of 100." if together > 0 else told
