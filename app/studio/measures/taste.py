"""Like what you starred: a small model of what the artist likes, learnt from stars and rejects as they are given.

Logistic regression with a ridge penalty (Hoerl and Kennard 1970; fitted by Newton's method, as in Bishop, "Pattern
Recognition and Machine Learning", 4.3.3), over the same features as all measures. It is a hint, and hides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.document.model import Clip
from app.studio.measures.measured import ClipMeasures

_PENALTY = 0.1
"""Of the ridge, for each example and in units of the mean variance of features."""
_STEPS = 12
_LEAST_STARS = 3
"""From which on a clip is liked; fewer say neither."""
LEAST_EXAMPLES = 3
"""Of each kind: of fewer nothing is learnt."""


@dataclass(frozen=True, eq=False)
class Taste:
    """What the artist seems to like.

    Attributes:
        mean: float64 [features] of the examples.
        weights: float64 [features].
        bias: the log odds of an example like the mean.
    """

    mean: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: float

    def hint(self, features: NDArray[np.floating]) -> float:
        """How likely it is that this would be starred, 0..1.

        Args:
            features: [features], standardised, of a section or the mean of some.
        """
        return float(_odds(np.asarray((features - self.mean) @ self.weights + self.bias)))


def hints_of(clips: Iterable[Clip], known: Mapping[str, ClipMeasures]) -> dict[str, float]:
    """How likely it is that each clip would be starred, 0..1, by its id; nothing where too little was starred yet.

    Learnt at once from the stars and rejects of those clips.
    """
    taste = taste_of(clips := list(clips), known)
    if taste is None:
        return {}
    rows = {clip.id: known[clip.id].features for clip in clips if clip.id in known}
    return {id: taste.hint(row) for id, row in rows.items() if row is not None}


def taste_of(clips: Iterable[Clip], known: Mapping[str, ClipMeasures]) -> Taste | None:
    """What the stars and rejects of clips tell; None where they are too few.

    Three stars or more are liked, rejects are not; one and two stars say neither.
    """
    examples = []
    for clip in clips:
        row = known[clip.id].features if clip.id in known else None
        if row is not None and (clip.rejected or clip.stars >= _LEAST_STARS):
            examples.append((row, not clip.rejected))
    return learn_taste([row for row, _ in examples], [liked for _, liked in examples])


def learn_taste(features: Sequence[NDArray[np.floating]], liked: Sequence[bool]) -> Taste | None:
    """Learnt from examples, in milliseconds for hundreds; None for fewer than three stars or three rejects.

    Args:
        features: of each example, standardised, [features].
        liked: whether it was starred, else it was rejected.
    """
    wanted = np.array(liked, np.float64)
    if min(wanted.sum(), len(wanted) - wanted.sum()) < LEAST_EXAMPLES:
        return None
    rows = np.stack(list(features)).astype(np.float64)
    mean = rows.mean(axis=0)
    rows -= mean
    # With more features than examples all that counts is how alike examples are: their inner products.
    alike = rows @ rows.T
    penalty = _PENALTY * max(float(np.trace(alike)) / len(rows), 1e-9)
    # Both kinds count alike, however many of either there are.
    share = wanted.mean()
    counts = np.where(wanted > 0, 0.5 / share, 0.5 / (1 - share))
    dual, bias = np.zeros(len(rows)), 0.0
    for _ in range(_STEPS):
        odds = _odds(alike @ dual + bias)
        weight = np.maximum(counts * odds * (1 - odds), 1e-6)
        target = alike @ dual + bias + counts * (wanted - odds) / weight
        # The normal equations of weighted least squares with a free bias.
        system = np.block(
            [[alike + np.diag(penalty / weight), np.ones((len(rows), 1))], [np.ones((1, len(rows))), 0.0]]
        )
        solved = np.linalg.solve(system, np.append(target, 0.0))
        dual, bias = solved[:-1], float(solved[-1])
    return Taste(mean, rows.T @ dual, bias)


def _odds(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """The logistic function."""
    odds: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-np.clip(logits, -30.0, 30.0)))
    return odds
