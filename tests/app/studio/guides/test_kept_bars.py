"""Bars in the cache: what is damaged there is found again, and what is found fits in."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import soundfile

from app.document.guide_choice import ALBUM_GUIDE
from app.document.store import ProjectFolder
from app.studio.analysis.onsets import RATE
from app.studio.guides import bars as bars_module
from app.studio.guides.bars import Bars, bars_of, kept_bars
from app.studio.guides.sources import guides_for
from samplernn.data.build import build_dataset
from samplernn.data.dataset import Dataset
from samplernn.guides.strokes import PER_SECOND
from tests.app.studio.guides.test_guides import drums

keep_arrays, kept_arrays = bars_module.keep_arrays, bars_module.kept_arrays
Arrays = dict[str, np.ndarray]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> ProjectFolder:
    folder = tmp_path_factory.mktemp("bars") / "Drums.deepcuts"
    folder.mkdir()
    soundfile.write(folder / "one.wav", drums(24, 120), RATE)
    place = ProjectFolder(folder)
    build_dataset([folder / "one.wav"], place.dataset, RATE)
    return place


@pytest.fixture(scope="module")
def whole(place: ProjectFolder) -> Bars:
    return kept_bars(place)


def _value(name: str, value: float) -> Callable[[Arrays], None]:
    def change(arrays: Arrays) -> None:
        arrays[name].reshape(-1)[len(arrays[name]) // 2] = value

    return change


def _cut(name: str) -> Callable[[Arrays], None]:
    return lambda arrays: arrays.update({name: arrays[name][:-1]})


def _bent(name: str) -> Callable[[Arrays], None]:
    return lambda arrays: arrays.update({name: arrays[name].reshape(1, -1)})


NUMBERS = [np.nan, np.inf, -np.inf, 30_000.0]
CHANGES = {
    **{f"{name} {value}": _value(name, value) for name in ("strokes", "notes", "mean") for value in NUMBERS},
    **{f"{name} {value}": _value(name, value) for name in ("ends", "note_ends") for value in (*NUMBERS, -1, 1e300)},
    "follows nan": _value("follows", np.nan),
    **{f"{name} cut": _cut(name) for name in ("strokes", "ends", "notes", "note_ends", "follows", "mean")},
    **{f"{name} of another shape": _bent(name) for name in ("strokes", "notes", "mean")},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_is_damaged_is_found_again(place: ProjectFolder, whole: Bars, change: Callable[[Arrays], None]) -> None:
    """The file is whole, as its checksum tells; what it holds is not."""
    (path,) = place.cache.glob("bars-*")
    kept = kept_arrays(path, "strokes", "ends", "notes", "note_ends", "follows", "mean")
    assert kept is not None
    arrays = {name: array.copy() for name, array in kept.items()}
    change(arrays)
    keep_arrays(path, arrays)
    guides = guides_for(place, ALBUM_GUIDE, 8.0, [1])
    assert len(guides) == 1
    found = kept_bars(place)
    assert found.follows == whole.follows
    for here, there in zip(found.strokes + found.notes, whole.strokes + whole.notes, strict=True):
        np.testing.assert_array_equal(here, there)


def test_no_more_bars_are_kept_than_the_cache_takes(place: ProjectFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = Dataset.open(place.dataset)
    every = bars_of(dataset)
    monkeypatch.setattr(bars_module, "_MOST_SECONDS", 10)
    some = bars_of(dataset)
    assert 0 < len(some.strokes) == len(some.notes) == len(some.follows) < len(every.strokes)
    assert sum(map(len, some.strokes)) <= 10 * PER_SECOND
    assert some.follows == (*every.follows[: len(some.follows) - 1], False)
    assert some.loudness == every.loudness


def test_half_an_hour_of_long_bars_is_read_from_the_cache(place: ProjectFolder) -> None:
    """As long as the longest album that is kept whole."""
    seconds, notes = bars_module._MOST_SECONDS, bars_module.NOTES
    strokes = (np.zeros((4 * PER_SECOND, bars_module.BANDS), np.float32),) * (seconds // 4)
    of_notes = (np.zeros((round(4 * notes) + 1, bars_module.SEMITONES, 3), np.float32),) * (seconds // 4)
    packed = bars_module._packed(Bars(strokes, of_notes, (True,) * (seconds // 4), strokes[0][0], -20.0))
    path = place.cache / "long.arrays"
    keep_arrays(path, packed)
    assert kept_arrays(path, *packed) is not None
    path.unlink()
