"""An album without hands into the project that is open, while the artist goes on working."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import soundfile
from pytestqt.qtbot import QtBot

from app.document.edits.songs import add_song, title_song
from app.document.shelf import new_untitled
from app.document.store import load_project
from app.jobs.job import JobList
from app.jobs.make import Made, MakeOptions, make_for_me
from app.session.open_project import OpenProject
from samplernn.config import Preset
from tests.app.conftest import OpenFolder


@pytest.fixture
def project(open_project: OpenFolder, tmp_path: Path) -> OpenProject:
    return open_project(*new_untitled(tmp_path))


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Thirty seconds of beats in a folder of their own."""
    folder = tmp_path / "Beats"
    folder.mkdir()
    noise, t = np.random.default_rng(1), np.arange(30 * 16_000) / 16_000
    beats = noise.normal(0, 0.2, len(t)) * np.exp(-((t * 3) % 1) * 6) + 0.2 * np.sin(2 * np.pi * 90 * t)
    soundfile.write(folder / "01 Only One.flac", beats, 16_000)
    return folder


def test_what_is_made_joins_what_the_artist_does_meanwhile(
    qtbot: QtBot, project: OpenProject, album: Path, tiny: Preset, tmp_path: Path
) -> None:
    jobs = JobList()
    options = MakeOptions(
        out=tmp_path / "out",
        sources=(album,),
        preset=tiny,
        songs=1,
        song_seconds=4.0,
        epochs=1,
        device="cpu",
        seed=3,
    )
    job = make_for_me(project, jobs, options)
    made: list[Made] = []
    job.finished.connect(made.append)
    project.edit("Add Song", lambda value: title_song(add_song(value), "s1", "By hand"))
    qtbot.waitUntil(lambda: not jobs.running, timeout=120_000)
    value = project.value
    assert value.songs[0].title == "By hand"
    assert len(value.songs) == 2
    assert value.songs[1].frames == 4 * 44_100
    assert len(value.runs) == 1
    guides = Counter(clip.guide for clip in value.clips if not clip.preview)
    assert all(guide.startswith("the album, cut anew, no. ") for guide in guides)
    assert set(guides.values()) == {2}  # left and right
    assert value.covers
    assert value.album.tracks[0].title == "Only One"
    assert list(made[0].release.glob("*.flac"))
    project.undo()
    assert len(project.value.songs) == 1
    assert project.value.clips == value.clips


def test_a_cancel_keeps_what_was_made(
    qtbot: QtBot, project: OpenProject, album: Path, tiny: Preset, tmp_path: Path
) -> None:
    jobs = JobList()
    out = tmp_path / "out"
    options = MakeOptions(out=out, sources=(album,), preset=tiny, songs=1, song_seconds=4.0, device="cpu", epochs=50)
    job = make_for_me(project, jobs, options)
    qtbot.waitUntil(lambda: bool(project.value.runs), timeout=120_000)
    with qtbot.waitSignal(job.cancelled, timeout=60_000):
        job.cancel()
    qtbot.waitUntil(lambda: not jobs.running, timeout=60_000)
    assert project.value.album.tracks
    assert not out.exists() or not any(out.iterdir())
    project.close()
    assert load_project(project.folder) == project.value
