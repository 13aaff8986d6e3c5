"""Clips are resampled once, kept on disk, rebuilt when the cache goes, and silent where they are lost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from app.document.model import SONG_RATE, Clip
from app.studio.audio.clip_sound import ClipSounds
from samplernn.audio.reading import write_sound
from tests.mapping import is_mapped

RATE = 16_000


def tone(seconds: float, rate: int) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * 440 * np.arange(int(seconds * rate)) / rate)).astype(np.float32)


@pytest.fixture
def clip(tmp_path: Path) -> Clip:
    write_sound(tmp_path / "clips" / "c0001.flac", tone(1.3, RATE), RATE)
    return made("c0001")


def made(id: str) -> Clip:
    return Clip(
        id=id, run="r1", epoch=1, file=f"clips/{id}.flac", rate=RATE, samples=int(1.3 * RATE), seed=0, temperature=1.0
    )


def test_a_clip_is_heard_at_the_rate_of_songs(tmp_path: Path, clip: Clip) -> None:
    sound = ClipSounds(tmp_path, [clip])["c0001"]
    assert len(sound) == clip.frames
    middle = slice(5000, 50_000)
    # a tone that is not cut between two of its waves has a little of an offset, which is taken away
    np.testing.assert_allclose(sound[middle], tone(1.3, SONG_RATE)[middle], atol=5e-4)


def test_the_cache_is_used_and_rebuilt_and_follows_the_file(tmp_path: Path, clip: Clip) -> None:
    first = np.array(ClipSounds(tmp_path, [clip])["c0001"])
    (kept,) = (tmp_path / "cache").iterdir()
    written = kept.stat().st_mtime_ns
    again = ClipSounds(tmp_path, [clip])["c0001"]
    assert is_mapped(again, kept)
    assert kept.stat().st_mtime_ns == written
    assert np.array_equal(first, again)

    kept.write_bytes(kept.read_bytes()[:1000])
    assert np.array_equal(ClipSounds(tmp_path, [clip])["c0001"], first)

    write_sound(tmp_path / clip.file, -tone(1.3, RATE), RATE)
    turned = ClipSounds(tmp_path, [clip])["c0001"]
    np.testing.assert_allclose(turned, -first, atol=1e-4)
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_lost_and_damaged_clips_are_silent_and_told_of(tmp_path: Path, clip: Clip) -> None:
    (tmp_path / "clips" / "c0002.flac").write_bytes(b"fLaC" + bytes(100))
    sounds = ClipSounds(tmp_path, [clip, made("c0002"), made("c0003")])
    sounds.prepare(["c0001", "c0002", "c0003", "c0003", "unknown"])
    assert [len(sounds[id]) for id in sounds] == [clip.frames, 0, 0]
    assert set(sounds.problems) == {"c0002", "c0003"}
    assert "missing" in sounds.problems["c0003"]
    assert "c0002" in sounds.problems["c0002"]


def test_a_clip_is_never_larger_than_its_file_or_its_record(tmp_path: Path, clip: Clip) -> None:
    sounds = ClipSounds(tmp_path, [replace(clip, samples=3600 * RATE), replace(clip, id="c0002", samples=RATE)])
    assert abs(len(sounds["c0001"]) - clip.frames) < 5
    assert "e1 · 0001" in sounds.problems["c0001"]
    assert len(sounds["c0002"]) == SONG_RATE
    assert set(sounds.problems) == {"c0001"}


def test_without_room_for_a_cache_clips_still_sound(tmp_path: Path, clip: Clip) -> None:
    (tmp_path / "cache").write_text("in the way")
    assert len(ClipSounds(tmp_path, [clip])["c0001"]) == clip.frames
