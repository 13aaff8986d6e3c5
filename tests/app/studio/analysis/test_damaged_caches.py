"""What can be made again is made again where it is damaged, silently; nothing wrong is ever read from it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from app.document.model import Clip, Project
from app.studio.analysis.accents import Accents, accents_of
from app.studio.analysis.peaks import peaks_of
from app.studio.analysis.song_summary import kept_summary
from app.studio.array_cache import keep_arrays, kept_arrays
from app.studio.artwork.cover_recipe import is_as_it_was, read_recipe
from app.studio.audio.clip_sound import ClipSounds
from app.studio.release.record import problems_of
from app.studio.training.instrument import album_report, known_linear_bits, linear_bits, old_events, run_preset
from samplernn.config import Preset
from samplernn.errors import SoundError
from tests.app.damage import damaged
from tests.app.studio.conftest import MakeProject
from titles.musicbrainz import Artist, Catalogue, MusicBrainz

TIMES = 120
"""Of each cache; every tenth seed is another way."""


def each_damage(path: Path) -> Any:
    """Damages the file in one way after the other."""
    whole = path.read_bytes()
    assert whole
    for seed in range(TIMES):
        raw = damaged(whole, seed)
        if raw != whole:
            path.write_bytes(raw)
            yield seed


def only(folder: Path, pattern: str) -> Path:
    [path] = folder.glob(pattern)
    return path


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "one.wav"
    soundfile.write(path, np.random.default_rng(1).normal(0, 0.1, 16_000).astype(np.float32), 16_000)
    return path


def test_the_sound_of_a_clip(tmp_path: Path, sound: Path) -> None:
    clip = Clip(id="c1", run="r", epoch=1, file="one.wav", rate=16_000, samples=16_000, seed=0, temperature=1.0)

    def heard() -> np.ndarray[Any, Any]:
        sounds = ClipSounds(tmp_path, [clip])
        values = np.array(sounds["c1"])
        assert sounds.problems == {}
        return values

    first = heard()
    for seed in each_damage(only(tmp_path / "cache", "*.npy")):
        assert np.array_equal(heard(), first), seed


def test_accents(tmp_path: Path, sound: Path) -> None:
    def same(one: Accents, other: Accents) -> bool:
        parts = zip(
            (one.strength, one.moments, one.weights), (other.strength, other.moments, other.weights), strict=True
        )
        return all(np.allclose(left, right, atol=1e-2) for left, right in parts) and one.tempo == other.tempo

    first = accents_of(sound, tmp_path / "cache")
    for seed in each_damage(only(tmp_path / "cache" / "accents", "*")):
        assert same(accents_of(sound, tmp_path / "cache"), first), seed


def test_peaks(tmp_path: Path, sound: Path) -> None:
    first = peaks_of(sound, tmp_path / "cache").finest
    for seed in each_damage(next(path for path in (tmp_path / "cache").rglob("*") if path.is_file())):
        assert np.array_equal(peaks_of(sound, tmp_path / "cache").finest, first), seed


def test_the_look_of_a_song(tmp_path: Path, small_project: MakeProject) -> None:
    project = small_project(tmp_path / "P.deepcuts", songs=1)
    song, folder = project.songs[0], tmp_path / "P.deepcuts" / "cache" / "songs"
    sounds = ClipSounds(tmp_path / "P.deepcuts", project.clips)
    first = kept_summary(song, sounds, {}, folder)
    for seed in each_damage(only(folder, "*")):
        again = kept_summary(song, sounds, {}, folder)
        assert np.array_equal(again.lows, first.lows), seed
        assert again.measured.lufs == first.measured.lufs, seed


def test_arrays(tmp_path: Path) -> None:
    path = tmp_path / "cache" / "some" / "x.arrays"
    (tmp_path / "cache").mkdir()
    arrays = {"one": np.arange(9, dtype=np.float32).reshape(3, 3), "two": np.zeros(0, np.float64)}
    keep_arrays(path, arrays)
    found = kept_arrays(path, "one", "two")
    assert found is not None
    assert all(np.array_equal(found[name], arrays[name]) for name in arrays)
    assert kept_arrays(path, "three") is None
    assert kept_arrays(tmp_path, "one") is None
    for seed in each_damage(path):
        assert kept_arrays(path, "one", "two") is None, seed


def test_what_musicbrainz_has_told(tmp_path: Path) -> None:
    from datetime import date

    brainz, artist = MusicBrainz(tmp_path, "test"), Artist("0" * 8 + "-0000-0000-0000-" + "0" * 12, "Band")
    brainz._keep(Catalogue(artist, ("Slow Rust", "Tin Hearts"), date(2026, 1, 1)))
    for _ in each_damage(only(tmp_path, "*.json")):
        kept = brainz.kept(artist)
        assert kept is None or all(isinstance(title, str) and "\n" not in title for title in kept.titles)


def test_what_is_known_of_the_album_and_of_a_run(learnt: tuple[Project, Path], tiny: Preset) -> None:
    project, folder = learnt
    linear_bits(folder, tiny)
    run = project.runs[0].id
    readers: dict[str, Callable[[], object]] = {
        "dataset/dataset.json": lambda: album_report(folder),
        "dataset/predictors.json": lambda: known_linear_bits(folder, tiny),
        f"runs/{run}/config.json": lambda: run_preset(folder, run),
        f"runs/{run}/metrics.jsonl": lambda: list(old_events(folder, run)),
    }
    for name, read in readers.items():
        path = folder / name
        whole, first = path.read_bytes(), read()
        assert first
        for _ in each_damage(path):
            read()
        path.write_bytes(whole)
        assert read() == first


def test_how_covers_and_releases_were_made(tmp_path: Path) -> None:
    from app.document.store import ProjectFolder

    recipe, facts = tmp_path / "a1.json", tmp_path / "release.json"
    recipe.write_text('{"method": "self", "pieces": 6, "from": [{"path": "album/cover.jpg", "crc": 12}], "seed": 1}')
    facts.write_text('{"problems": ["One is silent."], "songs": [{"title": "One"}], "deep": {"a": [1, 2]}}')
    for _ in each_damage(recipe):
        found = read_recipe(recipe.with_suffix(".jpg"))
        if found is not None:
            assert not is_as_it_was(ProjectFolder(tmp_path), found) or not found.get("from")
    for _ in each_damage(facts):
        assert all(isinstance(problem, str) for problem in problems_of(tmp_path))


def test_the_sound_of_a_dataset(learnt: tuple[Project, Path]) -> None:
    from samplernn.data.dataset import Dataset

    _, folder = learnt
    for _ in each_damage(only(folder / "dataset", "sound-*.npy")):
        with suppress(SoundError):
            Dataset.open(folder / "dataset")
