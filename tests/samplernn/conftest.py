"""Small models and music that the tests of learning and generating share."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from samplernn.audio.reading import write_sound
from samplernn.checkpoint import CheckpointMetadata, save_checkpoint
from samplernn.config import ModelConfig, Preset, TrainConfig
from samplernn.data.build import build_dataset
from samplernn.data.dataset import Dataset
from samplernn.native.library import instruction_sets
from samplernn.network.model import SampleRNN

RATE = 8000
CONFIGS = {
    "as in the paper": ModelConfig(frame_sizes=(8,), layers=3, width=24, embedding=8, lookback=8),
    "gru": ModelConfig(frame_sizes=(8,), cell="gru", layers=2, width=16, embedding=8, lookback=8, first_state="random"),
    "three tiers": ModelConfig(frame_sizes=(16, 4), width=16, embedding=8, lookback=4, first_state="learned"),
    "linear codes": ModelConfig(
        frame_sizes=(4,), layers=2, width=16, embedding=8, law="linear", skip=False, lookback=6
    ),
    "as in sketch": ModelConfig(
        frame_sizes=(8,), width=24, sample_width=16, lookback=0, predictor=40, surprises=6, weight_norm=False
    ),
    "everything": ModelConfig(
        frame_sizes=(8,), layers=2, width=16, embedding=8, lookback=4, predictor=16, surprises=3,
        first_state="random", smooth_start=True,
    ),
}  # fmt: skip


def _music(seconds: float, seed: int = 0) -> np.ndarray:
    """A chord that comes and goes over noise, float32 mono."""
    time = np.arange(round(seconds * RATE)) / RATE
    noise = np.random.default_rng(seed).normal(0, 0.02, len(time))
    chord = sum(np.sin(2 * np.pi * pitch * time) for pitch in (110, 164.8, 220.0))
    return (0.2 * chord * (1 + np.sin(2 * np.pi * 1.5 * time)) + noise).astype(np.float32)


def _model_of(config: ModelConfig, seed: int = 0) -> SampleRNN:
    """A model whose filter, where it has one, has heard some music."""
    torch.manual_seed(seed)
    model = SampleRNN(config)
    sound = np.tile(_music(2.0), 8)
    model.fit_lpc(sound, [(0, len(sound))])
    return model


def _preset_of(config: ModelConfig, **training: object) -> Preset:
    shape = TrainConfig(batch=4, window=64, steps_per_epoch=20, epochs=2, rate=3e-3, warmup=5, clip_by="norm")
    return Preset(name="small", title="", words="", model=config, train=replace(shape, **training), rate=RATE)


@pytest.fixture(params=CONFIGS.values(), ids=CONFIGS.keys())
def config(request) -> ModelConfig:
    return request.param


@pytest.fixture(scope="session")
def small() -> SimpleNamespace:
    """What makes small things: music(seconds), model_of(config), preset_of(config, ...), and the configs by name."""
    return SimpleNamespace(rate=RATE, music=_music, model_of=_model_of, preset_of=_preset_of, configs=dict(CONFIGS))


@pytest.fixture(scope="session")
def album(tmp_path_factory) -> Path:
    """The folder of a dataset of 24 s of the made-up music."""
    folder = tmp_path_factory.mktemp("album")
    write_sound(folder / "track.wav", _music(24.0), RATE, format="wav")
    build_dataset([folder / "track.wav"], folder / "dataset", RATE)
    return folder / "dataset"


@pytest.fixture(scope="session")
def dataset(album) -> Dataset:
    return Dataset.open(album)


@pytest.fixture
def checkpoint(small, tmp_path) -> Path:
    """Of a small model that has learnt nothing yet."""
    model = small.model_of(small.configs["as in sketch"])
    metadata = CheckpointMetadata(
        run="run-1", preset="sketch", model=model.config, rate=small.rate, epoch=3, step=60, train_bits=5.0,
        held_out_bits=5.1, seconds=9.0,
    )  # fmt: skip
    path = tmp_path / "epoch-0003.safetensors"
    save_checkpoint(path, model.state_dict(), metadata)
    return path


@pytest.fixture(params=instruction_sets() or ("none",))
def instructions(request) -> str:
    """Every instruction set of this processor; skipped where the native library was not built."""
    if request.param == "none":
        pytest.skip("the native library was not built here")
    return request.param
