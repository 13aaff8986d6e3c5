"""Chooses the engine that generates: the fastest that this computer has."""

from __future__ import annotations

import functools
import logging
from typing import Literal

import torch

from samplernn.device import fast_dtype
from samplernn.engines.cuda.engine import CudaEngine
from samplernn.engines.engine import Engine
from samplernn.engines.folded import Folded, fold
from samplernn.engines.native_engine import NativeEngine
from samplernn.engines.recurrent_state import RecurrentState
from samplernn.engines.torch_engine import TorchEngine
from samplernn.errors import SoundError
from samplernn.native.library import instruction_sets, library, plays
from samplernn.network.model import SampleRNN

EngineName = Literal["auto", "cuda", "native", "torch"]
Precision = Literal["auto", "float32", "bfloat16", "int8"]
"""Number format of the weights; sums are float32 everywhere."""


def open_engine(
    model: SampleRNN,
    state: RecurrentState,
    *,
    engine: EngineName = "auto",
    precision: Precision = "auto",
    threads: int | None = None,
) -> Engine:
    """Opens an engine that generates from `state` on, with the weights that the model has now.

    Networks with guides are played on a GPU by PyTorch, unless the engine for GPUs is asked for; those with an adaptive
    filter always.

    Args:
        precision: by default what is quickest without being heard: bfloat16 where the engine and the processor have
            it. Only the native engine has int8.
        threads: of the native engine; by default as many as OMP_NUM_THREADS says, or as there are processors.

    Raises:
        SoundError: an engine or a precision that this computer does not have.
    """
    on_gpu = model.device.type == "cuda"
    native = bool(instruction_sets())
    if model.config.guide_predictor:
        native, adaptive = plays(library(), model.config), model.config.adaptive > 0
        if (engine == "auto" and (on_gpu or not native)) or (engine == "cuda" and adaptive):
            engine = "torch"
    if engine not in ("auto", "torch", *(["cuda"] if on_gpu else []), *(["native"] if native else [])):
        raise SoundError(f"This computer has no generator “{engine}”.", "Use “auto”.")
    if engine == "auto":
        engine = "cuda" if on_gpu else "native" if native else "torch"
        if engine == "torch":
            _tell_that_it_is_slow()
    if precision == "int8" and engine != "native":
        raise SoundError(f"The generator “{engine}” cannot work in {precision}.", "Use “auto”.")
    with torch.inference_mode():
        return _opened(fold(model), state, engine, precision, threads)


def _opened(
    folded: Folded, state: RecurrentState, engine: EngineName, precision: Precision, threads: int | None
) -> Engine:
    if engine == "native":
        return NativeEngine(folded, state, precision="bfloat16" if precision == "auto" else precision, threads=threads)
    dtype = {"float32": torch.float32, "bfloat16": torch.bfloat16}.get(precision)
    dtype = dtype or fast_dtype(folded.device)
    return CudaEngine(folded, state, dtype) if engine == "cuda" else TorchEngine(folded, state, dtype)


@functools.cache
def _tell_that_it_is_slow() -> None:
    """Logs it once per process."""
    logging.getLogger("samplernn").warning(
        "The native generator is not there, so clips are made with PyTorch, some 20 times slower. "
        "To have it, install a C++ compiler (g++ or clang++) and set up Deep Cuts again."
    )
