"""Which song a step of the history is about."""

from __future__ import annotations

from pathlib import Path

from app.document.edits.copies import move_to_song
from app.document.edits.sections import move_sections, remove_sections
from app.document.edits.songs import add_song, move_song, remove_song, title_song
from app.document.going_back import sections_come, song_changed
from app.document.model import Project


def test_sections_are_followed_to_the_song_that_has_them_again(made_project: tuple[Path, Project]) -> None:
    _, value = made_project
    moved = move_to_song(value, ["x1", "x3"], "s2", 0)
    assert song_changed(value, moved, "s1") == "s2"
    assert song_changed(moved, value, "s2") == "s1"
    assert sections_come(moved, value.songs[0]) == {"x1", "x3"}


def test_the_song_that_is_shown_stays_where_it_is_as_good_as_any(made_project: tuple[Path, Project]) -> None:
    _, value = made_project
    both = move_sections(move_sections(value, ["x1"], 500), ["x6"], 500)
    assert song_changed(value, both, "s1") == "s1"
    assert song_changed(value, both, "s2") == "s2"
    assert song_changed(value, move_sections(value, ["x1"], 500), "s2") == "s1"
    assert song_changed(value, remove_sections(value, ["x1"]), "s2") == "s1"


def test_songs_that_come_are_shown_those_that_go_are_not(made_project: tuple[Path, Project]) -> None:
    _, value = made_project
    more = add_song(value)
    assert song_changed(value, more, "s1") == "s3"
    assert song_changed(more, value, "s3") == ""
    assert song_changed(remove_song(value, "s1"), value, "s2") == "s1"


def test_titles_and_the_order_of_songs_are_no_reason_to_look_elsewhere(made_project: tuple[Path, Project]) -> None:
    _, value = made_project
    assert song_changed(value, title_song(value, "s2", "Another"), "s1") == ""
    assert song_changed(value, move_song(value, "s2", 0), "s1") == ""
