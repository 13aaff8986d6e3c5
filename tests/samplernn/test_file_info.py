"""What `deepcuts info` says of clips and checkpoints."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file

from samplernn.audio.reading import write_sound
from samplernn.errors import SoundError
from samplernn.file_info import describe


def test_a_clip_is_described_with_how_it_was_made(tmp_path: Path) -> None:
    sound = np.full((8_000, 2), 0.5, np.float32)
    write_sound(tmp_path / "c1.flac", sound, 16_000)
    (tmp_path / "c1.json").write_text(json.dumps({"id": "c1", "epoch": 3, "seconds": 99, "deep": {"a": 1}}))
    assert describe(tmp_path / "c1.flac") == {
        "kind": "sound",
        "file": "c1.flac",
        "id": "c1",
        "epoch": 3,
        "format": "FLAC",
        "rate": 16_000,
        "channels": 2,
        "seconds": 0.5,
        "peak": 0.5,
        "rms_db": -6.02,
        "notes": [],
    }


def test_silence_has_no_level(tmp_path: Path) -> None:
    write_sound(tmp_path / "mute.wav", np.zeros(800, np.float32), 8_000, format="wav")
    assert describe(tmp_path / "mute.wav")["rms_db"] is None


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    path = tmp_path / "epoch-0003.safetensors"
    save_file({"a": np.zeros((3, 5), np.float32), "b": np.zeros(7, np.float32)}, path, metadata={"by": "a test"})
    return path


def test_a_checkpoint_is_described_from_its_header(checkpoint: Path) -> None:
    checkpoint.with_suffix(".json").write_text(json.dumps({"epoch": 3, "held_out_bits": 5.7, "model": {"dim": 8}}))
    assert describe(checkpoint) == {
        "kind": "checkpoint",
        "file": "epoch-0003.safetensors",
        "epoch": 3,
        "held_out_bits": 5.7,
        "tensors": 2,
        "parameters": 22,
        "megabytes": 0.0,
    }


@pytest.mark.parametrize("metadata", ["", "[1, 2]", "{", "[" * 100_000, '"\\ud800"'])
def test_damaged_metadata_is_passed_over(checkpoint: Path, metadata: str) -> None:
    checkpoint.with_suffix(".json").write_text(metadata)
    assert describe(checkpoint)["parameters"] == 22


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x08",
        b"\xff" * 64,
        (2**62).to_bytes(8, "little") + b"{}",
        (2).to_bytes(8, "little") + b"[]",
        (2).to_bytes(8, "little") + b"{}" + b"more",
        (14).to_bytes(8, "little") + b'{"a": {"b":1}}',
        b"\x80\x04\x95not a pickle either",
    ],
)
def test_what_is_no_checkpoint_is_refused(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "bad.safetensors"
    path.write_bytes(raw)
    with pytest.raises(SoundError, match="not a whole checkpoint"):
        describe(path)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_cut_checkpoint_is_refused(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    path = tmp_path_factory.mktemp("cut") / "a.safetensors"
    save_file({"a": np.zeros((3, 5), np.float32)}, path)
    raw = path.read_bytes()
    path.write_bytes(raw[: data.draw(st.integers(0, len(raw) - 1))])
    with pytest.raises(SoundError):
        describe(path)


def test_missing_and_foreign_files_are_told(tmp_path: Path) -> None:
    for name in ("gone.safetensors", "gone.flac"):
        with pytest.raises(SoundError, match="is not there"):
            describe(tmp_path / name)
    (tmp_path / "note.md").write_text("# Hello")
    with pytest.raises(SoundError, match="is text, not sound"):
        describe(tmp_path / "note.md")
