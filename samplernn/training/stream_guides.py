"""The guides of the training music: what a network with guides is told of each window that it learns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samplernn.config import GUIDE_HOP, Preset
from samplernn.data.batches import Streams
from samplernn.guides.conditioning import Conditioner
from samplernn.guides.framing import Floats
from samplernn.guides.guide_frames import GuideOfSound
from samplernn.network.conditioning import GuideFrames

_LEFT_OUT = 1
"""Second part of the seed of what is learnt without a guide."""


class StreamGuides:
    """Beside each batch of `Streams` what its guides are; they are worked out of the music itself, as it is changed.

    A share of the stretches is learnt without.
    """

    def __init__(self, streams: Streams, preset: Preset, lpc: Callable[[], Floats], seed: int) -> None:
        """`lpc` gives the filter of the album, once it was fitted."""
        batch = preset.train.batch
        self._streams, self._preset, self._lpc = streams, preset, lpc
        self._frames = preset.train.window // GUIDE_HOP
        self._random = np.random.default_rng([seed, _LEFT_OUT])
        self._begun = np.zeros(batch)
        self._done = np.zeros(batch, dtype=np.int64)
        self._left_out = np.zeros(batch, dtype=bool)
        self._conditioner: Conditioner | None = None
        self._guides: dict[int, GuideOfSound] = {}

    def next(self, fresh: NDArray[np.bool_], shard: slice) -> GuideFrames:
        """The frames of the batch that came last, and one before, for the streams of `shard`; see `Conditioning`.

        `fresh` says which streams began anew with it.
        """
        for stream in np.flatnonzero(fresh):
            self._begun[stream], self._done[stream] = self._streams.newest_places[stream], 0
            self._left_out[stream] = self._random.random() < self._preset.train.unguided
            self._guides.pop(int(stream), None)
        frames = [self._of(stream) for stream in range(len(fresh))[shard]]
        self._done += self._frames
        return GuideFrames.side_by_side(frames)

    def _of(self, stream: int) -> GuideFrames:
        count = self._frames + 1
        if self._left_out[stream]:
            return GuideFrames.none(1, count, self._preset.model.guide_predictor)
        if self._conditioner is None:
            self._conditioner = Conditioner(self._lpc(), self._preset.model.guide_predictor, self._preset.rate)
        if stream not in self._guides:
            # the frame before the first window is the first of the guide
            place = float(self._begun[stream])

            def read(begin: int, samples: int) -> Floats:
                return self._streams.excerpt(stream, place, begin - GUIDE_HOP, samples)

            self._guides[stream] = GuideOfSound(self._conditioner, self._preset.rate, read)
        begin = int(self._done[stream])
        return self._guides[stream].frames(begin, begin + count)

    def state_dict(self) -> dict[str, Any]:
        """All that going on exactly needs, as plain values for JSON."""
        return {
            "begun": self._begun.tolist(),
            "done": self._done.tolist(),
            "left_out": self._left_out.tolist(),
            "random": self._random.bit_generator.state,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Goes on exactly from an earlier `state_dict`, once the streams did.

        Raises:
            KeyError, TypeError, ValueError: it is not one of these streams.
        """
        begun, done = np.array(state["begun"], np.float64), np.array(state["done"], np.int64)
        left_out = np.array(state["left_out"], dtype=bool)
        if any(values.shape != self._begun.shape for values in (begun, done, left_out)):
            raise ValueError("the guides of other streams")
        if not ((begun >= 0) & (begun <= self._streams.samples) & (done >= 0) & (done < 2**40)).all():
            raise ValueError("guides of no music")
        self._random.bit_generator.state = state["random"]
        self._begun, self._done, self._left_out = begun, done, left_out
        self.forget()

    def forget(self) -> None:
        """Forgets what was worked out, after the filter of the album has changed."""
        self._conditioner = None
        self._guides.clear()
