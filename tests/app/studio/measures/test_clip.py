"""Measures of clips: on made music whose truth is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.studio.measures.album import AlbumReference
from app.studio.measures.clip import SHORTEST_SECONDS, measure_clip, measure_sound
from app.studio.measures.measured import ClipMeasures
from samplernn.audio.reading import write_sound
from samplernn.data.dataset import Dataset
from tests.app.studio.measures.songs import RATE, Sound, resampled, song

SECONDS = 8


def learnt(dataset: Dataset, track: int, second: float, seconds: float = SECONDS) -> Sound:
    start = dataset.train[track].start + round(second * RATE)
    return np.array(dataset.sound[start : start + round(seconds * RATE)])


def held_out(dataset: Dataset) -> list[Sound]:
    return [np.array(dataset.sound[start:stop]) for part in ("valid", "test") for start, stop in dataset.spans(part)]


def closeness(sound: Sound, album: AlbumReference) -> float:
    return measure_sound([sound], album).closeness


def test_held_out_music_is_close_and_noise_is_far(dataset: Dataset, album: AlbumReference) -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, SECONDS * RATE).astype(np.float32)
    hum = (0.3 * np.sin(2 * np.pi * 100 * np.arange(SECONDS * RATE) / RATE)).astype(np.float32)
    own = [closeness(sound, album) for sound in held_out(dataset)]
    assert min(own) > 0.7
    assert closeness(noise, album) < 0.1
    assert closeness(hum, album) < min(own)


def changed(sound: Sound, how: str) -> Sound:
    noise = np.random.default_rng(2)
    match how:
        case "louder":
            return np.clip(sound * 10 ** (3 / 20), -1, 1)
        case "quieter":
            return sound * np.float32(10 ** (-3 / 20))
        case "noise":
            return sound + noise.normal(0, 0.1 * sound.std(), len(sound)).astype(np.float32)
        case "faster":
            return resampled(sound, 1.02)
        case "slower":
            return resampled(sound, 1 / 1.02)
        case "semitone":
            return resampled(sound, 2 ** (1 / 12))
    return sound


@pytest.mark.parametrize("how", ["as it is", "louder", "quieter", "noise", "faster", "slower", "semitone"])
def test_what_stands_in_the_album_is_found_there(dataset: Dataset, album: AlbumReference, how: str) -> None:
    for track, second in ((0, 11.3), (1, 30.0), (2, 44.7)):
        copied = measure_sound([changed(learnt(dataset, track, second), how)], album).copied
        assert copied is not None
        assert copied.track == album.copies.tracks[track]
        assert copied.track_seconds - copied.clip_seconds == pytest.approx(second, abs=1.0)
        assert copied.seconds > 4


def test_what_went_through_mp3_is_found(dataset: Dataset, album: AlbumReference, tmp_path: Path) -> None:
    write_sound(tmp_path / "clip.mp3", learnt(dataset, 1, 20.0), RATE, format="mp3")
    copied = measure_clip(tmp_path / "clip.mp3", album).copied
    assert copied is not None
    assert copied.track == album.copies.tracks[1]


def test_other_music_is_new(dataset: Dataset, album: AlbumReference) -> None:
    own = [measure_sound([sound], album) for sound in held_out(dataset)]
    others = [measure_sound([song(seed, SECONDS)], album) for seed in range(100, 110)]
    assert sum(measures.copied is not None for measures in own + others) == 0
    assert all(measures.newness == 1.0 for measures in own + others)


def test_a_copy_in_the_middle_counts_for_its_sections_only(dataset: Dataset, album: AlbumReference) -> None:
    clip = np.concatenate([song(50, 8), learnt(dataset, 2, 20.0, 8), song(51, 8)])
    measures = measure_sound([clip], album)
    copied = [section.copied is not None for section in measures.sections]
    assert copied == [False, False, True, True, False, False]
    assert 0.4 < measures.newness < 0.75
    assert measures.copied is not None
    assert measures.copied.clip_seconds == pytest.approx(8, abs=1)


def stuck_after(second: float, kind: str) -> Sound:
    noise = np.random.default_rng(3)
    music = song(60, 16)
    rest = len(music) - round(second * RATE)
    t = np.arange(rest) / RATE
    match kind:
        case "silence":
            end = noise.normal(0, 1e-4, rest)
        case "hum":
            end = 0.2 * np.sin(2 * np.pi * 90 * t) + 0.1 * np.sin(2 * np.pi * 180 * t) + noise.normal(0, 1e-3, rest)
        case "noise":
            end = noise.normal(0, 0.1, rest)
        case _:
            figure = music[round(second * RATE) - RATE : round(second * RATE)]
            end = np.resize(figure, rest) + noise.normal(0, 1e-3, rest)
    return np.concatenate([music[: len(music) - rest], end.astype(np.float32)])


@pytest.mark.parametrize("kind", ["silence", "hum", "noise", "loop"])
@pytest.mark.parametrize("second", [0.0, 4.0, 9.5])
def test_where_a_clip_gets_stuck_is_told(album: AlbumReference, kind: str, second: float) -> None:
    if kind == "loop":
        second = max(second, 1.0)
    measures = measure_sound([stuck_after(second, kind)], album)
    assert measures.stuck is not None
    assert measures.stuck.kind == kind
    assert measures.stuck.from_seconds == pytest.approx(second, abs=2.0)
    assert measures.stuck.to_seconds == pytest.approx(16.0, abs=1.0)
    assert measures.is_stuck(measures.sections[-1])
    assert measures.sections[-1].moving < 0.3


def test_music_is_not_stuck(dataset: Dataset, album: AlbumReference) -> None:
    clips = [learnt(dataset, track, second) for track in range(3) for second in (5, 25, 45)]
    assert [measure_sound([clip], album).stuck for clip in clips] == [None] * len(clips)


def test_figures_of_a_known_sound(album: AlbumReference) -> None:
    t = np.arange(8 * RATE) / RATE
    sine = (0.5 * np.sin(2 * np.pi * 1000 * t) + 0.01).astype(np.float32)
    (section, _) = measure_sound([sine], album).sections
    assert section.loudness == pytest.approx(20 * np.log10(0.5 / np.sqrt(2)), abs=0.2)
    assert section.brightness == pytest.approx(1000, abs=10)
    assert section.dc == pytest.approx(0.01, abs=1e-4)
    beat = measure_sound([song(1, 16, bpm=150)], album)
    assert all(one.tempo is not None for one in beat.sections)
    assert beat.drift is not None
    assert beat.pulse > measure_sound([np.random.default_rng(0).normal(0, 0.1, 16 * RATE)], album).pulse


@settings(max_examples=15)
@given(length=st.integers(0, 30 * RATE), block=st.integers(1000, 50_000))
def test_sections_lie_side_by_side_and_fill_the_clip(album: AlbumReference, length: int, block: int) -> None:
    sound = np.random.default_rng(0).normal(0, 0.1, length).astype(np.float32)
    measures = measure_sound((sound[k : k + block] for k in range(0, length, block)), album)
    if length < SHORTEST_SECONDS * RATE:
        assert measures.sections == ()
        return
    ends = [0.0, *(section.end_seconds for section in measures.sections)]
    assert [section.start_seconds for section in measures.sections] == pytest.approx(ends[:-1])
    assert ends[-1] == pytest.approx(length / RATE)
    assert all(np.isfinite(section.features).all() for section in measures.sections)
    assert all(0 <= value <= 1 for one in measures.sections for value in (one.closeness, one.moving, one.newness))


def test_of_nothing_nothing_is_said() -> None:
    nothing = ClipMeasures()
    assert (nothing.closeness, nothing.moving, nothing.newness, nothing.pulse) == (0, 0, 0, 0)
    assert (nothing.drift, nothing.copied, nothing.features) == (None, None, None)


def test_silence_has_figures(album: AlbumReference) -> None:
    measures = measure_sound([np.zeros(8 * RATE, np.float32)], album)
    assert measures.stuck is not None
    assert measures.stuck.kind == "silence"
    assert all(np.isfinite([one.loudness, one.brightness, one.pulse, one.closeness]).all() for one in measures.sections)
