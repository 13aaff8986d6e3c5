"""Models on disk: weights as safetensors, what they are as JSON beside them. Nothing is ever unpickled."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from torch import Tensor

from resources.files import read_json, write_whole
from samplernn.checkpoint_paths import metadata_path, weights_path
from samplernn.config import ModelConfig, model_from_dict
from samplernn.device import machine_memory
from samplernn.errors import SoundError
from samplernn.network.model import SampleRNN, parameter_count
from samplernn.tensor_file import Shapes, opened, save_tensors

FORMAT = 1
_MOST_COUNTED = 2**53
_LONGEST_NAME = 200
"""Bytes."""
_MOST_BUFFERS = 65_536
"""Numbers, at most, that a model keeps besides its parameters: its LPC coefficients."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointMetadata:
    """What is known of a checkpoint; the JSON file beside the weights."""

    run: str
    preset: str
    model: ModelConfig
    rate: int
    """Of the sound that the model makes, in Hz."""
    epoch: int
    step: int
    train_bits: float
    held_out_bits: float | None
    seconds: float
    """Spent in training."""


def save_checkpoint(path: Path, weights: Mapping[str, Tensor], metadata: CheckpointMetadata) -> None:
    """Writes the weights to `path` and then the metadata beside it, each at once and whole.

    Raises:
        OSError: they cannot be written; what was there before still is.
    """
    save_tensors(path, {name: tensor.detach().cpu().contiguous() for name, tensor in weights.items()})
    save_metadata(path, metadata)


def save_metadata(path: Path, metadata: CheckpointMetadata) -> None:
    """Writes the metadata beside the weights at `path`; raises OSError where that cannot be."""
    write_whole(metadata_path(path), json.dumps({"format": FORMAT, **asdict(metadata)}, indent=1))


def read_metadata(path: Path) -> CheckpointMetadata:
    """The metadata of the checkpoint at `path` (of the weights or of the metadata itself).

    Raises:
        SoundError: it is missing, not the metadata of a checkpoint, or of a newer version.
    """
    path = metadata_path(path)
    bad = SoundError(f"“{path.name}” does not describe a checkpoint.", "Use another checkpoint.")
    try:
        raw = read_json(path)
        if raw.pop("format") > FORMAT:
            raise SoundError("This checkpoint was made by a newer Deep Cuts.", "Update Deep Cuts.")
        metadata = CheckpointMetadata(model=model_from_dict(raw.pop("model")), **raw)
        held_out = () if metadata.held_out_bits is None else (metadata.held_out_bits,)
        figures = (metadata.train_bits, metadata.seconds, *held_out)
        counts = (metadata.rate, metadata.epoch, metadata.step)
        if not (all(type(n) is int for n in counts) and 1000 <= metadata.rate <= 768_000):
            raise bad
        if not all(isinstance(x, int | float) and math.isfinite(x) for x in figures):
            raise bad
        if not (0 <= metadata.epoch <= _MOST_COUNTED and 0 <= metadata.step <= _MOST_COUNTED):
            raise bad
        for name in (metadata.run, metadata.preset):
            if not isinstance(name, str) or len(name.encode("utf-8")) > _LONGEST_NAME:  # nor half a letter
                raise bad
    except FileNotFoundError:
        raise SoundError(f"“{path.name}” is not there.", "Use another checkpoint.") from None
    except OSError as error:
        raise SoundError.from_os_error(f"“{path.name}” cannot be read", error) from error
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as fault:
        raise bad from fault
    return metadata


def load_checkpoint(path: Path, device: str | torch.device = "cpu") -> tuple[SampleRNN, CheckpointMetadata]:
    """The model at `path`, ready to generate, and its metadata.

    Nothing is allocated before the header of the file and its size on the disk have been compared with the metadata.

    Raises:
        SoundError: missing, damaged or hostile files, weights that are not of the model in the metadata, or a model
            that is larger than the memory.
    """
    metadata = read_metadata(path)
    path = weights_path(path)
    _check_size(path, metadata.model)
    model = SampleRNN(metadata.model)
    shapes = {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}
    weights = read_tensors(path, shapes)
    if not all(bool(tensor.isfinite().all()) for tensor in weights.values()):
        raise SoundError(f"“{path.name}” holds weights that are no numbers.", "Use another checkpoint.")
    model.load_state_dict(weights)
    return model.to(device).eval(), metadata


def _check_size(path: Path, config: ModelConfig) -> None:
    """Whether the file at `path` can hold just such a model, and the memory two of it; nothing is allocated."""
    learnt = parameter_count(config)
    with _read_plainly(path), opened(path) as file:
        held = sum(math.prod(file.get_slice(name).get_shape()) for name in file.keys())  # noqa: SIM118 - not a dict
        size = path.stat().st_size
    if held < learnt or size < 4 * learnt:
        raise SoundError(f"“{path.name}” is too small for its description.", "Use another checkpoint.")
    if held > learnt + _MOST_BUFFERS:
        raise SoundError(f"“{path.name}” does not fit its description.", "Use another checkpoint.")
    if 2 * size > (memory := machine_memory(torch.device("cpu"))):
        raise SoundError(
            f"“{path.name}” is a model of {size / 1e9:.0f} GB, too large for the {memory / 1e9:.0f} GB of memory here.",
            "Use another checkpoint, or a larger machine.",
        )


def read_tensors(path: Path, shapes: Shapes) -> dict[str, Tensor]:
    """All tensors of a safetensors file, on the CPU.

    The file has to hold exactly the names of `shapes`, as float32 in those shapes; that is looked up before anything
    is loaded.

    Raises:
        SoundError: missing, damaged, or not as asked.
    """
    with _read_plainly(path), opened(path) as file:
        if set(file.keys()) != set(shapes):
            raise SoundError(f"“{path.name}” holds another kind of model.", "Use another checkpoint.")
        for name, shape in shapes.items():
            part = file.get_slice(name)
            if part.get_dtype() != "F32" or tuple(part.get_shape()) != shape:
                raise SoundError(f"“{path.name}” does not fit its description.", "Use another checkpoint.")
        return {name: file.get_tensor(name) for name in shapes}


def load_state(path: Path, shapes: Shapes | None = None) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """What a training kept with `save_tensors` to go on from: tensors and plain values.

    With `shapes`, it may hold no other tensors than those; that is looked up before anything is loaded.

    Raises:
        SoundError: missing, damaged, or not as asked.
    """
    todo = "Start a new run."
    with _read_plainly(path, todo), opened(path) as file:
        try:
            facts = json.loads(file.metadata()["facts"])
        except (KeyError, TypeError, RecursionError) as fault:
            raise ValueError("it has no facts") from fault
        names = list(file.keys())
        if not isinstance(facts, dict):
            raise ValueError("its facts are none")
        if shapes is not None and any(tuple(file.get_slice(name).get_shape()) != shapes.get(name) for name in names):
            raise SoundError("This run cannot be gone on with.", todo)
        return {name: file.get_tensor(name) for name in names}, facts


@contextmanager
def _read_plainly(path: Path, todo: str = "Use another checkpoint.") -> Iterator[None]:
    """Whatever is wrong with the file is a SoundError."""
    try:
        yield
    except FileNotFoundError:
        raise SoundError(f"“{path.name}” is not there.", todo) from None
    except OSError as error:
        raise SoundError.from_os_error(f"“{path.name}” cannot be read", error) from error
    except (ValueError, SafetensorError) as fault:
        raise SoundError(f"“{path.name}” is damaged.", todo) from fault
