"""Filters made from guides: right where that is known, stable for any guide, the same however they are asked for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import solve_toeplitz
from scipy.signal import lfilter

from samplernn.config import GUIDE_FEATURES, GUIDE_HOP
from samplernn.guides.conditioning import FRAMES_AT_ONCE, Conditioner, followed, levinson
from samplernn.guides.guide import Guide
from samplernn.guides.guide_frames import GuideOfSound
from samplernn.guides.notes import PEAK, PLACE, REST, SEMITONES, notes_of
from samplernn.guides.strokes import BANDS, strokes_of
from samplernn.native.library import knows_levinson, library

RATE, ORDER = 16_000, 32
ALBUM = np.array([0.0] * 30 + [-0.2, 0.9], np.float32)
SECONDS = 1.0


def conditioner(order: int = ORDER) -> Conditioner:
    return Conditioner(ALBUM, order, RATE)


def sounds() -> dict[str, np.ndarray]:
    time = np.arange(round(SECONDS * RATE)) / RATE
    click = np.zeros_like(time)
    click[::4000] = 1.0
    noise = np.random.default_rng(0).standard_normal(len(time))
    return {
        "silence": np.zeros_like(time),
        "clicks": click,
        "sine": 0.5 * np.sin(2 * np.pi * 440 * time),
        "full scale": np.sign(np.sin(2 * np.pi * 100 * time)),
        "noise": 0.1 * noise,
        "a step": np.where(time < 0.5, 0.0, 0.5 * noise),
    }


def is_stable(filters: np.ndarray) -> bool:
    """Whether what is played back by each of these [n, order], the newest sample last, dies away after a click."""
    click = np.zeros(20_000)
    click[0] = 1.0
    for each in filters.astype(np.float64):
        answer = np.abs(lfilter([1.0], np.concatenate([[1.0], -each[::-1]]), click))
        if not np.isfinite(answer).all() or answer[-2000:].max() > 0.1 * answer.max():
            return False
    return True


def test_it_solves_the_normal_equations() -> None:
    random = np.random.default_rng(1)
    spectra = np.exp(random.standard_normal((5, 65)))
    correlation = np.fft.irfft(spectra)[:, :17].astype(np.float32)
    found, left = levinson(correlation, 16)
    for row, lags, error in zip(found, correlation.astype(np.float64), left, strict=True):
        right = solve_toeplitz(lags[:-1], lags[1:])
        assert np.allclose(row, right, atol=1e-3)
        assert error == pytest.approx(lags[0] - right @ lags[1:], rel=1e-3)


@pytest.mark.parametrize("order", [1, 2, 7, 256])
def test_the_library_finds_the_same_predictors(instructions: str, order: int) -> None:
    """Of sixteen frames at a time; five it leaves to numpy."""
    if not knows_levinson(library()):
        pytest.skip("the native library was built before it knew predictors")
    spectra = np.exp(2 * np.random.default_rng(order).standard_normal((48, 300)))
    correlation = np.fft.irfft(spectra)[:, : order + 1].astype(np.float32)
    correlation[:, 0] *= 1.001
    found, left = levinson(correlation, order, instructions)
    for begin in range(0, 48, 5):
        right, error = levinson(correlation[begin : begin + 5], order)
        assert np.allclose(found[begin : begin + 5], right, atol=1e-4)
        assert np.allclose(left[begin : begin + 5], error, rtol=1e-4)
    alone, _ = levinson(correlation[16:32], order, instructions)
    assert np.array_equal(alone, found[16:32]), "the same to the last bit in any company"


def test_what_cannot_be_foretold_stays_stable_in_the_library(instructions: str) -> None:
    """Correlations of no sound at all: every reflection is kept below 1, whatever they say."""
    correlation = np.random.default_rng(0).standard_normal((32, 65)).astype(np.float32)
    correlation[:8, 0] = 0.0
    found, left = levinson(correlation, 64, instructions)
    assert np.isfinite(found).all()
    assert (left >= 0).all()


@pytest.mark.parametrize("name", sounds())
@pytest.mark.parametrize("order", [ORDER, 256])
@pytest.mark.parametrize("with_notes", [True, False])
def test_filters_of_any_sound_are_stable(name: str, order: int, with_notes: bool) -> None:
    sound = sounds()[name].astype(np.float32)
    notes = notes_of([sound], RATE) if with_notes else None
    frames = conditioner(order).frames(strokes_of([sound], RATE), notes, 0.0)
    assert all(np.isfinite(values).all() for values in frames)
    assert (frames.scales > 0).all()
    assert is_stable(frames.filters[0, ::7])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**31), st.floats(-90, 60), st.floats(0, 60), st.booleans(), st.sampled_from([1, 3, 300]))
def test_so_are_those_of_any_levels(seed: int, level: float, spread: float, with_notes: bool, count: int) -> None:
    random = np.random.default_rng(seed)
    strokes = (level + spread * random.standard_normal((count, BANDS))).astype(np.float32)
    notes = None
    if with_notes:
        notes = (level + spread * random.standard_normal((1 + count // 16, SEMITONES, 3))).astype(np.float32)
        notes[..., PLACE] = random.uniform(-100, 20_000, notes.shape[:2])
    frames = conditioner().frames(strokes, notes, float(random.integers(0, 100_000)))
    assert all(np.isfinite(values).all() for values in frames)
    assert (frames.scales > 0).all()
    assert is_stable(frames.filters[0, ::16])
    assert np.abs(frames.features).max() <= 2.5


@pytest.mark.parametrize("rate", [1_000, 2_000, 4_000, 8_000, 11_025, 44_100, 192_000])
@pytest.mark.parametrize("album", [[1.0], [0.0] * 8, [-1.0, 2.0], [1e30] * 8], ids=["one", "none", "unstable", "giant"])
def test_any_rate_and_any_filter_of_a_damaged_checkpoint(rate: int, album: list[float]) -> None:
    random = np.random.default_rng(rate)
    strokes = random.normal(-40, 60, (30, BANDS)).astype(np.float32)
    notes = random.normal(-40, 60, (3, SEMITONES, 3)).astype(np.float32)
    notes[..., PLACE] = random.uniform(-100, 20_000, notes.shape[:2])
    frames = Conditioner(np.array(album, np.float32), 256, rate).frames(strokes, notes, 0.0)
    assert frames.filters.shape[2] == 256
    assert all(np.isfinite(values).all() for values in frames)
    assert (frames.scales > 0).all()


def test_sound_is_foretold_better_by_its_own_filters() -> None:
    """A sine that changes its pitch: what the filters leave of it is as large as they say, and far less than it."""
    time = np.arange(2 * RATE) / RATE
    sound = 0.3 * np.sin(2 * np.pi * np.where(time < 1.0, 440.0, 660.0) * time)
    sound = (sound + 0.01 * np.random.default_rng(0).standard_normal(len(time))).astype(np.float32)
    frames = conditioner(64).frames(strokes_of([sound], RATE), notes_of([sound], RATE), 1.2 * RATE)
    left = []
    for frame in range(0, FRAMES_AT_ONCE, 8):
        for place in range(frame * GUIDE_HOP, (frame + 1) * GUIDE_HOP):
            now = round(1.2 * RATE) + place
            if now < len(sound):
                left.append(sound[now] - sound[now - 64 : now] @ frames.filters[0, frame])
    assert np.std(left) < 0.2 * np.std(sound)
    assert 0.5 < np.std(left) / np.median(frames.scales) < 5


def test_a_louder_guide_has_the_same_filters_and_a_larger_scale() -> None:
    sound = sounds()["noise"].astype(np.float32)
    quiet, loud = (
        conditioner().frames(strokes_of([each], RATE), notes_of([each], RATE), 0.0) for each in (sound, 2 * sound)
    )
    assert np.allclose(quiet.filters, loud.filters, atol=0.02)
    assert np.allclose(2 * quiet.scales, loud.scales, rtol=0.02)


def test_frames_do_not_depend_on_the_order_they_are_asked_for_in() -> None:
    sound = np.random.default_rng(3).standard_normal(4 * RATE).astype(np.float32) * 0.1

    def read(begin: int, count: int) -> np.ndarray:
        piece = sound[max(begin, 0) : max(begin + count, 0)]
        return np.pad(piece, (max(-begin, 0), count - len(piece) - max(-begin, 0)))

    def guide() -> GuideOfSound:
        return GuideOfSound(conditioner(), RATE, read)

    whole = guide().frames(0, 300)
    assert whole.length == 300
    assert whole.features.shape == (1, 300, GUIDE_FEATURES)
    assert GUIDE_FEATURES == 3 * BANDS + SEMITONES + 1, "one place for each, and the last for the one"
    asked = guide()
    for begin, end in ((0, 2), (1, 3), (63, 65), (200, 210), (64, 70), (250, 300)):
        for values, right in zip(asked.frames(begin, end), whole.part(begin, end), strict=True):
            assert np.array_equal(values, right)


def test_followed_half_it_moves_half_as_far() -> None:
    sound = sounds()["a step"].astype(np.float32)
    guide = Guide(strokes_of([sound], RATE), "step", notes_of([sound], RATE), follow=0.5)
    strokes, notes = followed(guide)
    assert np.allclose(np.ptp(strokes, axis=0), 0.5 * np.ptp(guide.strokes, axis=0), atol=1e-3)
    assert np.allclose(strokes.mean(axis=0), guide.strokes.mean(axis=0), atol=1e-3)
    assert notes is not None
    assert guide.notes is not None
    assert np.array_equal(notes[..., PLACE], guide.notes[..., PLACE])
    for kind in (PEAK, REST):
        assert np.allclose(np.ptp(notes[..., kind], axis=0), 0.5 * np.ptp(guide.notes[..., kind], axis=0), atol=1e-3)
