"""Which processor does the work, in what precision, and how much memory it has."""

from __future__ import annotations

import os
from pathlib import Path

import torch

from resources.words import plural
from samplernn.errors import SoundError

_LIMITS = Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes")
"""Where Linux tells what a container may take: the second and the first version of its control groups."""


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


def machine_memory(device: torch.device) -> float:
    """Bytes of the device, or of the machine or the container; infinity where it is not known."""
    if device.type == "cuda":
        return float(torch.cuda.mem_get_info(device)[1])
    try:
        there = float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, OSError, ValueError):
        there = float("inf")
    return min(there, *map(_limit, _LIMITS))


def _limit(path: Path) -> float:
    try:
        return float(int(path.read_text(encoding="ascii")))
    except (OSError, ValueError):  # no such file; or "max"
        return float("inf")
