"""The built library and how its functions are called: the types of source/generator.h for ctypes."""

from __future__ import annotations

import ctypes
import functools
import importlib.util
from ctypes import POINTER, c_char_p, c_double, c_float, c_int32, c_int64, c_void_p, sizeof
from pathlib import Path
from typing import ClassVar

from samplernn import prior_constants
from samplernn.config import ModelConfig

SETS = ("plain", "avx2", "avx512", "avx512-bf16")
"""Instruction sets, from the least to the best."""

Pointers = POINTER(c_void_p)


class Affine(ctypes.Structure):
    """DeepcutsAffine: x to x * weights + bias; weights [inputs, outputs]."""

    _fields_: ClassVar = [("weights", c_void_p), ("bias", c_void_p), ("inputs", c_int32), ("outputs", c_int32)]


class Cell(ctypes.Structure):
    """DeepcutsCell: one recurrent layer."""

    _fields_: ClassVar = [("inward", Affine), ("recurrent", c_void_p)]


class Tier(ctypes.Structure):
    """DeepcutsTier: one frame tier, as `samplernn.engines.folded.FoldedTier`."""

    _fields_: ClassVar = [
        ("size", c_int32), ("ratio", c_int32), ("expand", Affine), ("skip_projection", Affine), ("upsample", Affine),
        ("cells", POINTER(Cell)),
    ]  # fmt: skip


class Model(ctypes.Structure):
    """DeepcutsModel: a whole model, as `samplernn.engines.folded.Folded`; null for what is not there."""

    _fields_: ClassVar = [
        *((name, c_int32) for name in ("levels", "width", "units", "layers", "tier_count", "gru", "lookback")),
        ("context_length", c_int32), ("order", c_int32), ("residuals", c_int32),
        ("tiers", POINTER(Tier)), ("tables", c_void_p), ("third", Affine), ("output", Affine), ("hear", c_void_p),
        ("lpc", c_void_p), ("values", c_void_p), ("residual_scale", c_float),
    ]  # fmt: skip


class SamplingRequest(ctypes.Structure):
    """DeepcutsSamplingRequest: what to draw, as `samplernn.engines.sampling_request.SamplingRequest`, and where to."""

    _fields_: ClassVar = [
        ("samples", c_int64), ("chances", c_void_p), ("temperature", c_void_p), ("top_k", c_void_p),
        ("top_p", c_void_p), ("codes", c_void_p), ("odds", c_void_p),
    ]  # fmt: skip


class Guide(ctypes.Structure):
    """DeepcutsGuide: what a network with guides is told, as `samplernn.network.conditioning.GuideFrames`."""

    _fields_: ClassVar = [
        ("frames", c_int64), ("hop", c_int32), ("order", c_int32), ("count", c_int32),
        ("filters", c_void_p), ("scales", c_void_p), ("features", c_void_p),
    ]  # fmt: skip


class Loss(ctypes.Structure):
    """DeepcutsLoss: logits that become their gradient, with their targets and the inputs of the learned prior."""

    _fields_: ClassVar = [
        ("rows", c_int64), ("levels", c_int32), ("halves", c_int32), ("logits", c_void_p), ("target", c_void_p),
        ("values", c_void_p), ("predicted", c_void_p), ("residual_scale", c_float),
    ]  # fmt: skip


class Levinson(ctypes.Structure):
    """DeepcutsLevinson: autocorrelations and where their linear predictors go."""

    _fields_: ClassVar = [
        ("frames", c_int64), ("order", c_int32), ("largest_reflection", c_float),
        ("lags", c_void_p), ("predictors", c_void_p), ("left", c_void_p),
    ]  # fmt: skip


class Adapting(ctypes.Structure):
    """DeepcutsAdapting: residuals, and adaptive filters that run over them, as `samplernn.network.adaptive.adapt`."""

    _fields_: ClassVar = [
        ("streams", c_int64), ("samples", c_int64), ("taps", c_int32), ("step", c_float), ("most", c_float),
        ("errors", c_void_p), ("there", c_void_p), ("weights", c_void_p), ("last", c_void_p), ("moved", c_void_p),
    ]  # fmt: skip


LEVINSON_FRAMES = 16
"""Frames come in multiples of this."""

_OF_GUIDES = {
    "load_residuals": [c_void_p, c_void_p],
    "read_residuals": [c_void_p, c_void_p],
    "follow": [c_void_p, POINTER(Guide)],
}


_OF_ADAPTIVE = {
    "adapt_by": [c_void_p, c_int32, c_float, c_float],
    "load_adapted": [c_void_p, c_void_p, c_void_p, c_void_p],
    "read_adapted": [c_void_p, c_void_p, c_void_p, c_void_p],
}


def knows_guides(library: ctypes.CDLL | None) -> bool:
    """Whether it is there and plays networks with guides, too; one that was built before there were any does not."""
    return library is not None and hasattr(library, "deepcuts_follow")


def knows_levinson(library: ctypes.CDLL | None) -> bool:
    """Whether it is there and works out linear predictors; one that was built before it did is good for all else."""
    return library is not None and hasattr(library, "deepcuts_levinson")


def knows_adaptive(library: ctypes.CDLL | None) -> bool:
    """Whether it is there and has adaptive filters, which one that was built before them lacks."""
    return library is not None and hasattr(library, "deepcuts_adapt")


def plays(library: ctypes.CDLL | None, config: ModelConfig) -> bool:
    """Whether it is there and plays networks of this kind."""
    if library is None or (config.guide_predictor and not knows_guides(library)):
        return False
    return knows_adaptive(library) if config.adaptive else True


@functools.cache
def library() -> ctypes.CDLL | None:
    """The library; None where it was not built, or cannot be loaded."""
    found = importlib.util.find_spec("samplernn.native._generator")
    if found is None or found.origin is None:
        return None
    return load(Path(found.origin))


def load(path: Path) -> ctypes.CDLL | None:
    """The library at `path`; None where it cannot be used, or was built from another source or other constants."""
    try:
        loaded = ctypes.CDLL(str(path))
        loaded.deepcuts_layout.restype = c_int64
        layout = sizeof(Loss) << 48 | sizeof(Model) << 32 | sizeof(Tier) << 16 | sizeof(SamplingRequest)
        if loaded.deepcuts_layout() != layout:
            return None
        loaded.deepcuts_constants.restype = POINTER(c_float)
        constants = [c_float(value).value for value in prior_constants.values()]
        if loaded.deepcuts_constants()[: len(constants)] != constants:
            return None
        loaded.deepcuts_loss.argtypes, loaded.deepcuts_loss.restype = [POINTER(Loss), c_int32], c_double
        loaded.deepcuts_set.argtypes, loaded.deepcuts_set.restype = [c_int32], c_char_p
        loaded.deepcuts_open.argtypes = [POINTER(Model), c_int32, c_int32, c_int32, c_int32]
        loaded.deepcuts_open.restype = c_void_p
        loaded.deepcuts_weight_bytes.argtypes, loaded.deepcuts_weight_bytes.restype = [c_void_p], c_int64
        if knows_levinson(loaded):
            loaded.deepcuts_levinson.argtypes, loaded.deepcuts_levinson.restype = [POINTER(Levinson), c_int32], c_int32
        if knows_adaptive(loaded):
            loaded.deepcuts_adapt.argtypes, loaded.deepcuts_adapt.restype = [POINTER(Adapting), c_int32], c_int32
        for name, arguments in {
            "close": [c_void_p],
            "go_to": [c_void_p, Pointers, Pointers, c_void_p],
            "tell": [c_void_p, Pointers, Pointers, c_void_p],
            "make": [c_void_p, POINTER(SamplingRequest)],
            **(_OF_GUIDES if knows_guides(loaded) else {}),
            **(_OF_ADAPTIVE if knows_adaptive(loaded) else {}),
        }.items():
            function = getattr(loaded, f"deepcuts_{name}")
            function.argtypes, function.restype = arguments, None
    except (OSError, AttributeError):
        return None
    return loaded


@functools.cache
def instruction_sets() -> tuple[str, ...]:
    """Those of `SETS` that the library and this processor have; none where there is no library."""
    built = library()
    return () if built is None else tuple(name for k, name in enumerate(SETS) if built.deepcuts_set(k) is not None)
