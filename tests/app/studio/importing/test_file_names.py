"""Numbers, discs, artists, albums and titles are read from the names of files, whatever the habit."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.studio.importing.file_names import FileName, read_file_names
from app.studio.importing.folder_names import FolderName, read_folder_name, read_folder_names
from app.studio.one_line import clean

HABITS = [
    "{n:02} {title}",
    "{n:02}. {title}",
    "{n:02} - {title}",
    "{n:02}_-_{title_}",
    "{n}. {title}",
    "{n}) {title}",
    "({n:02}) {title}",
    "[{n:02}] {title}",
    "{n:02}{title}",
    "{n:03} {title}",
    "Track {n:02} - {title}",
    "{artist} - {title}",
    "{artist} - {n:02} - {title}",
    "{artist} - {n:02} {title}",
    "{artist} {n:02} {title}",
    "{artist}_{n:02}_{title}",
    "{artist}-{n:02}-{title}",
    "{n:02} - {artist} - {title}",
    "{n:02}. {artist} - {title}",
    "{n:02} {artist} – {title}",
    "{artist} - {album} - {n:02} {title}",
    "{artist} - {album} - {n:02} - {title}",
    "{artist} - {album} ({year}) - {n:02} - {title}",
    "{artist} - {year} - {album} - {n:02} - {title}",
    "{n:02} - {artist} - {album} - {title}",
    "{artist} - {album} - {title}",
    "{title} - {n:02}",
    "{n:02} {title} ({year})",
    "{n:02} {title} [FLAC]",
    "{side} - {title}",
    "{side}. {title}",
    "{side} {title}",
    "{artist} - {album} - {side} {title}",
    "1-{n:02} {title}",
    "CD1-{n:02} - {title}",
    "d1t{n:02} - {title}",
    "Disc 1 - {n:02} - {title}",
    "Disc 1 - {artist} - {n:02} - {title}",
]

TITLES = ("Ordinal", "Hollow", "Cold Room", "Iron Lung", "Paper Lights", "Last Tram", "Ash and Salt", "álom", "鉄の肺")
ARTISTS = ("Tin Hearts", "Low Kites", "The Other Winter", "Песни Ночи")
ALBUMS = ("Slow Rust", "North Pier", "Nothing Is Over")


@dataclass(frozen=True)
class Parts:
    habit: str
    artist: str
    album: str
    titles: tuple[str, ...]

    def names(self) -> list[str]:
        return [
            self.habit.format(
                n=place,
                side="AB"[(place - 1) // 3 % 2] + str((place - 1) % 3 + 1),
                artist=self.artist,
                album=self.album,
                year=1998,
                title=title,
                title_=title.replace(" ", "_"),
            )
            for place, title in enumerate(self.titles, 1)
        ]

    def right(self) -> list[FileName]:
        has = {name: "{" + name in self.habit for name in ("artist", "album", "year")}
        numbered = "{n" in self.habit or "{side" in self.habit
        return [
            FileName(
                title=title[:1].upper() + title[1:],
                artist=self.artist if has["artist"] else "",
                album=self.album if has["album"] else "",
                number=place if numbered else 0,
                disc=1 if "1-{n" in self.habit or "1t{n" in self.habit or "Disc 1" in self.habit else 0,
                year="1998" if has["year"] else "",
            )
            for place, title in enumerate(self.titles, 1)
        ]


@settings(deadline=None)
@given(
    st.builds(
        Parts,
        st.sampled_from(HABITS),
        st.sampled_from(ARTISTS),
        st.sampled_from(ALBUMS),
        st.lists(st.sampled_from(TITLES), min_size=2, max_size=6, unique=True).map(tuple),
    )
)
def test_the_parts_that_names_were_made_of_are_got_back(parts: Parts) -> None:
    assert list(read_file_names(parts.names())) == parts.right()


@pytest.mark.parametrize("habit", HABITS)
def test_every_habit(habit: str) -> None:
    parts = Parts(habit, "Tin Hearts", "Slow Rust", TITLES[:5])
    assert list(read_file_names(parts.names())) == parts.right()


@pytest.mark.parametrize(
    ("stems", "told"),
    [
        (["99 Luftballons"], [(0, "", "99 Luftballons")]),
        (["Jens Erler - Trackdead"], [(0, "Jens Erler", "Trackdead")]),
        (["06_-_Elveszett_Lelkek"], [(6, "", "Elveszett Lelkek")]),
        (["Tin Hearts - Slow Rust - 01 Ordinal"], [(1, "Tin Hearts", "Ordinal")]),
        (["1999"], [(0, "", "1999")]),
        ([""], [(0, "", "")]),
        (["21st Century", "1 One", "2 Two"], [(0, "", "21st Century"), (1, "", "One"), (2, "", "Two")]),
        (["01 Song", "02 Song Two", "7 Words"], [(1, "", "Song"), (2, "", "Song Two"), (0, "", "7 Words")]),
        (["01 A - Part 2", "02 Song", "03 Other"], [(1, "", "A - Part 2"), (2, "", "Song"), (3, "", "Other")]),
        (["Track 01", "Track 02"], [(1, "", "Track 01"), (2, "", "Track 02")]),
        (["Symphony 1", "Symphony 2"], [(0, "", "Symphony 1"), (0, "", "Symphony 2")]),
        (["01 - Alpha - One", "02 - Beta - Two"], [(1, "Alpha", "One"), (2, "Beta", "Two")]),
        (["Alpha - 01 - One", "Beta - 02 - Two"], [(1, "Alpha", "One"), (2, "Beta", "Two")]),
        (["01 One - Tin Hearts", "02 Two - Tin Hearts"], [(1, "Tin Hearts", "One"), (2, "Tin Hearts", "Two")]),
        (["01 One - Live", "02 Two - Live"], [(1, "", "One"), (2, "", "Two")]),
        (["01-tin_hearts-cold_room", "02-tin_hearts-two"], [(1, "Tin Hearts", "Cold Room"), (2, "Tin Hearts", "Two")]),
        (["01-cold-room", "02-iron-lung"], [(1, "", "Cold Room"), (2, "", "Iron Lung")]),
        (["2x4", "3am"], [(0, "", "2x4"), (0, "", "3am")]),
        (["A Day", "B Side"], [(0, "", "A Day"), (0, "", "B Side")]),
        (["A - One", "B - Two"], [(1, "", "One"), (2, "", "Two")]),
        (["Side A - One", "Side B - Two"], [(1, "", "One"), (2, "", "Two")]),
        (["01 - Intro", "02 - Intro"], [(1, "", "Intro"), (2, "", "Intro")]),
    ],
)
def test_what_names_say(stems: list[str], told: list[tuple[int, str, str]]) -> None:
    assert [(one.number, one.artist, one.title) for one in read_file_names(stems)] == told


def test_the_first_digit_of_three_is_the_disc() -> None:
    told = read_file_names(["101 One", "102 Two", "201 Three"])
    assert [(one.disc, one.number, one.title) for one in told] == [(1, 1, "One"), (1, 2, "Two"), (2, 1, "Three")]


def test_the_folder_says_which_name_is_the_album() -> None:
    told = read_file_names(["Slow Rust - 01 - One", "Slow Rust - 02 - Two"], FolderName(album="Slow Rust"))
    assert [(one.artist, one.album, one.title) for one in told] == [("", "Slow Rust", "One"), ("", "Slow Rust", "Two")]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Tin Hearts - Slow Rust (1998) [FLAC]", FolderName("Tin Hearts", "Slow Rust", "1998")),
        ("Tin Hearts - 1998 - Slow Rust", FolderName("Tin Hearts", "Slow Rust", "1998")),
        ("Tin Hearts - [1998] Slow Rust {24-96 WEB}", FolderName("Tin Hearts", "Slow Rust", "1998")),
        ("1998 - Slow Rust", FolderName("", "Slow Rust", "1998")),
        ("(1998) Slow Rust", FolderName("", "Slow Rust", "1998")),
        ("Tin_Hearts-Slow_Rust-CD-FLAC-1998", FolderName("Tin Hearts", "Slow Rust", "1998")),
        ("01-eight-channels", FolderName("", "01-eight-channels")),
        ("02-64-bit-wav", FolderName("", "02-64-bit-wav")),
        ("07-rest-of-the-file-lost", FolderName("", "07-rest-of-the-file-lost")),
        ("obsidian-shell-demos", FolderName("", "obsidian-shell-demos")),
        ("obsidian_shell-live-demos", FolderName("", "obsidian shell-live-demos")),
        ("obsidian_shell-live-demos-2019", FolderName("", "obsidian shell-live-demos-2019")),
        ("obsidian-shell-demos [FLAC]", FolderName("", "obsidian-shell-demos")),
        ("obsidian-shell-demos-(2019)", FolderName("", "obsidian-shell-demos", "2019")),
        ("2019-live-tapes", FolderName("", "live-tapes", "2019")),
        ("2019-05-12-rehearsal", FolderName("", "2019-05-12-rehearsal")),
        ("my-album", FolderName("", "my-album")),
        ("Slow Rust (Live at Home)", FolderName("", "Slow Rust (Live at Home)")),
        ("Slow Rust CD2", FolderName("", "Slow Rust", "", 2)),
        ("Slow Rust (Disc 2)", FolderName("", "Slow Rust", "", 2)),
        ("CD1", FolderName(disc=1)),
        ("1999", FolderName("", "1999", "1999")),
        ("Downloads", FolderName()),
        ("flac", FolderName(album="flac")),
    ],
)
def test_what_folders_say(name: str, told: FolderName) -> None:
    assert read_folder_name(name) == told


def test_folders_within_each_other() -> None:
    assert read_folder_names(["Tin Hearts", "1998 - Slow Rust", "CD 2"]) == FolderName(
        "Tin Hearts", "Slow Rust", "1998", 2
    )
    assert read_folder_names(["Slow Rust", "FLAC"]) == FolderName("", "Slow Rust")


@settings(deadline=None)
@given(st.lists(st.text(max_size=40), max_size=5))
def test_any_names_give_a_title_on_one_line(stems: list[str]) -> None:
    for stem, read in zip(stems, read_file_names(stems), strict=True):
        assert 0 <= read.number <= 9999
        assert read.title == clean(read.title)
        assert bool(read.title) == bool(clean(stem.replace("_", " ")))


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_folder_gives_names_on_one_line(name: str) -> None:
    told = read_folder_name(name)
    assert (told.artist, told.album) == (clean(told.artist), clean(told.album))
