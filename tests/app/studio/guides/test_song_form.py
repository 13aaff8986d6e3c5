"""Songs keep one tempo and have a form: whole bars, parts that come back, never two bars as the album has them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.document.guide_form import PART_BARS
from app.studio.guides.bars import Bars
from app.studio.guides.form import Block, form_of
from app.studio.guides.recut import TAIL_SECONDS, recut, recut_song
from app.studio.guides.walker import LEAST_BARS, BarTable, Walk
from samplernn.guides.notes import SEMITONES
from samplernn.guides.strokes import BANDS, PER_SECOND

_BAR = 500
"""Frames of a bar at 120 beats a minute."""


def beaten(strokes: int, frames: int = _BAR, level: float = -30.0) -> np.ndarray:
    """A bar with so many even strokes that die away."""
    phase = np.arange(frames) * strokes / frames % 1
    return np.repeat((level - 30 * phase)[:, None], BANDS, axis=1).astype(np.float32)


def album_of(*bars: np.ndarray) -> Bars:
    notes = np.zeros((31, SEMITONES, 3), np.float32)
    return Bars(bars, (notes,) * len(bars), (*[True] * (len(bars) - 1), False))


def numbered(count: int, frames: int = _BAR) -> Bars:
    """Bars that tell by their level which they are, as far as nothing else does."""
    return album_of(*(beaten(8, frames) + np.float32(0.05 * number) for number in range(count)))


@given(st.integers(1, 400), st.integers(0, 2**32))
def test_a_form_has_all_bars_and_its_parts_come_back(bars: int, seed: int) -> None:
    blocks = form_of(bars, np.random.default_rng(seed))
    assert sum(block.bars for block in blocks) == bars
    assert all(block.bars % PART_BARS == 0 for block in blocks[:-1])
    assert all(block.bars >= 1 for block in blocks)
    assert form_of(bars, np.random.default_rng(seed)) == blocks
    names = [block.name for block in blocks]
    if len(blocks) > 1:
        assert names[-1] == "end"
        assert blocks[-1].part in [block.part for block in blocks[:-1]]
    if len(blocks) > 3:
        assert names[0] == "intro"
        assert len(set(names[1:-1])) > 1
        assert not blocks[-2].is_quiet
    assert names.count("intro") == (len(blocks) > 3)
    if len(blocks) > 7:
        assert "break" in names
        assert names.count("A") > 1


def test_the_longer_a_song_the_longer_its_parts() -> None:
    lengths = {bars: form_of(bars, np.random.default_rng(0))[0].bars for bars in (1, 20, 60)}
    assert lengths == {1: 1, 20: PART_BARS, 60: 2 * PART_BARS}


@settings(max_examples=40, deadline=None)
@given(st.integers(LEAST_BARS, 60), st.integers(0, 2**32), st.lists(st.booleans(), min_size=1, max_size=8))
def test_no_two_bars_of_a_walk_are_neighbours_on_the_album(count: int, seed: int, quiet: list[bool]) -> None:
    """So whatever part follows which, no two bars follow each other as they do there."""
    table = BarTable.of(numbered(count))
    assert table is not None
    random = np.random.default_rng(seed)
    first = table.draw_clear(random)
    walk = Walk(table, first, random)
    parts = [walk.part(2 * PART_BARS, quiet=each) for each in [False, *quiet]]
    assert parts[0][0] == first
    used = sorted({bar for part in parts for bar in part})
    assert all(after - before > 1 for before, after in pairwise(used))
    assert all(len(set(part)) < len(part) for part in parts)  # a riff: bars come back


def test_a_walk_keeps_its_tempo_and_its_rhythm() -> None:
    """Among bars of two tempos and two rhythms it takes those that are like the first."""
    kinds = [beaten(strokes, frames) for strokes in (8, 6) for frames in (_BAR, 400)]
    album = album_of(*(kinds[number // 30] for number in range(120)))
    table = BarTable.of(album)
    assert table is not None
    for seed in range(20):
        random = np.random.default_rng(seed)
        first = table.draw_clear(random)
        part = Walk(table, first, random).part(PART_BARS)
        assert {bar // 30 for bar in part} == {first // 30}


def test_all_parts_have_the_rhythm_of_the_first() -> None:
    """Loud or quiet, a part begins with strokes where the walk began with some."""
    album = album_of(*(beaten((8, 6)[number // 3 % 2], level=-30.0 - number % 10) for number in range(120)))
    table = BarTable.of(album)
    assert table is not None
    for seed in range(10):
        random = np.random.default_rng(seed)
        first = table.draw_clear(random)
        walk = Walk(table, first, random)
        openings = [walk.part(1, quiet=quiet)[0] for quiet in (False, False, True, True)]
        assert {bar // 3 % 2 for bar in openings} == {first // 3 % 2}


def test_a_walk_begins_where_the_beat_is_clear_and_loud() -> None:
    noise = np.random.default_rng(1)
    unclear = [(-40 + 10 * noise.standard_normal((_BAR, BANDS))).astype(np.float32) for _ in range(20)]
    quiet = [beaten(8, level=-70.0)] * 20
    table = BarTable.of(album_of(*unclear, *quiet, *[beaten(8)] * 20))
    assert table is not None
    for seed in range(20):
        assert table.draw_clear(np.random.default_rng(seed)) >= 40


def test_quiet_parts_are_of_quiet_bars() -> None:
    album = album_of(*(beaten(8, level=-30.0 - number % 10) for number in range(300)))
    table = BarTable.of(album)
    assert table is not None
    random = np.random.default_rng(0)
    walk = Walk(table, table.draw_clear(random), random)
    walk.part(1)
    assert all(walk.part(1, quiet=True)[0] % 10 >= 6 for _ in range(5))


@settings(max_examples=25, deadline=None)
@given(st.floats(1.0, 120.0), st.integers(0, 2**32))
def test_a_song_is_of_whole_bars_in_one_tempo(seconds: float, seed: int) -> None:
    album = numbered(60)
    song = recut_song(album, seconds, seed)
    assert song is not None
    assert abs(song.bar_seconds / 2.0 - 1) <= 0.08
    bars = sum(block.bars for block in song.blocks)
    assert (bars - 1) * song.bar_seconds < seconds <= bars * song.bar_seconds + 1e-6
    assert seconds < 13 or bars * song.bar_seconds == pytest.approx(seconds)
    assert {block.part for block in song.blocks} == set(song.parts)
    for name, part in song.parts.items():
        length = max(block.bars for block in song.blocks if block.part == name)
        wanted = length * song.bar_seconds
        assert len(part.strokes) / PER_SECOND == pytest.approx(wanted + TAIL_SECONDS, abs=0.003)
        assert part.tempo.bpm == pytest.approx(240 / song.bar_seconds)
        assert part.tempo.first_beat == 0
    assert np.isfinite([part.strokes.sum() + part.notes.sum() for part in song.parts.values()]).all()


def test_songs_are_drawn_by_their_seed() -> None:
    album = numbered(60)
    first, again, other = (recut_song(album, 30.0, seed) for seed in (1, 1, 2))
    assert first is not None
    assert again is not None
    assert other is not None
    assert first.blocks == again.blocks
    assert all(np.array_equal(first.parts[name].strokes, again.parts[name].strokes) for name in first.parts)
    assert not np.array_equal(first.parts["A"].strokes, other.parts["A"].strokes)


def test_too_few_bars_make_no_song() -> None:
    assert recut_song(numbered(LEAST_BARS - 1), 30.0, 0) is None
    assert recut(numbered(LEAST_BARS - 1), 30.0, 0) is None
    assert recut_song(numbered(LEAST_BARS), 30.0, 0) is not None


def test_blocks_say_what_stands_back() -> None:
    assert [Block(name, name, 4).is_quiet for name in ("intro", "A", "break")] == [True, False, True]
