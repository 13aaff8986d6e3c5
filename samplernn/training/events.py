"""The events of a training, which `samplernn.training.trainer.train` yields in the order in which they happen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Started:
    """Training begins, or goes on after a resume."""

    run: str
    device: str
    """In words, e.g. "CPU, 2 threads, bf16"."""
    parameters: int
    batch: int
    """Streams, the rows of a batch."""
    tbptt_length: int
    """Samples of each stream in a step, the length of truncated backpropagation through time."""
    steps_per_epoch: int
    epochs: int | None
    """None when a budget in seconds decides."""


@dataclass(frozen=True, slots=True)
class Step:
    """One or several optimiser steps have been made."""

    step: int
    epoch: int
    """The epoch that is being learnt, from 1."""
    fraction: float
    """Of the whole training, 0..1."""
    bits: float
    """Mean training loss since the last such event, in bits per sample."""
    samples_per_second: float
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class EpochEnd:
    """An epoch is over: the model was evaluated on held-out music and a checkpoint written."""

    epoch: int
    step: int
    train_bits: float
    held_out_bits: float
    seconds: float
    """Spent in training so far, earlier sessions included."""
    checkpoint: Path
    best: bool


@dataclass(frozen=True, slots=True)
class Saved:
    """A checkpoint was written in the middle of an epoch, without an evaluation: there is something to hear already."""

    epoch: int
    """The epoch that is being learnt; its final checkpoint will replace this one."""
    step: int
    checkpoint: Path


@dataclass(frozen=True, slots=True)
class Note:
    """Something the artist should know, as a plain sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The training is over; a stopped one can be resumed exactly where it was."""

    epoch: int
    step: int
    reason: Literal["done", "stopped", "budget"]


Event: TypeAlias = Started | Step | Saved | EpochEnd | Note | Finished
