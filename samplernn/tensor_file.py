"""Tensors on disk, as safetensors: never half-written, and never loaded before it is known how much there is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from resources.files import NotRegularError, open_regular, refuse_hollow, replacing
from resources.refusals import fault_in

Shapes = Mapping[str, tuple[int, ...]]


def save_tensors(path: Path, tensors: Mapping[str, Tensor], facts: Mapping[str, Any] | None = None) -> None:
    """Writes one file, replaced at once, with `facts` as JSON in its header.

    Raises:
        OSError: it cannot be written; what was there before still is.
    """
    metadata = None if facts is None else {"facts": json.dumps(facts)}
    with replacing(path) as fresh, telling_faults():
        save_file(dict(tensors), fresh, metadata=metadata)


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """The file, mapped; nothing of it takes memory yet.

    Raises:
        OSError: it is missing or cannot be read.
        ValueError: it is damaged, no file, or only claims to be as large as it is.
    """
    try:  # safetensors calls all that it may not open missing
        with open_regular(path) as plain:
            refuse_hollow(plain)
    except NotRegularError as fault:
        raise ValueError(f"{path} is not a file") from fault
    try:
        with telling_faults(), safe_open(path, framework="pt", device="cpu") as file:
            yield file
    except SafetensorError as fault:
        raise ValueError(f"{path} is damaged") from fault


@contextmanager
def telling_faults() -> Iterator[None]:
    """What the system refused is an OSError, whatever the library makes of it."""
    try:
        yield
    except SafetensorError as error:
        if fault := fault_in(error):
            raise fault from error
        raise
