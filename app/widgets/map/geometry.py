"""Where points of the map are on screen, which is near, and which come along a path. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]

MARGIN = 22
"""Pixels around the points at the widest view."""
MOST_ZOOM = 24.0
_SLOPE = 1.0
"""A walk to the right goes to points that lie no further up or down than to the right."""
_STRAY = 2.0
"""How much more a pixel aside counts than a pixel ahead, on such a walk."""
_STEP = 5.0
"""Pixels between two looks along a path."""
PATH_REACH, PATH_SPACING = 34.0, 30.0
"""Pixels: how far from a path its points may lie, and how far along it the next one comes at the earliest."""


@dataclass(frozen=True, slots=True)
class MapScale:
    """From places on the map, 0..1 both ways, to pixels."""

    width: int = 1
    height: int = 1
    zoom: float = 1.0
    centre: tuple[float, float] = (0.5, 0.5)
    """The place in the middle of the view."""

    def pixels(self, places: Floats) -> Floats:
        """[n, 2] for places [n, 2]."""
        across, down = self._size
        middle = np.array([self.width / 2, self.height / 2], np.float32)
        scaled: Floats = (places - np.array(self.centre, np.float32)) * np.array([across, down], np.float32) + middle
        return scaled.astype(np.float32)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """The place at a pixel."""
        across, down = self._size
        return self.centre[0] + (x - self.width / 2) / across, self.centre[1] + (y - self.height / 2) / down

    def zoomed(self, by: float, x: float, y: float) -> MapScale:
        """So many times as large, around the place at a pixel."""
        at = self.place(x, y)
        fresh = replace(self, zoom=min(max(self.zoom * by, 1.0), MOST_ZOOM))
        across, down = fresh._size
        centre = at[0] - (x - self.width / 2) / across, at[1] - (y - self.height / 2) / down
        return replace(fresh, centre=centre)._kept_in()

    def moved(self, dx: float, dy: float) -> MapScale:
        """As if the map were pulled by so many pixels."""
        across, down = self._size
        return replace(self, centre=(self.centre[0] - dx / across, self.centre[1] - dy / down))._kept_in()

    def resized(self, width: int, height: int) -> MapScale:
        """The same middle in a view of another size."""
        return replace(self, width=max(width, 1), height=max(height, 1))

    def around(self, place: tuple[float, float]) -> MapScale:
        """Moved as little as it takes to see this place."""
        half = 0.5 / self.zoom
        x, y = (
            min(max(centre, at - 0.9 * half), at + 0.9 * half) for centre, at in zip(self.centre, place, strict=True)
        )
        return replace(self, centre=(x, y))._kept_in()

    @property
    def _size(self) -> tuple[float, float]:
        """Pixels of the whole map."""
        return max(self.width - 2 * MARGIN, 1) * self.zoom, max(self.height - 2 * MARGIN, 1) * self.zoom

    def _kept_in(self) -> MapScale:
        half = 0.5 / self.zoom
        x, y = (min(max(at, half), 1 - half) for at in self.centre)
        return replace(self, centre=(x, y))


def nearest(pixels: Floats, shown: Flags, x: float, y: float, reach: float) -> int:
    """The shown point nearest to a pixel; -1 where none lies within `reach` pixels of it.

    Args:
        pixels: of all points, [n, 2].
        shown: [n].
    """
    if not len(pixels):
        return -1
    far = np.where(shown, np.hypot(pixels[:, 0] - x, pixels[:, 1] - y), np.inf)
    place = int(far.argmin())
    return place if far[place] <= reach else -1


def step(pixels: Floats, shown: Flags, at: int, right: int, down: int) -> int:
    """Where a walk goes from a point by an arrow: the next one in that direction; the same where there is none.

    Args:
        right, down: -1, 0 or 1; one of them is 0.
    """
    away = pixels - pixels[at]
    ahead = away[:, 0] * right + away[:, 1] * down
    aside = np.abs(away[:, 0] * down + away[:, 1] * right)
    cost = ahead + _STRAY * aside
    for within in (shown & (ahead > 0.5) & (aside <= _SLOPE * ahead), shown & (ahead > 0.5)):
        if within.any():
            return int(np.where(within, cost, np.inf).argmin())
    return at


def along(pixels: Floats, shown: Flags, path: Floats, reach: float = PATH_REACH) -> list[int]:
    """The points along a path [k, 2], in its order, each once.

    Whichever shown point is nearest to the path is taken; the next one comes after at least `PATH_SPACING` pixels.
    """
    taken: list[int] = []
    free = shown.copy()
    since = PATH_SPACING
    for x, y in _looks(path):
        if since >= PATH_SPACING:
            place = nearest(pixels, free, x, y, reach)
            if place >= 0:
                taken.append(place)
                free[place] = False
                since = 0.0
        since += _STEP
    return taken


def _looks(path: Floats) -> Floats:
    """Pixels `_STEP` apart along a path of straight lines, its start and its end among them."""
    if len(path) < 2:
        return path
    lengths = np.hypot(*np.diff(path, axis=0).T)
    travelled = np.concatenate([[0.0], np.cumsum(lengths)])
    stops = np.append(np.arange(0.0, travelled[-1], _STEP), travelled[-1])
    looks: Floats = np.stack([np.interp(stops, travelled, path[:, axis]) for axis in (0, 1)], axis=1).astype(np.float32)
    return looks
