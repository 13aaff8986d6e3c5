"""Live sound that plays along: to a guide that changes while it sounds, without a gap; kept, it says to which."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from app.document.model import Project
from app.studio.generation.live import LiveRequest, LiveSound
from app.studio.generation.live_guide import HeardGuide
from app.studio.generation.live_recording import keep_recording
from samplernn.checkpoint import CheckpointMetadata, save_checkpoint
from samplernn.config import ModelConfig
from samplernn.generation.generate import GenerationRequest, generate
from samplernn.generation.sampling import SamplingParameters
from samplernn.guides.guide import Guide
from samplernn.guides.guide_file import read_guide
from samplernn.guides.live_equaliser import LiveEqualiser
from samplernn.guides.strokes import BANDS, PER_SECOND
from samplernn.network.model import SampleRNN
from tests.app.conftest import add_checkpoints

RATE = 4000
READ = 160
"""Frames that the player reads at a time: 40 ms."""


@pytest.fixture
def folder(made_project: tuple[Path, Project]) -> Path:
    add_checkpoints(made_project[0], 3)
    return made_project[0]


@pytest.fixture
def sound(folder: Path) -> LiveSound:
    return LiveSound(folder, LiveRequest("run-1", 3, 5, temperature=1.0, escape=False, device="cpu"))


def flat(level: float, name: str, bpm: float | None = None) -> Guide:
    return Guide(np.full((2 * PER_SECOND, BANDS), level, np.float32), name, bpm=bpm)


def play(sound: LiveSound, seconds: float) -> np.ndarray:
    """What is heard, while the maker always keeps up."""
    parts = []
    for _ in range(round(seconds * RATE / READ)):
        while sound.wait_for_room(0.0):
            sound.make()
        parts.append(sound.read(0, READ)[:, 0])
    return np.concatenate(parts)


def level(part: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(part.astype(np.float64) ** 2) + 1e-20))


def test_a_guide_is_heard_at_once_and_left_again(sound: LiveSound) -> None:
    free = play(sound, 1.0)
    sound.set_guide(flat(-60.0, "soft"))
    soft = play(sound, 1.0)
    sound.set_guide(flat(-20.0, "loud"))
    loud = play(sound, 1.0)
    sound.set_guide(None)
    again = play(sound, 1.0)
    # from the next read but one on, it is what was asked for
    assert level(soft[2 * READ :]) == pytest.approx(-60, abs=4)
    assert level(loud[READ:]) == pytest.approx(-20, abs=4)
    assert level(again[READ:]) == pytest.approx(level(free[READ:]), abs=3)
    assert not sound.is_gathering


def test_without_a_guide_it_is_what_it_always_was(folder: Path, sound: LiveSound) -> None:
    untouched = LiveSound(folder, LiveRequest("run-1", 3, 5, temperature=1.0, escape=False, device="cpu"))
    expected = play(untouched, 4.0)
    before = play(sound, 1.0)
    sound.set_guide(flat(-40.0, "flat"))
    play(sound, 1.0)
    sound.set_guide(None)
    play(sound, 1.0)
    np.testing.assert_array_equal(before, expected[:RATE])
    # the model has played on as it would have
    np.testing.assert_array_equal(play(sound, 1.0), expected[3 * RATE :])


def test_there_is_no_click_where_a_guide_comes_and_goes(sound: LiveSound) -> None:
    before = play(sound, 1.0)
    usual = np.abs(np.diff(before)).max()
    for guide in (flat(level(before), "as loud"), None):
        sound.set_guide(guide)
        assert np.abs(np.diff(play(sound, 0.2))).max() < 2.5 * usual


def test_how_closely_is_heard_at_once(sound: LiveSound) -> None:
    sound.set_guide(flat(-60.0, "soft"))
    play(sound, 0.2)
    sound.set_follow(0.0)
    assert level(play(sound, 0.5)[READ:]) > -45
    sound.set_follow(1.0)
    assert level(play(sound, 0.5)[READ:]) == pytest.approx(-60, abs=4)


def test_it_waits_for_enough_without_a_gap(sound: LiveSound) -> None:
    play(sound, 0.5)
    sound.set_guide(flat(-20.0, "flat"))
    # nothing is made meanwhile: what was gathered is heard without a guide
    there = sound._made - sound._heard
    assert there < LiveEqualiser.ahead_at(RATE) + READ
    rest = sound.read(0, READ)[:, 0]
    assert np.abs(rest[-20:]).max() > 0.0
    assert sound.recording(10.0).guide == HeardGuide()


def test_what_is_kept_is_what_was_heard_and_says_to_what_it_played(
    made_project: tuple[Path, Project], folder: Path, sound: LiveSound
) -> None:
    play(sound, 1.0)
    sound.set_guide(flat(-30.0, "a dream of the album", 120.0))
    sound.set_follow(0.8)
    heard = play(sound, 4.0)
    recording = sound.recording(2.5)
    np.testing.assert_allclose(recording.sound, heard[-round(2.5 * RATE) :], atol=1e-6)
    # bars of two seconds begin with the guide
    guide = recording.guide
    assert (guide.name, guide.follow, guide.bpm) == ("a dream of the album", 0.8, 120.0)
    from_the_guide = (recording.begin / RATE + guide.first_bar - 1.0) % 2.0
    assert min(from_the_guide, 2.0 - from_the_guide) < 0.13
    clip = keep_recording(made_project[1], folder, recording)
    assert clip.guide == "a dream of the album"
    assert clip.tempo is not None
    assert (clip.tempo.bpm, clip.tempo.first_beat) == (120.0, guide.first_bar)
    facts = json.loads((folder / clip.file).with_suffix(".json").read_text())
    assert (facts["guide"], facts["follow"], facts["bpm"]) == ("a dream of the album", 0.8, 120.0)


def test_of_several_guides_all_are_named_and_no_tempo_is_told(sound: LiveSound) -> None:
    for name in ("one", "two", "one"):
        sound.set_guide(flat(-30.0, name, 100.0))
        play(sound, 0.5)
    sound.set_guide(None)
    play(sound, 0.5)
    kept = sound.recording(1.5).guide
    assert (kept.name, kept.bpm) == ("one, then two", None)
    assert sound.recording(0.3).guide == HeardGuide()
    sound.set_guide(flat(-30.0, "one", 100.0))
    play(sound, 0.5)
    sound.set_follow(0.3)
    play(sound, 0.5)
    assert sound.recording(0.8).guide.bpm == 100.0
    assert sound.recording(0.8).guide.follow == 0.3


def test_where_it_is_too_slow_the_guide_goes_on_after_the_hole(sound: LiveSound) -> None:
    sound.set_guide(flat(-30.0, "flat"))
    play(sound, 1.0)
    there = sound.read(0, 100_000)[:, 0]
    assert not there[-100:].any()
    assert sound.is_gathering
    assert level(play(sound, 1.0)[READ:]) == pytest.approx(-30, abs=4)


FULL_RATE, SHORT = 16_000, 320
"""Of models that are really learnt, in Hz, and 20 ms of it, as a device reads."""


def live_of(folder: Path, config: ModelConfig) -> LiveSound:
    """A checkpoint of a network that has learnt nothing."""
    import torch

    torch.manual_seed(0)
    path = folder / "runs/run-1/checkpoints/epoch-0004.safetensors"
    metadata = CheckpointMetadata(
        run="run-1", preset="", model=config, rate=FULL_RATE, epoch=4, step=1, train_bits=5.0, held_out_bits=5.1,
        seconds=1.0,
    )  # fmt: skip
    save_checkpoint(path, SampleRNN(config).state_dict(), metadata)
    sound = LiveSound(folder, LiveRequest("run-1", 4, 5, temperature=0.7, escape=True, device="cpu"))
    sound.make()
    sound.make()
    sound._pace = 0.1  # as on a quiet computer, whatever else this one does
    return sound


def play_short(sound: LiveSound, seconds: float) -> np.ndarray:
    parts = []
    for _ in range(round(seconds * FULL_RATE / SHORT)):
        while sound.wait_for_room(0.0):
            sound.make()
            sound._pace = 0.1
        parts.append(sound.read(0, SHORT)[:, 0])
    return np.concatenate(parts)


def test_how_warm_is_heard_within_a_tenth_of_a_second(folder: Path) -> None:
    sound = live_of(folder, ModelConfig(frame_sizes=(8,), width=16, embedding=8, lookback=4))
    play_short(sound, 0.6)
    asked = []
    for temperature in (1.4, 0.3, 0.9):
        sound.set_parameters(temperature, True)
        asked.append(sound.seconds_heard)
        play_short(sound, 0.4)
    assert not sound.is_gathering
    recording = sound.recording(10.0)
    heard = [at for (at, value), (_, before) in zip(recording.temperatures[1:], recording.temperatures, strict=False)
             if value != before]  # fmt: skip
    assert len(heard) == 3
    assert all(0.0 < there - here <= 0.1 for here, there in zip(asked, heard, strict=True))
    # what is heard is what that curve makes, to the last bit
    path = folder / "runs/run-1/checkpoints/epoch-0004.safetensors"
    again = GenerationRequest(path, 1.8, [5], SamplingParameters(recording.temperatures, escape=True), device="cpu")
    np.testing.assert_array_equal(recording.sound, generate(again)[0][: len(recording.sound)])


def test_a_network_with_guides_hears_them_as_they_change(folder: Path) -> None:
    """What it makes ahead goes up and down with the guide, before any equaliser."""
    config = ModelConfig(
        frame_sizes=(16,), width=16, sample_width=16, lookback=0, predictor=64, surprises=4, weight_norm=False,
        guide_predictor=48,
    )  # fmt: skip
    sound = live_of(folder, config)
    play_short(sound, 0.3)
    time = np.arange(2 * PER_SECOND) / PER_SECOND
    strokes = np.where(time % 0.5 < 0.25, -15.0, -60.0).astype(np.float32)
    guide = Guide(np.repeat(strokes[:, None], BANDS, axis=1), "on and off", bpm=120.0)
    for follow, low, high in ((1.0, 25, 60), (0.0, -6, 6)):
        sound.set_follow(follow)
        sound.set_guide(guide)
        play_short(sound, 2.0)
        begins, first = sound._guide.followed[1], sound._guide._fed
        made = sound._part(first, sound._made - first, 0)
        at = (first + np.arange(len(made)) - begins) / FULL_RATE % 0.5
        loud, soft = made[(at > 0.03) & (at < 0.24)], made[(at > 0.28) & (at < 0.49)]
        assert low < level(loud) - level(soft) < high
    assert not sound.is_gathering


def test_a_clip_of_live_sound_goes_on_along_what_was_heard_last(
    made_project: tuple[Path, Project], folder: Path, sound: LiveSound
) -> None:
    for name in ("one", "two"):
        sound.set_guide(flat(-30.0, name, 120.0))
        play(sound, 1.2)
    clip = keep_recording(made_project[1], folder, sound.recording(2.0))
    kept = read_guide((folder / clip.file).with_suffix(".guide"))
    assert (clip.guide, kept.name, kept.bpm) == ("one, then two", "two", 120.0)
    # the clip begins 0.8 s before the second guide, whose length is two seconds
    assert kept.begin == pytest.approx(1.2, abs=0.1)
    sound.set_guide(None)
    play(sound, 0.5)
    alone = keep_recording(made_project[1], folder, sound.recording(2.0))
    assert not (folder / alone.file).with_suffix(".guide").exists()
