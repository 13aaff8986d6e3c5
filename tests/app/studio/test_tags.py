"""Numbers, artists and titles are read from the names of files."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.studio.tags import Habits, clean, from_name


@pytest.mark.parametrize(
    ("stem", "number", "artist", "title"),
    [
        ("02_orphanage", 2, "", "Orphanage"),
        ("06_-_Elveszett_Lelkek", 6, "", "Elveszett Lelkek"),
        ("08_second_birth", 8, "", "Second Birth"),
        ("1-07 The Song", 7, "", "The Song"),
        ("03. Don't stop", 3, "", "Don't stop"),
        ("[04] x", 0, "", "[04] X"),
        ("12) twelve", 12, "", "Twelve"),
        ("05 - The Band - Song", 5, "The Band", "Song"),
        ("Jens Erler - Trackdead", 0, "Jens Erler", "Trackdead"),
        ("6 Words", 6, "", "Words"),
        ("21st Century", 0, "", "21st Century"),
        ("1999", 0, "", "1999"),
        ("álom", 0, "", "Álom"),
        ("", 0, "", ""),
    ],
)
def test_names_tell_numbers_artists_and_titles(stem: str, number: int, artist: str, title: str) -> None:
    read = from_name(stem, Habits(numbered=True, dashed=True))
    assert (read.number, read.artist, read.title) == (number, artist, title)


def test_one_odd_name_is_taken_as_it_is() -> None:
    alone = Habits.of(["99 Luftballons"])
    assert from_name("99 Luftballons", alone).title == "99 Luftballons"
    album = Habits.of(["01 Intro - Part 2", "02 Song", "03 Another"])
    assert from_name("01 Intro - Part 2", album).title == "Intro - Part 2"


@settings(deadline=None)
@given(st.text())
def test_any_name_gives_a_title_on_one_line(stem: str) -> None:
    for habits in (Habits(), Habits(True, True), Habits.of([stem])):
        read = from_name(stem, habits)
        assert read.number >= 0
        assert read.title == clean(read.title)
        assert read.title.isprintable() or not read.title.isascii()
        assert bool(read.title) == bool(clean(stem.replace("_", " ")))
