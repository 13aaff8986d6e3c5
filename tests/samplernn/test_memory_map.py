"""Arrays are mapped whole, read-only and without an open file; what is none is refused."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from samplernn.memory_map import open_mapped
from tests.mapping import is_mapped


@given(
    arrays.arrays(
        st.sampled_from([np.float32, np.int16, np.uint8, np.float64]),
        arrays.array_shapes(min_dims=0, max_dims=3, min_side=0),
    ),
    st.booleans(),
)
def test_any_array_comes_back_as_it_was_saved(
    tmp_path_factory: pytest.TempPathFactory, values: np.ndarray, by_column: bool
) -> None:
    path = tmp_path_factory.mktemp("mapped") / "values.npy"
    np.save(path, np.asarray(values, order="F" if by_column else "C"))
    mapped = open_mapped(path)
    assert is_mapped(mapped, path) or not mapped.nbytes
    assert mapped.dtype == values.dtype
    assert mapped.shape == values.shape
    assert np.array_equal(mapped, values, equal_nan=values.dtype.kind == "f")


def test_it_cannot_be_written_and_lives_as_long_as_any_part_of_it(tmp_path: Path) -> None:
    np.save(tmp_path / "values.npy", np.arange(100_000))
    part = open_mapped(tmp_path / "values.npy")[90_000:]
    gc.collect()
    (tmp_path / "values.npy").unlink()
    assert part.tolist() == list(range(90_000, 100_000))
    with pytest.raises(ValueError, match="read-only"):
        part[0] = 1
    with pytest.raises(ValueError, match="WRITEABLE"):
        part.flags.writeable = True


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="open files and maps are only listed on Linux")
def test_no_file_stays_open_and_no_memory_stays_mapped(tmp_path: Path) -> None:
    path = tmp_path / "values.npy"
    np.save(path, np.arange(1000))
    before = len(os.listdir("/proc/self/fd"))
    many = [open_mapped(path) for _ in range(500)]
    assert len(os.listdir("/proc/self/fd")) == before
    assert Path("/proc/self/maps").read_text().count(str(path)) == len(many)
    del many
    gc.collect()
    assert str(path) not in Path("/proc/self/maps").read_text()


@pytest.mark.parametrize("content", [b"", b"no array at all", b"\x93NUMPY\x09\x00", b"\x93NUMPY\x01\x00\x76\x00{"])
def test_what_is_no_array_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "values.npy").write_bytes(content)
    with pytest.raises(ValueError):  # noqa: PT011 - whatever numpy says of it
        open_mapped(tmp_path / "values.npy")


def test_one_that_ends_early_or_holds_objects_or_is_no_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "values.npy"
    np.save(path, np.arange(1000))
    os.truncate(path, path.stat().st_size - 1)
    with pytest.raises(ValueError, match="ends early"):
        open_mapped(path)
    np.save(path, np.array([{}], dtype=object))
    with pytest.raises(ValueError, match="objects"):
        open_mapped(path)
    with pytest.raises((ValueError, PermissionError), match=r"is not a file|denied"):  # Windows opens no folder
        open_mapped(tmp_path)
    with pytest.raises(FileNotFoundError):
        open_mapped(tmp_path / "none.npy")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "values.npy")
    with pytest.raises(ValueError, match="is not a file"):
        open_mapped(tmp_path / "values.npy")
