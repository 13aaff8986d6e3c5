"""Whatever is sorted by its name is sorted as people count: 2, 11, 100."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from app.jobs.export import songs_of
from app.studio.importing.album import import_album

NUMBERS = (100, 11, 2, 101, 9, 10)
IN_ORDER = sorted(NUMBERS)


@pytest.mark.parametrize("name", ["{} Song", "Song {}", "{:02} - Band - Song {}", "Band {} live"])
@pytest.mark.parametrize("dropped", ["folder", "files"])
def test_tracks(music: Path, project: Path, name: str, dropped: str) -> None:
    paths = {number: music / f"{name.format(number, number)}.wav" for number in NUMBERS}
    for number, path in paths.items():
        soundfile.write(path, np.random.default_rng(number).normal(0, 0.1, 24_000), 8000)
    album = import_album([music] if dropped == "folder" else list(paths.values()), project).album
    assert [Path(track.path) for track in album.tracks] == [paths[number] for number in IN_ORDER]


def test_photographs(music: Path, project: Path) -> None:
    paths = {number: music / f"{number} photo.jpg" for number in NUMBERS}
    for number, path in paths.items():
        Image.new("RGB", (640, 480), (number, 0, 0)).save(path)
    album = import_album([music], project).album
    assert [Path(path) for path in album.photographs] == [paths[number] for number in IN_ORDER]


def test_songs_of_a_release(tmp_path: Path) -> None:
    """Also of one that was exported when numbers had two digits at least, and no more."""
    for number in range(1, 121):
        (tmp_path / f"{number:02} Song.flac").touch()
    assert [int(path.name.split()[0]) for path in songs_of(tmp_path)] == list(range(1, 121))
