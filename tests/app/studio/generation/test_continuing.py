"""Clips go on from a place in a clip: from what was before it, with the model that made it."""

from __future__ import annotations

import json
from concurrent.futures import CancelledError
from dataclasses import replace as replace_guide
from pathlib import Path

import numpy as np
import pytest
import soundfile
from msgspec.structs import replace

from app.document.errors import UserError
from app.document.guide_choice import ALBUM_GUIDE
from app.document.model import SONG_RATE, Project
from app.studio.generation.continuing import Continuation, checkpoint_to_go_on, continue_clip, guides_after
from samplernn.audio.reading import Encoding, write_sound
from samplernn.errors import SoundError
from samplernn.generation.generate import GenerationRequest, generate
from samplernn.generation.priming import Prime
from samplernn.generation.sampling import SamplingParameters
from samplernn.guides.guide import Guide
from samplernn.guides.guide_file import read_guide, write_guide
from samplernn.guides.strokes import BANDS, PER_SECOND
from tests.app.conftest import add_checkpoints
from tests.app.studio.guided import add_guided_checkpoint

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


def on_and_off(seconds: float, **more: float) -> Guide:
    """Half a second loud, half a second soft; 120 beats a minute."""
    time = np.arange(round(seconds * PER_SECOND)) / PER_SECOND
    strokes = np.where(time % 1.0 < 0.5, -20.0, -60.0).astype(np.float32)
    return Guide(np.repeat(strokes[:, None], BANDS, axis=1), "on and off", bpm=120.0, **more)


@pytest.mark.parametrize("guided", [False, True], ids=["equalised", "a network with guides"])
def test_the_guide_goes_on(made_project: Made, guided: bool) -> None:
    """And goes on again from there; sound and bars are where they would have been in a longer clip."""
    folder, project = made_project
    if guided:
        add_guided_checkpoint(folder / "runs/run-1", 5, MODEL_RATE)
    else:
        add_checkpoints(folder, 5)
    clip = project.clips[2]  # of epoch 5
    write_guide((folder / clip.file).with_suffix(".guide"), on_and_off(10.0, follow=0.9))
    (made,) = continue_clip(project, folder, Continuation(clip, round(2.25 * SONG_RATE), 1, 3.0, seed=7))
    assert made.guide == "on and off"
    assert made.tempo is not None
    assert (made.tempo.bpm, made.tempo.first_beat) == (120.0, pytest.approx(1.75))
    assert json.loads((folder / made.file).with_suffix(".json").read_text())["follow"] == 0.9
    (again,) = continue_clip(project, folder, Continuation(made, made.frames, 1, 2.0, seed=8))
    kept = read_guide((folder / again.file).with_suffix(".guide"))
    assert (kept.begin, len(kept.strokes)) == (pytest.approx(5.25, abs=0.01), 10 * PER_SECOND)
    for new, begin in ((made, 2.25), (again, 5.25)):
        sound, _ = soundfile.read(folder / new.file)
        time = begin + np.arange(len(sound)) / MODEL_RATE
        loud, soft = ((time % 1.0 > low) & (time % 1.0 < low + 0.4) for low in (0.05, 0.55))
        levels = [10 * np.log10(np.mean(sound[part] ** 2)) for part in (loud, soft)]
        assert levels[0] - levels[1] > 20


def test_a_damaged_guide_is_none(made_project: Made) -> None:
    folder, project = made_project
    add_checkpoints(folder, 5)
    clip = project.clips[2]
    (folder / clip.file).with_suffix(".guide").write_bytes(bytes(50))
    (made,) = continue_clip(project, folder, Continuation(clip, SONG_RATE, 1, 0.5, seed=7))
    assert (made.guide, made.tempo) == ("", None)
    assert not (folder / made.file).with_suffix(".guide").exists()


def test_what_goes_on_in_the_shell_goes_on_along(made_project: Made, tmp_path: Path) -> None:
    folder, project = made_project
    clip = project.clips[2]
    sound = folder / clip.file
    assert guides_after(project, folder, sound, 3.0, ALBUM_GUIDE) == ()
    write_guide(sound.with_suffix(".guide"), on_and_off(10.0, follow=0.9))
    (guide,) = guides_after(project, folder, sound, 3.0, ALBUM_GUIDE)
    assert (guide.begin, guide.follow, guide.name) == (clip.seconds, 0.9, "on and off")
    (guide,) = guides_after(project, folder, sound, 3.0, replace_guide(ALBUM_GUIDE, follow=0.2, heed="strokes"))
    assert (guide.follow, guide.manner) == (0.2, "strokes only")
    assert guides_after(project, folder, tmp_path / "other.wav", 3.0, ALBUM_GUIDE) == ()
