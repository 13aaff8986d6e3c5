"""Loudness and true peak against known signals and pyloudnorm; the limiter holds both promises at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
import soxr
from pyloudnorm import Meter

from app.document.model import SONG_RATE
from app.studio.audio.limiter import CEILING_DB, limited, master, mastered
from app.studio.audio.loudness import Block, decibels, integrated, measure

RATE = SONG_RATE


def in_blocks(sound: Block, frames: int = 30_000) -> Iterator[Block]:
    return (sound[at : at + frames] for at in range(0, len(sound), frames))


def sine(seconds: float, hz: float, db: float, phase: float = 0.0) -> Block:
    wave = 10 ** (db / 20) * np.sin(2 * np.pi * hz * np.arange(int(seconds * RATE)) / RATE + phase)
    return np.stack([wave, wave], axis=1).astype(np.float32)


def band(seconds: float, seed: int) -> Block:
    """Something like drums over a drone: bursts of noise, 12 dB above what lies between."""
    noise = np.random.default_rng(seed)
    t = np.arange(int(seconds * RATE)) / RATE
    burst = np.exp(-((t * 3.1) % 1) * 9)
    sound = noise.normal(0, 1, (len(t), 2)) * burst[:, None] * 0.25 + sine(seconds, 110, -20)
    return sound.astype(np.float32)


def dense_peak(sound: Block) -> float:
    return decibels(float(np.abs(soxr.resample(sound, RATE, RATE * 4)).max()))


def song(sound: Block) -> Callable[[], Iterator[Block]]:
    return lambda: in_blocks(sound)


def test_ebu_reference_tone() -> None:
    """EBU Tech 3341, case 1: a stereo sine of 1 kHz at -23 dBFS is -23 LUFS."""
    assert measure(in_blocks(sine(20, 1000, -23))).lufs == pytest.approx(-23, abs=0.1)


def test_gating_of_ebu_case_three() -> None:
    """Tech 3341, case 3: 10 s at -36, 60 s at -23, 10 s at -36: the quiet ends do not count."""
    sound = np.concatenate([sine(10, 1000, -36), sine(60, 1000, -23), sine(10, 1000, -36)])
    assert measure(in_blocks(sound), true_peak=False).lufs == pytest.approx(-23, abs=0.1)


def test_agrees_with_pyloudnorm_however_the_sound_is_cut() -> None:
    sound = band(7.3, 1)
    expected = Meter(RATE, filter_class="DeMan").integrated_loudness(sound)
    for frames in (1000, 44_100, 10**9):
        assert measure(in_blocks(sound, frames), true_peak=False).lufs == pytest.approx(expected, abs=0.01)


def test_an_album_is_measured_as_one_programme() -> None:
    songs = [band(16, 2), 0.05 * band(18, 3), 0.5 * band(15, 4)]
    whole = Meter(RATE, filter_class="DeMan").integrated_loudness(np.concatenate(songs))
    measured = (measure(in_blocks(sound), true_peak=False) for sound in songs)
    assert integrated(measured) == pytest.approx(whole, abs=0.1)


@pytest.mark.parametrize("frames", [0, 1, 10_000])
def test_short_and_silent_sound_has_no_loudness(frames: int) -> None:
    for sound in (np.zeros((frames, 2), np.float32), sine(1, 100, -3)[:frames]):
        assert measure(in_blocks(sound)).lufs == float("-inf")
    assert measure(in_blocks(np.zeros((3 * RATE, 2), np.float32))).lufs == float("-inf")
    assert integrated([]) == float("-inf")


def test_true_peak_between_the_samples() -> None:
    """A sine of a quarter of the rate, sampled 45 degrees off its crests, reads 3 dB low between its samples."""
    sound = sine(2, RATE / 4, -6, phase=np.pi / 4)
    assert decibels(float(np.abs(sound).max())) == pytest.approx(-9, abs=0.05)
    assert decibels(measure(in_blocks(sound[2000:-2000])).true_peak) == pytest.approx(-6, abs=0.4)
    noisy = band(3, 5)
    assert decibels(measure(in_blocks(noisy, 7000)).true_peak) == pytest.approx(dense_peak(noisy), abs=0.01)


def test_a_gain_is_enough_where_the_peaks_allow() -> None:
    sounds = [band(5, 6), 0.3 * band(5, 7)]
    done = master([song(sound) for sound in sounds], -24.0)
    assert not done.limited
    out = [np.concatenate(list(done.apply(in_blocks(sound)))) for sound in sounds]
    assert Meter(RATE, filter_class="DeMan").integrated_loudness(np.concatenate(out)) == pytest.approx(-24, abs=0.05)
    assert np.abs(out[0]).max() / np.abs(out[1]).max() == pytest.approx(
        np.abs(sounds[0]).max() / np.abs(sounds[1]).max(), rel=1e-4
    )


@pytest.mark.parametrize("target", [-14.0, -12.0])
def test_the_limiter_meets_loudness_and_peak_at_once(target: float) -> None:
    sounds = [band(5, 8), 0.5 * band(5, 9)]
    done = master([song(sound) for sound in sounds], target)
    assert done.limited
    out = np.concatenate([np.concatenate(list(done.apply(in_blocks(sound)))) for sound in sounds])
    assert len(out) == sum(map(len, sounds))
    assert Meter(RATE, filter_class="DeMan").integrated_loudness(out) == pytest.approx(target, abs=0.2)
    assert dense_peak(out) <= -1.0
    assert done.lufs == pytest.approx(Meter(RATE, filter_class="DeMan").integrated_loudness(out), abs=0.05)
    assert decibels(max(song.true_peak for song in done.songs)) == pytest.approx(done.true_peak_db)


def test_the_limiter_leaves_what_is_low_enough_alone() -> None:
    sound = 0.2 * band(3, 10)
    assert np.array_equal(np.concatenate(list(limited(in_blocks(sound)))), sound)


def test_the_limiter_turns_both_sides_down_alike_and_only_near_the_peak() -> None:
    sound = sine(4, 200, -12)
    sound[:, 1] *= 0.5
    sound[2 * RATE : 2 * RATE + 50] *= 8
    out = np.concatenate(list(limited(in_blocks(sound))))
    np.testing.assert_allclose(out[:, 1], out[:, 0] / 2, atol=1e-6)
    assert np.array_equal(out[: 2 * RATE - 1000], sound[: 2 * RATE - 1000])
    np.testing.assert_array_equal(out[3 * RATE :], sound[3 * RATE :])
    assert dense_peak(out) <= CEILING_DB + 0.05


@pytest.mark.parametrize("length", [1, 60, 200, 5000])
def test_short_sounds_come_through_whole(length: int) -> None:
    loud = 4 * band(1, 11)[:length]
    for frames in (1, 64, 10_000) if length < 1000 else (4096,):
        assert len(np.concatenate(list(limited(in_blocks(loud, frames))))) == length


def test_silence_is_left_alone_and_loud_mixes_are_turned_down_to_the_ceiling() -> None:
    silent = master([song(np.zeros((RATE, 2), np.float32))], -14.0)
    assert (silent.gain_db, silent.lufs) == (0.0, float("-inf"))
    hot = 3 * band(3, 12)
    done = master([song(hot)], None)
    assert done.limited
    assert done.gain_db == 0.0
    assert dense_peak(np.concatenate(list(mastered(in_blocks(hot), 0.0, CEILING_DB)))) <= -1.0
    assert master([], -14.0).songs == ()
