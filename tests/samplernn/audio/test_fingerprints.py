"""Recordings are known by what is in them: an album that was moved is the same album."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from samplernn.audio.fingerprints import fingerprint
from samplernn.audio.reading import write_sound
from samplernn.data.build import build_dataset
from samplernn.data.dataset import Dataset
from samplernn.errors import SoundError

_RATE = 8000


@pytest.fixture
def album(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "Slow Rust"
    folder.mkdir()
    for name in ("one", "two"):
        noise = np.random.default_rng(len(name) + ord(name[0])).normal(0, 0.1, 12 * _RATE).astype(np.float32)
        write_sound(folder / f"{name}.wav", noise, _RATE, format="wav")
    return sorted(folder.iterdir())


def _moved(album: list[Path], to: Path) -> list[Path]:
    album[0].parent.rename(to)
    return [to / path.name for path in album]


def test_a_file_is_known_by_its_content_alone(tmp_path: Path, album: list[Path]) -> None:
    (tmp_path / "copy.bin").write_bytes(album[0].read_bytes())
    os.utime(tmp_path / "copy.bin", (1, 1))
    assert fingerprint(tmp_path / "copy.bin") == fingerprint(album[0])
    assert fingerprint(album[1]) != fingerprint(album[0])
    raw = bytearray(album[0].read_bytes())
    raw[-1] ^= 1
    (tmp_path / "copy.bin").write_bytes(raw)
    assert fingerprint(tmp_path / "copy.bin") != fingerprint(album[0])
    (tmp_path / "copy.bin").write_bytes(b"")
    assert fingerprint(tmp_path / "copy.bin")


def test_a_moved_album_is_not_prepared_again(tmp_path: Path, album: list[Path]) -> None:
    build_dataset(album, tmp_path / "dataset", _RATE)
    key = Dataset.open(tmp_path / "dataset").key
    there = _moved(album, tmp_path / "elsewhere")
    report = build_dataset(there, tmp_path / "dataset", _RATE)
    assert report.reused
    assert report.missing == ()
    again = Dataset.open(tmp_path / "dataset")
    assert again.key == key
    assert [track.path for track in again.report.tracks] == [str(path) for path in there]


def test_what_was_prepared_is_enough_where_the_album_is_gone(tmp_path: Path, album: list[Path]) -> None:
    build_dataset(album, tmp_path / "dataset", _RATE)
    album[1].unlink()
    report = build_dataset(album, tmp_path / "dataset", _RATE)
    assert report.reused
    assert report.missing == (str(album[1]),)
    album[0].unlink()
    assert build_dataset(album, tmp_path / "dataset", _RATE).missing == tuple(map(str, album))
    with pytest.raises(SoundError, match="not there any more"):
        build_dataset(album[:1], tmp_path / "dataset", _RATE)
    with pytest.raises(SoundError, match="not there any more"):
        build_dataset(album, tmp_path / "dataset", 2 * _RATE)


def test_another_recording_under_the_old_name_is_not_taken_for_it(tmp_path: Path, album: list[Path]) -> None:
    build_dataset(album, tmp_path / "dataset", _RATE)
    size, times = album[0].stat().st_size, (album[0].stat().st_atime, album[0].stat().st_mtime)
    album[0].write_bytes(album[1].read_bytes())
    os.utime(album[0], times)
    assert album[0].stat().st_size == size
    assert not build_dataset(album, tmp_path / "dataset", _RATE).reused


def test_what_was_overwritten_anywhere_is_another_recording(tmp_path: Path, album: list[Path]) -> None:
    """Wherever in a long file, and though its size and times stay as they were."""
    long = tmp_path / "long.wav"
    write_sound(long, np.zeros(600 * _RATE, np.float32), _RATE, format="wav")
    prints = {fingerprint(long)}
    whole = long.read_bytes()
    for place in range(0, 600, 60):
        raw = bytearray(whole)
        raw[-(place * 2 + 1) * _RATE] ^= 1
        long.write_bytes(raw)
        prints.add(fingerprint(long))
    assert len(prints) == 11


def test_a_take_that_was_recorded_over_is_learnt(tmp_path: Path, album: list[Path]) -> None:
    build_dataset(album, tmp_path / "dataset", _RATE)
    times = album[0].stat().st_atime, album[0].stat().st_mtime
    for second in range(1, 11, 3):
        with album[0].open("rb+") as file:
            file.seek(second * _RATE * 2)
            file.write(bytes(64))
        os.utime(album[0], times)
        assert not build_dataset(album, tmp_path / "dataset", _RATE).reused


def test_a_dataset_prepared_again_is_the_same_to_a_run(tmp_path: Path, album: list[Path]) -> None:
    build_dataset(album, tmp_path / "dataset", _RATE)
    build_dataset(_moved(album, tmp_path / "elsewhere"), tmp_path / "other", _RATE)
    assert Dataset.open(tmp_path / "other").key == Dataset.open(tmp_path / "dataset").key


def test_datasets_from_before_learn_what_their_tracks_are(tmp_path: Path, album: list[Path]) -> None:
    build_dataset(album, tmp_path / "dataset", _RATE)
    index = tmp_path / "dataset" / "dataset.json"
    whole = Dataset.open(tmp_path / "dataset").index
    old = index.read_text().replace(f',"prints":["{whole.prints[0]}","{whole.prints[1]}"],"remove_silence":true', "")
    assert "prints" not in old
    index.write_text(old)
    assert build_dataset(album, tmp_path / "dataset", _RATE).reused
    assert Dataset.open(tmp_path / "dataset").index.prints == whole.prints
