"""A fragment of a file is told by a path, and read like a file."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from samplernn.audio.decoding import decode
from samplernn.audio.fingerprints import fingerprints
from samplernn.audio.media_fragment import MediaFragment, display_name, fragment_of
from samplernn.audio.reading import open_sound, probe, read_mono, read_sound, write_sound
from samplernn.errors import SoundError
from tests.samplernn.audio.strange_files import RATE, flac_with_total


@given(
    start=st.integers(0, 10**6),
    length=st.integers(1, 10**6),
    goes_on=st.booleans(),
    name=st.sampled_from(["a.flac", "b#t=1.wav"]),
)
def test_paths_are_read_as_they_were_written(start: int, length: int, goes_on: bool, name: str) -> None:
    end = float("inf") if goes_on else (start + length) / 75
    fragment = MediaFragment(Path("/music") / name, start / 75, end)
    again = fragment_of(fragment.path)
    if fragment.is_part:
        assert again.file == fragment.file
        assert again.start == pytest.approx(fragment.start, abs=1e-6)
        assert again.end == pytest.approx(fragment.end, abs=1e-6)


@pytest.mark.parametrize("rate", [8_000, 44_100])
@pytest.mark.parametrize("form", ["flac", "wav", "mp3"])
def test_stretches_joined_are_the_file(tmp_path: Path, rate: int, form: str) -> None:
    path = tmp_path / f"whole.{form}"
    write_sound(path, np.random.default_rng(0).uniform(-0.5, 0.5, (3 * rate, 2)).astype(np.float32), rate, format=form)
    whole, _ = read_sound(path)
    edges = [0.0, 1 / 75, 1.0, 100 / 75, 2.5]
    parts = [
        read_sound(MediaFragment(path, start, end).path)[0]
        for start, end in zip(edges, [*edges[1:], float("inf")], strict=True)
    ]
    assert np.array_equal(np.concatenate(parts), whole)
    assert probe(MediaFragment(path, 1.0, 2.5).path).seconds == pytest.approx(1.5, abs=0.01)
    assert len(read_mono(MediaFragment(path, 1.0, 2.0).path, rate)) == rate


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("form", ["WAV", "FLAC", "AIFF"])
def test_what_comes_before_a_stretch_is_not_read(tmp_path: Path, form: str) -> None:
    """Ten tracks of one file cost as much as the file, and a late one begins at once."""
    rate = 44_100
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (120 * rate, 2)).astype(np.float32)
    path = tmp_path / f"whole.{form.lower()}"
    soundfile.write(path, noise, rate, format=form)
    before = bytes_read()
    with decode(MediaFragment(path, 110.0, 111.5).path) as stream:
        sound = np.concatenate(list(stream.blocks()))
    assert bytes_read() - before < path.stat().st_size / 5
    np.testing.assert_allclose(sound, noise[110 * rate : round(111.5 * rate)], atol=1e-4)


@pytest.mark.parametrize("claimed", [4, 8, 16])
def test_a_stretch_is_found_though_the_file_lies_about_its_length(tmp_path: Path, claimed: int) -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, (12 * RATE, 2)).astype(np.float32)
    path = flac_with_total(tmp_path / "a.flac", noise, claimed * RATE)
    sound, _ = read_sound(MediaFragment(path, 8.0, 10.0).path)
    np.testing.assert_allclose(sound, noise[8 * RATE : 10 * RATE], atol=1e-4)


def bytes_read() -> int:
    """By this process, as the system counts them."""
    return int(Path("/proc/self/io").read_text().split()[1])


def test_a_file_of_that_very_name_is_that_file(tmp_path: Path) -> None:
    path = tmp_path / "odd.wav#t=1,2"
    write_sound(path, np.zeros(8_000, np.float32) + 0.1, 8_000, format="wav")
    assert fragment_of(path) == MediaFragment(path)
    assert len(read_sound(path)[0]) == 8_000


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "short.wav"
    write_sound(path, np.zeros(8_000, np.float32) + 0.1, 8_000)
    with pytest.raises(SoundError, match="ends before"), open_sound(MediaFragment(path, 5.0).path) as stream:
        list(stream.blocks())
    with pytest.raises(SoundError, match="not there"), open_sound(tmp_path / "gone.wav#t=1,2"):
        pass
    assert display_name(MediaFragment(path, 65.0, 130.5).path) == "short.wav, from 1:05 to 2:10"


def test_stretches_are_known_by_their_content_wherever_the_file_lies(tmp_path: Path) -> None:
    path = tmp_path / "whole.wav"
    write_sound(path, np.random.default_rng(0).uniform(-0.5, 0.5, 24_000).astype(np.float32), 8_000)
    first, second = MediaFragment(path, 0.0, 1.5).path, MediaFragment(path, 1.5).path
    prints = fingerprints([first, second, path])
    assert len({*prints, ""}) == 4
    (tmp_path / "moved").mkdir()
    moved = path.rename(tmp_path / "moved" / "other.wav")
    assert fingerprints([MediaFragment(moved, 0.0, 1.5).path, MediaFragment(moved, 1.5).path]) == prints[:2]
    assert fingerprints([first]) == ("",)
