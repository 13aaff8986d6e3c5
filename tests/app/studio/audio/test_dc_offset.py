"""What is heard and exported lies around zero, whatever the clips do; nothing that can be heard is taken away."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from app.document.model import SONG_RATE, Clip, Lane, Project, Section, Song
from app.document.store import ProjectFolder
from app.studio.analysis.song_summary import kept_summary, summarise_song
from app.studio.audio.clip_sound import ClipSounds
from app.studio.audio.dc_offset import without_offset
from app.studio.audio.loudness import MUCH_OFFSET, measure
from app.studio.audio.mix import Mixer
from app.studio.release.checks import before_export
from samplernn.audio.reading import Encoding, write_sound

RATE = 16_000
SECONDS = 20


def off_centre(seed: int = 0) -> np.ndarray:
    """As a model plays that learnt little: noise around -0.15, which drifts."""
    count = SECONDS * RATE
    drift = -0.15 + 0.02 * np.sin(2 * np.pi * 0.3 * np.arange(count) / RATE)
    return (np.random.default_rng(seed).normal(0, 0.1, count) + drift).astype(np.float32)


@pytest.fixture
def clip(tmp_path: Path) -> Clip:
    write_sound(tmp_path / "clips/c1.flac", off_centre(), RATE, format=Encoding(subtype="PCM_24"))
    return Clip(
        id="c1", run="r1", epoch=1, file="clips/c1.flac", rate=RATE, samples=SECONDS * RATE, seed=0, temperature=1.0
    )


def song_of(*starts: int) -> Song:
    """Sections of three seconds, one after another, from these places in the clip."""
    length = 3 * SONG_RATE
    sections = tuple(
        Section(id=f"x{place}", clip="c1", start=place * length, offset=start, length=length)
        for place, start in enumerate(starts)
    )
    return Song(id="s1", lanes=(Lane(id="l1", sections=sections),))


def test_a_song_lies_around_zero_and_begins_without_a_thump(tmp_path: Path, clip: Clip) -> None:
    song = song_of(0, 200_000, 650_000)
    mixed = np.concatenate(list(Mixer(song, ClipSounds(tmp_path, [clip])).blocks()))
    assert np.abs(mixed.mean(axis=0)).max() < 1e-4
    for start in range(0, len(mixed), 3 * SONG_RATE):
        # a fifth of a second of this noise has a mean of about 0.001 by chance
        assert np.abs(mixed[start : start + SONG_RATE // 5].mean(axis=0)).max() < 0.003
    assert measure([mixed]).offset < 1e-4


def test_what_can_be_heard_stays_as_it_is() -> None:
    sound = np.random.default_rng(3).normal(0, 0.1, 30 * SONG_RATE).astype(np.float32)
    before, after = (np.square(np.abs(np.fft.rfft(heard))) for heard in (sound, without_offset(sound - 0.15)))
    pitches = np.fft.rfftfreq(len(sound), 1 / SONG_RATE)
    for low, high in ((30, 33), (33, 40), (40, 80), (80, 1_000), (1_000, 20_000)):
        band = (pitches >= low) & (pitches < high)
        assert abs(10 * np.log10(after[band].sum() / before[band].sum())) < 0.1


def test_nothing_is_delayed() -> None:
    click = np.zeros(SONG_RATE, np.float32)
    click[20_000] = 1.0
    assert int(np.argmax(without_offset(click))) == 20_000


@settings(max_examples=40)
@given(arrays(np.float32, st.integers(0, 3_000), elements=st.floats(-1, 1, width=32)))
def test_sound_of_any_length_comes_out_as_long(sound: np.ndarray) -> None:
    free = without_offset(sound)
    assert free.shape == sound.shape
    assert np.isfinite(free).all()


def test_the_check_measures_it(tmp_path: Path, clip: Clip) -> None:
    """Of a song mixed from sound that was not freed, as an older version kept it, the check says so."""
    song = song_of(0)
    project = Project(clips=(clip,), songs=(song,))
    raw = {"c1": np.repeat(off_centre(), 3)[: clip.frames]}
    assert summarise_song(song, raw, {}).measured.offset > MUCH_OFFSET
    kept_summary(song, raw, {}, ProjectFolder(tmp_path).cache / "songs")
    assert any("song 1 is off centre" in check.text for check in before_export(project, tmp_path))

    for old in (ProjectFolder(tmp_path).cache / "songs").iterdir():
        old.unlink()
    kept_summary(song, ClipSounds(tmp_path, [clip]), {}, ProjectFolder(tmp_path).cache / "songs")
    assert not any("off centre" in check.text for check in before_export(project, tmp_path))
