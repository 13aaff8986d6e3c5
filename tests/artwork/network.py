"""A network of the published layout with few channels and made-up weights, and files that hold it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import torch

from artwork.vgg import Features
from artwork.vgg_layout import shapes
from artwork.weights import Published

WIDTHS = (4, 6, 8, 8, 8)


def made_up(widths: Sequence[int] = WIDTHS, seed: int = 0) -> dict[str, torch.Tensor]:
    """Weights that keep the responses at about the same size from layer to layer (He et al. 2015)."""
    random = torch.Generator().manual_seed(seed)
    return {
        name: torch.randn(shape, generator=random) * ((2 / (9 * shape[1])) ** 0.5 if len(shape) == 4 else 0.05)
        for name, shape in shapes(widths).items()
    }


def features() -> Features:
    return Features(made_up(), WIDTHS)


def write_published(path: Path, url: str = "", *, old_format: bool = True) -> Published:
    """A file as torchvision's: everything of `made_up`, and a classifier that no one needs."""
    whole = {**made_up(), "classifier.0.weight": torch.zeros(5, 8 * 49), "classifier.0.bias": torch.zeros(5)}
    torch.save(whole, path, _use_new_zipfile_serialization=not old_format)
    return published(path, url)


def published(path: Path, url: str = "") -> Published:
    data = path.read_bytes()
    return Published(url or f"http://nowhere.invalid/{path.name}", len(data), hashlib.sha256(data).hexdigest(), WIDTHS)
