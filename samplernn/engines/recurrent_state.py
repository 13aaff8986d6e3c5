"""The recurrent state of clips that are being generated: all that an engine needs to go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class RecurrentState:
    """The hidden and cell values of a model between two frames of its slowest tier, for each of several clips."""

    tiers: tuple[tuple[NDArray[np.float32], NDArray[np.float32]], ...]
    """(hidden, cell) of every tier, the slowest first, [layers, clips, width] each; behind them the adaptive filter's,
    where a network has one, as `samplernn.network.adaptive.Adapted.as_state` has it."""
    past: NDArray[np.int64]
    """The codes that came last, [clips, context_length]."""
    residuals: NDArray[np.float32] | None = None
    """Of a network with guides: the features of its last residuals, [clips, surprises, 2]; the filters that they were
    left by have changed since. None for any other network, whose codes tell them."""

    @property
    def clips(self) -> int:
        """Number of clips."""
        return len(self.past)

    def select(self, clips: Sequence[int]) -> RecurrentState:
        """The state of some of the clips, in this order; a clip may be selected several times."""
        which = list(clips)
        tiers = tuple((hidden[:, which], cell[:, which]) for hidden, cell in self.tiers)
        return RecurrentState(tiers, self.past[which], None if self.residuals is None else self.residuals[which])

    def with_replaced(self, clips: Sequence[int], by: RecurrentState) -> RecurrentState:
        """A copy in which the states of `clips` are those of `by`, which has just these clips, in this order."""
        which = list(clips)
        residuals = None if self.residuals is None else self.residuals.copy()
        tiers = tuple((hidden.copy(), cell.copy()) for hidden, cell in self.tiers)
        fresh = RecurrentState(tiers, self.past.copy(), residuals)
        for (hidden, cell), (new_hidden, new_cell) in zip(fresh.tiers, by.tiers, strict=True):
            hidden[:, which], cell[:, which] = new_hidden, new_cell
        fresh.past[which] = by.past
        if residuals is not None:
            residuals[which] = by.residuals
        return fresh

    @staticmethod
    def concatenate(parts: Sequence[RecurrentState]) -> RecurrentState:
        """The state of the clips of all parts, one after the other."""
        parts_of_tiers = zip(*(part.tiers for part in parts), strict=True)
        tiers = tuple(
            (np.concatenate([h for h, _ in tier], axis=1), np.concatenate([c for _, c in tier], axis=1))
            for tier in parts_of_tiers
        )
        residuals = [part.residuals for part in parts if part.residuals is not None]
        past = np.concatenate([part.past for part in parts])
        return RecurrentState(tiers, past, np.concatenate(residuals) if residuals else None)

    def interpolate(self, other: RecurrentState, share: float) -> RecurrentState:
        """Linear interpolation between this state (share 0) and `other` (share 1), of as many clips of the same model.

        Codes cannot be blended; the past is that of whichever has the larger share.
        """
        nearer = other if share > 0.5 else self

        def blend(mine: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
            return (mine + np.float32(share) * (others - mine)).astype(np.float32)

        pairs = zip(self.tiers, other.tiers, strict=True)
        tiers = tuple((blend(h, other_h), blend(c, other_c)) for (h, c), (other_h, other_c) in pairs)
        residuals = None if nearer.residuals is None else nearer.residuals.copy()
        return RecurrentState(tiers, nearer.past.copy(), residuals)
