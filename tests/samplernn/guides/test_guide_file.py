"""The file of a guide: what was written comes back, and whatever else lies there gets one plain sentence."""

from __future__ import annotations

import json
import os
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samplernn.errors import SoundError
from samplernn.guides.guide import Guide
from samplernn.guides.guide_file import read_guide, write_guide
from samplernn.guides.notes import PLACE, SEMITONES, notes_of
from samplernn.guides.strokes import BANDS, strokes_of


def guide(frames: int, notes: int, seed: int = 0, **more: object) -> Guide:
    random = np.random.default_rng(seed)
    strokes = random.normal(-40, 15, (frames, BANDS)).astype(np.float32)
    levels = None
    if notes:
        levels = random.normal(-50, 10, (notes, SEMITONES, 3)).astype(np.float32)
        levels[..., PLACE] = random.uniform(50, 2100, (notes, SEMITONES))
    return Guide(strokes, "loop.wav", levels, **more)  # type: ignore[arg-type]


def kept(folder: Path, whole: Guide) -> Path:
    path = folder / "c0001.guide"
    write_guide(path, whole)
    return path


@settings(max_examples=25, deadline=None)
@given(
    frames=st.integers(1, 700),
    notes=st.integers(0, 40),
    name=st.text(max_size=30),
    follow=st.floats(0, 1),
    bpm=st.none() | st.floats(20, 400),
    begin=st.floats(0, 3600),
    manner=st.sampled_from(["", "strokes only"]),
    data=st.booleans(),
)
def test_what_is_written_comes_back(
    tmp_path_factory: pytest.TempPathFactory, frames, notes, name, follow, bpm, begin, manner, data
) -> None:
    made = replace(
        guide(frames, notes, frames), name=name, follow=follow, bpm=bpm, begin=begin, manner=manner, has_strokes=data
    )
    read = read_guide(kept(tmp_path_factory.mktemp("guides"), made))
    np.testing.assert_allclose(read.strokes, made.strokes, atol=0.26)
    assert (read.notes is None) == (made.notes is None)
    if read.notes is not None:
        np.testing.assert_allclose(read.notes, made.notes, atol=0.26)
    facts = (read.name, read.follow, read.bpm, read.begin, read.manner, read.has_strokes)
    assert facts == (name or "c0001", follow, bpm, begin, manner, data)


def test_of_a_stretch_the_whole_is_kept(tmp_path: Path) -> None:
    whole = guide(500, 30)
    stretch = replace(whole, strokes=whole.strokes[100:200], notes=None, whole=whole, begin=0.4)
    read = read_guide(kept(tmp_path, stretch))
    assert (len(read.strokes), read.begin) == (500, 0.4)
    assert read.notes is not None


def test_it_is_small(tmp_path: Path) -> None:
    """Half a minute of music takes less than a byte for each level."""
    time = np.arange(30 * 16_000) / 16_000
    sound = (0.2 * np.sin(2 * np.pi * 220 * time) * np.exp(-8 * (time % 0.4))).astype(np.float32)
    sound += 0.02 * np.random.default_rng(0).standard_normal(len(time)).astype(np.float32)
    strokes, levels = strokes_of([sound], 16_000), notes_of([sound], 16_000)
    assert kept(tmp_path, Guide(strokes, "x", levels)).stat().st_size < 0.75 * (strokes.size + levels.size)


@pytest.fixture(scope="module")
def whole_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = kept(tmp_path_factory.mktemp("whole"), guide(40, 3))
    return path.rename(path.with_name("whole.guide"))


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_damaged_file_reads_or_gets_a_sentence(data: st.DataObject, whole_file: Path) -> None:
    raw, path = bytearray(whole_file.read_bytes()), whole_file.with_name("c0001.guide")
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(raw[: data.draw(st.integers(0, len(raw)))] if data.draw(st.booleans()) else raw)
    try:
        read, said = read_guide(path), ""
    except SoundError as error:
        read, said = guide(1, 0), str(error)
    assert np.isfinite(read.strokes).all()
    assert not said or ("c0001.guide" in said and "\n" not in said)


def header(**other: object) -> bytes:
    facts = {"guide": 1, "name": "x", "follow": 1.0, "begin": 0.0, "per_second": [250, 15.625], "frames": [2, 0]}
    return json.dumps({**facts, **other}).encode() + b"\n"


STROKES = zlib.compress(np.zeros((2, BANDS), "<i2").tobytes())
ODD = {
    "nothing": b"",
    "no line": b"x" * 200_000,
    "no JSON": b"{\n" + STROKES,
    "a list": b"[]\n" + STROKES,
    "deep": b"[" * 60_000 + b"\n",
    "another version": header(guide=2) + STROKES,
    "another rate": header(per_second=[125, 31.25]) + STROKES,
    "a tempo that is no number": header(bpm=float("nan")) + STROKES,
    "a beginning that is no number": header(begin=float("nan")) + STROKES,
    "closer than wholly": header(follow=1.5) + STROKES,
    "closeness in words": header(follow="close") + STROKES,
    "true as a number": header(begin=True) + STROKES,
    "no name": header(name=None) + STROKES,
    "a name without end": header(name="x" * 5_000) + STROKES,
    "no frames": header(frames=[0, 0]) + zlib.compress(b""),
    "fewer than none": header(frames=[-1, 0]) + STROKES,
    "half a frame": header(frames=[1.5, 0]) + STROKES,
    "more frames than there are": header(frames=[3, 0]) + STROKES,
    "fewer frames than there are": header(frames=[1, 0]) + STROKES,
    "three hours": header(frames=[3 * 3600 * 250, 0]) + STROKES,
    "a bomb": header() + zlib.compress(bytes(50_000_000), 9),
    "no levels": header() + b"not compressed",
    "levels that no sound has": header() + zlib.compress(np.full((2, BANDS), 8_000, "<i2").tobytes()),
    "cut off": header() + STROKES[:-6],
}


@pytest.mark.parametrize("raw", ODD.values(), ids=ODD)
def test_what_is_no_guide_gets_a_sentence(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "odd.guide"
    path.write_bytes(raw)
    with pytest.raises(SoundError, match="odd") as caught:
        read_guide(path)
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(os.name != "posix", reason="pipes, devices and links as Linux and macOS have them")
def test_what_is_no_file_gets_a_sentence(tmp_path: Path) -> None:
    for name, make in (
        ("gone", lambda path: None),
        ("folder", Path.mkdir),
        ("device", lambda path: path.symlink_to("/dev/zero")),
        ("pipe", os.mkfifo),
        ("circle", lambda path: path.symlink_to(path)),
    ):
        path = tmp_path / f"{name}.guide"
        make(path)
        with pytest.raises(SoundError, match=name):
            read_guide(path)


def test_one_frame_is_a_guide(tmp_path: Path) -> None:
    (tmp_path / "one.guide").write_bytes(header(frames=[1, 0]) + zlib.compress(np.zeros((1, BANDS), "<i2").tobytes()))
    assert read_guide(tmp_path / "one.guide").strokes.shape == (1, BANDS)
