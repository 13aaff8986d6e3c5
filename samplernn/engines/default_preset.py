"""The preset to begin with where nobody has chosen one."""

from __future__ import annotations

from samplernn.config import Preset
from samplernn.native.library import library, plays
from samplernn.presets import PRESETS


def default_preset(*, on_gpu: bool) -> Preset:
    """*Guided sketch* where the native generator is there, which plays it; *Sketch* where it is not, or a GPU learns.

    The kernels for GPUs know no guides: there, and without the native generator, PyTorch plays such a network.
    """
    guided = PRESETS["guided-sketch"]
    return guided if not on_gpu and plays(library(), guided.model) else PRESETS["sketch"]
