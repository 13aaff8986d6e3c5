"""Where a release and its songs lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.studio.release.names import free_place, song_name


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
