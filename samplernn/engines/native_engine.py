"""The engine for the CPU, in C++."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from samplernn.config import GUIDE_FEATURES, GUIDE_HOP
from samplernn.engines.folded import Folded
from samplernn.engines.native_packing import Packing
from samplernn.engines.recurrent_state import RecurrentState
from samplernn.engines.sampling_request import SamplingRequest
from samplernn.errors import SoundError
from samplernn.native import library as native
from samplernn.network.adaptive import MOST, STEP

Precision = Literal["float32", "bfloat16", "int8"]
PRECISIONS: tuple[Precision, ...] = ("float32", "bfloat16", "int8")
MOST_THREADS = 16
"""More threads would wait for each other longer than they save."""


class NativeEngine:
    """An `Engine` on the CPU.

    A clip is the same to the last bit whatever is generated beside it, resumed, and with any number of threads.

    Attributes:
        instructions: the instruction set that it runs on, one of `native.SETS`.
        weight_bytes: bytes of weights that are read for every sample, lookup tables not counted.
    """

    def __init__(
        self,
        folded: Folded,
        state: RecurrentState,
        *,
        precision: Precision = "bfloat16",
        threads: int | None = None,
        instructions: str | None = None,
    ) -> None:
        """Goes on from `state`.

        Args:
            precision: of the weights; sums are float32. "int8" takes the large matrices in 8 bits, the others in
                bfloat16.
            threads: by default as many as OMP_NUM_THREADS says, or as there are processors.
            instructions: the best set that the processor has by default.

        Raises:
            SoundError: there is no native generator, or not this instruction set, or not enough memory.
        """
        library, sets = native.library(), native.instruction_sets()
        if not native.plays(library, folded.config):
            raise SoundError("The native generator here is too old for networks with guides.", "Use “torch”.")
        if library is None or (instructions is not None and instructions not in sets):
            raise SoundError("This computer has no native generator of this kind.", "Use “torch”.")
        self._library, self._config = library, folded.config
        self._clips = state.clips
        self.instructions = instructions or sets[-1]
        workers = max(1, min(threads or processors(), MOST_THREADS))
        packing = Packing(folded)
        arguments = self._clips, workers, PRECISIONS.index(precision), native.SETS.index(self.instructions)
        handle = library.deepcuts_open(ctypes.byref(packing.model), *arguments)
        if not handle:
            raise SoundError("There is not enough memory to generate with this model.", "Make fewer clips at once.")
        self._handle = ctypes.c_void_p(handle)
        if folded.config.adaptive:
            library.deepcuts_adapt_by(self._handle, folded.config.adaptive, STEP, MOST)
        self.weight_bytes: float = library.deepcuts_weight_bytes(self._handle) / folded.config.top
        self.load_state(state)

    def __del__(self) -> None:
        if hasattr(self, "_handle"):
            self._library.deepcuts_close(self._handle)

    def load_state(self, state: RecurrentState) -> None:
        """Replaces the state of all clips.

        Raises:
            ValueError: it is not a state of as many clips of this model.
        """
        config = self._config
        past = _checked(state.past, np.int64, (self._clips, config.context_length))
        if past.min() < 0 or past.max() >= config.levels:
            raise ValueError("codes out of range")
        shape = (config.layers, self._clips, config.width)
        tiers = state.tiers[: len(config.frame_sizes)]
        if len(state.tiers) != len(config.frame_sizes) + bool(config.adaptive):
            raise ValueError("a state for every tier")
        hidden = [_checked(values, np.float32, shape) for values, _ in tiers]
        cell = [_checked(values, np.float32, shape) for _, values in tiers]
        self._library.deepcuts_go_to(self._handle, _pointers(hidden), _pointers(cell), past.ctypes.data)
        if state.residuals is not None:
            residuals = _checked(state.residuals, np.float32, (self._clips, config.surprises, 2))
            self._library.deepcuts_load_residuals(self._handle, residuals.ctypes.data)
        if taps := config.adaptive:
            shape = (1, self._clips, taps + config.surprises)
            filters, errors = (_checked(values, np.float32, shape)[0] for values in state.tiers[-1])
            parts = [np.ascontiguousarray(part) for part in (filters[:, :taps], errors[:, :taps], filters[:, taps:])]
            self._library.deepcuts_load_adapted(self._handle, *(part.ctypes.data for part in parts))

    def state(self) -> RecurrentState:
        """See `Engine.state`."""
        config = self._config
        shape = (config.layers, self._clips, config.width)
        tiers = tuple((np.empty(shape, np.float32), np.empty(shape, np.float32)) for _ in config.frame_sizes)
        past = np.empty((self._clips, config.context_length), dtype=np.int64)
        hidden, cell = _pointers([values for values, _ in tiers]), _pointers([values for _, values in tiers])
        self._library.deepcuts_tell(self._handle, hidden, cell, past.ctypes.data)
        if not config.guide_predictor:
            return RecurrentState(tiers, past)
        residuals = np.empty((self._clips, config.surprises, 2), np.float32)
        self._library.deepcuts_read_residuals(self._handle, residuals.ctypes.data)
        if config.adaptive:
            tiers = (*tiers, self._adapted())
        return RecurrentState(tiers, past, residuals)

    def _adapted(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """What the adaptive filters have come to, as a `RecurrentState` has it."""
        taps, count = self._config.adaptive, self._config.surprises
        weights, errors, moved = (np.empty((self._clips, each), np.float32) for each in (taps, taps, count))
        self._library.deepcuts_read_adapted(self._handle, *(part.ctypes.data for part in (weights, errors, moved)))
        return np.concatenate([weights, moved], axis=1)[None], np.pad(errors, ((0, 0), (0, count)))[None]

    def make(self, request: SamplingRequest, odds: NDArray[np.float32] | None = None) -> NDArray[np.int64]:
        """See `Engine.make`.

        Raises:
            ValueError: shapes or types that are not those of a `SamplingRequest` for these clips.
        """
        config = self._config
        samples = request.chances.shape[-1]
        shape = (self._clips, samples)
        if samples % config.top:
            raise ValueError("a whole number of frames of the slowest tier")
        asked = [
            _checked(request.chances, np.float32, shape),
            _checked(request.temperature, np.float32, shape),
            _checked(request.top_k, np.int32, shape[:1]),
            _checked(request.top_p, np.float32, shape[:1]),
        ]
        codes = np.empty(shape, dtype=np.int64)
        told = None if odds is None else np.empty((*shape, config.levels), dtype=np.float32)
        addresses = [None if values is None else values.ctypes.data for values in (*asked, codes, told)]
        guide = self._guide(request)
        if config.guide_predictor:
            self._library.deepcuts_follow(self._handle, None if guide is None else ctypes.byref(guide[0]))
        self._library.deepcuts_make(self._handle, ctypes.byref(native.SamplingRequest(samples, *addresses)))
        if odds is not None and told is not None:
            odds[...] = told
        return codes

    def _guide(self, request: SamplingRequest) -> tuple[native.Guide, list[NDArray[np.float32]]] | None:
        """What the library is told of a guide, and the arrays that it points to; None without a guide.

        Raises:
            ValueError: it does not fit the request and the network.
        """
        order, samples = self._config.guide_predictor, request.chances.shape[1]
        if request.guide is None or not order:
            return None
        frames = -(-samples // GUIDE_HOP)
        shape = (self._clips, frames)
        arrays = [
            _checked(request.guide.filters, np.float32, (*shape, order)),
            _checked(request.guide.scales, np.float32, shape),
            _checked(request.guide.features, np.float32, (*shape, GUIDE_FEATURES)),
        ]
        addresses = (values.ctypes.data for values in arrays)
        return native.Guide(frames, GUIDE_HOP, order, GUIDE_FEATURES, *addresses), arrays


def processors() -> int:
    """Number of processors that this process may use: what OMP_NUM_THREADS says, else those it is bound to."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    if told.isdecimal() and int(told) > 0:
        return int(told)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _checked(values: NDArray[Any], dtype: type[np.generic], shape: tuple[int, ...]) -> NDArray[Any]:
    """The values as a contiguous array; raises ValueError where their type or shape is another."""
    if values.shape != shape or values.dtype != dtype:
        raise ValueError(f"{shape} of {dtype.__name__}, not {values.shape} of {values.dtype}")
    return np.ascontiguousarray(values)


def _pointers(arrays: Sequence[NDArray[np.float32]]) -> ctypes.Array[ctypes.c_void_p]:
    return (ctypes.c_void_p * len(arrays))(*(values.ctypes.data for values in arrays))
