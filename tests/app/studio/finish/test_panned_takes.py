"""Two takes panned apart are as wide as the album in every band, not wider, and their mono sum stays what it was."""

from __future__ import annotations

import numpy as np
import pytest
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st

from app.document.model import SONG_RATE, Lane, Section, Song
from app.studio.audio.mix import mix
from app.studio.finish.applying import TAKES_PAN, FinishProcessor
from app.studio.finish.finish import Finish
from app.studio.finish.learning import learn_finish
from app.studio.finish.spectra import power, spectra, width_bands

SECONDS = 6
FRAMES = SECONDS * SONG_RATE
_WIDE_FROM, _WIDE_TO = 500, 5500
"""In Hz: what lies below and above is narrow, as on most records."""


def narrow_at_the_edges(seconds: float, seed: int) -> np.ndarray:
    """Strokes of noise whose middle frequencies are wide and whose lows and highs are not, [frames, 2]."""
    random = np.random.default_rng(seed)
    frames = round(seconds * SONG_RATE)
    middle, side = random.standard_normal((2, frames))
    places = np.fft.rfftfreq(frames, 1 / SONG_RATE)
    width = np.where((places > _WIDE_FROM) & (places < _WIDE_TO), 0.5, 0.15)
    side = np.fft.irfft(np.fft.rfft(side) * width, frames)
    strokes = 0.1 * np.exp(-6 * (np.arange(frames) / SONG_RATE % 0.5))
    return (np.stack([middle + side, middle - side], axis=1) * strokes[:, None]).astype(np.float32)


def take(seed: int) -> np.ndarray:
    """What a model at 16 kHz plays of it, mono."""
    down = soxr.resample(narrow_at_the_edges(SECONDS, seed).mean(axis=1), SONG_RATE, 16_000)
    return np.asarray(soxr.resample(down, 16_000, SONG_RATE)[:FRAMES], np.float32)


def panned(*pans: float) -> Song:
    """A song with a lane for each pan, of the clips c0, c1, ..."""
    whole = [Section(id=f"x{n}", clip=f"c{n}", start=0, offset=0, length=FRAMES) for n in range(len(pans))]
    return Song(id="s1", lanes=tuple(Lane(id=f"l{n}", sections=(whole[n],), pan=pan) for n, pan in enumerate(pans)))


def width_db(stereo: np.ndarray) -> np.ndarray:
    """Side over mid in each of the nine bands from 120 Hz on."""
    mid, side = (
        power(spectra((stereo[:, 0] + sign * stereo[:, 1]) / 2)).mean(axis=0) @ width_bands() for sign in (1, -1)
    )
    return np.asarray(10 * np.log10(side / mid))


@pytest.fixture(scope="module")
def finish() -> Finish:
    learnt = learn_finish([narrow_at_the_edges(20, seed=0)])
    assert learnt is not None
    return learnt


@pytest.fixture(scope="module")
def takes(finish: Finish) -> dict[str, np.ndarray]:
    return {f"c{n}": FinishProcessor(finish, n).parts(take(1 + n), 0, 0, FRAMES) for n in range(2)}


def test_two_takes_are_as_wide_as_the_album(takes: dict[str, np.ndarray]) -> None:
    song, album = panned(-TAKES_PAN, TAKES_PAN), width_db(narrow_at_the_edges(SECONDS, seed=9))
    assert np.abs(width_db(mix(song, takes, 0, FRAMES)) - album).max() < 3.0
    plain = {name: sound[:, :2] for name, sound in takes.items()}
    assert (width_db(mix(song, plain, 0, FRAMES)) - album).max() > 6.0  # what the third channel is for


@pytest.mark.parametrize("pan", [0.0, 0.3, TAKES_PAN, 0.9, 1.0])
def test_the_sum_of_both_sides_stays_the_same(takes: dict[str, np.ndarray], pan: float) -> None:
    """Within 0.1 dB of what pans made of the sound in mono, in every band."""
    out = mix(panned(-pan, pan), takes, 0, FRAMES).mean(axis=1)
    mono = {name: sound[:, :2].mean(axis=1) for name, sound in takes.items()}
    wanted = mix(panned(-pan, pan), mono, 0, FRAMES).mean(axis=1)
    levels = [10 * np.log10(power(spectra(each)).mean(axis=0) @ width_bands()) for each in (out, wanted)]
    assert np.abs(levels[0] - levels[1]).max() < 0.1


def test_on_the_far_left_and_right_there_is_one_side(takes: dict[str, np.ndarray]) -> None:
    for pan, silent in ((-1.0, 1), (1.0, 0)):
        assert np.abs(mix(panned(pan), takes, 0, FRAMES)[:, silent]).max() < 1e-5


def test_in_the_middle_nothing_leans(takes: dict[str, np.ndarray]) -> None:
    plain = {name: sound[:, :2] for name, sound in takes.items()}
    both = [mix(panned(0.0), sounds, 0, FRAMES) for sounds in (takes, plain)]
    np.testing.assert_allclose(*both, atol=1e-6)


def test_a_bass_stays_in_the_middle_however_takes_are_panned(finish: Finish) -> None:
    bass = (0.5 * np.sin(2 * np.pi * 50 * np.arange(FRAMES) / SONG_RATE)).astype(np.float32)
    sounds = {"c0": FinishProcessor(finish).parts(bass, 0, 0, FRAMES)}
    inner = mix(panned(TAKES_PAN), sounds, 0, FRAMES)[SONG_RATE:-SONG_RATE]
    assert np.sqrt(np.mean((inner[:, 0] - inner[:, 1]) ** 2)) < 0.1 * np.sqrt(np.mean(inner.sum(axis=1) ** 2))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 9000), min_size=1, max_size=6), st.integers(0, 30_000))
def test_blocks_of_any_length_add_up(finish: Finish, lengths: list[int], start: int) -> None:
    sound, finishing = take(5)[:SONG_RATE], FinishProcessor(finish, 3)
    places = np.cumsum([start, *lengths])
    parts = [finishing.parts(sound, 0, int(at), length) for at, length in zip(places, lengths, strict=False)]
    np.testing.assert_allclose(np.concatenate(parts), finishing.parts(sound, 0, start, sum(lengths)), atol=1e-5)


def test_without_width_there_are_two_channels(finish: Finish) -> None:
    parts = FinishProcessor(finish, width=False).parts(take(5), 0, 0, 1000)
    assert parts.shape == (1000, 2)
    assert np.array_equal(parts[:, 0], parts[:, 1])
