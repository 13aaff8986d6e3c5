"""Tags that unpack to gigabytes or claim to be as large take no memory of the program, and cost no track."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from app.studio.importing import album_names
from app.studio.importing.album import import_album
from app.studio.importing.album_names import read_names
from app.studio.importing.tags import raw_tags
from samplernn.audio.reading import call_in_worker
from samplernn.errors import SoundError
from tests.memory import held_megabytes, most_megabytes, on_linux

RATE = 44_100


def syncsafe(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def id3_bomb(megabytes: int) -> bytes:
    """An ID3 tag of a picture that is so large once it is unpacked."""
    packer = zlib.compressobj(1)
    packed = packer.compress(b"\0image/png\0\3\0")
    packed += packer.flush(zlib.Z_FULL_FLUSH)
    packed += (packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)) * megabytes  # it ends without an end
    frame = syncsafe((megabytes << 20) % 2**28) + packed
    frame = b"APIC" + syncsafe(len(frame)) + bytes([0, 0x09]) + frame  # packed, with its length before it
    title = b"\3Ordinal"
    title = b"TIT2" + syncsafe(len(title)) + bytes(2) + title
    return b"ID3\x04\0\0" + syncsafe(len(title + frame)) + title + frame


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = tmp_path / "Tin Hearts - 01 - Ordinal.mp3"
    soundfile.write(path, np.random.default_rng(0).normal(0, 0.1, 2 * RATE), RATE)
    return path


@on_linux
def test_a_picture_that_unpacks_to_gigabytes(song: Path, tmp_path: Path) -> None:
    song.write_bytes(id3_bomb(1_200) + song.read_bytes())
    (tmp_path / "P.deepcuts").mkdir()
    before = held_megabytes()
    imported = import_album([song], tmp_path / "P.deepcuts")
    assert [track.title for track in imported.album.tracks] == ["Ordinal"]
    assert most_megabytes() - before < 500


@on_linux
def test_a_tag_that_claims_to_be_gigabytes(song: Path) -> None:
    """An APE tag of three gigabytes, nearly all of it a hole in the file."""
    size = 3 * 2**30
    with song.open("r+b") as file:
        file.seek(size, 2)
        file.write(b"APETAGEX" + struct.pack("<IIII", 2_000, size + 32, 1, 0) + bytes(8))
    before = held_megabytes()
    assert raw_tags(song).covers == ()
    assert most_megabytes() - before < 500


def test_different_pictures_of_many_files_are_not_all_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mutagen.flac import FLAC, Picture

    paths = []
    for number in range(4):
        path = tmp_path / f"{number}.flac"
        soundfile.write(path, np.zeros(RATE), RATE)
        Image.effect_noise((64, 64), 50).save(tmp_path / "cover.png")
        picture = Picture()
        picture.data, picture.type = (tmp_path / "cover.png").read_bytes(), 3
        file = FLAC(path)
        file.add_picture(picture)
        file.save()
        paths.append(path)
    assert all(len(names.covers) == 1 for names in read_names(paths, [tmp_path]))
    size = len((tmp_path / "cover.png").read_bytes())
    monkeypatch.setattr(album_names, "_MOST_COVER_BYTES", 2.5 * size)
    assert [len(names.covers) for names in read_names(paths, [tmp_path])] == [1, 1, 0, 0]


def falls_over(path: Path) -> bytes:
    raise ValueError(path)


def test_a_function_that_fails_in_a_worker_costs_one_file(song: Path) -> None:
    with pytest.raises(SoundError, match="is damaged"):
        call_in_worker(falls_over, song)
    assert raw_tags(song).title == ""
