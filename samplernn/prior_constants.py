"""The constants of the learned prior and of the residuals: the one place where they are set.

Python reads them here; `setup.py` builds the native library with them as macros, and `samplernn.cuda.compiler` puts
them in front of every CUDA source. A checkpoint is only good with the constants that it was trained with. The formulas
are in `samplernn/network/prior.py`, `samplernn/native/source/prior.h` and `samplernn/cuda/learned_prior.cu`.

`setup.py` runs this file by itself, before anything is installed: it imports nothing of ours.
"""

from __future__ import annotations

RESIDUAL_LIMIT = 6.0
"""The signed residual is clamped to plus or minus this, in units of the predictor's scale."""
RESIDUAL_FLOOR = 0.05
"""Added to the size of a residual, in the same units, before its logarithm is taken."""
RESIDUAL_GAIN = 0.5
"""Both features of a residual are multiplied by this before they enter the sample tier."""
NARROWNESS_LIMIT = 5.0
"""The narrowness of the prior is clamped to plus or minus this; the slope is exp(-narrowness) over the scale."""
LEAST_PROBABILITY = 1e-37
"""Smaller probabilities count as this in the loss, so that it is finite."""

NAMES = ("RESIDUAL_LIMIT", "RESIDUAL_FLOOR", "RESIDUAL_GAIN", "NARROWNESS_LIMIT", "LEAST_PROBABILITY")


def values() -> tuple[float, ...]:
    """All of them, in the order of `NAMES`."""
    return tuple(float(globals()[name]) for name in NAMES)


def macros() -> dict[str, str]:
    """The same for a C preprocessor, as float32 literals."""
    return {name: f"{value!r}f" for name, value in zip(NAMES, values(), strict=True)}
