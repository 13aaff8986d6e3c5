"""A batch that would not fit into memory is split or refused before it is allocated."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import torch

from samplernn.device import machine_memory
from samplernn.errors import SoundError
from samplernn.presets import PRESETS
from samplernn.training.events import Note
from samplernn.training.memory import bytes_to_train, micro_batches_that_fit
from samplernn.training.options import TrainOptions
from samplernn.training.run_folder import RunFolder, Settings
from samplernn.training.trainer import train

_CPU = torch.device("cpu")


def _sized(preset, **training):
    return replace(preset, train=replace(preset.train, **training))


@pytest.mark.parametrize("name", PRESETS)
def test_more_wants_more(name):
    preset = PRESETS[name]
    usual = bytes_to_train(preset, _CPU)
    assert bytes_to_train(_sized(preset, batch=2 * preset.train.batch), _CPU) > usual
    assert bytes_to_train(_sized(preset, window=2 * preset.train.window), _CPU) > usual


def test_the_presets_have_room_on_a_usual_machine():
    assert bytes_to_train(PRESETS["sketch"], _CPU) < 0.5e9
    assert bytes_to_train(_sized(PRESETS["paper"], batch=16), _CPU) < 4e9


def test_a_batch_beyond_the_machine_is_refused_before_anything_is_allocated(dataset, small, tmp_path):
    """As in a run whose settings were written by hand."""
    assert machine_memory(_CPU) < 1e15
    preset = small.preset_of(small.configs["as in sketch"])
    run = RunFolder(tmp_path / "run")
    run.begin(Settings(preset, 0))
    raw = json.loads((tmp_path / "run" / "config.json").read_text())
    raw["preset"]["train"] |= {"batch": 65_536, "window": 2**20}
    (tmp_path / "run" / "config.json").write_text(json.dumps(raw))
    with pytest.raises(SoundError, match="GB of memory"):
        next(train(tmp_path / "run", dataset, preset, TrainOptions(device="cpu", resume=True)))
    with pytest.raises(SoundError, match="GB of memory"):
        micro_batches_that_fit(_sized(preset, batch=65_536, window=2**20), _CPU)


def test_what_has_room_is_not_refused(small):
    assert micro_batches_that_fit(small.preset_of(small.configs["as in sketch"]), _CPU) == 1


def _machine_with(monkeypatch, tmp_path, size):
    """As in a container that may take so many bytes."""
    limit = tmp_path / "memory.max"
    limit.write_text(f"{round(size)}\n")
    monkeypatch.setattr("samplernn.device._LIMITS", (limit, tmp_path / "none"))


def test_a_batch_is_sized_to_the_memory(monkeypatch, tmp_path):
    paper = PRESETS["paper"]
    _machine_with(monkeypatch, tmp_path, 100e9)
    assert micro_batches_that_fit(paper, _CPU) == 1
    _machine_with(monkeypatch, tmp_path, 4e9)
    assert machine_memory(_CPU) == 4e9
    parts = micro_batches_that_fit(paper, _CPU)
    assert parts > 1
    assert bytes_to_train(paper, _CPU, parts) <= 0.9 * 4e9 < bytes_to_train(paper, _CPU, parts // 2)
    for processes in (1, 4):
        _machine_with(monkeypatch, tmp_path, 1e9)
        with pytest.raises(SoundError, match="there are 1 GB"):
            micro_batches_that_fit(paper, _CPU, processes)


def test_no_limit_is_none(monkeypatch, tmp_path):
    _machine_with(monkeypatch, tmp_path, 2**62)
    usual = machine_memory(_CPU)
    (tmp_path / "memory.max").write_text("max\n")
    assert machine_memory(_CPU) == usual < 2**62


def test_a_training_in_a_small_machine_is_learnt_in_parts_and_told(monkeypatch, dataset, small, tmp_path):
    preset = small.preset_of(small.configs["as in sketch"], batch=64, steps_per_epoch=2, epochs=1)
    _machine_with(monkeypatch, tmp_path, bytes_to_train(preset, _CPU, 4) / 0.9 + 2)
    noted = [
        event.text
        for event in train(tmp_path / "run", dataset, preset, TrainOptions(device="cpu"))
        if isinstance(event, Note)
    ]
    assert noted == ["The memory is too small for a whole batch: every one is learnt in 4 parts."]
    assert not [
        event
        for event in train(tmp_path / "run", dataset, preset, TrainOptions(device="cpu", epochs=2, resume=True))
        if isinstance(event, Note)
    ]
