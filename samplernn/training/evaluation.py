"""Evaluation of a model on held-out music, in bits per sample."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from samplernn.config import GUIDE_HOP
from samplernn.data.quantise import encode, zero_code
from samplernn.guides.guide_frames import guide_of_sound
from samplernn.network.conditioning import GuideFrames
from samplernn.network.layers import State
from samplernn.network.model import SampleRNN

_ROW = 40_000
"""Long spans are cut into rows of about this many samples, which are scored as one batch."""
_SLICE = 256
"""Samples per row that are scored at a time: few enough for the processor's cache."""
_WARM_UP = 2048
"""Samples that a row is run over before it is scored."""
_TRIES = 3


class Evaluation:
    """Scores spans of music under teacher forcing: every sample counts once, and the recurrent state is carried along.

    A span is cut into rows that are scored as one batch. Each row but the first of a span begins with a warm-up, which
    is not scored, so that the recurrent state is that of a model which has heard the music before.

    Attributes:
        samples: how many samples are scored.
    """

    def __init__(
        self,
        sound: NDArray[np.float32],
        spans: Sequence[tuple[int, int]],
        model: SampleRNN,
        rate: int,
        *,
        guided: bool = True,
    ) -> None:
        """`sound` is at `rate` Hz. A model with guides hears those of the music that is scored, if it is `guided`."""
        config = model.config
        whole = GUIDE_HOP if config.guide_predictor else config.top
        self._step = max(_SLICE // whole, 1) * whole
        self._model = model
        rows = [(row, span) for span, ends in enumerate(spans) for row in _rows(*ends)]
        rows.sort(key=lambda each: each[0][2] - each[0][0], reverse=True)
        self._rows = [row for row, _ in rows]
        self._spans = np.array([span for _, span in rows], np.int64)
        self._lengths = np.array([stop - start for start, stop in spans], np.float64)
        longest = max((stop - begin for begin, _, stop in self._rows), default=0)
        width = config.context_length + -(-longest // self._step) * self._step
        self._codes = np.full((len(self._rows), width), zero_code(config.levels), dtype=np.int16)
        for row, (begin, _, stop) in enumerate(self._rows):
            codes = encode(sound[begin:stop], config.levels, config.law)
            self._codes[row, config.context_length : config.context_length + len(codes)] = codes
        self.samples = sum(stop - scored for _, scored, stop in self._rows)
        starts = [start for start, _, _ in self._rows] if config.guide_predictor and guided else []
        self._guides = [guide_of_sound(model, rate, sound, start) for start in starts]

    def bits(self) -> Iterator[float | None]:
        """Works in slices of a fraction of a second, yielding None after each, and at last the mean bits per sample."""
        total = 0.0
        for _, bits in self._slices():
            total += float(bits.sum())
            yield None
        self._model.train()
        yield total / max(self.samples, 1)

    def bits_of_spans(self) -> Iterator[tuple[float, NDArray[np.float32] | None]]:
        """As `bits`, for each of the spans: yields how much is done, 0..1, and at last float32 [spans], their means."""
        totals = np.zeros(len(self._lengths))
        for done, bits in self._slices():
            np.add.at(totals, self._spans[: len(bits)], bits.sum(dim=1).cpu().numpy())
            yield done, None
        self._model.train()
        yield 1.0, (totals / np.maximum(self._lengths, 1)).astype(np.float32)

    def _slices(self) -> Iterator[tuple[float, torch.Tensor]]:
        """How much is done, 0..1, and the bits of each sample that counts in a slice, float64 [rows, samples]."""
        model = self._model
        generator = torch.Generator().manual_seed(0)
        model.eval()
        state = model.first_state(len(self._rows), generator)
        length = self._codes.shape[1] - model.config.context_length
        for begin in range(0, length, self._step):
            alive = sum(stop - start > begin for start, _, stop in self._rows)
            state = [(h[:, :alive].contiguous(), c[:, :alive].contiguous()) for h, c in state]
            bits, state = self._slice(begin, alive, state)
            yield (begin + self._step) / length, bits

    def seconds_expected(self, tries: int = _TRIES) -> float:
        """About how long `bits` takes, measured on its first slice.

        The quickest of a few tries counts: the first one also initialises libraries, and takes ten times as long.
        """
        starts = range(0, self._codes.shape[1] - self._model.config.context_length, self._step)
        if not self._rows:
            return 0.0
        times = []
        for _ in range(tries):
            began = time.monotonic()
            self._slice(0, len(self._rows), self._model.first_state(len(self._rows)))
            times.append(time.monotonic() - began)
        return min(times) * len(starts)

    def _slice(self, begin: int, rows: int, state: list[State]) -> tuple[torch.Tensor, list[State]]:
        model, context_length = self._model, self._model.config.context_length
        piece = self._codes[:rows, begin : begin + context_length + self._step].astype(np.int64)
        codes = torch.from_numpy(piece).to(model.device)
        conditioning = None
        if self._guides:
            first, count = begin // GUIDE_HOP, self._step // GUIDE_HOP + 1
            frames = [guide.frames(first, first + count) for guide in self._guides[:rows]]
            conditioning = GuideFrames.side_by_side(frames).tensors(model.device)
        bits, state = model.score(codes, state, conditioning)
        place = np.arange(begin, begin + self._step)[None, :]
        counted = [(place >= scored - start) & (place < stop - start) for start, scored, stop in self._rows[:rows]]
        mask = torch.from_numpy(np.concatenate(counted)).to(model.device)
        return (bits * mask).double(), state


def _rows(start: int, stop: int) -> Iterator[tuple[int, int, int]]:
    """(start of the warm-up, start of the scored samples, end) of each row; each sample is scored once."""
    count = max(1, round((stop - start) / _ROW))
    edges = [start + (stop - start) * k // count for k in range(count + 1)]
    for scored, end in itertools.pairwise(edges):
        yield max(start, scored - _WARM_UP), scored, end
