"""The equaliser gives any sound the strokes of a guide, in blocks of any length, and never explodes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samplernn.guides.equaliser import (
    GuideEqualiser,
    NoteEqualiser,
    SemitoneEqualiser,
    StrokeEqualiser,
    exaggerated,
    soft_clipped,
)
from samplernn.guides.guide import Guide
from samplernn.guides.notes import PEAK, PLACE, SEMITONES, notes_of
from samplernn.guides.strokes import BANDS, PER_SECOND, strokes_of

RATE = 16_000


def drums(seconds: float, seed: int = 0) -> np.ndarray:
    """Low strokes on the beat and high ones between, 120 a minute, over a little noise."""
    random = np.random.default_rng(seed)
    time = np.arange(round(seconds * RATE)) / RATE
    low = np.sin(2 * np.pi * 80 * time) * np.exp(-12 * (time % 0.5))
    high = random.standard_normal(len(time)) * np.exp(-40 * ((time + 0.25) % 0.5))
    return (0.4 * low + 0.15 * high + 0.002 * random.standard_normal(len(time))).astype(np.float32)


def noise(seconds: float, seed: int = 1, level: float = 0.1) -> np.ndarray:
    random = np.random.default_rng(seed)
    return (level * random.standard_normal(round(seconds * RATE))).astype(np.float32)


def followed(sound: np.ndarray, strokes: np.ndarray, rate: int = RATE, follow: float = 1.0) -> np.ndarray:
    follower = GuideEqualiser([Guide(strokes, "test", follow=follow)], rate)
    out = np.concatenate([follower.push(sound[None]), follower.end()], axis=1)[0]
    return out[: len(sound)]


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """Mean over bands of the correlation of levels in time."""
    return float(np.mean([np.corrcoef(one[:, band], other[:, band])[0, 1] for band in range(BANDS)]))


@pytest.mark.parametrize("rate", [8000, 16_000, 22_050, 44_100])
def test_noise_plays_the_strokes_of_drums(rate: int) -> None:
    guide = strokes_of([drums(4)], RATE)
    sound = np.random.default_rng(2).standard_normal(4 * rate).astype(np.float32) * 0.1
    played = strokes_of([followed(sound, guide, rate)], rate)
    length = min(len(played), len(guide))
    bands = BANDS if rate > 2 * 7600 else 12  # a rate of 8 kHz has no more
    played, wanted = played[10 : length - 10, :bands], guide[10 : length - 10, :bands]
    assert np.mean([np.corrcoef(*pair)[0, 1] for pair in zip(played.T, wanted.T, strict=True)]) > 0.85
    power = [np.mean(np.sum(10 ** (levels / 10), axis=1)) for levels in (played, wanted)]
    assert abs(10 * np.log10(power[0] / power[1])) < 1.5


@settings(max_examples=25)
@given(st.lists(st.integers(1, 5000), min_size=1, max_size=8))
def test_blocks_of_any_length_come_out_the_same(lengths: list[int]) -> None:
    sound, guide = noise(sum(lengths) / RATE + 1e-9), strokes_of([drums(1)], RATE)
    sound = sound[: sum(lengths)]
    follower = GuideEqualiser([Guide(guide, "test")], RATE)
    ends = np.cumsum(lengths)
    parts = [follower.push(sound[None, end - length : end]) for end, length in zip(ends, lengths, strict=True)]
    out = np.concatenate([*parts, follower.end()], axis=1)[0]
    assert len(out) >= len(sound)
    np.testing.assert_allclose(out[: len(sound)], followed(sound, guide), atol=1e-5)


def test_its_own_strokes_change_nothing() -> None:
    sound = drums(2)
    equaliser = StrokeEqualiser([strokes_of([sound], RATE)], RATE, [1.0])
    out = np.concatenate([equaliser.push(sound[None]), equaliser.end()], axis=1)[0][: len(sound)]
    np.testing.assert_allclose(out[300:-300], sound[300:-300], atol=1e-4)


def test_not_to_follow_changes_nothing_but_what_is_too_loud() -> None:
    sound = noise(1)
    np.testing.assert_allclose(
        followed(sound, strokes_of([drums(1)], RATE), follow=0.0), soft_clipped(sound), atol=1e-5
    )


def test_half_is_between() -> None:
    guide, sound = strokes_of([drums(3)], RATE), noise(3)
    loosely, half, closely = (
        likeness(strokes_of([followed(sound, guide, follow=follow)], RATE), guide) for follow in (0.1, 0.5, 1.0)
    )
    assert loosely < half < closely


HARD = {
    "silence": np.zeros(RATE, np.float32),
    "a click": np.eye(1, RATE, 7000, dtype=np.float32)[0],
    "a sine": np.sin(np.arange(RATE) / 5).astype(np.float32),
    "full scale": np.sign(np.sin(np.arange(RATE) / 50)).astype(np.float32),
    "noise": noise(1, level=1.0),
    "hardly there": noise(1, level=1e-7),
}


@pytest.mark.parametrize("guide", HARD.values(), ids=HARD.keys())
@pytest.mark.parametrize("sound", HARD.values(), ids=HARD.keys())
def test_nothing_explodes(guide: np.ndarray, sound: np.ndarray) -> None:
    out = followed(sound, strokes_of([guide], RATE))
    assert np.isfinite(out).all()
    assert np.abs(out).max() <= 1.0


@settings(max_examples=20)
@given(st.integers(0, 2**32), st.floats(1.0, 60.0))
def test_random_levels_do_not_explode_either(seed: int, spread: float) -> None:
    levels = np.random.default_rng(seed).normal(-30, spread, (PER_SECOND, BANDS)).astype(np.float32)
    out = followed(noise(1), levels)
    assert np.isfinite(out).all()
    assert np.abs(out).max() <= 1.0


def test_clips_follow_guides_of_their_own() -> None:
    guides = [strokes_of([sound], RATE) for sound in (drums(2), noise(2, seed=5))]
    sounds = np.stack([noise(2, seed=7), noise(2, seed=8)])
    follower = GuideEqualiser([Guide(each, "test") for each in guides], RATE)
    together = np.concatenate([follower.push(sounds), follower.end()], axis=1)[:, : sounds.shape[1]]
    for clip, guide in enumerate(guides):
        np.testing.assert_allclose(together[clip], followed(sounds[clip], guide), atol=1e-5)


def test_a_guide_that_ends_goes_on_as_it_ended() -> None:
    guide = strokes_of([drums(1)], RATE)
    out = followed(noise(3), guide)
    last = strokes_of([out], RATE)[2 * PER_SECOND :]
    assert np.abs(last.mean(axis=0) - guide[-1]).max() < 7  # the mean of the levels of noise lies below its level


def test_the_level_holds_for_minutes() -> None:
    guide = np.tile(strokes_of([drums(2)], RATE), (60, 1))
    out = followed(np.concatenate([noise(40, level=0.05), noise(40), noise(40, level=0.3)]), guide)
    levels = [20 * np.log10(np.std(part)) for part in np.split(out, 3)]
    assert max(levels) - min(levels) < 1.0


def test_with_notes_it_holds_for_ten_minutes_whatever_it_is_given() -> None:
    """The sound gets 12 dB louder on the way."""
    rate, seconds = 4_000, 600
    tune = (melody(6.4) + drums(6.4))[::4]  # whole frames of notes
    strokes, notes = strokes_of([tune], rate), notes_of([tune], rate)
    guide = Guide(np.tile(strokes, (94, 1)), "long", np.tile(notes, (94, 1, 1)))
    equaliser = GuideEqualiser([guide], rate)
    random, levels = np.random.default_rng(0), []
    for minute in range(seconds // 60):
        louder = np.float32(0.05 * 10 ** (0.6 * minute / 9))
        out = equaliser.push(louder * random.standard_normal((1, 60 * rate), np.float32))[0]
        assert np.abs(out).max() <= 1.0
        levels.append(20 * np.log10(np.std(out[rate:])))
    assert max(levels) - min(levels) < 1.0


def test_swing_moves_around_the_mean() -> None:
    strokes = strokes_of([drums(3)], RATE)
    np.testing.assert_allclose(exaggerated(strokes, 1.0), strokes, atol=1e-4)
    inside = slice(PER_SECOND, -PER_SECOND)
    assert exaggerated(strokes, 1.3)[inside].std(axis=0).min() > strokes[inside].std(axis=0).min()
    power = [np.mean(10 ** (levels / 10), axis=0) for levels in (exaggerated(strokes, 1.3), strokes)]
    np.testing.assert_allclose(*power, rtol=1e-3)


@given(st.floats(-100, 100))
def test_bending_keeps_order_and_bounds(value: float) -> None:
    sound = np.array([value, value + 0.01], np.float32)
    low, high = soft_clipped(sound)
    assert -1.0 <= low <= high <= 1.0
    if abs(value) < 0.7:
        assert low == sound[0]


def melody(seconds: float) -> np.ndarray:
    """A note every half second, of five."""
    time = np.arange(round(seconds * RATE)) / RATE
    pitch = np.array([220.0, 261.6, 330.0, 392.0, 523.3])[(time / 0.5).astype(int) % 5]
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    return (0.2 * sum(np.sin(number * phase) / number for number in (1, 2, 3))).astype(np.float32)


def with_notes(sound: np.ndarray, follow: float = 1.0) -> Guide:
    return Guide(strokes_of([sound], RATE), "melody", notes_of([sound], RATE), follow)


def through(equalisers: list, sound: np.ndarray) -> np.ndarray:
    for equaliser in equalisers:
        sound = np.concatenate([equaliser.push(sound[None]), equaliser.end()], axis=1)[0][: len(sound)]
    return sound


def test_noise_plays_the_notes_of_a_melody() -> None:
    tune = melody(5)
    follower = GuideEqualiser([with_notes(tune)], RATE)
    sound = noise(5)
    played = np.concatenate([follower.push(sound[None]), follower.end()], axis=1)[0][: len(sound)]
    wanted, heard = notes_of([tune], RATE), notes_of([played], RATE)
    loudest = wanted[:, :, PEAK].argmax(axis=1)
    inside = slice(8, -8)
    assert np.mean(np.abs(heard[:, :, PEAK].argmax(axis=1) - loudest)[inside] <= 1) > 0.9
    plain = notes_of([followed(sound, strokes_of([tune], RATE))], RATE)
    assert np.mean(np.abs(plain[:, :, PEAK].argmax(axis=1) - loudest)[inside] <= 1) < 0.7


def test_noise_plays_strokes_and_notes_at_once() -> None:
    """Neither spoils the other: the semitones are set where the strokes stand already."""
    guide, sound = with_notes(melody(6) + drums(6)), noise(6)
    follower = GuideEqualiser([guide], RATE)
    played = np.concatenate([follower.push(sound[None]), follower.end()], axis=1)[0][: len(sound)]
    assert guide.notes is not None
    assert likeness(strokes_of([played], RATE)[50:-50], guide.strokes[50:-50]) > 0.984
    peaks = [notes[8:-8, :, PEAK] for notes in (notes_of([played], RATE), guide.notes)]
    assert np.mean([np.corrcoef(*(each[:, note] for each in peaks))[0, 1] for note in range(SEMITONES)]) > 0.81


@pytest.mark.parametrize("rate", [8000, 22_050, 44_100])
def test_notes_are_played_at_any_rate(rate: int) -> None:
    guide = with_notes(melody(2))
    sound = np.random.default_rng(3).standard_normal((1, 2 * rate)).astype(np.float32) * 0.1
    follower = GuideEqualiser([guide], rate)
    played = np.concatenate([follower.push(sound), follower.end()], axis=1)[0][: 2 * rate]
    heard = notes_of([played], rate)
    assert np.isfinite(played).all()
    frame = len(heard) // 2
    wanted = guide.notes[round(frame * len(guide.notes) / len(heard))]
    place = heard[frame, heard[frame, :, PEAK].argmax(), PLACE]
    assert abs(12 * np.log2(place / wanted[wanted[:, PEAK].argmax(), PLACE])) < 1.5


def test_blocks_come_out_the_same_with_notes_too() -> None:
    guide, sound = with_notes(melody(1)), noise(1)
    outs = []
    for size in (333, 4096, RATE):
        follower = GuideEqualiser([guide], RATE)
        parts = [follower.push(sound[None, at : at + size]) for at in range(0, len(sound), size)]
        outs.append(np.concatenate([*parts, follower.end()], axis=1)[0][: len(sound)])
    np.testing.assert_allclose(outs[0], outs[2], atol=1e-4)
    np.testing.assert_allclose(outs[1], outs[2], atol=1e-4)


@pytest.mark.parametrize("kind", [NoteEqualiser, SemitoneEqualiser])
def test_notes_that_are_not_followed_change_nothing(kind: type) -> None:
    sound = noise(1)
    out = through([kind([notes_of([melody(1)], RATE)], RATE, [0.0])], sound)
    np.testing.assert_allclose(out[3000:-3000], sound[3000:-3000], atol=1e-5)


@pytest.mark.parametrize("guide", HARD.values(), ids=HARD.keys())
@pytest.mark.parametrize("sound", HARD.values(), ids=HARD.keys())
def test_nothing_explodes_with_notes(guide: np.ndarray, sound: np.ndarray) -> None:
    follower = GuideEqualiser([with_notes(guide)], RATE)
    out = np.concatenate([follower.push(sound[None]), follower.end()], axis=1)
    assert np.isfinite(out).all()
    assert np.abs(out).max() <= 1.0
    assert out.shape[1] >= len(sound)


@settings(max_examples=20)
@given(st.integers(0, 2**32))
def test_random_notes_do_not_explode_either(seed: int) -> None:
    random = np.random.default_rng(seed)
    notes = random.normal(-40, 40, (16, SEMITONES, 3)).astype(np.float32)
    notes[:, :, PLACE] = random.uniform(-1e4, 1e6, (16, SEMITONES))
    guide = Guide(random.normal(-40, 30, (PER_SECOND, BANDS)).astype(np.float32), "random", notes)
    follower = GuideEqualiser([guide], RATE)
    out = np.concatenate([follower.push(noise(1)[None]), follower.end()], axis=1)
    assert np.isfinite(out).all()
    assert np.abs(out).max() <= 1.0


def test_each_clip_follows_as_closely_as_its_own_guide_says() -> None:
    strokes, sound = strokes_of([drums(2)], RATE), noise(2)
    equaliser = GuideEqualiser([Guide(strokes, "closely"), Guide(strokes, "loosely", follow=0.2)], RATE)
    together = np.concatenate([equaliser.push(np.stack([sound, sound])), equaliser.end()], axis=1)[:, : len(sound)]
    for clip, follow in enumerate((1.0, 0.2)):
        np.testing.assert_allclose(together[clip], followed(sound, strokes, follow=follow), atol=1e-5)
