"""Measures are kept: of an album, of clips, and what their models say."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from app.document.store import ProjectFolder
from app.studio.array_cache import keep_arrays, kept_arrays
from app.studio.measures.album import AlbumReference, album_reference, reference_key
from app.studio.measures.kept import keep_bits, measures_of, measures_of_clip
from app.studio.measures.measured import ClipMeasures
from app.studio.recipes.material import Batch
from samplernn.audio.reading import write_sound
from samplernn.data.dataset import Dataset
from samplernn.errors import SoundError
from tests.app.studio.measures.songs import RATE, song
from tests.app.studio.recipes.heard import clips_of


@pytest.fixture
def clip(tmp_path: Path, dataset: Dataset) -> Path:
    start = dataset.train[1].start + 10 * RATE
    path = tmp_path / "c0001.flac"
    sound = np.concatenate([song(70, 4), dataset.sound[start : start + 6 * RATE], np.zeros(6 * RATE, np.float32)])
    write_sound(path, sound, RATE)
    return path


def alike(one: ClipMeasures, other: ClipMeasures) -> bool:
    def plain(measures: ClipMeasures) -> list[object]:
        return [
            (each.start_seconds, each.closeness, each.moving, each.copied, each.tempo, each.loudness, each.bits)
            for each in measures.sections
        ]

    features = zip(one.sections, other.sections, strict=True)
    same = all(np.array_equal(here.features, there.features) for here, there in features)
    return plain(one) == plain(other) and one.stuck == other.stuck and same


def test_a_clip_is_measured_once(clip: Path, tmp_path: Path, album: AlbumReference) -> None:
    fresh = measures_of(clip, tmp_path / "cache", album)
    assert fresh.copied is not None
    assert fresh.stuck is not None
    (kept,) = (tmp_path / "cache" / "measures").iterdir()
    written = kept.stat().st_mtime_ns
    assert alike(measures_of(clip, tmp_path / "cache", album), fresh)
    assert kept.stat().st_mtime_ns == written
    keep_bits(clip, tmp_path / "cache", np.full(len(fresh.sections), 3.5, np.float32))
    assert [section.bits for section in measures_of(clip, tmp_path / "cache", album).sections] == [3.5] * 4
    keep_bits(clip, tmp_path / "cache", np.full(2, 3.5, np.float32))
    assert alike(measures_of(clip, tmp_path / "cache", album), fresh)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def _other(path: Path) -> None:
    names = ("state of the file", "made", "table", "copied", "features", "stuck")
    parts = kept_arrays(path, *names) or {}
    keep_arrays(path, {**parts, "copied": np.full((4, 4), 99.0)})


@pytest.mark.parametrize("damage", [_cut, _other])
def test_damaged_measures_are_made_again(
    clip: Path, tmp_path: Path, album: AlbumReference, damage: Callable[[Path], None]
) -> None:
    fresh = measures_of(clip, tmp_path / "cache", album)
    (kept,) = (tmp_path / "cache" / "measures").iterdir()
    damage(kept)
    assert alike(measures_of(clip, tmp_path / "cache", album), fresh)


def test_a_loop_is_told_but_of_clips_along_to_a_guide(tmp_path: Path, album: AlbumReference) -> None:
    (clip,) = (replace(each, file="loop.flac") for each in clips_of([Batch(1, 1, 16.0, 0)]))
    write_sound(tmp_path / clip.file, np.tile(song(90, 1), 16), RATE)
    told = measures_of_clip(tmp_path, replace(clip, guide=""), album)
    assert told.stuck is not None
    assert told.stuck.kind == "loop"
    asked_for = measures_of_clip(tmp_path, replace(clip, guide="the album, cut anew"), album)
    assert asked_for.stuck is None
    assert asked_for.moving > told.moving


def test_an_album_is_listened_to_once(prepared: Path, album: AlbumReference, tmp_path: Path) -> None:
    folder = tmp_path / "copy.deepcuts"
    shutil.copytree(prepared, folder)
    kept = ProjectFolder(folder).cache / "measures" / "album.reference"
    written = kept.stat().st_mtime_ns
    again = album_reference(folder)
    assert kept.stat().st_mtime_ns == written
    assert again.key == album.key == reference_key(folder)
    sound = song(80, 8)
    one, other = (measures_of_sound(sound, each) for each in (again, album))
    assert one == pytest.approx(other, abs=1e-6)
    kept.write_bytes(kept.read_bytes()[:-1000])
    assert album_reference(folder).closeness.near == pytest.approx(album.closeness.near)
    assert kept.stat().st_mtime_ns != written


def measures_of_sound(sound: np.ndarray, album: AlbumReference) -> list[float]:
    from app.studio.measures.clip import measure_sound

    measures = measure_sound([sound], album)
    return [measures.closeness, measures.moving, measures.newness]


def test_without_an_album_it_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(SoundError, match="has not been prepared"):
        album_reference(tmp_path)
