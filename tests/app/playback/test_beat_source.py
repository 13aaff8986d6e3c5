"""A beat that goes round while it is drawn: it is what is drawn, keeps its place, and does not click."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.document.beat_grid import STROKES, BeatGrid, with_bars, with_bpm, with_stroke
from app.document.model import SONG_RATE
from app.document.pattern import Stroke
from app.playback.beat_source import BeatSource
from app.studio.demo.kit import Kit, beat_kit

_RING = 2000
CLICKS: Kit = {
    stroke: (level * np.exp(-np.arange(_RING) / 300)).astype(np.float32)
    for stroke, level in zip(STROKES, (0.2, 0.3, 0.4), strict=True)
}


def read(source: BeatSource, start: int, frames: int, block: int = 800) -> np.ndarray:
    parts = [source.read(at, min(block, start + frames - at)) for at in range(start, start + frames, block)]
    sound: np.ndarray = np.concatenate(parts)
    assert (sound[:, 0] == sound[:, 1]).all()
    return sound[:, 0]


def onsets(sound: np.ndarray, level: float) -> list[int]:
    """Where the sound rises to such a level."""
    return [int(at) + 1 for at in np.flatnonzero(np.diff(sound) > 0.9 * level)]


def test_it_goes_round_in_time() -> None:
    grid = with_stroke(with_stroke(with_bpm(BeatGrid(), 120.0), "low", 0, 1.0), "low", 8, 0.5)
    source = BeatSource(CLICKS)
    source.put(grid)
    bar = 2 * SONG_RATE
    sound = read(source, 0, 3 * bar)
    assert sound[0] == pytest.approx(0.2)
    assert onsets(sound, 0.1) == [SONG_RATE, bar, bar + SONG_RATE, 2 * bar, 2 * bar + SONG_RATE]
    assert sound[SONG_RATE] == pytest.approx(0.1)
    np.testing.assert_allclose(sound[:bar], sound[bar : 2 * bar], atol=1e-6)
    assert source.step_at(0) == 0.0
    assert source.step_at(bar + SONG_RATE) == pytest.approx(8.0)


@settings(max_examples=30, deadline=None)
@given(st.floats(40, 240), st.floats(40, 240), st.integers(0, 200_000), st.sampled_from([1, 2, 4]))
def test_another_tempo_goes_on_at_the_same_step(one: float, other: float, at: int, bars: int) -> None:
    grid = with_bars(with_bpm(with_stroke(BeatGrid(), "mid", 3, 1.0), one), bars)
    source = BeatSource(CLICKS)
    source.put(grid)
    read(source, 0, at + 1, 10_000)
    before = source.step_at(at + 1)
    source.put(with_bpm(grid, other))
    source.read(at + 1, 4000)
    after = source.step_at(at + 1)
    assert before is not None
    assert after is not None
    apart = abs(before - after) % grid.steps
    assert min(apart, grid.steps - apart) < 0.01
    assert source.step_at(at) == pytest.approx(before - SONG_RATE**-1, abs=0.01)  # what was heard is still known


def test_what_is_drawn_is_heard_at_once_and_nothing_clicks() -> None:
    tone = {stroke: np.sin(np.arange(20_000) / 30).astype(np.float32) for stroke in STROKES}
    source = BeatSource(tone)
    source.put(with_stroke(BeatGrid(), "low", 0, 0.5))
    before = read(source, 0, 8000)
    source.put(BeatGrid())
    after = read(source, 8000, 8000)
    whole = np.concatenate([before, after])
    assert np.abs(np.diff(whole)).max() < 0.03
    assert np.abs(after[400:]).max() == 0.0


def test_a_tap_is_heard_with_what_is_read_next_also_while_nothing_goes_round() -> None:
    source = BeatSource(CLICKS)
    assert not read(source, 0, 1000).any()
    assert source.step_at(500) is None
    source.strike("high")
    sound = read(source, 1000, 3000)
    np.testing.assert_allclose(sound[:_RING], CLICKS["high"], atol=1e-6)
    assert not sound[_RING:].any()


def test_what_rings_longer_than_the_beat_goes_on_at_its_beginning() -> None:
    long: dict[Stroke, np.ndarray] = {stroke: np.full(30_000, 0.25, np.float32) for stroke in STROKES}
    source = BeatSource(long)
    source.put(with_stroke(with_bpm(BeatGrid(), 240.0), "low", 15, 1.0))
    sound = read(source, 0, 2 * SONG_RATE)
    assert sound[0] == pytest.approx(0.25)
    assert np.abs(sound).max() <= 0.5


def test_it_never_clips() -> None:
    grid = BeatGrid(240.0, ((1.0,) * 16,) * 3)
    source = BeatSource(beat_kit())
    source.put(grid)
    sound = read(source, 0, SONG_RATE)
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() <= 1.0


def test_the_drums_are_low_mid_and_high() -> None:
    kit = beat_kit()
    assert list(kit) == list(STROKES)
    centres = []
    for sound in kit.values():
        assert sound[-1] == 0.0
        assert 0.1 < np.abs(sound).max() <= 1.0
        power = np.abs(np.fft.rfft(sound)) ** 2
        centres.append(float((power * np.arange(len(power))).sum() / power.sum() * SONG_RATE / len(sound)))
    assert centres == sorted(centres)
    assert centres[0] < 600
    assert centres[2] > 5000
