"""Where sections lie on the map: near each other where they sound alike.

The first map is a t-SNE (van der Maaten and Hinton, "Visualizing data using t-SNE", 2008) of some of the sections, from
their principal components, with a fixed seed. All others, and whatever comes later, are put in among these by their
nearest neighbours, so that what lies on the map stays where it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_MOST_LAID_OUT = 700
"""Sections that the layout itself is worked out for."""
_COMPONENTS = 24
_PERPLEXITY = 24.0
_STEPS = 400
_NEIGHBOURS = 5
_FAR_OUT = 1.0
"""Percent of the layout at each side that does not count for its scale."""
_NO_DIFFERENCE = 1e-6
"""In standard deviations: sections that lie no further apart are the same."""
_LEAST = 8
"""Fewer than these are laid out by two principal components alone."""


@dataclass(frozen=True, eq=False)
class Layout:
    """What is laid out: the features of some sections, and where these lie.

    Attributes:
        features: float32 [n, d].
        places: float32 [n, 2], 0..1 both ways.
    """

    features: Floats
    places: Floats

    def places_of(self, features: Floats) -> Floats:
        """Where these sections [m, d] come to lie, [m, 2]: among those that they sound most alike to."""
        from sklearn.neighbors import KNeighborsRegressor

        neighbours = min(_NEIGHBOURS, len(self.features))
        among = KNeighborsRegressor(neighbours, weights="distance", algorithm="brute")
        places: Floats = among.fit(self.features, self.places).predict(features).astype(np.float32)
        return places


def lay_out(features: Floats, seed: int = 0) -> Layout:
    """The layout of a first map for features [n, d], each standardised; the same for the same features and seed."""
    chosen = np.arange(len(features))
    if len(features) > _MOST_LAID_OUT:
        chosen = np.sort(np.random.default_rng(seed).choice(len(features), _MOST_LAID_OUT, replace=False))
    some = features[chosen].astype(np.float32)
    return Layout(some, _in_square(_embedded(some, seed)))


def _embedded(features: Floats, seed: int) -> Floats:
    from sklearn.decomposition import PCA

    count = len(features)
    if count < 3 or float(features.std(axis=0).max()) < _NO_DIFFERENCE:
        return np.stack([np.arange(count), np.zeros(count)], axis=1).astype(np.float32)
    components = min(_COMPONENTS if count >= _LEAST else 2, *features.shape)
    rows = PCA(components, svd_solver="full", random_state=seed).fit_transform(features.astype(np.float64))
    if count < _LEAST or components < 2:
        flat = np.zeros((count, 2), np.float32)
        flat[:, : min(components, 2)] = rows[:, :2]
        return flat
    from sklearn.manifold import TSNE

    start = rows[:, :2] / max(rows[:, 0].std(), 1e-9) * 1e-4
    layout = TSNE(2, perplexity=min(_PERPLEXITY, (count - 1) / 3), init=start, max_iter=_STEPS, random_state=seed)
    places: Floats = layout.fit_transform(rows).astype(np.float32)
    return places


def _in_square(places: Floats) -> Floats:
    """Brought to 0..1 both ways; what lies far out lies at the edge."""
    if not len(places):
        return np.zeros((0, 2), np.float32)
    low, high = np.percentile(places, (_FAR_OUT, 100 - _FAR_OUT), axis=0)
    room = 0.03
    scaled = (places - low) / np.maximum(high - low, 1e-9) * (1 - 2 * room) + room
    square: Floats = np.clip(scaled, 0.0, 1.0).astype(np.float32)
    return square
