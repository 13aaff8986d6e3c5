"""A cache that somebody else has filled takes no more memory than it takes room on the disk, and no time at all."""

from __future__ import annotations

import json
import os
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.studio.analysis.accents import accents_of
from app.studio.analysis.peaks import kept_peaks, peaks_of
from app.studio.array_cache import keep_arrays, kept_arrays
from samplernn.audio.reading import write_sound

NAMES = ("a", "b")
ARRAYS = {"a": [0, 1, 2, 3, 4], "b": [1, 1, 1]}


def keep(path: Path) -> bytes:
    keep_arrays(path, {"a": np.arange(5, dtype=np.float32), "b": np.ones(3)})
    return path.read_bytes()


def test_arrays_come_back(tmp_path: Path) -> None:
    keep(tmp_path / "x")
    kept = kept_arrays(tmp_path / "x", *NAMES)
    assert kept is not None
    assert {name: values.tolist() for name, values in kept.items()} == ARRAYS


@settings(max_examples=200)
@given(data=st.data())
def test_damaged_ones_are_not_there(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    path = tmp_path_factory.mktemp("kept") / "x"
    raw = bytearray(keep(path))
    for place in data.draw(st.lists(st.integers(0, len(raw) - 1), min_size=1, max_size=4)):
        raw[place] = data.draw(st.integers(0, 255))
    path.write_bytes(raw[: data.draw(st.integers(0, len(raw)))])
    kept = kept_arrays(path, *NAMES)
    assert kept is None or {name: values.tolist() for name, values in kept.items()} == ARRAYS


def bomb(path: Path) -> None:
    """Four gigabytes of nothing in four megabytes, as numpy packs arrays."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file, file.open("a.npy", "w", force_zip64=True) as array:
        shape = (2**27,)
        np.lib.format.write_array_header_1_0(array, {"descr": "<f4", "fortran_order": False, "shape": shape})
        for _ in range(64):
            array.write(bytes(2**23))


def hollow(path: Path) -> None:
    header = json.dumps({"a": {"dtype": "F32", "shape": [2**30], "data_offsets": [0, 2**32]}}).encode()
    path.write_bytes(len(header).to_bytes(8, "little") + header)
    os.truncate(path, 8 + len(header) + 2**32)


@pytest.mark.parametrize("make", [bomb, hollow])
def test_what_would_take_all_memory_is_not_there(tmp_path: Path, make) -> None:  # type: ignore[no-untyped-def]
    make(tmp_path / "x")
    tracemalloc.start()
    assert kept_arrays(tmp_path / "x", *NAMES) is None
    assert tracemalloc.get_traced_memory()[1] < 200 * 2**20
    tracemalloc.stop()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names on this system")
def test_pipes_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x")
    assert kept_arrays(tmp_path / "x", *NAMES) is None
    sound = tmp_path / "sound.wav"
    write_sound(sound, np.random.default_rng(0).normal(0, 0.1, 32_000).astype(np.float32), 16_000, format="wav")
    cache = tmp_path / "cache"
    peaks_of(sound, cache)
    accents_of(sound, cache)
    for kind in ("peaks", "accents"):
        (kept,) = (cache / kind).iterdir()
        kept.unlink()
        os.mkfifo(kept)
    assert kept_peaks(sound, cache) is None
    assert len(accents_of(sound, cache).strength) > 10
