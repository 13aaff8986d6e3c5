"""A guide that is changed while sound is brought to it: the same chain as for clips, without an end, heard at once."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samplernn.guides.equaliser import GuideEqualiser
from samplernn.guides.framing import Floats
from samplernn.guides.guide import Guide
from samplernn.guides.live_equaliser import LiveEqualiser, LoopedGuide
from samplernn.guides.notes import notes_of
from samplernn.guides.strokes import BANDS, PER_SECOND, strokes_of

RATE = 4000
AHEAD = LiveEqualiser.ahead_at(RATE)


def noise(seconds: float, seed: int = 0) -> Floats:
    return 0.1 * np.random.default_rng(seed).standard_normal(round(seconds * RATE)).astype(np.float32)


def flat(level: float, seconds: float = 2.0) -> LoopedGuide:
    """Strokes of the same level all along."""
    return LoopedGuide(Guide(np.full((round(seconds * PER_SECOND), BANDS), level, np.float32), "flat"))


def beating(seconds: float = 3.0, *, notes: bool = True) -> Guide:
    """A guide of noise that comes and goes four times a second."""
    time = np.arange(round(seconds * RATE)) / RATE
    sound = noise(seconds, 9) * (0.05 + (time * 4 % 1 < 0.3)).astype(np.float32)
    return Guide(strokes_of([sound], RATE), "beating", notes_of([sound], RATE) if notes else None)


def through(live: LiveEqualiser, sound: Floats, edges: list[int]) -> Floats:
    """All of the sound but its last `AHEAD` samples, taken in pieces that end there."""
    pieces, pushed = [], 0
    for begin, end in pairwise([0, *edges]):
        live.push(sound[pushed : end + AHEAD])
        pushed = end + AHEAD
        pieces.append(live.take(end - begin))
        assert len(pieces[-1]) == end - begin
    return np.concatenate(pieces)


@settings(max_examples=10, deadline=None)
@given(cuts=st.sets(st.integers(1, 7_999), max_size=12), notes=st.booleans())
def test_it_plays_as_a_clip_does_whatever_the_blocks(cuts: set[int], notes: bool) -> None:
    guide, sound = beating(notes=notes), noise(3.0)
    expected = GuideEqualiser([guide], RATE)
    whole = np.concatenate([expected.push(sound[None]), expected.end()], axis=1)[0]
    live = LiveEqualiser(LoopedGuide(guide), RATE, 0)
    np.testing.assert_allclose(through(live, sound, [*sorted(cuts), 8_000]), whole[:8_000], atol=2e-4)


def test_followed_not_at_all_sound_stays_as_it_is() -> None:
    live, sound = LiveEqualiser(LoopedGuide(beating()), RATE, 0), noise(3.0)
    live.follow = 0.0
    np.testing.assert_allclose(through(live, sound, [5_000, 8_000]), sound[:8_000], atol=1e-5)


def test_after_its_end_the_guide_begins_anew() -> None:
    length = 4_096  # whole hops of all windows, so that these lie alike each time
    live = LiveEqualiser(LoopedGuide(beating(length / RATE)), RATE, 0)
    sound = np.tile(noise(length / RATE), 6)
    out = through(live, sound, [4 * length])
    np.testing.assert_allclose(out[2 * length : 3 * length], out[3 * length :], atol=1e-4)


def test_sound_may_begin_anywhere_and_the_guide_too() -> None:
    """The guide counts from its own beginning, not from that of the sound."""
    sound = noise(4.0)
    early = LiveEqualiser(LoopedGuide(beating()), RATE, 0)
    late = LiveEqualiser(LoopedGuide(beating()), RATE, 2_000)
    early.begins = late.begins = 4_096
    one, other = through(early, sound, [9_000]), through(late, sound[2_000:], [7_000])
    # windows lie elsewhere, levels do not
    levels = [np.abs(part[3_000:9_000]).reshape(-1, 100).mean(axis=1) for part in (one, np.pad(other, (2_000, 0)))]
    assert np.corrcoef(*levels)[0, 1] > 0.95


def test_it_holds_no_more_than_its_windows_however_long_it_plays() -> None:
    live, sound = LiveEqualiser(LoopedGuide(beating()), RATE, 0), noise(1.0)
    for _ in range(40):
        live.push(sound)
        live.take(RATE)
    chain = (*live._notes, *live._strokes)
    held = [live._noted, live._ready, *(part for each in chain for part in (each._rest, each._sum))]
    assert sum(part.shape[1] for part in held) < 2 * AHEAD + RATE


@pytest.mark.parametrize("moved", ["guide", "follow"])
def test_a_change_is_heard_within_a_tenth_of_a_second(moved: str) -> None:
    live = LiveEqualiser(flat(-40.0), RATE, 0)
    sound = noise(4.0)  # at -20 dB
    live.push(sound[: 4_000 + AHEAD])
    before = live.take(4_000)
    if moved == "guide":
        live.guide, live.begins = flat(-20.0), 4_000
    else:
        live.follow = 0.0
    live.push(sound[4_000 + AHEAD : 8_000 + AHEAD])
    after = live.take(4_000)
    level = [10 * np.log10(np.mean(part**2)) for part in (before[2_000:], after[160:400], after[400:])]
    assert level[0] == pytest.approx(-40, abs=2)
    assert level[1] == pytest.approx(-20, abs=2)  # from 40 ms on
    assert level[2] == pytest.approx(-20, abs=2)


def test_between_not_at_all_and_wholly() -> None:
    levels = []
    for follow in (0.0, 0.5, 1.0):
        live = LiveEqualiser(flat(-40.0), RATE, 0)
        live.follow = follow
        levels.append(10 * np.log10(np.mean(through(live, noise(2.0), [4_000])[1_000:] ** 2)))
    assert levels[::2] == pytest.approx([-20, -40], abs=2)
    assert levels[0] - 5 > levels[1] > levels[2] + 3  # each of two equalisers goes half of what is left


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(st.floats(-300, 300), st.floats(0, 1)), min_size=1, max_size=5))
def test_whatever_is_asked_it_stays_within_full_scale(changes: list[tuple[float, float]]) -> None:
    live, sound, pushed = LiveEqualiser(flat(-30.0), RATE, 0), 10 * noise(5.0), 0
    for place, (level, follow) in enumerate(changes):
        live.guide, live.follow = flat(level, 0.01), follow
        end = (place + 1) * 700 + AHEAD
        live.push(sound[pushed:end])
        pushed = end
        out = live.take(700)
        assert np.isfinite(out).all()
        assert np.abs(out).max() <= 1.0
