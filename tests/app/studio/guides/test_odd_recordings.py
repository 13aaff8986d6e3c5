"""Any recording as a guide: it plays, within full scale, or gets one plain sentence; none is read without end."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from app.document.guide_choice import GuideChoice
from app.document.store import ProjectFolder
from app.studio.guides.bars import Bars
from app.studio.guides.preview import noise_along, preview_guide
from app.studio.guides.sources import guide_of_recording
from resources.errors import PlainError
from samplernn.guides.guide import Guide
from samplernn.guides.strokes import BANDS, PER_SECOND
from tests.memory import held_megabytes, most_megabytes, on_linux
from tests.samplernn.audio.test_reading import wav_header

RATE = 16_000
ALBUM = Bars(mean=np.linspace(-20, -50, BANDS).astype(np.float32), loudness=-25.0)
NOISE = np.random.default_rng(0).normal(0, 0.1, RATE * 2).astype(np.float32)
TIME = np.arange(len(NOISE)) / RATE


def with_values(*values: float) -> np.ndarray:
    sound = NOISE.copy()
    sound[1_000 : 1_000 + len(values)] = values
    return sound


def assert_plays(guide: Guide) -> None:
    sound = noise_along(guide, 2.0).samples
    assert np.isfinite(sound).all()
    assert 1e-4 < np.abs(sound).max() <= 1


@pytest.mark.parametrize(
    ("sound", "rate"),
    [
        (NOISE[:RATE], RATE),
        (NOISE, 1_000),
        (NOISE, 8_000),
        (np.tile(NOISE, 24), 192_000),
        (np.repeat(NOISE[:, None], 32, axis=1), RATE),
        (np.stack([NOISE, -NOISE], axis=1), RATE),
        (np.ones(len(NOISE)), RATE),
        ((np.arange(len(NOISE)) == RATE).astype(float), RATE),
        (np.sin(2 * np.pi * 440 * TIME), RATE),
        (np.sin(2 * np.pi * 5 * TIME), RATE),
        (np.sign(np.sin(2 * np.pi * 100 * TIME)), RATE),
        (with_values(np.nan, np.inf, -np.inf), RATE),
        (NOISE * 2**31, RATE),
    ],
    ids=[
        "a second",
        "1 kHz",
        "8 kHz",
        "192 kHz",
        "32 channels",
        "channels that cancel",
        "DC",
        "one click",
        "a sine",
        "a slow sine",
        "a square",
        "some that are no numbers",
        "whole numbers as floats",
    ],
)
def test_what_sounds_plays(tmp_path: Path, sound: np.ndarray, rate: int) -> None:
    path = tmp_path / "odd.wav"
    soundfile.write(path, sound, rate, subtype="FLOAT")
    assert_plays(guide_of_recording(path, 2.0, ALBUM))


def _no_numbers(path: Path) -> None:
    soundfile.write(path, np.full(RATE * 2, np.nan), RATE, subtype="FLOAT")


def _of_frames(frames: int) -> Callable[[Path], None]:
    return lambda path: soundfile.write(path, NOISE[:frames], RATE)


REFUSED: dict[str, Callable[[Path], object]] = {
    "nothing there": lambda path: None,
    "a folder": Path.mkdir,
    "a link to nothing": lambda path: path.symlink_to(path.with_name("gone.wav")),
    "a link to itself": lambda path: path.symlink_to(path),
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "a pipe": os.mkfifo,
    "no frames": _of_frames(0),
    "one frame": _of_frames(1),
    "half a second": _of_frames(RATE // 2),
    "silence": lambda path: soundfile.write(path, np.zeros(RATE * 2), RATE),
    "one bit": lambda path: soundfile.write(path, (np.arange(RATE * 2) == RATE).astype(np.int16), RATE),
    "no numbers": _no_numbers,
    "no scale": lambda path: soundfile.write(path, NOISE * 1e30, RATE, subtype="FLOAT"),
    "a zip": lambda path: path.write_bytes(b"PK\3\4" + np.random.default_rng(0).bytes(5_000)),
    "a picture": lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(5_000)),
    "text": lambda path: path.write_text("boots and cats " * 500),
    "no file": lambda path: path.write_bytes(b""),
}


@pytest.mark.skipif(os.name != "posix", reason="links, pipes and devices as Linux and macOS have them")
@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED)
def test_what_does_not_gets_one_sentence(tmp_path: Path, make: Callable[[Path], object]) -> None:
    path = tmp_path / "odd.wav"
    make(path)
    with pytest.raises(PlainError) as caught:
        preview_guide(ProjectFolder(tmp_path), GuideChoice("recording", path), 2.0, 0)
    assert "odd.wav" in caught.value.what
    assert "\n" not in str(caught.value)


@on_linux
@pytest.mark.parametrize(("channels", "bits"), [(1, 16), (2, 16), (2, 32)])
def test_of_ten_hours_the_beginning_is_read(tmp_path: Path, channels: int, bits: int) -> None:
    """32 bits here are floats, whose scale is measured before they are heard."""
    path = tmp_path / "day.wav"
    length = 10 * 3600 * RATE * channels * bits // 8
    header = bytearray(wav_header(RATE, channels, min(length, 2**32 - 1), bits=bits))
    header[20] = 3 if bits == 32 else 1
    sound = np.repeat(NOISE, channels)
    path.write_bytes(header + (sound.astype("<f4") if bits == 32 else (sound * 2**15).astype("<i2")).tobytes())
    os.truncate(path, 44 + length)
    before = held_megabytes()
    preview = preview_guide(ProjectFolder(tmp_path), GuideChoice("recording", path), 2.0, 0)
    assert preview.guide.strokes.shape == (2 * PER_SECOND, BANDS)
    assert preview.source_seconds is not None
    assert preview.source_seconds > 9 * 3600 or length > 2**32
    assert most_megabytes() - before < 200
    assert_plays(preview.guide)


def test_the_end_of_what_is_used_sounds_as_in_the_whole(tmp_path: Path) -> None:
    """The beginning of a longer recording is the same guide as when the rest is read, too."""
    path = tmp_path / "odd.wav"
    sound = np.random.default_rng(1).normal(0, 0.1, 44_100 * 4)
    soundfile.write(path, sound, 44_100)
    short, long = (guide_of_recording(path, seconds, Bars()).strokes for seconds in (2.0, 4.0))
    inside = slice(0, 2 * PER_SECOND - 4)
    np.testing.assert_allclose(short[inside], long[inside], atol=0.01)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_damaged_recording_plays_or_gets_a_sentence(data: st.DataObject, tmp_path_factory) -> None:
    path = tmp_path_factory.mktemp("damaged") / f"odd.{data.draw(st.sampled_from(['wav', 'flac', 'ogg', 'aiff']))}"
    soundfile.write(path, NOISE, RATE)
    raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, min(len(raw), 200) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(raw[: data.draw(st.integers(1, len(raw)))])
    try:
        guide = guide_of_recording(path, 1.0, ALBUM)
    except PlainError:
        return
    assert np.isfinite(noise_along(guide, 1.0).samples).all()


def test_a_recording_that_begins_too_late_is_not_called_silent_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "intro.wav"
    soundfile.write(path, np.concatenate([np.zeros(3 * RATE), NOISE]), RATE)
    with pytest.raises(PlainError, match="is silent for as long as the clip is: "):
        guide_of_recording(path, 2.0, ALBUM)
    assert guide_of_recording(path, 5.0, ALBUM).strokes[3 * PER_SECOND + 9 :].max() > -30
    soundfile.write(path, np.zeros(3 * RATE), RATE)
    with pytest.raises(PlainError, match="is silent: "):
        guide_of_recording(path, 5.0, ALBUM)
