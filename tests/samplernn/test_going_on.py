"""Runs that were killed, and what lies on the disk for them to go on from."""

from __future__ import annotations

import functools
import json
import os
import signal
import subprocess
import sys

import pytest
import torch

from samplernn.checkpoint import load_state, save_state
from samplernn.config import preset_to_dict
from samplernn.errors import SoundError
from samplernn.events import Finished
from samplernn.train import train


def _tensors(folder):
    return load_state(folder / "resume.safetensors")[0]


def _killed(folder, album, preset, is_enough, *, save_every=600.0):
    """Trains in another process, which is killed once a line of the events that it prints is enough."""
    code = (
        "import json, sys; from pathlib import Path; import samplernn.train as trainer\n"
        "from samplernn.config import preset_from_dict; from samplernn.dataset import Dataset\n"
        "preset = preset_from_dict(json.loads(sys.argv[3]))\n"
        "trainer._SAVE_EVERY, trainer._TELL_EVERY = float(sys.argv[4]), 0.0\n"
        "for event in trainer.train(Path(sys.argv[1]), Dataset.open(Path(sys.argv[2])), preset, device='cpu'):\n"
        "    print(type(event).__name__, getattr(event, 'step', 0), flush=True)\n"
    )
    arguments = [str(folder), str(album), json.dumps(preset_to_dict(preset)), str(save_every)]
    with subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, text=True) as child:
        for line in child.stdout:
            kind, step = line.split()
            if is_enough(kind, int(step)):
                break
        os.kill(child.pid, signal.SIGKILL)


def test_a_killed_run_goes_on_from_its_last_epoch(small, dataset, album, tmp_path):
    preset = small.preset_of(small.configs["as in sketch"], steps_per_epoch=15, epochs=100_000)
    folder = tmp_path / "run"
    _killed(folder, album, preset, lambda kind, step: kind == "EpochEnd" and step == 30)
    before = len((folder / "metrics.jsonl").read_text().splitlines())
    events = list(train(folder, dataset, preset, epochs=before + 1, device="cpu", resume=True))
    assert events[-1] == Finished(before + 1, 15 * (before + 1), "done")
    lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines] == list(range(1, before + 2))


def test_200_steps_are_100_a_kill_and_the_rest(small, dataset, album, tmp_path):
    """In one long epoch: what is on the disk then was saved in its middle."""
    preset = small.preset_of(small.configs["everything"], steps_per_epoch=200, epochs=1)
    list(train(tmp_path / "straight", dataset, preset, device="cpu"))
    _killed(tmp_path / "killed", album, preset, lambda kind, step: step >= 100, save_every=0.0)
    assert not (tmp_path / "killed" / "checkpoints").exists()
    saved, facts = load_state(tmp_path / "killed" / "resume.safetensors")
    assert 90 < facts["learner"]["steps"] < 200
    assert list(train(tmp_path / "killed", dataset, preset, device="cpu", resume=True))[-1].step == 200
    straight, killed = _tensors(tmp_path / "straight"), _tensors(tmp_path / "killed")
    assert straight.keys() == killed.keys() == saved.keys()
    assert all(torch.equal(straight[name], killed[name]) for name in straight)


@pytest.mark.parametrize(
    ("where", "false"),
    [
        ("steps", "x"), ("parts", None), ("caution", float("nan")), ("rate", -1.0), ("lanes", {}),
        ("lanes.place", [0.0]), ("lanes.place", [1e12] * 4), ("lanes.place", [-1.0] * 4), ("lanes.end", [1]),
        ("lanes.speed", [float("nan")] * 4), ("lanes.past", [[99_999] * 46] * 4), ("lanes.past", [[1]]),
        ("lanes.deck", [10**9]), ("lanes.random", {"x": 1}),
        ("hidden.0", torch.zeros(())), ("optimiser.step.sample.third.bias", torch.zeros(5)),
        ("optimiser.exp_avg.sample.third.bias", torch.zeros(5)), ("random.first", torch.zeros(3)),
    ],
)  # fmt: skip
def test_where_to_go_on_is_not_trusted(small, dataset, tmp_path, where, false):
    preset = small.preset_of(small.configs["as in sketch"], steps_per_epoch=2, epochs=1)
    list(train(tmp_path / "run", dataset, preset, device="cpu"))
    path = tmp_path / "run" / "resume.safetensors"
    tensors, facts = load_state(path)
    if where in tensors:
        tensors[where] = false
    else:
        *outer, name = ("learner." + where).split(".")
        functools.reduce(dict.__getitem__, outer, facts)[name] = false
    save_state(path, tensors, facts)
    with pytest.raises(SoundError, match="cannot be gone on with"):
        list(train(tmp_path / "run", dataset, preset, device="cpu", epochs=2, resume=True))


@pytest.mark.parametrize(("name", "false"), [("seconds", float("nan")), ("seconds", -1.0), ("epochs", -3)])
def test_nor_is_how_far_it_was(small, dataset, tmp_path, name, false):
    preset = small.preset_of(small.configs["as in sketch"], steps_per_epoch=2, epochs=1)
    list(train(tmp_path / "run", dataset, preset, device="cpu"))
    path = tmp_path / "run" / "resume.safetensors"
    tensors, facts = load_state(path)
    save_state(path, tensors, facts | {name: false})
    with pytest.raises(SoundError, match="cannot be gone on with"):
        list(train(tmp_path / "run", dataset, preset, device="cpu", epochs=2, resume=True))
