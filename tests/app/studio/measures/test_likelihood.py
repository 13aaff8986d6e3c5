"""How likely a clip is by the model that made it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from app.document.errors import UserError
from app.document.model import Clip, Project
from app.studio.checkpoints import checkpoint_of
from app.studio.measures.likelihood import bits_of_stretches, clip_with_bits
from samplernn.audio.reading import read_mono, write_sound
from samplernn.checkpoint import load_checkpoint
from samplernn.training.evaluation import Evaluation
from tests.app.studio.measures.test_taste import measured

RATE = 8000


def test_each_stretch_has_the_bits_that_the_model_gives_it(learnt: tuple[Project, Path], tmp_path: Path) -> None:
    _, folder = learnt
    checkpoint = checkpoint_of(folder, "r1", 2)
    noise = np.random.default_rng(0)
    t = np.arange(3 * RATE) / RATE
    tone = 0.5 * np.sin(2 * np.pi * 220 * t) * (t % 0.5 < 0.3)
    sound = np.concatenate([tone, noise.uniform(-0.9, 0.9, 5 * RATE), tone]).astype(np.float32)
    write_sound(tmp_path / "clip.wav", sound, RATE)
    stretches = [(0.0, 3.0), (3.0, 8.0), (8.0, 11.0)]
    sound = read_mono(tmp_path / "clip.wav", RATE)
    bits = bits_of_stretches(tmp_path / "clip.wav", checkpoint, stretches)
    assert bits[1] > max(bits[0], bits[2])
    model, _ = load_checkpoint(checkpoint)
    *_, one = Evaluation(sound, [(3 * RATE, 8 * RATE)], model, RATE).bits()
    assert bits[1] == pytest.approx(one, abs=0.02)
    *_, all_of_it = Evaluation(sound, [(round(a * RATE), round(b * RATE)) for a, b in stretches], model, RATE).bits()
    assert np.average(bits, weights=[3, 5, 3]) == pytest.approx(all_of_it, abs=1e-4)


def test_bits_are_worked_out_once_and_kept_with_the_clip(learnt: tuple[Project, Path]) -> None:
    _, folder = learnt
    write_sound(folder / "clips" / "c0001.flac", np.zeros(4 * RATE, np.float32), RATE)
    clip = Clip(
        id="c0001", run="r1", epoch=2, file="clips/c0001.flac", rate=RATE, samples=4 * RATE, seed=1, temperature=1.0
    )
    measures = measured(np.zeros(4))
    told = clip_with_bits(folder, clip, measures)
    assert told.sections[0].bits is not None
    checkpoint_of(folder, "r1", 2).unlink()
    assert clip_with_bits(folder, clip, measures).sections[0].bits == told.sections[0].bits
    write_sound(folder / "clips" / "c0002.flac", np.zeros(4 * RATE, np.float32), RATE)
    with pytest.raises(UserError, match="no checkpoint of epoch 7"):
        clip_with_bits(folder, replace(clip, epoch=7, file="clips/c0002.flac"), measures)
