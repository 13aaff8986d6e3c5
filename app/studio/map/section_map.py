"""The map of a project's sections: kept in the cache, so that every section stays where it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.document.excerpt import Excerpt
from app.studio.array_cache import keep_arrays, kept_arrays
from app.studio.map.projection import Layout, lay_out

Floats = NDArray[np.float32]
_SEED = 2018
_VERSION = "1"
"""Of the layout: a map of an older one is made anew."""


@dataclass(frozen=True, eq=False)
class LaidOut:
    """Sections and where they lie.

    Attributes:
        excerpts: those of clips, then those of the album.
        places: [n, 2], 0..1 both ways.
    """

    excerpts: tuple[Excerpt, ...]
    places: Floats


class SectionMap:
    """Gives sections their places; those that have one keep it for ever.

    Args:
        path: of the file in the cache.
        kind: names the features: a map of others is made anew.
    """

    def __init__(self, path: Path, kind: str) -> None:
        self._path = path
        self._kind = f"{_VERSION} {kind}"
        self._layout: Layout | None = None
        self._places: dict[Excerpt, tuple[float, float]] = {}
        self._load()

    def places_of(self, excerpts: Sequence[Excerpt], features: Floats) -> Floats:
        """Where each excerpt lies, [n, 2], 0..1 both ways, for its features [n, d], standardised.

        Those that are new come in among the others; the first ones are the map.
        """
        fresh = self.missing(excerpts)
        if fresh:
            if self._layout is None:
                self._layout = lay_out(features[fresh], _SEED)
            found = self._layout.places_of(features[fresh])
            for place, (x, y) in zip(fresh, found.tolist(), strict=True):
                self._places[excerpts[place]] = (x, y)
            self._keep()
        return np.array([self._places[excerpt] for excerpt in excerpts], np.float32).reshape(-1, 2)

    def missing(self, excerpts: Sequence[Excerpt]) -> list[int]:
        """Which of these have no place yet: only of them the features have to be known."""
        return [place for place, excerpt in enumerate(excerpts) if excerpt not in self._places]

    def _keep(self) -> None:
        assert self._layout is not None
        lines = [f"{each.source}:{each.offset}:{each.length}:{int(each.is_album)}" for each in self._places]
        words = "\0".join([self._kind, *lines]).encode("utf-8", "surrogateescape")
        arrays: dict[str, NDArray[Any]] = {
            "sections": np.frombuffer(words, np.uint8),
            "places": np.array(list(self._places.values()), np.float32).reshape(-1, 2),
            "layout features": self._layout.features,
            "layout places": self._layout.places,
        }
        keep_arrays(self._path, arrays)

    def _load(self) -> None:
        kept = kept_arrays(self._path, "sections", "places", "layout features", "layout places")
        if kept is None:
            return
        kind, *lines = kept["sections"].tobytes().decode("utf-8", "surrogateescape").split("\0")
        places, features, layout = kept["places"], kept["layout features"], kept["layout places"]
        fits = places.shape == (len(lines), 2) and features.ndim == 2 and layout.shape == (len(features), 2)
        if kind != self._kind or not fits or not np.isfinite(places).all() or not len(features):
            return
        try:
            sections = [_excerpt(line) for line in lines]
        except ValueError:
            return
        self._layout = Layout(features, layout)
        self._places = {
            section: (x, y) for section, (x, y) in zip(sections, places.astype(np.float32).tolist(), strict=True)
        }


def _excerpt(line: str) -> Excerpt:
    """Raises ValueError for what is none."""
    source, offset, length, album = line.rsplit(":", 3)
    return Excerpt(source, int(offset), int(length), bool(int(album)))
