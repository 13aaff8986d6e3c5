"""Beats on a grid: drawn, made longer and shorter, as patterns and back; and beats that are tapped."""

from __future__ import annotations

import random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.document.beat_grid import (
    BARS,
    DRAWN_NAME,
    FASTEST,
    SLOWEST,
    STEPS_PER_BAR,
    STROKES,
    BeatGrid,
    grid_of_pattern,
    pattern_of_grid,
    with_bars,
    with_bpm,
    with_stroke,
    without_strokes,
)
from app.document.pattern import Pattern, PatternEvent
from app.document.tapping import Tap, bpm_of_taps, tapped


@st.composite
def grids(draw: st.DrawFn) -> BeatGrid:
    grid = with_bars(BeatGrid(draw(st.floats(SLOWEST, FASTEST))), draw(st.sampled_from(BARS)))
    cells = st.tuples(st.sampled_from(STROKES), st.integers(0, grid.steps - 1), st.sampled_from([0.5, 1.0]))
    for stroke, step, strength in draw(st.lists(cells, max_size=20)):
        grid = with_stroke(grid, stroke, step, strength)
    return grid


@settings(max_examples=100, deadline=None)
@given(grid=grids())
def test_a_pattern_gives_the_grid_back(grid: BeatGrid) -> None:
    pattern = pattern_of_grid(grid)
    assert (pattern is None) == grid.is_empty
    if pattern is not None:
        assert (pattern.name, pattern.bpm) == (DRAWN_NAME, grid.bpm)
        assert pattern.seconds == pytest.approx(grid.bars * 4 * 60 / grid.bpm)
        assert grid_of_pattern(pattern) == grid


@pytest.mark.parametrize(
    "pattern",
    [
        Pattern(name="x", seconds=2.0, events=(PatternEvent(at=0.0, stroke="low"),)),
        Pattern(name="x", seconds=1.9, bpm=120.0, events=(PatternEvent(at=0.0, stroke="low"),)),
        Pattern(name="x", seconds=6.0, bpm=120.0, events=(PatternEvent(at=0.0, stroke="low"),)),
        Pattern(name="x", seconds=2.0, bpm=120.0, events=(PatternEvent(at=0.06, stroke="low"),)),
        Pattern(name="x", seconds=2.0, bpm=120.0, events=(PatternEvent(at=1.999, stroke="low"),)),
        Pattern(name="x", seconds=2.0, bpm=120.0, events=(PatternEvent(at=0.0, pitch=60),)),
        Pattern(name="x", seconds=1.0, bpm=300.0, events=(PatternEvent(at=0.0, stroke="low"),)),
    ],
    ids=["no tempo", "no whole bars", "three bars", "between steps", "at the end", "a note", "too fast"],
)
def test_what_was_not_drawn_on_a_grid_fits_none(pattern: Pattern) -> None:
    assert grid_of_pattern(pattern) is None


def test_more_bars_repeat_and_fewer_cut_off() -> None:
    grid = with_stroke(BeatGrid(), "mid", 4, 1.0)
    longer = with_bars(grid, 4)
    assert longer.steps == 64
    assert [step for step in range(64) if longer.rows[1][step]] == [4, 20, 36, 52]
    assert with_bars(with_stroke(longer, "low", 40, 1.0), 2) == with_bars(grid, 2)
    assert without_strokes(longer) == with_bars(BeatGrid(), 4)
    assert [with_bpm(grid, bpm).bpm for bpm in (1.0, 100.0, 1e9)] == [SLOWEST, 100.0, FASTEST]


def taps(bpm: float, rows: dict[str, list[int]], jitter: float = 0.0, seed: int = 0) -> list[Tap]:
    chance = random.Random(seed)
    step = 15 / bpm
    found = [
        Tap(100 + at * step + chance.gauss(0, jitter), stroke) for stroke in STROKES for at in rows.get(stroke, [])
    ]
    return sorted(found, key=lambda tap: tap.seconds)


def struck(grid: BeatGrid) -> dict[str, list[int]]:
    return {
        stroke: [step for step, level in enumerate(row) if level]
        for stroke, row in zip(STROKES, grid.rows, strict=True)
    }


@settings(max_examples=60, deadline=None)
@given(bpm=st.floats(85, 140), seed=st.integers(0, 1000), jitter=st.sampled_from([0.0, 0.004, 0.01]))
def test_beats_give_their_tempo(bpm: float, seed: int, jitter: float) -> None:
    found = bpm_of_taps([tap.seconds for tap in taps(bpm, {"low": list(range(0, 32, 4))}, jitter, seed)])
    assert found is not None
    assert found / bpm == pytest.approx(1.0, abs=0.03)


@settings(max_examples=60, deadline=None)
@given(
    bpm=st.floats(90, 140), seed=st.integers(0, 1000),
    rhythm=st.sampled_from(
        [[0, 4, 6, 8, 12], [0, 3, 6, 8, 11, 14, 16], list(range(0, 16, 2)), [0, 2, 3, 4, 6, 7, 8, 10, 11, 12]]
    ),
)  # fmt: skip
def test_rhythms_give_their_tempo_or_its_half_or_double(bpm: float, seed: int, rhythm: list[int]) -> None:
    found = bpm_of_taps([tap.seconds for tap in taps(bpm, {"low": rhythm}, 0.005, seed)])
    assert found is not None
    assert min(abs(found / bpm * times - 1) for times in (0.5, 1, 2)) < 0.03


def test_a_beat_of_both_hands_is_on_the_grid() -> None:
    beat = {"low": [0, 6, 8], "mid": [4, 12], "high": [0, 2, 4, 6, 8, 10, 12, 14]}
    grid = tapped(BeatGrid(), taps(112, beat, 0.006))
    assert grid.bpm == pytest.approx(112, abs=3)
    assert grid.bars == 1
    assert struck(grid) == beat


def test_the_first_beat_of_the_next_bar_is_where_it_comes_again() -> None:
    grid = tapped(BeatGrid(), taps(120, {"low": [0, 4, 8, 12, 16]}))
    assert (grid.bars, struck(grid)["low"]) == (1, [0, 4, 8, 12])
    longer = tapped(BeatGrid(), taps(120, {"low": [0, 4, 8, 12, 16, 20]}))
    assert (longer.bars, struck(longer)["low"]) == (2, [0, 4, 8, 12, 16, 20])
    ten = tapped(BeatGrid(), taps(120, {"low": list(range(0, 160, 4))}))
    assert (ten.bars, struck(ten)["low"]) == (4, list(range(0, 64, 4)))


def test_the_grid_goes_with_taps_that_drift() -> None:
    """Two minutes of beats that grow slower by a tenth."""
    times, now = [], 0.0
    for number in range(240):
        times.append(now)
        now += 0.5 * (1 + 0.1 * number / 240)
    grid = tapped(BeatGrid(), [Tap(time, "low") for time in times])
    assert (grid.bars, struck(grid)["low"]) == (4, list(range(0, 64, 4)))


def test_what_other_rows_have_keeps_its_tempo() -> None:
    kick = with_bars(with_stroke(with_bpm(BeatGrid(), 100), "low", 0, 1.0), 2)
    grid = tapped(kick, taps(100, {"mid": [0, 8]}, 0.004))
    assert (grid.bpm, grid.bars) == (100, 2)
    assert struck(grid) == {"low": [0, 16], "mid": [0, 8], "high": []}
    assert struck(tapped(grid, taps(100, {"mid": [0, 4]})))["mid"] == [0, 4]  # instead of what the row had


@pytest.mark.parametrize("seconds", [[], [5.0], [5.0, 5.01], [5.0, 5.0, 5.02]])
def test_one_tap_has_no_tempo(seconds: list[float]) -> None:
    assert bpm_of_taps(seconds) is None
    grid = tapped(BeatGrid(90), [Tap(each, "low") for each in seconds])
    assert grid.bpm == 90
    assert struck(grid)["low"] == ([0] if seconds else [])


@settings(max_examples=80, deadline=None)
@given(
    times=st.lists(st.floats(0, 3) | st.floats(0, 1e6), max_size=40) | st.lists(st.floats(0, 3), max_size=40),
    strokes=st.lists(st.sampled_from(STROKES), min_size=40, max_size=40),
    grid=grids(),
)  # fmt: skip
def test_any_taps_give_a_grid(times: list[float], strokes: list[str], grid: BeatGrid) -> None:
    made = tapped(grid, [Tap(time, stroke) for time, stroke in zip(sorted(times), strokes, strict=False)])
    assert made.bars in BARS
    assert SLOWEST <= made.bpm <= FASTEST
    assert all(len(row) == made.bars * STEPS_PER_BAR for row in made.rows)
    assume(times)
    assert pattern_of_grid(made) is not None
