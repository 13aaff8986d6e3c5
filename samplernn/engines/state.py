"""Where the sound of clips is: all that a generator has to know to go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Moment:
    """A place between two frames of the slowest tier, for each of several clips."""

    states: tuple[tuple[NDArray[np.float32], NDArray[np.float32]], ...]
    """Hidden and cell values of every tier, the slowest first, [layers, clips, width] each."""
    past: NDArray[np.int64]
    """The codes right before, [clips, context_length]."""

    @property
    def clips(self) -> int:
        return len(self.past)

    def take(self, clips: Sequence[int]) -> Moment:
        """The moment of some of the clips, in this order; the same one may be taken several times."""
        which = list(clips)
        states = tuple((hidden[:, which], cell[:, which]) for hidden, cell in self.states)
        return Moment(states, self.past[which])

    def replaced(self, clips: Sequence[int], by: Moment) -> Moment:
        """With the moments of some clips taken from `by`, which has just those, in this order."""
        which = list(clips)
        fresh = Moment(tuple((hidden.copy(), cell.copy()) for hidden, cell in self.states), self.past.copy())
        for (hidden, cell), (new_hidden, new_cell) in zip(fresh.states, by.states, strict=True):
            hidden[:, which], cell[:, which] = new_hidden, new_cell
        fresh.past[which] = by.past
        return fresh

    @staticmethod
    def joined(parts: Sequence[Moment]) -> Moment:
        """That of the clips of all parts, one after the other."""
        tiers = zip(*(part.states for part in parts), strict=True)
        states = tuple(
            (np.concatenate([h for h, _ in tier], axis=1), np.concatenate([c for _, c in tier], axis=1))
            for tier in tiers
        )
        return Moment(states, np.concatenate([part.past for part in parts]))

    def mixed(self, other: Moment, share: float) -> Moment:
        """Between this and `other` (as many clips of the same model): memories blend, 0 for this and 1 for the other.

        Codes cannot be blended; the past is that of whichever has the larger share.
        """

        def blend(mine: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
            return (mine + np.float32(share) * (others - mine)).astype(np.float32)

        pairs = zip(self.states, other.states, strict=True)
        states = tuple((blend(h, other_h), blend(c, other_c)) for (h, c), (other_h, other_c) in pairs)
        return Moment(states, (other if share > 0.5 else self).past.copy())
