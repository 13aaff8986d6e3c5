"""Names that every system takes."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.studio.release_names import clean_name, free_place, song_name


@given(st.text(max_size=300))
def test_any_title_becomes_a_name(title: str) -> None:
    name = clean_name(title)
    assert name == clean_name(name)
    assert 0 < len(name.encode()) <= 121
    assert not set(name) & set('/\\:*?"<>|\n\0')
    assert name == unicodedata.normalize("NFC", name)
    assert name[0] not in ". "
    assert name[-1] not in ". "


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Grind / Ascend", "Grind - Ascend"),
        ("AC/DC", "AC-DC"),
        ("...And Then?", "And Then"),
        ("Prelude: Ash", "Prelude - Ash"),
        ("con", "con_"),
        ("NUL.txt", "NUL.txt_"),
        ("  Wait.  ", "Wait"),
        ("", "Untitled"),
        ("???", "Untitled"),
        ("Ágnes\u0301", "Ágneś"),
    ],
)
def test_names(title: str, name: str) -> None:
    assert clean_name(title) == name


def test_songs_are_numbered() -> None:
    assert song_name(3, 9, "Ash", "flac") == "03 Ash.flac"


@pytest.mark.parametrize("songs", [1, 9, 10, 99, 100, 101, 1100])
def test_songs_sort_by_their_number_in_every_player(songs: int) -> None:
    names = [song_name(number, songs, f"{songs - number} Song", "mp3") for number in range(1, songs + 1)]
    assert sorted(names) == names


def test_a_second_release_gets_a_place_of_its_own(tmp_path: Path) -> None:
    for expected in ("A - T", "A - T (2)", "A - T (3)"):
        place = free_place(tmp_path, "A", "T")
        assert place.name == expected
        place.mkdir()
    assert free_place(tmp_path, "", "").name == "Album"
