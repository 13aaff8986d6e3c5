"""A small project with clips on disk, for tests of what comes out."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest

from app.document.edits import sections
from app.document.edits.made import add_clips, put_run
from app.document.edits.release import name_release, set_gap
from app.document.edits.songs import add_song, set_lane_pan, title_song
from app.document.model import Album, Clip, Project, Run, Track
from app.document.store import save_project
from app.studio.training.train import TrainingPlan, prepare, run_after, train_run
from samplernn.audio.reading import write_sound
from samplernn.config import ModelConfig, Preset, TrainConfig

RATE = 16_000


class MakeProject(Protocol):
    def __call__(self, folder: Path, *, songs: int = 2, seconds: float = 4.0) -> Project: ...


@pytest.fixture(scope="session")
def small_project() -> MakeProject:
    return _small_project


def _small_project(folder: Path, *, songs: int = 2, seconds: float = 4.0) -> Project:
    """Songs of two lanes each, panned apart, of clips of bursting noise over a drone."""
    folder.mkdir(exist_ok=True)
    clips = []
    for number in range(1, 4):
        noise = np.random.default_rng(number)
        t = np.arange(int(seconds * RATE)) / RATE
        sound = noise.normal(0, 0.25, len(t)) * np.exp(-((t * 2.7) % 1) * 7) + 0.1 * np.sin(2 * np.pi * 70 * number * t)
        file = f"clips/c{number:04}.flac"
        write_sound(folder / file, np.clip(sound, -1, 1).astype(np.float32), RATE)
        clips.append(
            Clip(
                id=f"c{number:04}", run="r1", epoch=number, file=file, rate=RATE, samples=len(t),
                seed=number, temperature=0.95,
            )
        )  # fmt: skip
    tracks = (Track(id="t1", path="/music/a.flac", title="Old <One>", seconds=200.0),)
    project = Project(name="Small", album=Album(title="Früher", artist="Die Alten", year="1999", tracks=tracks))
    run = Run(id="r1", preset="sketch", epoch=3, held_out_bits=4.2, best_epoch=3, best_bits=4.2)
    project = add_clips(put_run(project, run), clips)
    for number in range(1, songs + 1):
        project = add_song(project)
        song = project.songs[-1]
        left, right = song.lanes
        project = sections.place_clip(project, left.id, f"c{number:04}", 0)
        project = sections.place_clip(project, right.id, f"c{number + 1:04}", 1000)
        project = set_lane_pan(set_lane_pan(project, left.id, -0.7), right.id, 0.7)
        project = title_song(project, song.id, f"Sång {number}/{songs}: «Ash»?")
    project = set_gap(name_release(project, "Nächste", "Die Alten (machine)"), 0.5)
    save_project(folder, project)
    return project


TINY = Preset(
    name="sketch",
    title="Tiny",
    words="For tests: it learns next to nothing, at once.",
    model=ModelConfig(frame_sizes=(8,), width=16, embedding=16, levels=64, lookback=8),
    train=TrainConfig(batch=4, window=128, steps_per_epoch=3, epochs=2, lane_seconds=1.0),
    rate=8000,
)


@pytest.fixture(scope="session")
def tiny() -> Preset:
    return TINY


@pytest.fixture(scope="session")
def learnt_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Path]:
    """A project whose run r1 has two epochs behind it."""
    folder = tmp_path_factory.mktemp("learnt") / "Learnt.deepcuts"
    folder.mkdir()
    track = folder.parent / "track.flac"
    t = np.arange(40 * 8000) / 8000
    write_sound(track, (0.5 * np.sin(2 * np.pi * 220 * t) * (t % 0.5 < 0.3)).astype(np.float32), 8000)
    tracks = (Track(id="t1", path=str(track), title="Track"),)
    project = Project(name="Learnt", album=Album(title="Tones", artist="Oscillator", tracks=tracks))
    prepare(project, folder, TINY)
    run = Run(id="r1", preset=TINY.name)
    for event in train_run(project, folder, TrainingPlan(TINY, device="cpu")):
        run = run_after(run, event)
    project = put_run(project, run)
    save_project(folder, project)
    return project, folder


@pytest.fixture
def learnt(learnt_once: tuple[Project, Path], tmp_path: Path) -> tuple[Project, Path]:
    """A copy of `learnt_once` to change."""
    project, source = learnt_once
    folder = tmp_path / source.name
    shutil.copytree(source, folder)
    return project, folder
