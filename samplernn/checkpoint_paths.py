"""Where the checkpoints of a run lie on the disk: the only place that knows their names. Needs no torch.

RUN/checkpoints/epoch-0012.safetensors   the weights
RUN/checkpoints/epoch-0012.json          the metadata, see `samplernn.checkpoint`
RUN/checkpoints/epoch-0012.starred       an empty file: the artist keeps this checkpoint for ever
"""

from __future__ import annotations

import re
from pathlib import Path

WEIGHTS_SUFFIX = ".safetensors"
_FOLDER = "checkpoints"
_NAME = re.compile(rf"epoch-(\d+){re.escape(WEIGHTS_SUFFIX)}")


def checkpoint_folder(run_folder: Path) -> Path:
    """The folder that holds all checkpoints of a run."""
    return run_folder / _FOLDER


def checkpoint_name(epoch: int) -> str:
    """The name of a checkpoint without a suffix, as clips remember it."""
    return f"epoch-{epoch:04d}"


def checkpoint_path(run_folder: Path, epoch: int) -> Path:
    """The file with the weights of an epoch, whether it is there or not."""
    return checkpoint_folder(run_folder) / f"{checkpoint_name(epoch)}{WEIGHTS_SUFFIX}"


def checkpoint_paths(run_folder: Path) -> list[tuple[int, Path]]:
    """The epochs of a run whose weights are on the disk, each with their file, the oldest first."""
    paths = checkpoint_folder(run_folder).glob(f"epoch-*{WEIGHTS_SUFFIX}")
    found = [(int(match[1]), path) for path in paths if (match := _NAME.fullmatch(path.name))]
    return sorted(found)


def weights_path(path: Path) -> Path:
    """The weights that belong to `path`, which may be the metadata."""
    return path.with_suffix(WEIGHTS_SUFFIX)


def metadata_path(path: Path) -> Path:
    """The metadata that belongs to the weights at `path`."""
    return path.with_suffix(".json")


def star_path(path: Path) -> Path:
    """The file that is there where the checkpoint at `path` is kept for ever."""
    return path.with_suffix(".starred")
