"""Moments on disk, as safetensors: saved once, a place in the music can be gone on from again and again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import save_file

from resources.files import replacing
from resources.refusals import not_found
from samplernn.config import ModelConfig
from samplernn.engines.state import Moment
from samplernn.errors import SoundError
from samplernn.tensor_file import opened, telling_faults

_MOST_CLIPS = 10_000


def save_moment(path: Path, moment: Moment) -> None:
    """Writes the moment to `path`, at once and whole; raises OSError where that cannot be."""
    tensors = {"past": np.ascontiguousarray(moment.past)}
    for tier, (hidden, cell) in enumerate(moment.states):
        tensors[f"hidden.{tier}"], tensors[f"cell.{tier}"] = np.ascontiguousarray(hidden), np.ascontiguousarray(cell)
    with replacing(path) as fresh, telling_faults():
        save_file(tensors, fresh)


def load_moment(path: Path, config: ModelConfig) -> Moment:
    """The moment at `path`, for a model of this shape.

    Raises:
        SoundError: missing, damaged, or of another kind of model.
    """
    other = SoundError(f"“{path.name}” is not of this model.", "Use the model that it was saved with.")
    try:
        with opened(path, framework="np") as file:
            if "past" not in file.keys():  # noqa: SIM118 - not a dict
                raise other
            clips = file.get_slice("past").get_shape()[0]
            state = ("F32", [config.layers, clips, config.width])
            wanted = {"past": ("I64", [clips, config.context_length])}
            for tier in range(len(config.frame_sizes)):
                wanted |= {f"hidden.{tier}": state, f"cell.{tier}": state}
            parts = {name: file.get_slice(name) for name in file.keys()}  # noqa: SIM118
            found = {name: (part.get_dtype(), part.get_shape()) for name, part in parts.items()}
            if found != wanted or not 1 <= clips <= _MOST_CLIPS:
                raise other
            tiers = range(len(config.frame_sizes))
            states = tuple((file.get_tensor(f"hidden.{tier}"), file.get_tensor(f"cell.{tier}")) for tier in tiers)
            past = file.get_tensor("past")
    except FileNotFoundError:
        raise SoundError(*not_found(path.name)) from None
    except OSError as error:
        raise SoundError.from_os_error(f"“{path.name}” cannot be read", error) from error
    except (SafetensorError, ValueError, IndexError, TypeError) as fault:
        raise SoundError(f"“{path.name}” is damaged.", "Choose another file.") from fault
    sound = all(np.isfinite(values).all() for state in states for values in state)
    if not sound or past.min() < 0 or past.max() >= config.levels:
        raise SoundError(f"“{path.name}” is damaged.", "Choose another file.")
    return Moment(states, past)
