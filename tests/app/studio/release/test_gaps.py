"""The silence between two songs is as long as the album's flow says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import soundfile

from app.document.edits.songs import set_song_gap
from app.document.lengths import album_seconds
from app.document.model import SONG_RATE, Project
from app.studio.release.export import export_release


def test_a_song_with_a_gap_of_its_own_is_followed_by_it(
    small_project: Callable[[Path], Project], tmp_path: Path
) -> None:
    folder = tmp_path / "Small.deepcuts"
    project = small_project(folder)  # half a second after each song
    project = set_song_gap(project, project.songs[0].id, 1.25)
    release = export_release(project, folder, tmp_path / "out")
    lengths = [soundfile.info(path).frames for path in sorted(release.glob("*.flac"))]
    first, second = (song.frames for song in project.songs)
    assert lengths == [first + round(1.25 * SONG_RATE), second]
    page = (release / "how it was made.html").read_text()
    assert "1.25 s of silence between songs" in page
    assert album_seconds(project) == sum(lengths) / SONG_RATE
