"""The recipe “reveal”, after Deep The Beatles: clips of every epoch in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from app.document.model import SONG_RATE, Project
from app.document.words import plural
from app.studio.recipes.drafts import Draft, faded_in, faded_out, put_drafts, section_of_clip
from app.studio.recipes.material import Batch, Learnt, Material, Wishes

LONGEST_SECONDS, _LEAST_SECONDS = 30.0, 5.0
"""Of each clip."""
_OVERLAP_SECONDS = 0.25
_ENDING = SONG_RATE


def reveal_order(wishes: Wishes, learnt: Learnt) -> list[list[int]]:
    """The epoch of each clip of each song. All epochs are heard, in order, one after the other; where there is no room
    for all of them, as many as have room, the first and the last among them."""
    each = max(-int(-wishes.song_seconds // LONGEST_SECONDS), 1)
    epochs = learnt.epochs
    if wishes.songs * each < len(epochs):
        most = max(int(wishes.song_seconds / _LEAST_SECONDS), 1)
        each = min(-(-len(epochs) // wishes.songs), most)
    count = wishes.songs * each
    if count >= len(epochs):
        order = [epochs[place * len(epochs) // count] for place in range(count)]
    elif count == 1:
        order = [learnt.newest]
    else:
        order = [epochs[round(place * (len(epochs) - 1) / (count - 1))] for place in range(count)]
    return [order[first : first + each] for first in range(0, count, each)]


def reveal_clips(wishes: Wishes, learnt: Learnt) -> Iterator[Batch]:
    """As many clips of each epoch as are heard; all epochs begin amid the same moments of the album."""
    order = reveal_order(wishes, learnt)
    seconds = wishes.song_seconds / len(order[0]) + _OVERLAP_SECONDS
    for epoch, count in sorted(Counter(epoch for song in order for epoch in song).items()):
        yield Batch(epoch, count, seconds, wishes.seed)


def reveal_notes(wishes: Wishes, learnt: Learnt) -> Iterator[str]:
    """What there is to say where there are too few or too many epochs."""
    order = [epoch for song in reveal_order(wishes, learnt) for epoch in song]
    heard, known = len(set(order)), len(learnt.epochs)
    if heard < known:
        fit = f"{heard} of the {plural(known, 'epoch')} fit into so much music."
        yield f"{fit} Longer songs, or more of them, have room for all."
    elif len(order) > known:
        has = f"There {'is' if known == 1 else 'are'} only {plural(known, 'checkpoint')}"
        yield f"{has}, so each is heard more than once. Learn for more epochs, and more of them are heard."


def reveal_recipe(project: Project, wishes: Wishes, material: Material) -> Project:
    """Adds the songs. Nothing is left out: what early epochs are stuck in is what this recipe wants to be heard."""
    waiting = {epoch: iter(material.of_epoch(epoch)) for epoch in material.learnt.epochs}
    overlap = round(_OVERLAP_SECONDS * SONG_RATE)
    drafts = []
    for epochs in reveal_order(wishes, material.learnt):
        edges = [round(place * wishes.frames / len(epochs)) for place in range(len(epochs) + 1)]
        parts = []
        for place, epoch in enumerate(epochs):
            heard = next(waiting[epoch])
            is_last = place == len(epochs) - 1
            length = edges[place + 1] - edges[place] + (0 if is_last else overlap)
            why = f"Epoch {epoch} of {material.learnt.newest}: as it was made, from its beginning."
            part = section_of_clip(heard.clip, edges[place], 0, length, why)
            parts.append(faded_out(part, _ENDING) if is_last else part)
        parts[0] = faded_in(parts[0])
        changes = [(place, epoch) for place, epoch in enumerate(epochs) if place == 0 or epochs[place - 1] != epoch]
        names = [epoch for epoch, _ in groupby(epochs)]
        told = f"epoch {names[0]}" if len(names) == 1 else f"epochs {names[0]} to {names[-1]}"
        drafts.append(
            Draft(
                (tuple(parts),),
                why=f"In the order of learning: {told}.",
                markers=tuple((edges[place], f"epoch {epoch}") for place, epoch in changes),
            )
        )
    return put_drafts(project, "reveal", drafts)
