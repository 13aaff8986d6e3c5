"""Silence, noise and loops are told from music."""

from __future__ import annotations

import numpy as np
import pytest

from samplernn.generation.degeneration import HEARD_SECONDS, degeneration_of
from samplernn.generation.priming import Prime

RATE = 16_000
TIME = np.arange(round(6 * RATE)) / RATE


def riff() -> np.ndarray:
    """Plucked notes at uneven times over a little noise: it moves."""
    random = np.random.default_rng(3)
    sound = 0.01 * random.normal(size=len(TIME))
    for start in np.cumsum(random.uniform(0.08, 0.4, 30)):
        age = TIME - start
        pitch = 82.4 * 2 ** (random.integers(24) / 12)
        sound += 0.3 * np.where(age > 0, np.exp(-6 * np.abs(age)) * np.sin(2 * np.pi * pitch * age), 0.0)
    return sound


def loop(seconds: float) -> np.ndarray:
    once = riff()[RATE : RATE + round(seconds * RATE)]
    return np.tile(once, len(TIME) // len(once) + 1)[: len(TIME)]


@pytest.mark.parametrize(
    ("sound", "kind"),
    [
        (riff(), None),
        (np.zeros(len(TIME)), "silence"),
        (0.001 * riff(), "silence"),
        (0.2 * np.random.default_rng(1).normal(size=len(TIME)), "noise"),
        (0.3 * np.sin(2 * np.pi * 110 * TIME), "loop"),
        (loop(0.1) + 0.005 * np.random.default_rng(2).normal(size=len(TIME)), "loop"),
        (loop(0.5), "loop"),
        (loop(1.7), "loop"),
        (loop(3.0), None),
        (riff()[: round(HEARD_SECONDS * RATE) - 1], None),
    ],
    ids=["riff", "nothing", "whisper", "noise", "hum", "short loop", "half a second", "a bar", "a phrase", "too short"],
)
def test_made_examples(sound: np.ndarray, kind: str | None) -> None:
    assert degeneration_of(sound.astype(np.float32), RATE) == kind


@pytest.mark.music
def test_real_music_is_hardly_ever_called_stuck(shared) -> None:
    song = sorted((shared / "music" / "obsidian-shell").glob("*.ogg"))[0]
    sound = Prime(song).sound_at(RATE)
    step, heard = RATE // 2, round(HEARD_SECONDS * RATE)
    found = [degeneration_of(sound[end - heard : end], RATE) for end in range(heard, len(sound), step)]
    assert len(found) > 20
    assert set(found) == {None}
