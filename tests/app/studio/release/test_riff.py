"""Chunks that are added to WAV files: what is written is read, and the sound stays as it was."""

from __future__ import annotations

import struct
import tempfile
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from app.studio.release.riff import acid_chunk, append_chunks, chunks_of, info_chunk, info_of

TEXT = st.text(st.characters(blacklist_characters="\0", blacklist_categories=("Cs",)), min_size=1, max_size=40)
NAMES = st.sampled_from(["INAM", "IART", "IPRD", "ICRD", "IGNR", "ICMT"])


@settings(max_examples=40)
@given(st.dictionaries(NAMES, TEXT, min_size=1), st.integers(1, 99), st.sampled_from(["PCM_16", "PCM_24"]))
def test_texts_come_back_and_the_sound_is_untouched(facts: dict[str, str], frames: int, subtype: str) -> None:
    sound = np.random.default_rng(frames).uniform(-1, 1, (frames, 1))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.wav"
        soundfile.write(path, sound, 44_100, subtype=subtype)
        before = soundfile.read(path, dtype="int32")[0]
        append_chunks(path, [info_chunk(facts), acid_chunk(97.4, 8)])
        assert info_of(path) == facts
        assert np.array_equal(soundfile.read(path, dtype="int32")[0], before)
        with path.open("rb") as file:
            chunks = dict(chunks_of(file))
        assert path.stat().st_size == 8 + struct.unpack("<I", path.read_bytes()[4:8])[0]
    flags, root, _, _, beats, low, high, bpm = struct.unpack("<IHHfIHHf", chunks["acid"])
    assert (flags & 1, root, beats, low, high) == (0, 60, 8, 4, 4)
    assert bpm == pytest.approx(97.4)


def test_what_is_no_wav_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"fLaC" + bytes(40))
    with pytest.raises(ValueError, match="no WAV file"):
        append_chunks(path, [info_chunk({"INAM": "a"})])
    assert path.read_bytes() == b"fLaC" + bytes(40)


def test_libsndfile_reads_the_texts_too(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros(7), 44_100)
    append_chunks(path, [info_chunk({"INAM": "Slow Rust", "IART": "Tin Hearts", "IGNR": "Metal"})])
    with soundfile.SoundFile(path) as file:
        assert (file.title, file.artist, file.genre) == ("Slow Rust", "Tin Hearts", "Metal")
