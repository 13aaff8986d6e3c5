"""What is heard in clips, and its cache."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from app.document.model import SONG_RATE
from app.studio.analysis.accents import Accents, accents_of
from app.studio.array_cache import keep_arrays, keep_arrays_of, kept_arrays, kept_arrays_of
from samplernn.audio.reading import write_sound
from samplernn.errors import SoundError
from tests.app.drums import beat

STATE = "state of the file"
PARTS = ("facts", "strength", "moments", "weights")


@pytest.fixture
def drums(tmp_path: Path) -> Path:
    path = tmp_path / "beat.flac"
    write_sound(path, beat(132.0, 8.0, first=0.2), SONG_RATE)
    return path


def _kept(cache: Path) -> list[Path]:
    return sorted((cache / "accents").iterdir())


def _alike(one: Accents, other: Accents) -> bool:
    return (
        np.allclose(one.strength, other.strength, atol=0.01)
        and np.array_equal(one.moments, other.moments)
        and np.array_equal(one.weights, other.weights)
        and one.tempo == other.tempo
    )


def test_a_file_is_listened_to_once(drums: Path, tmp_path: Path) -> None:
    fresh = accents_of(drums, tmp_path / "cache")
    # had it listened again, this would not stand there
    parts = kept_arrays_of(drums, tmp_path / "cache", "accents", *PARTS) or {}
    keep_arrays_of(drums, tmp_path / "cache", "accents", {**parts, "weights": parts["weights"] * 2})
    again = accents_of(drums, tmp_path / "cache")
    assert np.allclose(again.weights, 2 * fresh.weights)
    assert again.tempo == fresh.tempo
    assert fresh.tempo is not None
    assert fresh.tempo.bpm == pytest.approx(132.0, rel=0.002)
    assert len(fresh.moments) >= 30
    assert fresh.frames[0] == round(float(fresh.moments[0]) * SONG_RATE)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _other(path: Path) -> None:
    parts = {"facts": np.zeros(3), "strength": np.zeros((2, 2)), "moments": np.ones(4), "weights": np.ones(1)}
    keep_arrays(path, {**(kept_arrays(path, STATE) or {}), **parts})


def _pickle(path: Path) -> None:
    with path.open("wb") as file:
        np.savez(file, facts=np.array([object()], dtype=object))


def _backwards(path: Path) -> None:
    parts = kept_arrays(path, STATE, *PARTS) or {}
    keep_arrays(path, {**parts, "moments": parts["moments"][::-1]})


@pytest.mark.parametrize("damage", [_cut, _empty, _other, _pickle, _backwards])
def test_a_damaged_cache_is_made_again(drums: Path, tmp_path: Path, damage: Callable[[Path], None]) -> None:
    fresh = accents_of(drums, tmp_path / "cache")
    (kept,) = _kept(tmp_path / "cache")
    damage(kept)
    assert _alike(accents_of(drums, tmp_path / "cache"), fresh)
    assert _alike(accents_of(drums, tmp_path / "cache"), fresh)


def test_another_recording_of_the_same_name_is_heard_anew_and_the_old_forgotten(drums: Path, tmp_path: Path) -> None:
    accents_of(drums, tmp_path / "cache")
    write_sound(drums, beat(97.0, 9.0), SONG_RATE)
    tempo = accents_of(drums, tmp_path / "cache").tempo
    assert tempo is not None
    assert tempo.bpm == pytest.approx(97.0, rel=0.002)
    assert len(_kept(tmp_path / "cache")) == 1


def test_a_cache_that_cannot_be_written_is_no_fault(drums: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where a folder should be")
    assert len(accents_of(drums, tmp_path / "cache").moments) >= 20


def test_what_is_no_sound_is_said_so(tmp_path: Path) -> None:
    letter = tmp_path / "letter.flac"
    letter.write_text("Dear band")
    for path in (letter, tmp_path / "gone.flac"):
        with pytest.raises(SoundError):
            accents_of(path, tmp_path / "cache")
