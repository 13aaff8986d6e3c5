"""Fixtures of the app: projects at several stages, opened and closed again, and what works on them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np
import pytest
import soundfile
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from app.document.edits.made import add_clips, put_run
from app.document.edits.sections import place_clip
from app.document.edits.songs import add_song, set_lane_pan, title_song
from app.document.model import SONG_RATE, Album, Clip, Project, Run, Track
from app.document.store import create_project, save_project
from app.jobs.job import JobList
from app.playback.player import Player
from app.session.open_project import OpenProject
from samplernn.config import ModelConfig, Preset, TrainConfig

RATE = 16_000
EPOCHS = (1, 3, 5, 7, 9, 12)
MINUTE = 60_000

OpenFolder = Callable[[Path, Project], OpenProject]


def _sound(number: int, seconds: float) -> np.ndarray:
    """Strokes that die away, twice a second, of another pitch for each clip."""
    time = np.arange(round(seconds * RATE)) / RATE
    stroke = np.exp(-6 * (time % 0.5))
    return (0.7 * stroke * np.sin(2 * np.pi * 110 * 1.3**number * time)).astype(np.float32)


def make_clip(folder: Path, number: int, epoch: int, seconds: float) -> Clip:
    """A clip of a project folder, with its sound and its sidecar."""
    id = f"c{number:04d}"
    file = f"clips/{id}.flac"
    samples = _sound(number, seconds)
    (folder / "clips").mkdir(exist_ok=True)
    soundfile.write(folder / file, samples, RATE, subtype="PCM_16")
    made = {"id": id, "checkpoint": f"epoch-{epoch:04d}", "epoch": epoch, "seed": number, "temperature": 1.0}
    (folder / f"clips/{id}.json").write_text(json.dumps({**made, "seconds": seconds, "rate": RATE}))
    return Clip(
        id=id, run="run-1", epoch=epoch, file=file, rate=RATE, samples=len(samples), seed=number, temperature=1.0
    )


def build_project(path: Path) -> Project:
    """A project folder with a run of twelve epochs, six clips of 4 s and more, and two songs; gives its document."""
    project = create_project(path)
    project = put_run(project, Run(id="run-1", preset="sketch", epoch=12, best_epoch=9, best_bits=1.2))
    clips = [make_clip(path, number + 1, epoch, 4.0 + number) for number, epoch in enumerate(EPOCHS)]
    project = add_clips(project, clips)
    project = title_song(add_song(project, lanes=3), "s1", "Hollow Engine")
    first, second, third = (lane.id for lane in project.songs[0].lanes)
    for lane, clip, start, offset, length in (
        (first, "c0006", 0.0, 0.5, 3.0),
        (first, "c0004", 3.0, 0.0, 3.5),
        (second, "c0005", 0.25, 1.0, 3.0),
        (second, "c0002", 3.0, 0.0, 4.0),
        (third, "c0001", 4.0, 0.0, 2.0),
    ):
        frames = [round(value * SONG_RATE) for value in (start, offset, length)]
        project = place_clip(project, lane, clip, frames[0], offset=frames[1], length=frames[2])
    project = set_lane_pan(set_lane_pan(project, first, -0.7), second, 0.7)
    project = title_song(add_song(project), "s2", "Nihil Parade")
    project = place_clip(project, project.songs[1].lanes[0].id, "c0003", 0)
    save_project(path, project)
    return project


def add_checkpoints(path: Path, *epochs: int) -> None:
    """Puts checkpoints of a tiny model that has learnt nothing into the run `run-1` of a project folder."""
    import torch

    from samplernn.checkpoint import CheckpointMetadata, save_checkpoint
    from samplernn.checkpoint_paths import checkpoint_path
    from samplernn.config import ModelConfig
    from samplernn.network.model import SampleRNN

    torch.manual_seed(0)
    model = SampleRNN(ModelConfig(frame_sizes=(8,), width=16, embedding=8, lookback=4))
    run = path / "runs" / "run-1"
    (run / "checkpoints").mkdir(parents=True)
    for epoch in epochs:
        metadata = CheckpointMetadata(
            run="run-1", preset="sketch", model=model.config, rate=4000, epoch=epoch, step=epoch * 10, train_bits=5.0,
            held_out_bits=5.1, seconds=1.0,
        )  # fmt: skip
        save_checkpoint(checkpoint_path(run, epoch), model.state_dict(), metadata)


@pytest.fixture
def made_project(tmp_path: Path) -> tuple[Path, Project]:
    """The folder of a project that has been worked on, and its document: see `build_project`."""
    path = tmp_path / "Inorganic Second.deepcuts"
    return path, build_project(path)


@pytest.fixture
def album_project(tmp_path: Path) -> tuple[Path, Project]:
    """The folder of a project whose album is one track of 30 s, and its document; nothing has been learnt yet."""
    path = tmp_path / "First.deepcuts"
    track = tmp_path / "one.wav"
    soundfile.write(track, np.tile(_sound(3, 2.0), 15), RATE)
    tracks = (Track(id="t1", path=str(track), title="One", seconds=30.0, rate=RATE, channels=1),)
    project = replace(create_project(path), album=Album(title="Album", artist="Band", tracks=tracks))
    save_project(path, project)
    return path, project


@pytest.fixture
def open_project() -> Iterator[OpenFolder]:
    """Opens the project of a folder; closes it at the end."""
    with ExitStack() as opened:
        yield lambda folder, value: opened.enter_context(closing(OpenProject(folder, value)))


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[JobList]:
    """A list of jobs; what still runs at the end is cancelled, and has ended before the next test."""
    made = JobList()
    yield made
    made.cancel_all()
    qtbot.waitUntil(lambda: not made.running, timeout=2 * MINUTE)


@pytest.fixture
def player(qtbot: QtBot) -> Iterator[Player]:
    made = Player()
    yield made
    made.close()


@pytest.fixture
def tiny() -> Preset:
    """A model so small that an epoch takes a moment."""
    model = ModelConfig(width=16, embedding=8)
    train = TrainConfig(batch=2, window=64, steps_per_epoch=10, epochs=2)
    return Preset(name="custom", title="Custom", words="", model=model, train=train, rate=RATE)
