"""Real music, odd files, pictures and titles are imported."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.studio.importing.album import import_album
from tests.app.studio.importing.album_files import names, refusals


@pytest.mark.music
def test_a_real_album_is_imported(shared: Path, project: Path) -> None:
    imported = import_album([shared / "music" / "obsidian-shell"], project)
    album = imported.album
    assert imported.refused == ()
    assert (album.title, album.artist, album.cover, album.titles) == ("Angelic Asylum", "Obsidian Shell", "", ())
    assert [(track.number, track.title, round(track.seconds)) for track in album.tracks] == [
        (2, "Orphanage", 259),
        (6, "Elveszett Lelkek", 246),
        (6, "Starfall", 207),
        (8, "Second Birth", 273),
        (9, "Megtört Álom", 207),
        (9, "Wings of Cruelty", 233),
    ]
    assert {(track.format, track.rate, track.channels, track.notes) for track in album.tracks} == {
        ("Ogg Vorbis", 44_100, 2, ())
    }


@pytest.mark.music
def test_every_odd_file_is_taken_or_refused(shared: Path, project: Path) -> None:
    imported = import_album([shared / "odd"], project)
    sounds = {path.name for path in (shared / "odd").iterdir() if path.suffix != ".txt"}
    assert {*names(imported), *refusals(imported)} == sounds
    assert len(imported.refused) == 8
    assert all(track.seconds > 0 and track.title for track in imported.album.tracks)


@pytest.mark.music
def test_real_pictures_and_titles_are_taken(shared: Path, project: Path) -> None:
    album = import_album([shared / "pictures", shared / "titles"], project).album
    assert album.cover.startswith("album/cover-")
    assert len(album.photographs) == 6
    assert len(album.titles) > 500
    assert "For Whom the Bell Tolls" in album.titles
