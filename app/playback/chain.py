"""Short clips, one after another, as one sound to play."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]

_BREATH_SECONDS = 0.25


@dataclass(frozen=True)
class Link:
    """One clip of a chain, in frames of the chain."""

    id: str
    start: int
    frames: int


class Chain:
    """A source made of clips in memory, with a breath between them.

    Args:
        clips: id and float32 of each, mono [n] or stereo [n, 2]; all of one rate.
    """

    def __init__(self, clips: Sequence[tuple[str, Sound]], rate: int) -> None:
        self.rate = rate
        if any(samples.ndim == 2 for _, samples in clips):
            clips = [
                (id, np.broadcast_to(samples.reshape(len(samples), -1), (len(samples), 2))) for id, samples in clips
            ]
        breath = np.zeros((round(_BREATH_SECONDS * rate), *(clips[0][1].shape[1:] if clips else ())), np.float32)
        links, parts, start = [], [], 0
        for id, samples in clips:
            links.append(Link(id, start, len(samples)))
            parts += [samples, breath]
            start += len(samples) + len(breath)
        self._sound = np.concatenate(parts[:-1]) if parts else breath
        self.links = tuple(links)

    @property
    def frames(self) -> int:
        """The length of all parts together."""
        return len(self._sound)

    def read(self, start: int, frames: int) -> NDArray[np.float32]:
        """float32 [n, 2]; n is less than `frames` only at the end."""
        part = self._sound[start : start + frames]
        return part if part.ndim == 2 else np.repeat(part[:, None], 2, axis=1)

    def where(self, seconds: float) -> tuple[str, float]:
        """The clip that plays at this place, and how much of it has been heard, 0..1."""
        frame = round(seconds * self.rate)
        link = next((link for link in reversed(self.links) if link.start <= frame), None)
        if link is None:
            return "", 0.0
        return link.id, min((frame - link.start) / max(link.frames, 1), 1.0)
