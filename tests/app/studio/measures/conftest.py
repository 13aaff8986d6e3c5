"""An album that was prepared, and what is known of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.document.model import Album, Project, Track
from app.document.store import ProjectFolder, save_project
from app.studio.measures.album import AlbumReference, album_reference
from samplernn.audio.reading import write_sound
from samplernn.data.build import build_dataset
from samplernn.data.dataset import Dataset
from tests.app.studio.measures.songs import RATE, song

TRACKS, SECONDS = 3, 75.0


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a project whose album is prepared."""
    folder = tmp_path_factory.mktemp("measures") / "Prepared.deepcuts"
    folder.mkdir()
    paths = []
    for number in range(TRACKS):
        paths.append(folder.parent / f"{number + 1}.flac")
        write_sound(paths[-1], song(number, SECONDS), RATE)
    build_dataset(paths, ProjectFolder(folder).dataset, RATE)
    tracks = tuple(Track(id=f"t{path.stem}", path=str(path), title=f"Song {path.stem}") for path in paths)
    save_project(folder, Project(name="Prepared", album=Album(title="Figures", tracks=tracks)))
    return folder


@pytest.fixture(scope="session")
def dataset(prepared: Path) -> Dataset:
    """Its music."""
    return Dataset.open(ProjectFolder(prepared).dataset)


@pytest.fixture(scope="session")
def album(prepared: Path) -> AlbumReference:
    """What is known of it."""
    return album_reference(prepared)
