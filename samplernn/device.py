"""Which processor does the work, and in what precision."""

from __future__ import annotations

import torch

from resources.words import plural
from samplernn.errors import SoundError


def pick_device(name: str) -> torch.device:
    """The device called `name`; "auto" takes CUDA, else Apple's, else the CPU.

    Raises:
        SoundError: it is not there.
    """
    cuda, apple = torch.cuda.is_available(), torch.backends.mps.is_available()
    if name == "auto":
        name = "cuda" if cuda else "mps" if apple else "cpu"
    there = [*(["cuda"] if cuda else []), *(f"cuda:{number}" for number in range(torch.cuda.device_count()))]
    there += ["mps"] if apple else []
    if name not in (*there, "cpu"):
        raise SoundError(f"This computer has no device “{name}” that can be used.", "Use “auto”.")
    return torch.device(name)


def fast_dtype(device: torch.device) -> torch.dtype:
    """bfloat16 where the device multiplies matrices of it in hardware, else float32."""
    if device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False):
        return torch.bfloat16
    if device.type == "cpu" and torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        quick = getattr(torch.cpu, "_is_avx512_bf16_supported", None)
        if quick is not None and quick():
            return torch.bfloat16
    return torch.float32


def in_words(device: torch.device, dtype: torch.dtype) -> str:
    """E.g. "CPU, 2 threads, bf16"."""
    if device.type == "cpu":
        words = f"CPU, {plural(torch.get_num_threads(), 'thread')}"
    else:
        words = torch.cuda.get_device_name(device) if device.type == "cuda" else device.type.upper()
    return f"{words}, bf16" if dtype is torch.bfloat16 else words
