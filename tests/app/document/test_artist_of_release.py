"""Whose the release is: the machine that plays like the artist, and nobody where no artist is known."""

from __future__ import annotations

from app.document.edits.album import add_album, rename_album
from app.document.edits.release import name_release
from app.document.model import Album, Project


def test_an_album_that_says_not_whose_it_is_leaves_the_artist_open() -> None:
    project = add_album(Project(), Album(title="Slow Rust"))
    assert project.release.artist == ""
    named = rename_album(project, "Slow Rust", "Tin Hearts")
    assert named.release.artist == "Tin Hearts (machine)"
    assert rename_album(named, "Slow Rust", "Low Kites").release.artist == "Low Kites (machine)"
    assert rename_album(named, "Slow Rust", "").release.artist == ""


def test_a_name_that_was_given_stays() -> None:
    project = name_release(add_album(Project(), Album(artist="Tin Hearts")), "Rusted", "Ten Harts")
    assert rename_album(project, "Slow Rust", "Low Kites").release.artist == "Ten Harts"
