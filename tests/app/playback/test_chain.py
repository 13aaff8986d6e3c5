"""Clips one after another as one sound."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.playback.chain import Chain

RATE = 100


@given(st.lists(st.integers(1, 400), min_size=1, max_size=6), st.lists(st.integers(1, 300), min_size=1, max_size=20))
def test_it_reads_the_same_however_it_is_cut(lengths: list[int], cuts: list[int]) -> None:
    clips = [(f"c{n}", np.full(length, n + 1, np.float32)) for n, length in enumerate(lengths)]
    chain = Chain(clips, RATE)
    whole = chain.read(0, chain.frames)
    assert whole.shape == (chain.frames, 2)
    parts, at = [], 0
    while at < chain.frames:
        parts.append(chain.read(at, cuts[len(parts) % len(cuts)]))
        at += len(parts[-1])
    assert np.array_equal(np.concatenate(parts), whole)
    for n, link in enumerate(chain.links):
        assert np.all(whole[link.start : link.start + link.frames] == n + 1)


def test_it_knows_which_clip_is_heard() -> None:
    chain = Chain([("a", np.ones(100, np.float32)), ("b", np.ones(200, np.float32))], RATE)
    assert chain.where(0.5) == ("a", 0.5)
    assert chain.where(1.1) == ("a", 1.0)
    assert chain.where(1.25 + 1.0) == ("b", 0.5)
    assert Chain([], RATE).where(0.0) == ("", 0.0)


def test_clips_in_stereo_stay_so() -> None:
    wide = np.stack([np.ones(100), -np.ones(100)], axis=1).astype(np.float32)
    heard = Chain([("a", wide), ("b", np.full(50, 0.5, np.float32))], RATE).read(0, 1000)
    assert np.array_equal(heard[:100], wide)
    assert not heard[100:125].any()
    assert np.array_equal(heard[125:], np.full((50, 2), 0.5, np.float32))
