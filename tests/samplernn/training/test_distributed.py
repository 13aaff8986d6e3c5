"""Real processes, started by torchrun, that train one run and share the clips to be made."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from samplernn.__main__ import main
from samplernn.checkpoint import load_state
from samplernn.config import preset_to_dict
from samplernn.errors import SoundError
from samplernn.training.distributed import SINGLE_PROCESS, ProcessGroup
from samplernn.training.options import TrainOptions
from samplernn.training.trainer import train

_ROOT = Path(__file__).resolve().parents[3]


def _torchrun(*arguments):
    """Exit status and stderr of `python -m samplernn ...` by two processes."""
    several = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    call = [sys.executable, *several, "-m", "samplernn", *map(str, arguments)]
    quiet = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(call, cwd=_ROOT, env=quiet, capture_output=True, text=True, timeout=240)
    return done.returncode, done.stderr


def _figures(run):
    return [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]


def test_two_processes_train_what_one_trains(small, album, dataset, tmp_path):
    """And a run that they go on with ends as if they had never stopped."""
    preset = small.preset_of(small.configs["three tiers"], steps_per_epoch=6, lane_seconds=0.1, batch=4)
    (tmp_path / "config.json").write_text(json.dumps({"preset": preset_to_dict(preset), "seed": 0}))
    list(train(tmp_path / "alone", dataset, preset, TrainOptions(epochs=4, device="cpu")))
    given = ("--dataset", album, "--preset", tmp_path / "config.json", "--device", "cpu", "--epochs")
    for run, *how in (("together", 4), ("halves", 2), ("halves", 4, "--resume")):
        status, said = _torchrun("train", tmp_path / run, *given, *how)
        assert status == 0, said
    for one, two in zip(_figures(tmp_path / "alone"), _figures(tmp_path / "together"), strict=True):
        assert (two["epoch"], two["step"]) == (one["epoch"], one["step"])
        assert two["train_bits"] == pytest.approx(one["train_bits"], rel=0.01)
        assert two["held_out_bits"] == pytest.approx(one["held_out_bits"], rel=0.01)
    straight, halves = (load_state(tmp_path / run / "resume.safetensors")[0] for run in ("together", "halves"))
    assert [name for name in straight if not torch.equal(straight[name], halves[name])] == []


def test_clips_are_the_same_however_many_processes_make_them(small, dataset, tmp_path, monkeypatch, capsys):
    preset = small.preset_of(small.configs["three tiers"], steps_per_epoch=2)
    list(train(tmp_path / "run", dataset, preset, TrainOptions(epochs=1, device="cpu")))
    checkpoint = str(tmp_path / "run" / "checkpoints" / "epoch-0001.safetensors")
    for rank, size in ((0, 1), (0, 2), (1, 2)):
        monkeypatch.setenv("RANK", str(rank))
        monkeypatch.setenv("WORLD_SIZE", str(size))
        out = str(tmp_path / str(size))
        asked = ["--out", out, "--count", "20", "--seconds", "0.1", "--seed", "5", "--device", "cpu"]
        assert main(["generate", checkpoint, *asked]) == 0
        assert len(capsys.readouterr().out.splitlines()) == {(0, 1): 20, (0, 2): 16, (1, 2): 4}[rank, size]
    clips = sorted(path.name for path in (tmp_path / "1").glob("*.flac"))
    assert clips == [f"clip-{number:05d}.flac" for number in range(20)]
    assert all((tmp_path / "1" / clip).read_bytes() == (tmp_path / "2" / clip).read_bytes() for clip in clips)


def test_what_cannot_be_done_is_said_in_a_sentence(album, tmp_path, capsys):
    assert main(["train", str(tmp_path / "run"), "--dataset", str(tmp_path / "none")]) == 2
    assert main(["train", str(tmp_path / "run"), "--dataset", str(album), "--preset", "symphony"]) == 2
    assert main(["generate", str(tmp_path / "none.safetensors"), "--out", str(tmp_path)]) == 2
    for number, words in enumerate(("{", "[]", "{}", '{"preset": {"name": 1}}')):
        path = tmp_path / f"{number}.json"
        path.write_text(words)
        assert main(["train", str(tmp_path / "run"), "--dataset", str(album), "--preset", str(path)]) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 7
    assert "symphony" in said[1]
    assert "holds no preset" in said[3]


@pytest.mark.parametrize(("asked", "words"), [(["--resume"], "holds no run"), (["--epochs", "-1"], "no time")])
def test_what_the_first_process_cannot_begin_ends_the_others(album, tmp_path, asked, words):
    status, said = _torchrun("train", tmp_path / "none", "--dataset", album, *asked, "--device", "cpu")
    assert status != 0
    assert said.count(words) == 1
    assert "ChildFailedError" in said
    assert "exitcode  : 2" in said


def test_what_no_process_can_begin_ends_all(tmp_path):
    status, said = _torchrun("train", tmp_path / "run", "--dataset", tmp_path / "none", "--device", "cpu")
    assert status != 0
    assert "has not been prepared" in said


def test_a_batch_is_sharded_evenly():
    class Third(ProcessGroup):
        rank, world_size = 2, 3

    assert Third().shard(12) == slice(8, 12)
    assert SINGLE_PROCESS.shard(7) == slice(0, 7)
    with pytest.raises(SoundError, match="evenly"):
        Third().shard(7)
