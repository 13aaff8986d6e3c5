"""Clips go on from a place in a clip: from what was before it, with the model that made it."""

from __future__ import annotations

from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np
import pytest
import soundfile
from msgspec.structs import replace

from app.document.errors import UserError
from app.document.model import SONG_RATE, Project
from app.studio.generation.continuing import Continuation, checkpoint_to_go_on, continue_clip
from samplernn.audio.reading import Encoding, write_sound
from samplernn.errors import SoundError
from samplernn.generation.generate import GenerationRequest, generate
from samplernn.generation.priming import Prime
from samplernn.generation.sampling import SamplingParameters
from tests.app.conftest import add_checkpoints

MODEL_RATE = 4000
Made = tuple[Path, Project]


def test_they_go_on_from_the_sound_before_the_place(made_project: Made, tmp_path: Path) -> None:
    folder, project = made_project
    add_checkpoints(folder, 5, 12)
    sound = np.random.default_rng(0).uniform(-0.4, 0.4, 3 * MODEL_RATE).astype(np.float32)
    write_sound(folder / "clips/c0003.flac", sound, MODEL_RATE, format=Encoding(subtype="PCM_24"))
    clip = replace(project.clips[2], temperature=0.8, rate=MODEL_RATE, samples=len(sound))  # of epoch 5
    made = continue_clip(project, folder, Continuation(clip, 2 * SONG_RATE, count=2, seconds=0.5, seed=7))
    facts = [(new.run, new.epoch, new.temperature, new.seed) for new in made]
    assert facts == [("run-1", 5, 0.8, 7), ("run-1", 5, 0.8, 8)]
    assert [new.id for new in made] == ["c0007", "c0008"]

    before, _ = soundfile.read(folder / clip.file, dtype="float32", frames=2 * MODEL_RATE)
    write_sound(tmp_path / "before.wav", before, MODEL_RATE, format=Encoding("wav", subtype="FLOAT"))
    expected = generate(
        GenerationRequest(
            folder / "runs/run-1/checkpoints/epoch-0005.safetensors",
            seconds=0.5, seeds=(7, 8), parameters=SamplingParameters(0.8), prime=Prime(tmp_path / "before.wav"),
        )
    )  # fmt: skip
    for new, sound in zip(made, expected, strict=True):
        read, rate = soundfile.read(folder / new.file, dtype="float32")
        assert rate == MODEL_RATE
        np.testing.assert_allclose(read, sound, atol=2**-22)
    assert not np.array_equal(expected[0], expected[1])


def test_the_checkpoint_is_that_of_the_clip_or_else_the_best(made_project: Made) -> None:
    folder, project = made_project
    add_checkpoints(folder, 5, 9, 12)
    assert checkpoint_to_go_on(project, folder, project.clips[2]) == ("run-1", 5)
    assert checkpoint_to_go_on(project, folder, project.clips[0]) == ("run-1", 9)
    (folder / "runs/run-1/checkpoints/epoch-0009.safetensors").unlink()
    assert checkpoint_to_go_on(project, folder, project.clips[0]) == ("run-1", 12)


def test_without_a_model_nothing_goes_on(made_project: Made) -> None:
    folder, project = made_project
    with pytest.raises(UserError, match="Nothing has been learnt yet"):
        continue_clip(project, folder, Continuation(project.clips[0], SONG_RATE, count=3, seconds=1.0, seed=0))


def test_a_clip_that_is_gone_is_told_and_cancelling_leaves_nothing(made_project: Made) -> None:
    folder, project = made_project
    add_checkpoints(folder, 12)
    before = sorted(path.name for path in (folder / "clips").iterdir())
    continuation = Continuation(project.clips[1], SONG_RATE, count=3, seconds=1.0, seed=0)
    with pytest.raises(CancelledError):
        continue_clip(project, folder, continuation, cancelled=lambda: True)
    assert sorted(path.name for path in (folder / "clips").iterdir()) == before
    (folder / project.clips[0].file).unlink()
    with pytest.raises(SoundError, match=r"c0001\.flac"):
        continue_clip(project, folder, Continuation(project.clips[0], SONG_RATE, count=3, seconds=1.0, seed=0))
