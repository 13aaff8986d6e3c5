"""Peaks of a recording for drawing: right at any zoom, kept in a cache that is never trusted."""

from __future__ import annotations

import os
import random
from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.studio.analysis.peaks import SCALE_STEP, SCALES, Peaks, PeaksBuilder, kept_peaks, peaks_of
from samplernn.audio.reading import write_sound
from samplernn.errors import SoundError

STEP = 1 / 32_767


def noise(frames: int, channels: int = 1, seed: int = 0) -> np.ndarray:
    wave = np.random.default_rng(seed).uniform(-1, 1, (frames, channels)).astype(np.float32)
    return wave * np.linspace(0.1, 1.0, frames, dtype=np.float32)[:, None]


def built(sound: np.ndarray, rate: int, cut: int = 10_000) -> Peaks:
    builder = PeaksBuilder(rate)
    for start in range(0, len(sound), cut):
        builder.add(sound[start : start + cut])
    return builder.peaks()


@settings(deadline=None)
@given(
    frames=st.integers(1, 60_000),
    channels=st.integers(1, 3),
    cut=st.integers(200, 20_000),
    first=st.integers(-20, 200),
    bins_per_pixel=st.integers(1, 90),
    width=st.integers(1, 60),
)
def test_a_window_along_the_bins_is_what_lies_in_them(
    frames: int, channels: int, cut: int, first: int, bins_per_pixel: int, width: int
) -> None:
    sound = noise(frames, channels)
    peaks = built(sound, 16_000, cut)
    scale = 1
    while scale * SCALE_STEP <= bins_per_pixel and scale < SCALE_STEP ** (SCALES - 1):
        scale *= SCALE_STEP
    start = first * scale * peaks.bin
    pixel = bins_per_pixel // scale * scale * peaks.bin
    lows, highs = peaks.window(start, pixel * width, width)
    for place in range(width):
        inside = sound[max(0, start + place * pixel) : max(0, start + (place + 1) * pixel)]
        assert lows[place] == pytest.approx(inside.min() if len(inside) else 0, abs=1.01 * STEP)
        assert highs[place] == pytest.approx(inside.max() if len(inside) else 0, abs=1.01 * STEP)


@settings(deadline=None)
@given(
    start=st.floats(-50_000, 150_000),
    length=st.floats(1, 300_000),
    width=st.integers(1, 2_000),
)
def test_any_window_shows_what_lies_under_its_pixels(start: float, length: float, width: int) -> None:
    sound = noise(100_000)
    peaks = built(sound, 16_000)
    lows, highs = peaks.window(start, length, width)
    assert lows.shape == highs.shape == (width,)
    assert (lows <= highs).all()
    bin_ = max(peaks.bin, int(length / width))
    for place in (0, width // 2, width - 1):
        left, right = start + place * length / width, start + (place + 1) * length / width
        if right <= 0 or left >= len(sound):
            assert (lows[place], highs[place]) == (0, 0)
            continue
        around = sound[max(0, int(left) - bin_) : int(right) + bin_]
        assert around.min() - 2 * STEP <= lows[place]
        assert highs[place] <= around.max() + 2 * STEP


@pytest.mark.parametrize(("width", "length"), [(0, 100), (10, 0), (10, -5)])
def test_an_empty_window_is_silent(width: int, length: float) -> None:
    lows, highs = built(noise(1_000), 16_000).window(0, length, width)
    assert lows.tolist() == highs.tolist() == [0.0] * width


def test_an_empty_recording_is_silent() -> None:
    lows, highs = PeaksBuilder(16_000).peaks().window(0, 100, 5)
    assert lows.tolist() == highs.tolist() == [0.0] * 5


def test_what_is_beyond_full_scale_is_drawn_at_full_scale() -> None:
    lows, highs = built(3 * np.sign(noise(1_000)), 16_000).window(0, 1_000, 1)
    assert (lows[0], highs[0]) == (-1.0, 1.0)


@pytest.mark.parametrize("rate", [4_000, 16_000, 22_050, 44_100, 48_000, 96_000])
def test_an_hour_takes_under_a_megabyte(rate: int) -> None:
    minute = built(np.zeros((60 * rate, 1), np.float32), rate, rate)
    assert minute.bytes * 60 < 1e6


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write_sound(tmp_path / "a.flac", noise(200_000, 2), 44_100)
    return tmp_path / "a.flac"


def shape(peaks: Peaks) -> tuple[int, int, list[list[int]]]:
    return peaks.samples, peaks.rate, peaks.finest.tolist()


def test_the_peaks_of_a_file_are_kept(file: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    assert kept_peaks(file, cache) is None
    first = peaks_of(file, cache)
    exact = built(noise(200_000, 2), 44_100)
    assert (first.samples, first.rate) == (exact.samples, exact.rate)
    assert np.abs(first.finest.astype(int) - exact.finest).max() <= 2
    kept = kept_peaks(file, cache)
    assert kept is not None
    assert shape(kept) == shape(first)
    assert shape(peaks_of(file, cache)) == shape(first)
    for seen, again in zip(first.window(0, 200_000, 300), kept.window(0, 200_000, 300), strict=True):
        assert np.array_equal(seen, again)


def test_a_changed_file_is_looked_at_again(file: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    peaks_of(file, cache)
    write_sound(file, noise(100_000, seed=1), 44_100)
    assert peaks_of(file, cache).samples == 100_000
    assert len(list((cache / "peaks").iterdir())) == 1


@pytest.mark.parametrize("damage", ["cut", "emptied", "noise", "flipped", "huge", "longer", "folder"])
def test_a_damaged_cache_is_made_again(file: Path, tmp_path: Path, damage: str) -> None:
    cache = tmp_path / "cache"
    whole = shape(peaks_of(file, cache))
    (kept,) = (cache / "peaks").iterdir()
    raw = bytearray(kept.read_bytes())
    if damage == "cut":
        os.truncate(kept, len(raw) - 3)
    elif damage == "emptied":
        kept.write_bytes(b"")
    elif damage == "noise":
        kept.write_bytes(random.Random(0).randbytes(len(raw)))
    elif damage == "flipped":
        raw[-5] ^= 0x40
        kept.write_bytes(raw)
    elif damage == "huge":
        os.truncate(kept, 2**31)
    elif damage == "longer":
        raw[20:32] = b"\xff" * 12
        kept.write_bytes(raw)
    else:
        kept.unlink()
        kept.mkdir()
    assert kept_peaks(file, cache) is None
    assert shape(peaks_of(file, cache)) == whole


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, 900), byte=st.integers(0, 255))
def test_no_byte_of_the_cache_is_trusted(tmp_path_factory: pytest.TempPathFactory, place: int, byte: int) -> None:
    folder = tmp_path_factory.mktemp("cache")
    write_sound(folder / "a.wav", noise(40_000), 16_000, format="wav")
    whole = shape(peaks_of(folder / "a.wav", folder))
    (kept,) = (folder / "peaks").iterdir()
    raw = bytearray(kept.read_bytes())
    raw[place % len(raw)] = byte
    kept.write_bytes(raw)
    assert shape(peaks_of(folder / "a.wav", folder)) == whole


def test_a_cache_that_cannot_be_written_is_no_fault(file: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("in the way")
    assert peaks_of(file, tmp_path / "cache").samples == 200_000


def test_what_is_no_sound_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SoundError):
        peaks_of(tmp_path / "gone.wav", tmp_path)
    (tmp_path / "a.wav").write_text("hello")
    with pytest.raises(SoundError):
        peaks_of(tmp_path / "a.wav", tmp_path)
    assert not (tmp_path / "peaks").exists()


def test_looking_stops_when_cancelled(file: Path, tmp_path: Path) -> None:
    with pytest.raises(CancelledError):
        peaks_of(file, tmp_path / "cache", lambda: True)
    assert not (tmp_path / "cache").exists()
