"""Titles are cleaned of asides and numbering, and doubles go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from titles import clean


@pytest.mark.parametrize(
    ("raw", "bare"),
    [
        ("Battery (Live)", "Battery"),
        ("Battery (Live at Wembley, 1988)", "Battery"),
        ("One - Remastered 2011", "One"),
        ("One - 2011 Remaster", "One"),
        ("One (2018 Remastered Version)", "One"),
        ("Fury [Bonus Track]", "Fury"),
        ("Fury (feat. Someone Else)", "Fury"),
        ("Fury [Bonus Track] (Live)", "Fury"),
        ("01. Starfall", "Starfall"),
        ("3) Starfall", "Starfall"),
        ("02_-_Orphanage.mp3", "Orphanage"),
        ("07 Starfall", "Starfall"),
        ("A1. Starfall", "Starfall"),
        ("  Megtört   Álom ", "Megtört Álom"),
        ("夜に駆ける", "夜に駆ける"),
    ],
)
def test_asides_and_numbering_go(raw: str, bare: str) -> None:
    assert clean([raw]) == (bare,)


@pytest.mark.parametrize(
    "title",
    [
        "12 Bar Bruise",
        "2.02 Killer Year",
        "30 Past 7",
        "72 Seasons",
        "2 X 4",
        "7-Eleven",
        "Live Forever",
        "The Mixture",
        "K.G.L.W. (Intro)",
        "I Want You (She's So Heavy)",
        "Float Along — Fill Your Lungs",
        "Welcome Home (Sanitarium)",
        "And Justice for All",
        "Slow Jam 1",
        "(Live)",
    ],
)
def test_what_belongs_to_the_title_stays(title: str) -> None:
    assert clean([title]) == (title,)


def test_duplicates_go_whatever_their_case() -> None:
    assert clean(["Sun King", "sun king", "SUN KING (Live)", "Moon King"]) == ("Sun King", "Moon King")


def test_the_shape_of_quotes_and_dashes_makes_no_other_title() -> None:
    assert clean(["Don't Look", "Don’t Look", "7-Eleven", "7–Eleven"]) == ("Don't Look", "7-Eleven")


@given(st.text("abc é夜 –-()[]", max_size=20), st.sampled_from([" (Live)", " - Remastered 2011", " [Bonus Track]"]))
def test_what_is_added_to_a_title_comes_off_and_no_more(title: str, aside: str) -> None:
    for bare in clean([title]):
        assert clean([bare]) == (bare,)
        assert clean([bare + aside]) == (bare,)


def test_accents_are_composed_so_that_equal_titles_are_equal() -> None:
    assert clean(["Mâché", "Mâché"]) == ("Mâché",)


@given(st.lists(st.text(max_size=40), max_size=8))
def test_cleaning_is_stable_and_leaves_no_doubles(titles: list[str]) -> None:
    once = clean(titles)
    assert len({title.casefold() for title in once}) == len(once)
    assert all(any(letter.isalnum() for letter in title) for title in once)
    assert all(title == " ".join(title.split()) for title in once)
