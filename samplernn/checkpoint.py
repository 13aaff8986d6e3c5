"""Models on disk: weights as safetensors, what they are as JSON beside them. Nothing is ever unpickled."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from samplernn.config import ModelConfig, model_from_dict
from samplernn.errors import SoundError
from samplernn.files import read_json, refuse_special, replacing
from samplernn.model import SampleRNN, parameter_count

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a checkpoint is of; the JSON file beside the weights."""

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


def checkpoint_path(run_folder: Path, epoch: int) -> Path:
    """Where the weights of an epoch lie; the card has the same name with .json."""
    return run_folder / "checkpoints" / f"epoch-{epoch:04d}.safetensors"


def save_checkpoint(path: Path, weights: Mapping[str, Tensor], card: Card) -> None:
    """Writes the weights to `path` and then the card beside it, each at once and whole."""
    with replacing(path) as fresh:
        save_file({name: tensor.detach().cpu().contiguous() for name, tensor in weights.items()}, fresh)
    with replacing(path.with_suffix(".json")) as fresh:
        fresh.write_text(json.dumps({"format": FORMAT, **asdict(card)}, indent=1), encoding="utf-8")


def read_card(path: Path) -> Card:
    """The card of the checkpoint at `path` (of the weights or of the card itself).

    Raises:
        SoundError: it is missing, not a card, or of a newer version.
    """
    path = path.with_suffix(".json")
    bad = SoundError(f"“{path.name}” does not describe a checkpoint.", "Use another checkpoint.")
    try:
        raw = read_json(path)
        if raw.pop("format") > FORMAT:
            raise SoundError("This checkpoint was made by a newer Deep Cuts.", "Update Deep Cuts.")
        card = Card(model=model_from_dict(raw.pop("model")), **raw)
        figures = (card.train_bits, card.seconds, *(() if card.held_out_bits is None else (card.held_out_bits,)))
        counts = (card.rate, card.epoch, card.step)
        if not (all(type(n) is int for n in counts) and 1000 <= card.rate <= 768_000):
            raise bad
        if not all(isinstance(x, int | float) and math.isfinite(x) for x in figures):
            raise bad
        if not (isinstance(card.run, str) and isinstance(card.preset, str)):
            raise bad
    except FileNotFoundError:
        raise SoundError(f"“{path.name}” is not there.", "Use another checkpoint.") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError) as fault:
        raise bad from fault
    return card


def load_checkpoint(path: Path, device: str | torch.device = "cpu") -> tuple[SampleRNN, Card]:
    """The model at `path`, ready to generate, and its card.

    Raises:
        SoundError: missing, damaged or hostile files, or weights that are not of the model on the card.
    """
    card = read_card(path)
    path = path.with_suffix(".safetensors")
    if not path.exists():
        raise SoundError(f"“{path.name}” is not there.", "Use another checkpoint.")
    if path.stat().st_size < 4 * parameter_count(card.model):
        raise SoundError(f"“{path.name}” is too small for its description.", "Use another checkpoint.")
    model = SampleRNN(card.model)
    shapes = {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}
    weights = read_tensors(path, shapes)
    if not all(bool(tensor.isfinite().all()) for tensor in weights.values()):
        raise SoundError(f"“{path.name}” holds weights that are no numbers.", "Use another checkpoint.")
    model.load_state_dict(weights)
    return model.to(device).eval(), card


def read_tensors(path: Path, shapes: Mapping[str, tuple[int, ...]] | None = None) -> dict[str, Tensor]:
    """All tensors of a safetensors file, on the CPU.

    With `shapes`, the file has to hold exactly those names, as float32 in those shapes; that is looked up before
    anything is loaded.

    Raises:
        SoundError: missing, damaged, or not as asked.
    """
    try:
        refuse_special(path)
        with safe_open(path, framework="pt", device="cpu") as file:
            if shapes is not None and set(file.keys()) != set(shapes):
                raise SoundError(f"“{path.name}” holds another kind of model.", "Use another checkpoint.")
            for name, shape in (shapes or {}).items():
                part = file.get_slice(name)
                if part.get_dtype() != "F32" or tuple(part.get_shape()) != shape:
                    raise SoundError(f"“{path.name}” does not fit its description.", "Use another checkpoint.")
            return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
    except FileNotFoundError:
        raise SoundError(f"“{path.name}” is not there.", "Use another checkpoint.") from None
    except (SafetensorError, OSError, ValueError) as fault:
        raise SoundError(f"“{path.name}” is damaged.", "Use another checkpoint.") from fault


def save_state(path: Path, tensors: Mapping[str, Tensor], facts: Mapping[str, Any]) -> None:
    """Writes everything that a training needs to go on exactly: one file, replaced at once."""
    with replacing(path) as fresh:
        save_file(dict(tensors), fresh, metadata={"facts": json.dumps(facts)})


def load_state(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """What `save_state` wrote.

    Raises:
        SoundError: missing or damaged.
    """
    try:
        tensors = read_tensors(path)
    except SoundError as fault:
        raise SoundError(fault.what, "Start a new run.") from fault
    try:
        with safe_open(path, framework="pt", device="cpu") as file:
            facts = json.loads(file.metadata()["facts"])
    except (SafetensorError, OSError, ValueError, KeyError, TypeError, RecursionError) as fault:
        raise SoundError(f"“{path.name}” is damaged.", "Start a new run.") from fault
    if not isinstance(facts, dict):
        raise SoundError(f"“{path.name}” is damaged.", "Start a new run.")
    return tensors, facts
