"""Stems: as mixed they add up to the song to the last bit; untouched they are the clips where they lie."""

from __future__ import annotations

from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from msgspec.structs import replace

from app.document.model import Lane, Section, Song
from app.studio.audio.mix import Mixer, heard_lanes
from app.studio.sessions.stems import AS_MIXED, MUTED, STEPS, UNTOUCHED, Stems, write_stems
from resources.progress import never, no_report
from tests.app.studio.sessions.songs import SOUNDS, songs


def written(song: Song, folder: Path) -> Stems:
    return write_stems(song, "01 Ash", SOUNDS, folder, no_report, never)


def steps(path: Path) -> np.ndarray:
    """The 24 bits of each sample."""
    with soundfile.SoundFile(path) as file:
        assert (file.format, file.subtype, file.samplerate) == ("WAV", "PCM_24", 44_100)
        return file.read(dtype="int32", always_2d=True) >> 8


@settings(max_examples=40, deadline=None)
@given(song=songs())
def test_stems_add_up_to_the_song_to_the_last_bit(song: Song, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("stems")
    stems = written(song, folder)
    whole = steps(stems.song)
    parts = [steps(path) for path in (folder / AS_MIXED).iterdir()]
    assert len(parts) == sum(bool(lane.sections) for lane in heard_lanes(song))
    assert np.array_equal(sum(parts, np.zeros_like(whole)), whole)
    gain = 10 ** (-stems.turned_down_db / 20)
    mix = Mixer(song, SOUNDS).mix(0, song.frames)
    assert np.abs(whole - mix * (gain * STEPS)).max(initial=0) < 0.6


@settings(max_examples=40, deadline=None)
@given(song=songs())
def test_each_stem_is_its_lane_alone_and_silent_where_that_is(
    song: Song, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("stems")
    gain = 10 ** (-written(song, folder).turned_down_db / 20)
    heard = {lane.id for lane in heard_lanes(song)}
    for lane, letter in zip(song.lanes, "ABC", strict=False):
        path = folder / (AS_MIXED if lane.id in heard else MUTED) / f"01 Ash, lane {letter}.wav"
        assert path.exists() == bool(lane.sections)
        if lane.sections:
            alone = replace(song, lanes=(replace(lane, mute=False, solo=False),))
            mix = Mixer(alone, SOUNDS).mix(0, song.frames)
            stem = steps(path)
            assert np.abs(stem - mix * (gain * STEPS)).max(initial=0) < 3
            assert not stem[mix == 0].any()


@settings(max_examples=40, deadline=None)
@given(song=songs())
def test_untouched_files_have_the_clips_as_they_are_where_they_lie(
    song: Song, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("stems")
    gain = 10 ** (-written(song, folder).turned_down_db / 20)
    for lane, letter in zip(song.lanes, "ABC", strict=False):
        files = [steps(path) for path in sorted((folder / UNTOUCHED).glob(f"01 Ash, lane {letter}*.wav"))]
        assert all(len(file) == song.frames for file in files)
        for part in lane.sections:
            if part.clip in SOUNDS:
                sound = SOUNDS[part.clip][part.offset : part.offset + part.length]
                sound = sound[:, None] if sound.ndim == 1 else sound[:, :2]
                inside = [file[part.start : part.end] for file in files]
                fits = [
                    np.abs(each - sound * (gain * STEPS)).max() < 0.6
                    for each in inside
                    if each.shape[1] == sound.shape[1] or sound.shape[1] == 1
                ]
                assert any(fits)


def test_what_is_too_loud_makes_all_files_quieter_by_one_gain(tmp_path: Path) -> None:
    part = Section(id="p1", clip="c2", start=0, offset=0, length=3_000, gain_db=12.0)
    song = Song(id="s1", lanes=(Lane(id="l1", sections=(part,)), Lane(id="l2", sections=(replace(part, id="p2"),))))
    stems = written(song, tmp_path)
    assert 12 < stems.turned_down_db < 16
    whole = steps(stems.song)
    assert STEPS - 10 < np.abs(whole).max() < STEPS


def test_a_song_that_fits_is_as_loud_as_it_is(tmp_path: Path) -> None:
    part = Section(id="p1", clip="c1", start=0, offset=0, length=3_000)
    assert written(Song(id="s1", lanes=(Lane(id="l1", sections=(part,)),)), tmp_path).turned_down_db == 0
    assert {path.name for path in tmp_path.rglob("*.wav")} == {"01 Ash.wav", "01 Ash, lane A.wav"}


def test_more_lanes_than_files_are_written_at_a_time_add_up_too(tmp_path: Path) -> None:
    lanes = tuple(
        Lane(id=f"l{n}", sections=(Section(id=f"p{n}", clip="c1", start=10 * n, offset=n, length=500, gain_db=-20.0),))
        for n in range(60)
    )
    stems = written(Song(id="s1", lanes=lanes), tmp_path)
    parts = [steps(path) for path in (tmp_path / AS_MIXED).iterdir()]
    assert len(parts) == 60
    assert np.array_equal(sum(parts), steps(stems.song))


def test_cancelling_ends_it(tmp_path: Path) -> None:
    song = Song(id="s1", lanes=(Lane(id="l1", sections=(Section(id="p1", clip="c1", start=0, offset=0, length=500),)),))
    with pytest.raises(CancelledError):
        write_stems(song, "01 Ash", SOUNDS, tmp_path, no_report, lambda: True)
