"""Close to the album: how far some seconds of sound lie from the album's own, in the space of features.

The distance is that of Fréchet between normal distributions (Dowson and Landau 1982; for sound: Kilgour et al.,
"Fréchet audio distance", Interspeech 2019), one section against a few of the album's sections that are nearest to it,
as an album is not one cloud but many. Axes are whitened, shrunk towards the mean variance as there are few sections
(Ledoit and Wolf 2004). Two more axes, of twice the weight, are those along which the album's own music goes when it is
made worse: when its spectrum stays and all that happens in time is lost, and when noise of its spectrum is mixed in.
Where the best of the album's own held-out music lies is 1, and where white noise lies is 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.studio.measures.features import FEATURES
from app.studio.measures.spectra import Floats

_NEAREST = 5
_AXES = 64
_SHRINKAGE = 0.2
_DISCRIMINANT_WEIGHT, _DISCRIMINANT_SHRINKAGE = 2.0, 0.3
_NEAR_PERCENT = 10
"""Of held-out sections, those that are as near as 1 says."""
_LEAST_SCALE = 1e-3
_LIMIT = 12.0
"""Standard deviations beyond which a single feature counts no more."""


@dataclass(frozen=True, eq=False)
class Closeness:
    """Where the album's sections lie, and how far its own held-out music and noise do.

    Attributes:
        mean, scale: float32 [FEATURES], by which features are standardised.
        axes: float32 [FEATURES, axes], whitened.
        rows: float32 [sections, axes], the album's own.
        near, far: logarithms of the distances that are 1 and 0.
    """

    mean: Floats
    scale: Floats
    axes: Floats
    rows: Floats
    near: float
    far: float

    def standardised(self, features: NDArray[np.floating]) -> Floats:
        """Features [..., FEATURES] in standard deviations of the album, none beyond twelve."""
        found: Floats = np.clip((features - self.mean) / self.scale, -_LIMIT, _LIMIT).astype(np.float32)
        return found

    def distance(self, features: Floats) -> NDArray[np.float64]:
        """Mean distance to the album's five nearest sections.

        Args:
            features: [n, FEATURES], standardised.
        """
        rows = features @ self.axes
        squares = (rows**2).sum(axis=1)[:, None] - 2 * rows @ self.rows.T + (self.rows**2).sum(axis=1)
        count = min(_NEAREST, len(self.rows))
        nearest = np.partition(np.maximum(squares, 0.0), count - 1, axis=1)[:, :count]
        means: NDArray[np.float64] = np.sqrt(nearest).mean(axis=1).astype(np.float64)
        return means

    def of(self, features: Floats) -> NDArray[np.float64]:
        """0..1 for each row of standardised features."""
        logs = np.log(np.maximum(self.distance(features), 1e-6))
        return np.clip((self.far - logs) / max(self.far - self.near, 1e-6), 0.0, 1.0)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What `from_arrays` takes."""
        ends = np.array([self.near, self.far])
        return {"mean": self.mean, "scale": self.scale, "axes": self.axes, "rows": self.rows, "ends": ends}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Closeness:
        """What `arrays` gave.

        Raises:
            ValueError: damaged.
        """
        mean, scale, axes, rows, ends = (arrays[name] for name in ("mean", "scale", "axes", "rows", "ends"))
        shapes = mean.shape == scale.shape == (FEATURES,) and ends.shape == (2,) and axes.ndim == rows.ndim == 2
        if not shapes or axes.shape != (FEATURES, rows.shape[1]) or not len(rows):
            raise ValueError("not the sections of an album")
        if not all(np.isfinite(part).all() for part in (mean, scale, axes, rows, ends)):
            raise ValueError("not numbers")
        return cls(mean, scale, axes, rows, float(ends[0]), float(ends[1]))


def learn_closeness(learnt: Floats, held_out: Floats, worse: Sequence[Floats], noise: Floats) -> Closeness:
    """The space of an album.

    Args:
        learnt: features [sections, FEATURES] of the music that is learnt, not standardised; at least one row.
        held_out: of music of the album that is not; of none, those of `learnt` stand in for it.
        worse: of the album's music made worse, for each way of making it so.
        noise: of white noise.
    """
    mean, scale = learnt.mean(axis=0), np.maximum(learnt.std(axis=0), _LEAST_SCALE)
    plain = Closeness(mean, scale, np.zeros((FEATURES, 0), np.float32), np.zeros((1, 0), np.float32), 0.0, 1.0)
    rows = plain.standardised(learnt).astype(np.float64)
    own = rows.T @ rows / len(rows)
    values, vectors = np.linalg.eigh(own)
    values, vectors = values[::-1][:_AXES], vectors[:, ::-1][:, :_AXES]
    axes = [vectors / np.sqrt(values + _SHRINKAGE * max(float(values.mean()), 1e-6))]
    axes += [_axis_away(rows, own, plain.standardised(each).astype(np.float64))[:, None] for each in worse if len(each)]
    joined = np.concatenate(axes, axis=1).astype(np.float32)
    space = Closeness(mean, scale, joined, (rows @ joined).astype(np.float32), 0.0, 1.0)
    stand_in = held_out if len(held_out) else learnt
    near, far = (np.log(np.maximum(space.distance(space.standardised(each)), 1e-6)) for each in (stand_in, noise))
    nearest, farthest = float(np.percentile(near, _NEAR_PERCENT)), float(np.median(far))
    return replace(space, near=nearest, far=max(farthest, nearest + 0.1))


def _axis_away(rows: NDArray[np.float64], own: NDArray[np.float64], worse: NDArray[np.float64]) -> NDArray[np.float64]:
    """The linear discriminant (Fisher 1936) between the album's rows and those of what is worse, [FEATURES]."""
    apart = worse - worse.mean(axis=0)
    within = (own + apart.T @ apart / len(worse)) / 2
    within += _DISCRIMINANT_SHRINKAGE * max(float(np.trace(within)) / len(within), 1e-6) * np.eye(len(within))
    axis = np.linalg.solve(within, worse.mean(axis=0) - rows.mean(axis=0))
    return np.asarray(_DISCRIMINANT_WEIGHT * axis / max(float((rows @ axis).std()), 1e-6))
