"""One odd file is read or refused; all others are taken with it."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import soundfile

from app.studio.audio.spooled import SpooledSound
from app.studio.importing.album import import_album
from samplernn.audio.reading import CHANNELS_CANCEL
from samplernn.data.report import MOSTLY_SILENCE
from samplernn.errors import SoundError
from samplernn.file_info import describe
from tests.app.studio.importing.album_files import names, refusals, sound
from tests.samplernn.audio.strange_files import RATE, encode, tone, wav


def test_odd_files_are_read_and_the_import_goes_on(music: Path, project: Path) -> None:
    sound(music / "01 good.wav")
    wav(music / "02 sixty-four bits.wav", 1, 64, (tone(1.0).astype(np.float64) * 2.0**62).astype("<i8").tobytes())
    encode(music / "03 stream.aiff", "mp2", tone(2.0)[:, None].repeat(2, 1), RATE, "stereo", "mpegts")
    encode(music / "04 surround.m4a", "aac", tone(1.0)[:, None].repeat(8, 1), RATE, "7.1")
    (music / "05 nothing.mp3").write_bytes(bytes(5_000))
    sound(music / "06 good too.wav")
    imported = import_album([music], project)
    assert names(imported) == [
        "01 good.wav", "02 sixty-four bits.wav", "03 stream.aiff", "04 surround.m4a", "06 good too.wav",
    ]  # fmt: skip
    assert "damaged" in refusals(imported)["05 nothing.mp3"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names on this system")
def test_what_is_no_file_is_refused_at_once(music: Path, project: Path) -> None:
    sound(music / "good.wav")
    os.mkfifo(music / "pipe.wav")
    (music / "zero.wav").symlink_to("/dev/zero")
    imported = import_album([music], project)
    assert names(imported) == ["good.wav"]
    assert set(refusals(imported)) == {"pipe.wav", "zero.wav"}


def test_channels_that_cancel_are_heard(music: Path, project: Path) -> None:
    left = np.tile(tone(1.0), 20)
    soundfile.write(music / "wide.wav", np.stack([left, -left], axis=1), RATE)
    (track,) = import_album([music], project).album.tracks
    assert track.on
    assert MOSTLY_SILENCE not in track.notes
    assert CHANNELS_CANCEL in track.notes


def test_one_length_is_told_everywhere(music: Path, project: Path) -> None:
    """By the row, by `info` and by what the transport plays."""
    noise = np.random.default_rng(1).normal(0, 0.2, 30 * RATE).astype(np.float32)
    noise[: 10 * RATE] *= 1e-4
    path = encode(music / "a.aac", "aac", noise[:, None], RATE, "mono", "adts")
    (track,) = import_album([music], project).album.tracks
    assert describe(path)["seconds"] == pytest.approx(track.seconds, abs=0.001)
    played = SpooledSound(path)
    assert played.frames / played.rate == pytest.approx(track.seconds, abs=0.1)
    assert played.wait(60)
    assert played.frames / played.rate == pytest.approx(track.seconds, abs=0.001)
    played.close()
    assert track.notes == ()


def test_a_track_that_was_there_is_said_to_be_gone(tmp_path: Path) -> None:
    with pytest.raises(SoundError, match="is not there any more"):
        SpooledSound(tmp_path / "gone.wav")
