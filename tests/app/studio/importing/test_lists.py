"""Lists of titles that are dropped, by themselves or with the music."""

from __future__ import annotations

from pathlib import Path

from app.studio.importing.album import import_album
from tests.app.studio.importing.album_files import refusals, sound, text


def test_lists_of_titles_are_read_where_they_are_meant(music: Path, project: Path) -> None:
    sound(music / "a.wav")
    text(music / "titles.txt", "First Light", "Second Wind")
    text(music / "LICENSE.txt", "You may copy this")
    text(music / "lyrics.txt", "la la la")
    text(music / "anything.txt", "Some words")
    imported = import_album([music, text(music.parent / "more.csv", "title,year", "Third Rail,2001")], project)
    assert imported.album.titles == ("First Light", "Second Wind", "Third Rail")
    assert imported.refused == ()


def test_a_folder_of_nothing_but_lists_is_read(tmp_path: Path, project: Path) -> None:
    text(tmp_path / "lists" / "band.txt", "First Light", "Second Wind")
    text(tmp_path / "lists" / "SOURCES.txt", "where they are from")
    assert import_album([tmp_path / "lists"], project).album.titles == ("First Light", "Second Wind")


def test_a_list_that_cannot_be_read_is_refused(tmp_path: Path, project: Path) -> None:
    (tmp_path / "songs.txt").write_bytes(b"")
    assert refusals(import_album([tmp_path / "songs.txt"], project)).keys() == {"songs.txt"}
