"""Onset strength and the accents picked from it, against strokes whose times are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.document.model import SONG_RATE
from app.studio.analysis.onsets import HOP, RATE, accents_in, onset_strength, strength_of_blocks
from samplernn.audio.reading import read_mono
from tests.app.drums import at_listening_rate, strokes

_SAME = 0.05
"""Seconds within which an accent is taken for the stroke."""


def _times(seconds: float, seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed)
    return np.cumsum(noise.uniform(0.12, 0.5, int(seconds / 0.5)))


def _errors(found: np.ndarray, true: np.ndarray) -> np.ndarray:
    """Seconds from each stroke to the accent nearest to it, of those strokes that have one."""
    nearest = found[np.argmin(np.abs(found[None, :] - true[:, None]), axis=1)] - true
    return nearest[np.abs(nearest) < _SAME]


def test_strokes_of_drums_are_found_where_they_are() -> None:
    true = _times(30.0, seed=1)
    found, weights = accents_in(onset_strength(at_listening_rate(strokes(true, 31.0))))
    errors = _errors(found, true)
    assert len(errors) >= 0.95 * len(true)
    assert np.median(np.abs(errors)) < 0.003
    assert np.percentile(np.abs(errors), 90) < 0.007
    strongest = found[np.argsort(weights)[-len(true) :]]
    assert np.mean(np.abs(strongest[:, None] - true[None, :]).min(axis=1) < _SAME) >= 0.9
    assert (np.diff(found) > 0.025).all()


def test_clicks_are_found_where_they_are() -> None:
    true = _times(20.0, seed=2)
    clicks = np.zeros(21 * RATE, np.float32)
    clicks[np.round(true * RATE).astype(int)] = 0.8
    found, _ = accents_in(onset_strength(clicks))
    assert len(found) == len(true)
    assert np.abs(found - true).max() < 0.008


@pytest.mark.music
@pytest.mark.parametrize("song", ["obsidian-shell/06_starfall.ogg", "obsidian-shell/02_orphanage.ogg"])
def test_strokes_over_real_metal_are_found_within_seven_milliseconds(shared: Path, song: str) -> None:
    music = read_mono(shared / "music" / song, SONG_RATE)[60 * SONG_RATE : 90 * SONG_RATE]
    true = _times(29.0, seed=3)
    played = strokes(true, 30.0) + 0.05 * music / np.sqrt(np.mean(music**2))
    errors = _errors(accents_in(onset_strength(at_listening_rate(played)))[0], true)
    assert len(errors) >= 0.9 * len(true)
    assert np.median(np.abs(errors)) < 0.007


@given(st.floats(-40.0, 20.0))
@settings(max_examples=15)
def test_gain_changes_nothing(db: float) -> None:
    sound = at_listening_rate(strokes(_times(4.0, seed=4), 4.5))
    plain, loud = onset_strength(sound), onset_strength(sound * np.float32(10 ** (db / 20)))
    assert np.allclose(plain, loud, atol=2e-3)


@given(st.lists(st.integers(1, 60_000), min_size=1, max_size=8))
@settings(max_examples=15)
def test_blocks_give_the_same_as_the_whole(lengths: list[int]) -> None:
    sound = np.random.default_rng(5).normal(0, 0.1, sum(lengths)).astype(np.float32)
    blocks = np.split(sound, np.cumsum(lengths)[:-1])
    whole = onset_strength(sound)
    assert len(whole) == -(-len(sound) // HOP)
    assert np.allclose(strength_of_blocks(blocks), whole, atol=1e-5)


@pytest.mark.parametrize("samples", [0, 1, HOP, 3 * HOP, RATE])
def test_silence_has_no_accents(samples: int) -> None:
    strength = onset_strength(np.zeros(samples, np.float32))
    assert not strength.any()
    assert not len(accents_in(strength)[0])
