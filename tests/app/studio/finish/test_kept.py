"""The finish of a project: learnt from its tracks once, kept, and never in the way of a training."""

from __future__ import annotations

import dataclasses
from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from app.document.model import SONG_RATE, Album, Project, Track
from app.document.store import ProjectFolder
from app.studio.finish import kept
from app.studio.finish.finish import load_finish
from app.studio.finish.kept import LEARNING, finish_of, stereo_part
from app.studio.training.train import TrainingPlan, learn, prepare
from samplernn.audio.reading import write_sound
from samplernn.config import Preset
from samplernn.training.control import Control


def music(seconds: float, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    time = np.arange(round(seconds * SONG_RATE)) / SONG_RATE
    middle, side = random.standard_normal((2, len(time))) * np.exp(-8 * (time % 0.25)) * 0.1
    return np.stack([middle + 0.5 * side, middle - 0.5 * side], axis=1).astype(np.float32)


@pytest.fixture
def project(tmp_path: Path) -> tuple[Project, Path]:
    folder = tmp_path / "Wide.deepcuts"
    folder.mkdir()
    for number in (1, 2):
        write_sound(tmp_path / f"{number}.wav", music(12.0, number), SONG_RATE)
    tracks = tuple(Track(id=f"t{number}", path=str(tmp_path / f"{number}.wav"), title="") for number in (1, 2))
    return Project(name="Wide", album=Album(tracks=tracks)), folder


def test_a_training_learns_the_finish_of_its_album_once(project: tuple[Project, Path], tiny: Preset) -> None:
    told: list[str] = []
    value, folder = project
    plan = TrainingPlan(tiny, epochs=1, device="cpu")
    list(learn(lambda: value, folder, plan, Control(), lambda _, doing: told.append(doing), previews=False))
    finish = load_finish(ProjectFolder(folder).finish)
    assert finish is not None
    assert finish.has_air
    assert finish.has_width
    assert LEARNING in told
    written = ProjectFolder(folder).finish.stat().st_mtime_ns
    told.clear()
    prepare(value, folder, tiny, lambda _, doing: told.append(doing))
    prepare(value, folder, dataclasses.replace(tiny, rate=11_025))  # the same recordings at another rate
    assert ProjectFolder(folder).finish.stat().st_mtime_ns == written
    assert LEARNING not in told


def test_it_is_learnt_anew_when_damaged_and_when_the_tracks_are_others(
    project: tuple[Project, Path], tiny: Preset
) -> None:
    value, folder = project
    prepare(value, folder, tiny)
    place = ProjectFolder(folder).finish
    whole = place.read_bytes()
    place.write_bytes(whole[: len(whole) // 2])
    prepare(value, folder, tiny)
    assert place.read_bytes() == whole
    fewer = replace(value, album=replace(value.album, tracks=value.album.tracks[:1]))
    prepare(fewer, folder, tiny)
    assert place.read_bytes() != whole


def test_cancelling_leaves_what_was_kept(project: tuple[Project, Path], tiny: Preset) -> None:
    value, folder = project
    prepare(value, folder, tiny)
    place = ProjectFolder(folder).finish
    place.write_bytes(b"old")
    with pytest.raises(CancelledError):
        finish_of(folder, value.album, cancelled=lambda: True)
    assert place.read_bytes() == b"old"
    assert list(place.parent.iterdir()) == [place]


def test_what_goes_wrong_never_stops_a_training(
    project: tuple[Project, Path], tiny: Preset, monkeypatch: pytest.MonkeyPatch
) -> None:
    value, folder = project

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept, "save_finish", full)
    assert prepare(value, folder, tiny).seconds > 20
    assert not ProjectFolder(folder).finish.exists()
    monkeypatch.undo()
    Path(value.album.tracks[0].path).unlink()  # prepared, and gone since
    assert prepare(value, folder, tiny).missing
    assert load_finish(ProjectFolder(folder).finish) is not None  # of the other one
    ProjectFolder(folder).finish.unlink()
    Path(value.album.tracks[1].path).unlink()
    prepare(value, folder, tiny)
    assert not ProjectFolder(folder).finish.exists()


def test_a_mono_file_teaches_no_width_and_a_low_one_no_air(tmp_path: Path, tiny: Preset) -> None:
    write_sound(tmp_path / "mono.wav", music(20.0, 3).mean(axis=1)[::2], SONG_RATE // 2)
    assert stereo_part(tmp_path / "mono.wav", 5.0).shape == (5 * SONG_RATE, 2)
    tracks = (Track(id="t1", path=str(tmp_path / "mono.wav"), title=""),)
    prepare(Project(name="Low", album=Album(tracks=tracks)), tmp_path, tiny)
    finish = load_finish(ProjectFolder(tmp_path).finish)
    assert finish is not None
    assert not finish.has_width
