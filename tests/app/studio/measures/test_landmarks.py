"""Landmark fingerprints: the same as one writes them down at first, and what stands in a track is found."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import maximum_filter

from app.studio.measures.landmarks import LandmarkIndex, hashes_of, joined
from tests.app.studio.measures.songs import RATE, song


def plainly(sound: np.ndarray) -> list[tuple[int, int, int, int]]:
    """Bin, bin, lag and window of each pair, by loops."""
    frames = np.lib.stride_tricks.sliding_window_view(sound, 1024)[::512] * np.hanning(1024).astype(np.float32)
    levels = np.log(np.abs(np.fft.rfft(frames, axis=1)) + 1e-4)
    times, bins = np.nonzero((levels == maximum_filter(levels, size=(15, 21))) & (levels > np.median(levels)))
    found = []
    for here in range(len(times)):
        partners = 0
        for there in range(here + 1, len(times)):
            lag = int(times[there] - times[here])
            if lag >= 48 or partners == 6:
                break
            if lag >= 2 and abs(int(bins[there]) - int(bins[here])) <= 64:
                found.append((int(bins[here]), int(bins[there]), lag, int(times[here])))
                partners += 1
    return found


def test_hashes_are_those_of_plain_loops() -> None:
    sound = song(1, 6)
    hashes = hashes_of(sound)
    told = [
        (name // 48 // 513, name // 48 % 513, name % 48, time)
        for name, time in zip(hashes.names.tolist(), hashes.times.tolist(), strict=True)
    ]
    plain = plainly(sound)
    assert len(plain) > 100
    # the libraries' transforms differ in the last bit, and a landmark or two with it
    assert len(set(told) & set(plain)) > 0.98 * max(len(told), len(plain))


def test_what_stands_in_a_track_is_found_there() -> None:
    tracks = [song(seed, 30) for seed in (1, 2)]
    index = LandmarkIndex.of_sounds(tracks)
    begin = 300 * 512  # where a window of the track begins, too
    assert index.standing(tracks[1][begin : begin + 8 * RATE]) > 0.5
    assert index.standing(song(3, 8)) < 0.05
    assert index.standing(np.zeros(100, np.float32)) == 0.0
    assert LandmarkIndex([]).standing(tracks[0]) == 0.0


def test_parts_are_joined_at_their_places() -> None:
    sound = song(1, 8)
    hashes = joined([(0.0, hashes_of(sound[: 4 * RATE])), (4.0, hashes_of(sound[4 * RATE :]))])
    assert hashes.times.max() > 5 * RATE / 512
    index = LandmarkIndex([hashes])
    here, tracks, there = index.matches(hashes_of(sound[5 * RATE :]))
    assert set(tracks.tolist()) == {0}
    shifts, counts = np.unique(there - here, return_counts=True)
    assert shifts[np.argmax(counts)] == pytest.approx(5 * RATE / 512, abs=1)
    kept = LandmarkIndex.from_arrays(index.arrays())
    assert all(
        np.array_equal(one, other) for one, other in zip(kept.matches(hashes), index.matches(hashes), strict=True)
    )
