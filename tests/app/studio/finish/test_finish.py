"""The finish: air and width told from what is heard below, whatever the sound, and the same however it is cut."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st

from app.document.model import SONG_RATE
from app.studio.finish.applying import apply_finish
from app.studio.finish.finish import Finish, load_finish, save_finish
from app.studio.finish.learning import learn_finish, targets
from app.studio.finish.spectra import CONTEXT, features, power, spectra, width_bands

SECOND = SONG_RATE


def music(seconds: float, seed: int = 0, width: float = 0.5) -> np.ndarray:
    """Noise in strokes, wide and full of air, over a hum in the middle: [frames, 2]."""
    random = np.random.default_rng(seed)
    time = np.arange(round(seconds * SECOND)) / SECOND
    strokes = np.exp(-8 * (time % 0.25))
    middle, side = random.standard_normal((2, len(time))) * strokes * 0.1
    middle += 0.1 * np.sin(2 * np.pi * 220 * time)
    return np.stack([middle + width * side, middle - width * side], axis=1).astype(np.float32)


def cut_off(stereo: np.ndarray) -> np.ndarray:
    """What a model at 16 kHz knows of it: mono [n]."""
    down = soxr.resample(stereo.mean(axis=1), SONG_RATE, 16_000)
    up: np.ndarray = soxr.resample(down, 16_000, SONG_RATE).astype(np.float32)
    return up


@pytest.fixture(scope="module")
def finish() -> Finish:
    learnt = learn_finish([music(20)])
    assert learnt is not None
    return learnt


def test_air_comes_back(finish: Finish) -> None:
    """On music that was not learnt, the air stands at the levels that were cut off, stroke by stroke."""
    real = music(8, seed=1)
    again = apply_finish(cut_off(real), finish, 0, len(real))
    assert np.abs(targets(again)[1].mean(axis=0) - targets(real)[1].mean(axis=0)).max() < 1.5
    assert np.corrcoef(targets(again)[1][:, 4], targets(real)[1][:, 4])[0, 1] > 0.8  # strokes are strokes up there


@settings(max_examples=25)
@given(st.lists(st.integers(1, 9000), min_size=1, max_size=8), st.integers(0, 30_000))
def test_blocks_of_any_length_add_up(finish: Finish, lengths: list[int], start: int) -> None:
    sound = cut_off(music(1, seed=2))
    whole = apply_finish(sound, finish, start, sum(lengths), seed=3)
    places = np.cumsum([start, *lengths])
    parts = [
        apply_finish(sound, finish, int(place), length, seed=3) for place, length in zip(places, lengths, strict=False)
    ]
    np.testing.assert_allclose(np.concatenate(parts), whole, atol=1e-5)


def test_the_sum_of_both_sides_keeps_the_music(finish: Finish) -> None:
    """In mono, what is heard below 7 kHz is the clip within 0.1 dB."""
    sound = cut_off(music(4, seed=4))
    both = apply_finish(sound, finish, 0, len(sound)).mean(axis=1)
    low = [soxr.resample(each, SONG_RATE, 14_000) for each in (sound, both)]
    before, after = (10 * np.log10(np.mean(each**2)) for each in low)
    assert abs(after - before) < 0.1


def test_the_lowest_stays_in_the_middle(finish: Finish) -> None:
    time = np.arange(2 * SECOND) / SECOND
    bass = (0.5 * np.sin(2 * np.pi * 60 * time)).astype(np.float32)
    out = apply_finish(bass, finish, 0, len(bass))
    side, middle = (np.abs(np.fft.rfft(each)) for each in (out[:, 0] - out[:, 1], out.sum(axis=1)))
    assert side[: 2 * 120].max() < 1e-3 * middle.max()


def test_silence_stays_silent(finish: Finish) -> None:
    assert not apply_finish(np.zeros(SECOND, np.float32), finish, 0, SECOND).any()
    assert not apply_finish(np.zeros(0, np.float32), finish, 0, 100).any()


TIME = np.arange(SECOND) / SECOND
HARD = {
    "full scale": np.sign(np.sin(2 * np.pi * 100 * TIME)),
    "a click": np.eye(1, SECOND, 7000)[0],
    "a sine": np.sin(2 * np.pi * 7400 * TIME),
    "noise": np.random.default_rng(0).uniform(-1, 1, SECOND),
    "hardly there": np.random.default_rng(0).uniform(-1e-6, 1e-6, SECOND),
}


@pytest.mark.parametrize("sound", HARD.values(), ids=HARD.keys())
def test_no_sound_explodes(finish: Finish, sound: np.ndarray) -> None:
    out = apply_finish(sound.astype(np.float32), finish, 0, SECOND)
    assert np.isfinite(out).all()
    assert np.sqrt(np.mean(out**2)) <= 2 * np.sqrt(np.mean(sound**2)) + 1e-3


def test_the_seed_is_that_of_the_noise_alone(finish: Finish) -> None:
    sound = cut_off(music(1))
    one, same, other = (apply_finish(sound, finish, 0, SECOND, seed=seed) for seed in (1, 1, 2))
    assert (one == same).all()
    assert not np.allclose(one, other)
    low = [soxr.resample(each.mean(axis=1), SONG_RATE, 14_000) for each in (one, other)]
    np.testing.assert_allclose(*(each[200:-200] for each in low), atol=1e-3)


def test_without_width_both_sides_are_one(finish: Finish) -> None:
    out = apply_finish(cut_off(music(1)), finish, 0, SECOND, width=False)
    assert (out[:, 0] == out[:, 1]).all()


def test_a_mono_album_teaches_no_width() -> None:
    learnt = learn_finish([music(10, width=0.0)])
    assert learnt is not None
    assert (learnt.has_air, learnt.has_width) == (True, False)
    out = apply_finish(cut_off(music(1)), learnt, 0, SECOND)
    assert (out[:, 0] == out[:, 1]).all()


def test_an_album_without_air_teaches_none() -> None:
    mono = cut_off(music(10))
    learnt = learn_finish([np.stack([mono, mono], axis=1)])
    assert learnt is not None
    assert (learnt.has_air, learnt.has_width) == (False, False)
    np.testing.assert_array_equal(apply_finish(mono, learnt, 0, len(mono)), np.stack([mono, mono], axis=1))


@pytest.mark.parametrize("pieces", [[], [music(1)], [music(0.01)]], ids=["none", "a second", "a blink"])
def test_too_little_teaches_nothing(pieces: list[np.ndarray]) -> None:
    assert learn_finish(pieces) is None


def test_a_finish_is_read_as_it_was_written(finish: Finish, tmp_path: Path) -> None:
    path = tmp_path / "finish.json"
    save_finish(finish, path, "these tracks")
    again = load_finish(path, "these tracks")
    assert again is not None
    sound = cut_off(music(1))
    np.testing.assert_allclose(apply_finish(sound, again, 0, SECOND), apply_finish(sound, finish, 0, SECOND), atol=1e-3)
    assert load_finish(path) is not None
    assert load_finish(path, "others") is None


_WRONG = [None, [], "x", [1e300] * 10, [float("nan")] * 10, [1.0] * 9, {"a": 1}, [[0.0]] * 10]


@pytest.mark.parametrize("value", _WRONG)
def test_a_damaged_finish_is_none(finish: Finish, tmp_path: Path, value: object) -> None:
    path = tmp_path / "finish.json"
    save_finish(finish, path, "")
    told = json.loads(path.read_text("ascii"))
    for damaged in ({**told, "copied": value}, {**told, "has_air": value}, {**told, "version": value}, value):
        path.write_text(json.dumps(damaged), encoding="ascii")
        assert load_finish(path) is None
    path.write_bytes(b"\xff{")
    assert load_finish(path) is None
    path.unlink()
    assert load_finish(path) is None


@pytest.mark.music
def test_the_air_and_width_of_a_real_album(shared: Path) -> None:
    """Learnt on four tracks of a metal album and told on another, by window and band."""
    from samplernn.audio.reading import read_sound

    paths = sorted((shared / "music" / "obsidian-shell").glob("*.ogg"))
    tracks = [read_sound(path)[0][: 60 * SECOND] for path in paths]
    finish = learn_finish(tracks[index] for index in (0, 1, 3, 4))
    assert finish is not None
    heard, air, width, _ = targets(tracks[5])
    there = (heard.max(axis=1) > np.percentile(heard.max(axis=1), 95) - 30)[CONTEXT:-CONTEXT]
    told = features(heard)[there]
    for weights, levels in ((finish.air, air), (finish.width, width)):
        assert np.sqrt(np.mean((told @ weights - levels[CONTEXT:-CONTEXT][there]) ** 2)) < 4.5


def test_wide_bands_are_wide(finish: Finish) -> None:
    """Side over mid, by band, over the whole sound."""
    real = music(6, seed=5)
    again = apply_finish(cut_off(real), finish, 0, len(real))

    def ratio(stereo: np.ndarray) -> np.ndarray:
        mid, side = (power(spectra(each.astype(np.float32))) for each in (stereo.mean(1), stereo[:, 0] - stereo[:, 1]))
        return np.asarray(10 * np.log10((side @ width_bands()).mean(0) / (mid @ width_bands()).mean(0)))

    assert np.abs(ratio(again) - ratio(real))[2:].max() < 1.5
