"""Live sound that plays along: to a guide that changes while it sounds, without a gap; kept, it says to which."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from app.document.model import Project
from app.studio.generation.live import LiveRequest, LiveSound
from app.studio.generation.live_guide import KeptGuide
from app.studio.generation.live_recording import keep_recording
from samplernn.guides.guide import Guide
from samplernn.guides.live_equaliser import LiveEqualiser
from samplernn.guides.strokes import BANDS, PER_SECOND
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
    assert sound.recording(10.0).guide == KeptGuide()


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
    assert sound.recording(0.3).guide == KeptGuide()
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
