"""The recipe “stitch”, after Inorganimate: songs of early, middle and late epochs, joined at accents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from app.document.model import SONG_RATE, Project, Section
from app.document.words import plural
from app.studio.recipes.choosing import Chooser
from app.studio.recipes.drafts import Draft, put_drafts
from app.studio.recipes.joining import MARGIN, Piece, joined
from app.studio.recipes.material import Batch, Learnt, Material, Wishes

_SHAPES = (
    ("early", "middle", "late"),
    ("early", "late", "middle", "late"),
    ("late", "early", "middle", "late"),
    ("middle", "early", "middle", "late"),
    ("late", "middle", "early", "late"),
)
"""Which age follows which in a song."""
_PIECE_SECONDS = 12.0
_TAKES = 2
_MORE_SECONDS = MARGIN / SONG_RATE + 2.0


def ages_of(learnt: Learnt) -> dict[str, int]:
    """The epoch of each age; where there are fewer than three, some are the same."""
    epochs = learnt.epochs
    return {"early": epochs[0], "middle": epochs[len(epochs) // 2], "late": epochs[-1]}


def stitch_clips(wishes: Wishes, learnt: Learnt) -> Iterator[Batch]:
    """For each song two clips of each age, all of which play along to the same guide, if to any."""
    seconds = wishes.song_seconds / 2 + _MORE_SECONDS
    for epoch in sorted(set(ages_of(learnt).values())):
        yield Batch(epoch, _TAKES * wishes.songs, seconds, wishes.seed, takes=_TAKES)


def stitch_notes(wishes: Wishes, learnt: Learnt) -> Iterator[str]:
    """What there is to say where there are too few epochs."""
    if len(learnt.epochs) < len(ages_of(learnt)):
        known = plural(len(learnt.epochs), "checkpoint")
        has = "There is" if len(learnt.epochs) == 1 else "There are"
        yield f"{has} only {known}, so early, middle and late are not three. Learn for more epochs."


def stitch_recipe(project: Project, wishes: Wishes, material: Material) -> Project:
    """Adds the songs: each is heard in all three ages, and which follows which is drawn."""
    ages = ages_of(material.learnt)
    by_epoch = {epoch: material.of_epoch(epoch) for epoch in ages.values()}
    chooser = Chooser(wishes.seed)
    drafts = []
    for song in range(wishes.songs):
        order = _order(chooser.draw.choice(_SHAPES), wishes)
        length = wishes.frames // len(order)
        pieces = []
        for age in order:
            epoch = ages[age]
            mine = by_epoch[epoch][song * _TAKES : (song + 1) * _TAKES]
            stretch = chooser.stretch(mine, length + MARGIN)
            pieces.append(Piece(stretch, f"{age.capitalize()}: epoch {epoch} of {material.learnt.newest}."))
        lane = joined(pieces, wishes.frames, material)
        drafts.append(Draft((lane,), why=_told(order, len(lane)), markers=tuple(_markers(order, lane))))
    return put_drafts(project, "stitch", drafts)


def _order(shape: Sequence[str], wishes: Wishes) -> list[str]:
    """The age of each piece."""
    count = max(round(wishes.song_seconds / _PIECE_SECONDS), len(shape))
    return [shape[place * len(shape) // count] for place in range(count)]


def _markers(order: Sequence[str], lane: Sequence[Section]) -> Iterator[tuple[int, str]]:
    for place, (age, part) in enumerate(zip(order, lane, strict=True)):
        if place == 0 or order[place - 1] != age:
            yield part.start, age


def _told(order: Sequence[str], count: int) -> str:
    heard = Counter(order)
    shares = ", ".join(f"{heard[age]} {age}" for age in ("early", "middle", "late"))
    return f"{plural(count, 'section')}: {shares}."
