"""What machine this is, for the artist to know what the model learns on."""

from __future__ import annotations

import os
import platform
import re
from dataclasses import dataclass
from pathlib import Path

from app.document.words import plural

_GIB = 2**30


@dataclass(frozen=True)
class Machine:
    """The device that the model learns on."""

    name: str
    memory_used: float
    """In GiB, by all programs; 0.0 where it is not known."""
    memory: float
    """In GiB; 0.0 where it is not known."""
    has_gpu: bool


def look_at_machine() -> Machine:
    """The GPU where torch finds one, else the processor.

    Imports torch, which takes a second or two the first time.
    """
    import torch

    if torch.cuda.is_available():
        free, whole = torch.cuda.mem_get_info()
        name = _short(torch.cuda.get_device_name())
        return Machine(name, (whole - free) / _GIB, whole / _GIB, has_gpu=True)
    used, whole_memory = _memory()
    if torch.backends.mps.is_available():
        return Machine(_short(platform.processor() or "Apple GPU"), used, whole_memory, has_gpu=True)
    cores = os.cpu_count() or 1
    return Machine(f"CPU, {plural(cores, 'core')}", used, whole_memory, has_gpu=False)


def warm_up() -> None:
    """Imports what torch itself imports only when a model begins to learn.

    That takes about a second, most of it without letting other threads run.
    """
    import torch

    torch.optim.Adam([torch.zeros(1, requires_grad=True)])


def _short(name: str) -> str:
    """A name without the words that every device of its maker bears."""
    return re.sub(r"\b(NVIDIA|GeForce|AMD|Radeon|Intel|\(R\)|\(TM\))\s*", "", name).strip() or name


def _memory() -> tuple[float, float]:
    """GiB used and there in all; zeros where the system does not say."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        values = {name: int(rest.split()[0]) * 1024 for name, rest in (line.split(":", 1) for line in lines)}
        return (values["MemTotal"] - values["MemAvailable"]) / _GIB, values["MemTotal"] / _GIB
    except (OSError, KeyError, ValueError, IndexError):
        pass
    try:
        return 0.0, os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / _GIB
    except (AttributeError, OSError, ValueError):
        return 0.0, 0.0
