"""Track lists as people paste them give their titles and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from titles import read_titles, titles_in

TITLES = ("Ordinal", "Hollow", "Cold Room", "Iron Lung", "7 Words", "Low Kites - Part Two", "Sea (and Salt)")

HABITS = [
    "{title}",
    "{number}. {title}",
    "{number:02} {title}",
    "{number} {title}",
    "{number}) {title}",
    "{number:02} - {title}",
    "[{number}] {title}",
    "#{number} {title}",
    "{number}\t{title}",
    "• {title}",
    "- {title}",
    "* {number}. {title}",
    "{side}. {title}",
    "{side} {title}",
    "{title} {time}",
    "{title} ({time})",
    "{title}\t{time}",
    "{number}. {title} [{time}]",
    "{number}. {title} – {time}",
    "{number}. {title} ........ {time}",
    "{number}\t{title}\tTin Hearts\t{time}",
    "{number}|{title}|{time}",
    '{number}.\t"{title}"\t{time}',
    "{time} {title}",
    "[{time}] {title}",
    "{time} - {title}",
    "Tin Hearts - {title}",
    "{number}. Tin Hearts – {title} ({time})",
    "{title} - Tin Hearts",
    "{number}\n{title}\n{time}",
]


def listed(habit: str, titles: tuple[str, ...]) -> str:
    return "\n".join(
        habit.format(
            number=place + 1, side="AB"[place // 4] + str(place % 4 + 1), title=title, time=f"{place}:{17 + place}"
        )
        for place, title in enumerate(titles)
    )


@pytest.mark.parametrize("habit", HABITS)
def test_the_titles_are_got_back_from_every_habit(habit: str) -> None:
    assert titles_in(listed(habit, TITLES)) == TITLES


@given(habit=st.sampled_from(HABITS), titles=st.lists(st.sampled_from(TITLES), min_size=4, unique=True))
def test_whatever_the_titles_are(habit: str, titles: list[str]) -> None:
    assert titles_in(listed(habit, tuple(titles))) == tuple(titles)


def test_headings_and_totals_are_no_titles() -> None:
    text = "Tracklist:\n\nSide A\n1. Ordinal – 3:42\n2. Hollow – 4:11\n\nSide B\n1. Cold Room – 2:22\nTotal: 33:12\n"
    assert titles_in(text) == ("Ordinal", "Hollow", "Cold Room")


@pytest.mark.parametrize(
    "titles",
    [
        ("Psalm 23:4", "Hollow", "Cold Room"),
        ("30 Past 7", "72 Seasons", "2 X 4"),
        ("4 Walls", "Hollow", "19"),
        ("A1 Sauce", "Hollow", "Cold Room"),
        ("Total Eclipse", "Side by Side", "Songs"),
        ("Intro - Part 1", "Intro - Part 2", "Hollow"),
    ],
)
def test_what_only_looks_like_a_list_is_left_alone(titles: tuple[str, ...]) -> None:
    assert set(titles_in("\n".join(titles))) == {*titles}


@pytest.mark.parametrize(
    "table",
    [
        "1,Ordinal,3:42\n2,Hollow,4:11\n",
        "3:42;1;Ordinal\n4:11;2;Hollow\n",
        "Tin Hearts\tOrdinal\t3:42\nTin Hearts\tHollow\t4:11\n",
        "No,Song Title,Length\n1,Ordinal,3:42\n2,Hollow,4:11\n",
    ],
)
def test_tables_with_and_without_headers(table: str, tmp_path: Path) -> None:
    path = tmp_path / "songs.csv"
    path.write_text(table)
    assert read_titles(path) == ("Ordinal", "Hollow")


def test_lists_from_elsewhere_have_titles_only(shared: Path) -> None:
    for path in (shared / "cases" / "14-pasted-tracklist").iterdir():
        titles = read_titles(path)
        assert len(titles) == 12
        assert not any(letter.isdigit() or letter in "()\t" for title in titles for letter in title)


@pytest.mark.parametrize(
    "endless",
    [
        "x{blanks}y",
        "title{blanks}x",
        "title{blanks}length{blanks}x",
        "x{dashes}y",
        "x{dashes}{blanks}y",
        "x{blanks}-{blanks}y",
        "x{mixed}y",
        "x{brackets}y",
        "1{blanks}y",
        "3:42{dashes}{blanks}",
        "x 3:42{blanks}y",
        "x{accents}",
    ],
)
def test_a_line_without_end_is_no_title_and_no_wait(endless: str) -> None:
    runs = {"blanks": " ", "dashes": "-", "mixed": " -", "brackets": "( ", "accents": "\u0301\u0323"}
    line = endless.format(**{name: run * (10**6 // len(run)) for name, run in runs.items()})
    titles = titles_in(f"Ordinal  -  3:42\nHollow - 4:11\n{line}\nCold Room (3:05)")
    assert titles[:2] == ("Ordinal", "Hollow")
    assert titles[-1] == "Cold Room"


def test_one_line_of_many_columns_among_many_lines() -> None:
    few = "\n".join(f"{number}\t{number}" for number in range(1, 9_000))
    assert {*titles_in(few)} <= {*titles_in(few + "\n7" + "\t" * 10**6 + "7")}
    assert titles_in(few)


def test_points_before_a_time_may_belong_to_the_title() -> None:
    assert titles_in("Hollow etc. - 3:20\nCold Room...... 4:11\nIron -- (3:02)") == (
        "Hollow etc.",
        "Cold Room",
        "Iron",
    )
