"""The search for the offset between two sounds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.document.model import SONG_RATE
from app.studio.alignment.aligning import REACH, best_shift
from app.studio.analysis.onsets import RATE, STEPS_PER_SECOND, Strength, onset_strength
from samplernn.audio.reading import read_mono
from tests.app.drums import Sound, at_listening_rate, band, moved

_TRIALS = 100
_SECONDS = 5


def _strength(sound: Sound) -> Strength:
    return onset_strength(at_listening_rate(sound))


def _off(music: Sound, at: int, delay: int, gain_db: float) -> float:
    """Seconds by which the delay of a copy with another gain is missed."""
    frames = _SECONDS * SONG_RATE
    original = music[at : at + frames]
    copy = moved(original, -delay, frames) * np.float32(10 ** (gain_db / 20))
    return abs(best_shift(_strength(original), _strength(copy)).seconds + delay / SONG_RATE)


def _likenesses(music: Sound, one: int, other: int) -> tuple[float, float]:
    """Correlation of the onset strengths of two excerpts as they are, and of what they share once they are aligned."""
    frames = _SECONDS * SONG_RATE
    still, moving = (at_listening_rate(music[at : at + frames]) for at in (one, other))
    by = round(best_shift(onset_strength(still), onset_strength(moving)).seconds * RATE)
    shared = len(still) - abs(by)
    aligned = still[max(by, 0) :][:shared], moving[max(-by, 0) :][:shared]
    before, after = (
        float(np.corrcoef(onset_strength(a), onset_strength(b))[0, 1]) for a, b in ((still, moving), aligned)
    )
    return before, after


@pytest.fixture(scope="module")
def played() -> Sound:
    return band(1, bars=12)[0]


@pytest.fixture(scope="module")
def bar() -> float:
    """In seconds."""
    return 4 * 60 / band(1, bars=1)[1]


@pytest.fixture(scope="module", params=["obsidian-shell/06_starfall.ogg", "singles/Jens Erler - Trackdead.ogg"])
def real(request: pytest.FixtureRequest, shared: Path) -> Sound:
    music = read_mono(shared / "music" / request.param, SONG_RATE)
    return music[20 * SONG_RATE : -20 * SONG_RATE]


@given(st.integers(-2 * SONG_RATE, 2 * SONG_RATE), st.floats(-30.0, 12.0), st.floats(0.0, 0.7))
@settings(max_examples=20)
def test_the_delay_of_a_copy_of_the_demo_band_is_found(
    played: Sound, bar: float, delay: int, db: float, at: float
) -> None:
    """Or one that is a bar off: the band repeats its bars, and an excerpt of two does not tell which is which."""
    off = _off(played, int(at * (len(played) - _SECONDS * SONG_RATE)), delay, db)
    assert min(off, abs(off - bar)) < 0.005


def test_excerpts_of_the_demo_band_are_more_alike_once_aligned(played: Sound) -> None:
    draw = np.random.default_rng(1)
    last = len(played) - _SECONDS * SONG_RATE
    likenesses = [_likenesses(played, *draw.integers(0, last, 2)) for _ in range(20)]
    assert sum(after > before for before, after in likenesses) >= 18


@pytest.mark.music
def test_the_delay_of_a_copy_of_real_metal_is_found_95_times_in_100(real: Sound) -> None:
    draw = np.random.default_rng(2)
    last = len(real) - _SECONDS * SONG_RATE
    trials = [
        _off(real, draw.integers(last), draw.integers(-2 * SONG_RATE, 2 * SONG_RATE + 1), draw.uniform(-30, 12))
        for _ in range(_TRIALS)
    ]
    assert sum(off < 0.005 for off in trials) >= 95


@pytest.mark.music
def test_excerpts_of_real_metal_are_more_alike_once_aligned_90_times_in_100(real: Sound) -> None:
    draw = np.random.default_rng(3)
    last = len(real) - _SECONDS * SONG_RATE
    likenesses = [_likenesses(real, *draw.integers(0, last, 2)) for _ in range(_TRIALS)]
    assert sum(after > before for before, after in likenesses) >= 90


def test_nothing_is_shifted_where_nothing_sounds(played: Sound) -> None:
    some = _strength(played[: 4 * SONG_RATE])
    nothing = np.zeros_like(some)
    assert best_shift(some, nothing).seconds == 0.0
    assert best_shift(nothing, some).seconds == 0.0
    assert best_shift(nothing[:0], nothing[:0]).seconds == 0.0
    assert best_shift(some, some, moving_known=np.zeros(len(some), bool)).seconds == 0.0


@given(st.integers(1, 900), st.integers(0, 2**31), st.floats(0.0, REACH))
def test_the_shift_is_never_beyond_reach(steps: int, seed: int, reach: float) -> None:
    noise = np.random.default_rng(seed)
    still, moving = (noise.gamma(1.0, 0.3, steps).astype(np.float32) for _ in range(2))
    fit = best_shift(still, moving, reach)
    assert abs(fit.seconds) <= reach + 1.0 / STEPS_PER_SECOND
    assert -1.0 <= fit.likeness <= 1.0


def test_of_equals_the_nearest_is_taken() -> None:
    pulses = np.zeros(10 * STEPS_PER_SECOND, np.float32)
    pulses[::100] = 1.0
    assert abs(best_shift(pulses, np.roll(pulses, 30)).seconds + 0.15) < 0.005
