"""The recipe “likeness”, after 1000 sharks: clips chained by likeness into longer songs, as the report's script did.

There the likeness of two clips was that of their fingerprints; here it is how near each other the features of the
measures lie.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from app.document.model import SONG_RATE, Project
from app.document.words import plural
from app.studio.analysis.liveliness import WINDOW
from app.studio.recipes.choosing import Chooser, Stretch
from app.studio.recipes.drafts import Draft, put_drafts
from app.studio.recipes.joining import MARGIN, Piece, joined
from app.studio.recipes.material import Batch, HeardClip, Learnt, Material, Wishes

_CLIP_SECONDS = 20.0
"""As in the report."""
_SHORTEST_SECONDS = 8.0
_SPARE = 1.6
"""Of so many times the clips that are needed, those that fit nowhere stay out: half of them did in the report."""
_LEAST = 4 * SONG_RATE


def likeness_clips(wishes: Wishes, learnt: Learnt) -> Iterator[Batch]:
    """Short clips, more than are needed."""
    seconds = min(max(_CLIP_SECONDS, _SHORTEST_SECONDS), max(wishes.song_seconds / 2 + 3, _SHORTEST_SECONDS))
    used = seconds - MARGIN / SONG_RATE
    each = max(math.ceil(wishes.song_seconds / used), 2)
    yield Batch(learnt.best, math.ceil(_SPARE * each * wishes.songs), seconds, wishes.seed)


def likeness_recipe(project: Project, wishes: Wishes, material: Material) -> Project:
    """Adds the songs. Each begins with the clip that is closest to the album of those that are left, and goes on with
    the one most like it, until it is long enough. Clips come again only when all have been heard."""
    chooser = Chooser(wishes.seed)
    pool = [longest_fit(heard) for heard in material.clips]
    whole = [one for one in pool if one is not None]
    whole = whole if len(whole) > 1 else [Stretch(heard, 0, heard.clip.frames) for heard in material.clips]
    chooser.draw.shuffle(whole)
    apart = distances(whole)
    left = list(range(len(whole)))
    drafts = []
    for _ in range(wishes.songs):
        pieces: list[Piece] = []
        last: int | None = None
        while not _is_enough(pieces, wishes.frames):
            left = left or [place for place in range(len(whole)) if place != last] or [0]
            if last is None:
                here = max(left, key=lambda place: whole[place].heard.worth(whole[place].offset, whole[place].length))
                why = "The closest to the album, and the liveliest, of those that were left."
            else:
                row = apart[last]
                here = min(left, key=lambda place: float(row[place]))
                why = f"The most like the one before, of {plural(len(left), 'clip')} that were left."
            left.remove(here)
            pieces.append(Piece(whole[here], why))
            last = here
        drafts.append(Draft((joined(pieces, wishes.frames, material),), why=_told(len(pieces))))
    return put_drafts(project, "likeness", drafts)


def _is_enough(pieces: Sequence[Piece], frames: int) -> bool:
    """Whether they make a song of so many frames, with what is left off to join them."""
    return sum(max(piece.stretch.length - MARGIN, piece.stretch.length // 2) for piece in pieces) >= frames


def longest_fit(heard: HeardClip) -> Stretch | None:
    """The longest stretch of a clip that is neither silent nor stuck, and not the album's; None for a short one."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], heard.fit.astype(np.int8), [0]])))
    runs = [(int(first) * WINDOW, min(int(last) * WINDOW, heard.clip.frames)) for first, last in edges.reshape(-1, 2)]
    if runs and runs[-1][1] + WINDOW > heard.clip.frames:  # what is left over behind the last whole window
        runs[-1] = (runs[-1][0], heard.clip.frames)
    first, last = max(runs, key=lambda run: run[1] - run[0], default=(0, 0))
    return Stretch(heard, first, last - first) if last - first >= min(_LEAST, heard.clip.frames // 2) else None


def distances(stretches: Sequence[Stretch]) -> NDArray[np.float64]:
    """How far apart the mean features of each two lie, [stretches, stretches]; 0 where nothing is known."""
    rows = [
        stretch.heard.profile.features[stretch.heard.part(stretch.offset, stretch.length)].mean(axis=0)
        for stretch in stretches
        if stretch.heard.profile is not None
    ]
    if len(rows) != len(stretches):
        return np.zeros((len(stretches), len(stretches)))
    stacked = np.stack(rows).astype(np.float64)
    squares = np.square(stacked).sum(axis=1)
    return np.asarray(np.sqrt(np.maximum(squares[:, None] + squares - 2 * stacked @ stacked.T, 0.0)))


def _told(count: int) -> str:
    return f"{plural(count, 'clip')}, each followed by the one most like it."
