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

from samplernn.checkpoint import load_checkpoint, load_state
from samplernn.config import preset_to_dict
from samplernn.errors import SoundError
from samplernn.tensor_file import save_tensors
from samplernn.training.control import Control
from samplernn.training.events import EpochEnd, Finished, Note, Saved, Step
from samplernn.training.options import TrainOptions
from samplernn.training.retention import stored_checkpoints
from samplernn.training.run_folder import RunFolder
from samplernn.training.trainer import train


def _tensors(folder):
    return load_state(folder / "resume.safetensors")[0]


def _killed(folder, album, preset, is_enough, *, save_every=600.0):
    """Trains in another process, which is killed once a line of the events that it prints is enough."""
    code = (
        "import json, sys; from pathlib import Path; import samplernn.training.trainer as trainer\n"
        "from samplernn.config import preset_from_dict; from samplernn.data.dataset import Dataset\n"
        "preset = preset_from_dict(json.loads(sys.argv[3]))\n"
        "trainer._FIRST_SAVE = trainer._SAVE_EVERY = float(sys.argv[4])\n"
        "trainer._STEP_EVENT_EVERY = 0.0\n"
        "options = trainer.TrainOptions(device='cpu')\n"
        "for event in trainer.train(Path(sys.argv[1]), Dataset.open(Path(sys.argv[2])), preset, options):\n"
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
    events = list(train(folder, dataset, preset, TrainOptions(epochs=before + 1, device="cpu", resume=True)))
    assert events[-1] == Finished(before + 1, 15 * (before + 1), "done")
    lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines] == list(range(1, before + 2))


def test_200_steps_are_100_a_kill_and_the_rest(small, dataset, album, tmp_path):
    """In one long epoch: what is on the disk then was saved in its middle, and can be heard."""
    preset = small.preset_of(small.configs["everything"], steps_per_epoch=200, epochs=1)
    list(train(tmp_path / "straight", dataset, preset, TrainOptions(device="cpu")))
    _killed(tmp_path / "killed", album, preset, lambda kind, step: step >= 100, save_every=0.0)
    _, metadata = load_checkpoint(tmp_path / "killed" / "checkpoints" / "epoch-0001.safetensors")
    assert metadata.held_out_bits is None
    saved, facts = load_state(tmp_path / "killed" / "resume.safetensors")
    assert metadata.step > 90
    assert 90 < facts["learner"]["steps"] < 200
    assert list(train(tmp_path / "killed", dataset, preset, TrainOptions(device="cpu", resume=True)))[-1].step == 200
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
    list(train(tmp_path / "run", dataset, preset, TrainOptions(device="cpu")))
    path = tmp_path / "run" / "resume.safetensors"
    tensors, facts = load_state(path)
    if where in tensors:
        tensors[where] = false
    else:
        *outer, name = ("learner." + where).split(".")
        functools.reduce(dict.__getitem__, outer, facts)[name] = false
    save_tensors(path, tensors, facts)
    with pytest.raises(SoundError, match="cannot be gone on with"):
        list(train(tmp_path / "run", dataset, preset, TrainOptions(device="cpu", epochs=2, resume=True)))


@pytest.mark.parametrize(("name", "false"), [("seconds", float("nan")), ("seconds", -1.0), ("epochs", -3)])
def test_nor_is_how_far_it_was(small, dataset, tmp_path, name, false):
    preset = small.preset_of(small.configs["as in sketch"], steps_per_epoch=2, epochs=1)
    list(train(tmp_path / "run", dataset, preset, TrainOptions(device="cpu")))
    path = tmp_path / "run" / "resume.safetensors"
    tensors, facts = load_state(path)
    save_tensors(path, tensors, facts | {name: false})
    with pytest.raises(SoundError, match="cannot be gone on with"):
        list(train(tmp_path / "run", dataset, preset, TrainOptions(device="cpu", epochs=2, resume=True)))


def _killed_while_scored(folder, album, preset, *, seconds):
    """Trains in another process, which kills itself at the first look of the score: a checkpoint is there then."""
    code = (
        "import json, os, signal, sys; from pathlib import Path; from samplernn.training.trainer import train\n"
        "from samplernn.config import preset_from_dict; from samplernn.training.control import Control\n"
        "from samplernn.training.options import TrainOptions\n"
        "from samplernn.data.dataset import Dataset\n"
        "folder, preset = Path(sys.argv[1]), preset_from_dict(json.loads(sys.argv[3]))\n"
        "def look():\n"
        "    if (folder / 'checkpoints' / 'epoch-0001.json').exists():\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return False\n"
        "seconds = float(sys.argv[4]) or None\n"
        "options = TrainOptions(seconds=seconds, device='cpu')\n"
        "for event in train(folder, Dataset.open(Path(sys.argv[2])), preset, options, control=Control(look)):\n"
        "    assert type(event).__name__ != 'EpochEnd'\n"
    )
    arguments = [str(folder), str(album), json.dumps(preset_to_dict(preset)), str(seconds)]
    assert subprocess.run([sys.executable, "-c", code, *arguments]).returncode == -signal.SIGKILL


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="nothing is killed like that here")
def test_a_kill_in_the_score_of_the_first_epoch_loses_nothing(small, dataset, album, tmp_path):
    preset = small.preset_of(small.configs["everything"], steps_per_epoch=60, epochs=1)
    list(train(tmp_path / "straight", dataset, preset, TrainOptions(device="cpu")))
    _killed_while_scored(tmp_path / "killed", album, preset, seconds=0.0)
    _, metadata = load_checkpoint(tmp_path / "killed" / "checkpoints" / "epoch-0001.safetensors")
    assert (metadata.step, metadata.held_out_bits) == (60, None)
    _, facts = load_state(tmp_path / "killed" / "resume.safetensors")
    assert facts["learner"]["steps"] == 60
    events = list(train(tmp_path / "killed", dataset, preset, TrainOptions(device="cpu", resume=True)))
    assert [event.step for event in events if isinstance(event, Step)] == []
    assert events[-1] == Finished(1, 60, "done")
    straight, killed = _tensors(tmp_path / "straight"), _tensors(tmp_path / "killed")
    assert all(torch.equal(straight[name], killed[name]) for name in straight)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="nothing is killed like that here")
def test_so_does_a_kill_in_the_last_score_of_a_budget(small, dataset, album, tmp_path):
    preset = small.preset_of(small.configs["as in sketch"], steps_per_epoch=10**6)
    _killed_while_scored(tmp_path / "run", album, preset, seconds=1.0)
    _, metadata = load_checkpoint(tmp_path / "run" / "checkpoints" / "epoch-0001.safetensors")
    _, facts = load_state(tmp_path / "run" / "resume.safetensors")
    assert facts["learner"]["steps"] == metadata.step >= 3
    events = list(train(tmp_path / "run", dataset, preset, TrainOptions(seconds=0.01, device="cpu", resume=True)))
    [end] = [event for event in events if isinstance(event, EpochEnd)]
    assert end.step >= metadata.step


@pytest.mark.parametrize("epochs", [None, 1])
def test_a_stop_in_the_last_score_keeps_what_was_learnt(small, dataset, tmp_path, epochs):
    """Of a budget, and of the only epoch."""
    preset = small.preset_of(small.configs["as in sketch"], steps_per_epoch=20 if epochs else 10**6)
    checkpoint = tmp_path / "run" / "checkpoints" / "epoch-0001.safetensors"
    looks = []

    def stopped():
        looks.append(checkpoint.exists())  # from the moment that the score begins
        return sum(looks) > 2

    seconds = None if epochs else 1.0
    events = list(
        train(
            tmp_path / "run",
            dataset,
            preset,
            TrainOptions(epochs=epochs, seconds=seconds, device="cpu"),
            control=Control(stopped),
        )
    )
    assert events[-1].reason == "stopped"
    assert not any(isinstance(event, EpochEnd) for event in events)
    _, metadata = load_checkpoint(checkpoint)
    assert metadata.step == events[-1].step >= 3
    _, facts = load_state(tmp_path / "run" / "resume.safetensors")
    assert facts["learner"]["steps"] == metadata.step
    jumps = sum(isinstance(event, Note) and "loss jumped" in event.text for event in events)
    assert facts["epoch_steps"] + jumps == metadata.step  # a step whose loss jumps is undone and counts for no epoch
    *_, last = train(
        tmp_path / "run", dataset, preset, TrainOptions(epochs=epochs, seconds=seconds, device="cpu", resume=True)
    )
    assert last.epoch == 1
    assert last.reason in ("done", "budget")


def test_a_new_run_is_saved_early_and_then_now_and_then(small, dataset, tmp_path, monkeypatch):
    monkeypatch.setattr("samplernn.training.trainer._FIRST_SAVE", 0.0)
    preset = small.preset_of(small.configs["as in sketch"], steps_per_epoch=30, epochs=1)
    events = list(train(tmp_path / "run", dataset, preset, TrainOptions(device="cpu")))
    assert [type(event) for event in events if isinstance(event, Saved | EpochEnd)] == [Saved, EpochEnd]
    [saved] = [event for event in events if isinstance(event, Saved)]
    assert saved == Saved(1, 1, tmp_path / "run" / "checkpoints" / "epoch-0001.safetensors")
    monkeypatch.setattr("samplernn.training.trainer._SAVE_EVERY", 0.0)
    events = list(train(tmp_path / "run", dataset, preset, TrainOptions(epochs=2, device="cpu", resume=True)))
    assert [event.step for event in events if isinstance(event, Saved)] == list(range(31, 60))


def test_a_run_that_was_never_saved_begins_anew(small, dataset, tmp_path):
    preset = small.preset_of(small.configs["everything"], steps_per_epoch=10, epochs=1)
    list(train(tmp_path / "straight", dataset, preset, TrainOptions(seed=7, device="cpu")))
    events = train(tmp_path / "killed", dataset, preset, TrainOptions(seed=7, device="cpu"))
    next(events)
    events.close()
    assert [path.name for path in (tmp_path / "killed").iterdir()] == ["config.json"]
    events = list(train(tmp_path / "killed", dataset, preset, TrainOptions(seed=99, device="cpu", resume=True)))
    assert [event.text for event in events if isinstance(event, Note)] == [
        "Nothing of this run had been saved yet: it begins anew."
    ]
    straight, killed = _tensors(tmp_path / "straight"), _tensors(tmp_path / "killed")
    assert all(torch.equal(straight[name], killed[name]) for name in straight)


def test_seconds_of_a_resumed_run_come_on_top(small, dataset, tmp_path):
    """Even where it had been stopped long before the end of what was asked for first."""
    preset = small.preset_of(small.configs["as in sketch"], steps_per_epoch=10**6, decay=True)
    control = Control()
    for event in train(tmp_path / "run", dataset, preset, TrainOptions(seconds=3600.0, device="cpu"), control=control):
        if isinstance(event, Step):
            control.stop()
    state = tmp_path / "run" / "resume.safetensors"
    tensors, facts = load_state(state)
    save_tensors(state, tensors, facts | {"seconds": 1800.0})
    events = list(train(tmp_path / "run", dataset, preset, TrainOptions(seconds=2.0, device="cpu", resume=True)))
    assert events[-1].reason == "budget"
    assert events[-1].step > facts["learner"]["steps"] + 3
    assert load_state(state)[1]["seconds"] > 1801.0


def _run_of_lines(folder, *lines):
    folder.mkdir()
    (folder / "metrics.jsonl").write_bytes(b"".join(lines))
    return RunFolder(folder)


def test_figures_stay_to_the_byte_but_for_what_comes_again(tmp_path):
    odd = b'{"step":3,  "epoch": 1, "words": "\xc3\xa9", "new": [1, 2]}\n'
    epoch = b'{"step": 4, "epoch": 1, "held_out_bits": 5.5}\n'
    scored_again = b'{"step": 8, "epoch": 2, "held_out_bits": 5.4}\n'
    later = b'{"step": 9, "epoch": 2, "bits": 5.0}\n'
    giant = b"[" * 200_000 + b"\n"
    run = _run_of_lines(tmp_path / "run", odd, b"\xff\n", epoch, giant, scored_again, later, b'{"step": 1')
    run.metrics.rewind(8, 1)
    assert run.metrics.path.read_bytes() == odd + epoch


def test_figures_past_any_number_that_is_shown_stay_too(tmp_path, monkeypatch):
    lines = [b'{"step": %d, "bits": 5.0}\n' % step for step in range(50)]
    run = _run_of_lines(tmp_path / "run", *lines)
    monkeypatch.setattr("samplernn.training.metrics._MOST_LINES", 10)
    assert len(run.metrics.lines()) == 10
    run.metrics.rewind(40, 0)
    assert run.metrics.path.read_bytes() == b"".join(lines[:41])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
@pytest.mark.parametrize("kind", ["pipe", "folder", "circle"])
def test_figures_that_cannot_be_read_are_not_thrown_away(small, dataset, tmp_path, kind):
    """What is in their way is told before anything is done, and stays."""
    preset = small.preset_of(small.configs["as in sketch"], steps_per_epoch=5, epochs=1)
    list(train(tmp_path / "run", dataset, preset, TrainOptions(device="cpu")))
    metrics = tmp_path / "run" / "metrics.jsonl"
    metrics.unlink()
    if kind == "pipe":
        os.mkfifo(metrics)
    elif kind == "folder":
        metrics.mkdir()
    else:
        metrics.symlink_to(metrics.name)
    before = os.lstat(metrics)
    with pytest.raises(SoundError, match="had to end: "):
        list(train(tmp_path / "run", dataset, preset, TrainOptions(epochs=2, device="cpu", resume=True)))
    assert os.lstat(metrics) == before


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a user who may not read everything")
def test_nor_are_those_that_may_not_be_read(small, dataset, tmp_path):
    preset = small.preset_of(small.configs["as in sketch"], steps_per_epoch=5, epochs=1)
    list(train(tmp_path / "run", dataset, preset, TrainOptions(device="cpu")))
    metrics = tmp_path / "run" / "metrics.jsonl"
    whole = metrics.read_bytes()
    metrics.chmod(0)
    with pytest.raises(SoundError, match="no permission"):
        list(train(tmp_path / "run", dataset, preset, TrainOptions(epochs=2, device="cpu", resume=True)))
    metrics.chmod(0o600)
    assert metrics.read_bytes() == whole


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a user who may not read everything")
def test_no_checkpoint_is_removed_while_the_best_are_not_known(small, dataset, tmp_path):
    """Figures that can be written but not read."""
    preset = small.preset_of(small.configs["as in sketch"], steps_per_epoch=1, epochs=3)
    metrics = tmp_path / "run" / "metrics.jsonl"
    metrics.parent.mkdir()
    metrics.touch(mode=0o200)
    events = list(train(tmp_path / "run", dataset, preset, TrainOptions(device="cpu")))
    notes = [event.text for event in events if isinstance(event, Note)]
    assert len(notes) == 3
    assert "could not be removed" in notes[0]
    assert len(stored_checkpoints(tmp_path / "run")) == 3


def test_the_run_that_was_last_worked_on_is_known(small, dataset, tmp_path):
    preset = small.preset_of(small.configs["as in sketch"], steps_per_epoch=2, epochs=1)
    for name in ("r1", "r2"):
        list(train(tmp_path / name, dataset, preset, TrainOptions(device="cpu")))
    for path in tmp_path.rglob("*"):
        os.utime(path, (1e9, 1e9 + ("r2" in path.parts)))
    first, second = RunFolder(tmp_path / "r1"), RunFolder(tmp_path / "r2")
    assert 0.0 < first.last_trained < second.last_trained
    events = train(tmp_path / "r1", dataset, preset, TrainOptions(epochs=5, device="cpu", resume=True))
    next(events)
    events.close()
    assert first.last_trained > second.last_trained
    assert RunFolder(tmp_path / "none").last_trained == 0.0
