"""An album, and a project that has learnt it for a moment: made once, copied for each file of tests."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from samplernn.audio.reading import write_sound
from tests.app.shell.calling import deepcuts


@pytest.fixture(scope="session")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two short tracks, a cover and a file that is none of it."""
    folder = tmp_path_factory.mktemp("music") / "Tin Hearts - Slow Rust"
    folder.mkdir()
    noise = np.random.default_rng(0)
    for number in (1, 2):
        clicks = (noise.random(12 * 16_000) < 0.002) * noise.standard_normal(12 * 16_000)
        sound = np.convolve(clicks, np.exp(-np.arange(800) / 90) * np.sin(np.arange(800) * 0.1 * number))[: len(clicks)]
        write_sound(folder / f"0{number} Song {number}.flac", (sound / abs(sound).max()).astype(np.float32), 16_000)
    Image.radial_gradient("L").convert("RGB").save(folder / "cover.jpg")
    (folder / "broken.mp3").write_bytes(b"ID3 and then nothing")
    return folder


@pytest.fixture(scope="session")
def taught(album: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that has imported the album and learnt for a moment."""
    home = tmp_path_factory.mktemp("home")
    project = home / "slow.deepcuts"
    imported = deepcuts(home, "import", album, "--project", project)
    assert imported.returncode == 0, imported.stderr
    assert imported.stdout.strip() == f"{project}: 2 tracks, 24 s"
    assert "broken.mp3" in imported.stderr
    taught = deepcuts(home, "train", project, "--budget", "2s")
    assert taught.returncode == 0, taught.stderr
    assert "bits on held-out music" in taught.stdout
    return project


@pytest.fixture(scope="module")
def learnt(taught: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of it for the tests of one file."""
    return Path(shutil.copytree(taught, tmp_path_factory.mktemp("copy") / taught.name))
