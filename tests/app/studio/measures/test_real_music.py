"""Measures on real music: known cases of an album are told apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.studio.measures.album import AlbumReference, reference_of
from app.studio.measures.clip import measure_sound
from app.studio.measures.measured import ClipMeasures
from app.studio.measures.worse import without_time
from samplernn.audio.reading import read_mono
from samplernn.data.build import build_dataset
from samplernn.data.dataset import Dataset
from tests.app.studio.measures.songs import RATE, Sound, resampled

pytestmark = pytest.mark.music
SECONDS = 8


@pytest.fixture(scope="module")
def dataset(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Half of a metal album."""
    folder = tmp_path_factory.mktemp("real") / "dataset"
    build_dataset(sorted((shared / "music" / "obsidian-shell").glob("*.ogg"))[:3], folder, RATE)
    return Dataset.open(folder)


@pytest.fixture(scope="module")
def album(dataset: Dataset) -> AlbumReference:
    return reference_of(dataset)


def cut(sound: Sound) -> list[Sound]:
    length = SECONDS * RATE
    return [np.array(sound[k : k + length]) for k in range(0, len(sound) - length + 1, length)]


def measured(sounds: list[Sound], album: AlbumReference) -> list[ClipMeasures]:
    return [measure_sound([sound], album) for sound in sounds]


def test_the_album_s_own_held_out_music_is_closest(dataset: Dataset, album: AlbumReference, shared: Path) -> None:
    spans = [span for part in (dataset.valid, dataset.test) for span in part]
    own = measured([clip for start, stop in spans for clip in cut(dataset.sound[start:stop])], album)
    noise = np.random.default_rng(0)
    white = measured([noise.normal(0, 0.1, SECONDS * RATE).astype(np.float32) for _ in range(4)], album)
    learnt = [np.array(dataset.sound[span.start + 20 * RATE :][: SECONDS * RATE]) for span in dataset.train]
    rough = measured([without_time(clip, noise) for clip in learnt], album)
    (path,) = (shared / "music" / "singles").glob("*Trackdead*")
    others = measured(cut(read_mono(path, RATE) * np.float32(dataset.gain))[::5], album)
    closeness = [np.array([each.closeness for each in group]) for group in (own, others, rough, white)]
    for lower in closeness[1:]:
        assert (closeness[0][:, None] > lower).mean() >= 0.95
    assert [each.copied for each in own + others] == [None] * len(own + others)
    assert [each.stuck for each in own] == [None] * len(own)
    assert {each.stuck.kind for each in white if each.stuck} == {"noise"}


@pytest.mark.parametrize("ratio", [1.0, 1.02, 1 / 1.02, 2 ** (1 / 12)])
def test_what_stands_in_the_album_is_found(dataset: Dataset, album: AlbumReference, ratio: float) -> None:
    for track, second in ((0, 33.7), (2, 91.1)):
        start = dataset.train[track].start + round(second * RATE)
        clip = resampled(dataset.sound[start : start + SECONDS * RATE], ratio) * np.float32(0.7)
        copied = measure_sound([clip], album).copied
        assert copied is not None
        assert copied.seconds > 4
