from __future__ import annotations

import json
from dataclasses import replace

import pytest
import torch

from samplernn.errors import SoundError
from samplernn.memory import bytes_to_train, check_memory, machine_memory
from samplernn.presets import PRESETS
from samplernn.run_folder import RunFolder, Settings
from samplernn.train import train

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
        next(train(tmp_path / "run", dataset, preset, device="cpu", resume=True))
    with pytest.raises(SoundError, match="GB of memory"):
        check_memory(_sized(preset, batch=65_536, window=2**20), _CPU)


def test_what_has_room_is_not_refused(small):
    check_memory(small.preset_of(small.configs["as in sketch"]), _CPU)
