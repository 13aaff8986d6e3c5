"""Checkpoints come back as they were; damaged, foreign and giant ones are refused."""

from __future__ import annotations

import json
import math
import os
import struct
import subprocess
import sys
from dataclasses import replace

import pytest
import torch
from safetensors.torch import save_file

from samplernn.checkpoint import (
    CheckpointMetadata,
    load_checkpoint,
    load_state,
    read_metadata,
    save_checkpoint,
    save_metadata,
)
from samplernn.config import ModelConfig
from samplernn.errors import SoundError
from samplernn.file_info import describe
from samplernn.network.model import SampleRNN
from samplernn.tensor_file import save_tensors
from samplernn.training.options import TrainOptions
from samplernn.training.trainer import train


@pytest.fixture
def metadata(small):
    return CheckpointMetadata(
        run="run-1", preset="sketch", model=small.configs["as in sketch"], rate=8000, epoch=2, step=40,
        train_bits=5.5, held_out_bits=None, seconds=1.5,
    )  # fmt: skip


@pytest.fixture
def saved(metadata, small, tmp_path):
    path = tmp_path / "checkpoints" / "epoch-0002.safetensors"
    save_checkpoint(path, small.model_of(metadata.model).state_dict(), metadata)
    return path


def _edit(path, **changes):
    path = path.with_suffix(".json")
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_a_model_comes_back_as_it_was(saved, metadata, small):
    model, read = load_checkpoint(saved)
    right = small.model_of(metadata.model).state_dict()
    assert read == metadata
    assert not model.training
    assert model.state_dict().keys() == right.keys()
    assert all(torch.equal(value, right[name]) for name, value in model.state_dict().items())


def test_every_kind_of_model_comes_back(config, metadata, small, tmp_path):
    path = tmp_path / "epoch-0001.safetensors"
    save_checkpoint(path, small.model_of(config).state_dict(), replace(metadata, model=config))
    assert load_checkpoint(path)[1].model == config


def test_checkpoints_from_before_there_were_gru_cells_open(saved, metadata):
    path = saved.with_suffix(".json")
    raw = json.loads(path.read_text())
    del raw["model"]["cell"]
    path.write_text(json.dumps(raw))
    assert load_checkpoint(saved)[1] == metadata


@pytest.mark.parametrize(
    "changes",
    [{"format": 99}, {"format": None}, {"epoch": "two"}, {"rate": -1}, {"train_bits": None}, {"run": 5},
     {"model": {"width": 10**9}}, {"model": []}, {"more": 1}, {"seconds": float("nan")}, {"held_out_bits": 10**400},
     {"run": "\ud800"}, {"preset": "x" * 10**5}, {"epoch": -1}, {"epoch": 10**30}, {"step": -5}],
)  # fmt: skip
def test_false_cards_are_refused(saved, changes):
    _edit(saved, **changes)
    with pytest.raises(SoundError):
        load_checkpoint(saved)


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "\x00\xff", "[" * 100_000])
def test_cards_that_are_no_cards_are_refused(saved, text):
    saved.with_suffix(".json").write_text(text)
    with pytest.raises(SoundError):
        read_metadata(saved)


def test_weights_of_another_model_are_refused(saved, metadata, small, tmp_path):
    config = replace(metadata.model, width=16)
    save_checkpoint(saved, small.model_of(config).state_dict(), metadata)
    with pytest.raises(SoundError):
        load_checkpoint(saved)
    save_checkpoint(saved, small.model_of(metadata.model).state_dict(), replace(metadata, model=config))
    with pytest.raises(SoundError):
        load_checkpoint(saved)


def test_metadata_that_promises_a_giant_costs_no_memory(saved, metadata):
    raw = json.loads(saved.with_suffix(".json").read_text())
    _edit(saved, model=raw["model"] | {"width": 8192, "layers": 64})
    with pytest.raises(SoundError, match="too small"):
        load_checkpoint(saved)
    saved.unlink()
    with pytest.raises(SoundError, match="not there"):
        load_checkpoint(saved)


def _hollow(path, tensors):
    """A file whose header is right and whose tensors are a hole."""
    header, place = {}, 0
    for name, (kind, shape) in tensors.items():
        size = math.prod(shape) * {"F32": 4, "I64": 8, "U8": 1}[kind]
        header[name] = {"dtype": kind, "shape": list(shape), "data_offsets": [place, place + size]}
        place += size
    raw = json.dumps(header | {"__metadata__": {"facts": "{}"}}).encode()
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(raw)) + raw)
        file.truncate(8 + len(raw) + place)


_CONFIG = "samplernn.checkpoint.ModelConfig(frame_sizes=(16,), layers=8, width=2048, embedding=256)"
_GIANT = ModelConfig(frame_sizes=(16,), layers=8, width=2048, embedding=256, lookback=16)


def _shapes_of_giant():
    with torch.device("meta"):
        return {name: ("F32", tuple(value.shape)) for name, value in SampleRNN(_GIANT).state_dict().items()}


_CHILD = """
import resource, sys
from pathlib import Path
import samplernn.checkpoint, samplernn.training.trainer
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
from samplernn.errors import SoundError
try:
    exec(sys.argv[1])
except SoundError as error:
    print(error)
else:
    print("taken")
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""


def _tried(code):
    """What is said of it, and how many MB it took."""
    found = subprocess.run([sys.executable, "-c", _CHILD, code], capture_output=True, text=True, check=True)
    said, megabytes = found.stdout.splitlines()
    return said, float(megabytes)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux tells it")
def test_a_giant_that_is_all_hole_costs_no_memory(saved, metadata):
    save_metadata(saved, replace(metadata, model=_GIANT))
    _hollow(saved, _shapes_of_giant())
    assert saved.stat().st_size > 1e9
    said, megabytes = _tried(f"samplernn.checkpoint.load_checkpoint(Path({str(saved)!r}))")
    assert said == "“epoch-0002.safetensors” is damaged. Use another checkpoint."
    assert megabytes < 100


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux tells it")
@pytest.mark.parametrize(
    "tensors",
    [
        {"a": ("F32", (600_000_000,))},
        {"weight.sample.second.bias": ("F32", (600_000_000,))},
        {"random.first": ("U8", (2_400_000_000,))},
    ],
)
def test_a_place_to_go_on_that_holds_a_giant_costs_no_memory(small, dataset, album, tmp_path, tensors):
    preset = small.preset_of(small.configs["as in sketch"], steps_per_epoch=2, epochs=1)
    list(train(tmp_path / "run", dataset, preset, TrainOptions(device="cpu")))
    _hollow(tmp_path / "run" / "resume.safetensors", tensors)
    said, megabytes = _tried(
        "from samplernn.data.dataset import Dataset\n"
        f"dataset, run = Dataset.open(Path({str(album)!r})), Path({str(tmp_path / 'run')!r})\n"
        "options = samplernn.training.trainer.TrainOptions(resume=True, epochs=5, device='cpu')\n"
        "list(samplernn.training.trainer.train(run, dataset, None, options))"
    )
    assert "Start a new run." in said
    assert megabytes < 300


def test_a_place_to_go_on_holds_what_its_model_can_and_no_more(small, dataset, tmp_path):
    """A giant that is there to the last byte, and named as nothing of this model is."""
    preset = small.preset_of(small.configs["as in sketch"], steps_per_epoch=2, epochs=1)
    list(train(tmp_path / "run", dataset, preset, TrainOptions(device="cpu")))
    path = tmp_path / "run" / "resume.safetensors"
    tensors, facts = load_state(path)
    for more in ({"more": torch.zeros(3)}, {"weight.sample.second.bias": torch.zeros(10**6)}):
        save_tensors(path, tensors | more, facts)
        with pytest.raises(SoundError, match="cannot be gone on with"):
            list(train(tmp_path / "run", dataset, preset, TrainOptions(resume=True, epochs=5, device="cpu")))


def test_a_model_that_is_larger_than_the_machine_is_refused(saved, monkeypatch):
    monkeypatch.setattr("samplernn.checkpoint.machine_memory", lambda _: 1000.0)
    with pytest.raises(SoundError, match="too large for"):
        load_checkpoint(saved)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a user who may not read everything")
@pytest.mark.parametrize("suffix", [".json", ".safetensors"])
def test_what_may_not_be_read_is_not_called_damaged(saved, suffix):
    saved.with_suffix(suffix).chmod(0)
    with pytest.raises(SoundError, match="no permission"):
        load_checkpoint(saved)


def test_damaged_weights_are_refused(saved):
    whole = saved.read_bytes()
    giant = struct.pack("<Q", 2**60)
    padding = bytes(len(whole))
    for broken in (whole[:-100] + padding[:50], whole[:100] + padding, giant + padding, b"\x80\x04" + padding, b""):
        saved.write_bytes(broken)
        with pytest.raises(SoundError):
            load_checkpoint(saved)


def test_weights_of_another_type_are_refused(saved, small, metadata):
    weights = {name: value.double() for name, value in small.model_of(metadata.model).state_dict().items()}
    save_file(weights, saved)
    with pytest.raises(SoundError):
        load_checkpoint(saved)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers_are_refused(saved, small, metadata, value):
    weights = small.model_of(metadata.model).state_dict()
    weights["sample.third.bias"][3] = value
    save_checkpoint(saved, weights, metadata)
    with pytest.raises(SoundError, match="no numbers"):
        load_checkpoint(saved)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
@pytest.mark.parametrize("suffix", [".json", ".safetensors"])
def test_pipes_are_refused_and_not_waited_for(saved, suffix):
    path = saved.with_suffix(suffix)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(SoundError):
        load_checkpoint(saved)
    if suffix == ".safetensors":
        with pytest.raises(SoundError):
            describe(saved)


def test_what_is_missing_is_said(tmp_path, saved):
    with pytest.raises(SoundError, match="not there"):
        load_checkpoint(tmp_path / "epoch-0009.safetensors")
    saved.unlink()
    with pytest.raises(SoundError, match="not there"):
        load_checkpoint(saved)


def test_states_come_back_as_they_were(tmp_path):
    path = tmp_path / "resume.safetensors"
    save_tensors(path, {"a": torch.arange(3), "b": torch.tensor(0.5)}, {"step": 3, "words": ["x", "é"]})
    tensors, facts = load_state(path)
    assert facts == {"step": 3, "words": ["x", "é"]}
    assert tensors["a"].tolist() == [0, 1, 2]
    assert tensors["b"].item() == 0.5
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(SoundError, match="Start a new run"):
        load_state(path)
