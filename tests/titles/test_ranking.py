"""The best of the invented titles come first, in the artist's own capitals."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from titles import TitleSettings, clean, invent, read_titles
from titles.casing import Casing
from titles.grammar import Grammar
from titles.ranking import Ranking, ranked
from titles.words import UNWANTED

ENGLISH = Grammar(["ride", "the", "dark", "lightning", "and", "king", "of", "winter", "mirror", "house"])
GERMAN = "Der Regen im Wald, Ohne Dich, Mein Teil, Du Hast, Engel, Rosenrot, Sehnsucht, Feuer Frei, Links Zwo Drei Vier"

CORPUS = clean(
    [
        "Iron Harvest", "Parade of Nothing", "Unbroken Time", "Hollow Machinery", "The Long Descent", "Wolf and Raven",
        "Wolf at the Window", "A Million Doors", "Thin Ice Liturgy", "Brass Knot", "Coda for Nobody", "Winter Engine",
        "Salt in the Furnace", "Cathedral of Rust", "The Last Signal", "Burning Meridian", "No Shelter",
        "Black Orchard", "Gravel Hymn", "Stone by Stone", "Under the Viaduct", "Marching Backwards", "Glass Teeth",
        "Northern Static",
    ]
)  # fmt: skip


@pytest.mark.parametrize(
    ("well", "ill"),
    [
        ("ride the mirror", "room the had"),
        ("king of fire", "king fire of"),
        ("my broken house", "my had seasons"),
        ("a winter", "an winter"),
        ("an old house", "a old house"),
        ("fade to black", "fade to the"),
        ("i am the king", "dream i mirror"),
        ("burning the house", "house the burning"),
        ("leader of men", "enter of men"),
    ],
)
def test_english_joins_words_in_its_own_way(well: str, ill: str) -> None:
    assert ENGLISH.is_english
    assert ENGLISH.score(well.split()) > ENGLISH.score(ill.split())


def test_other_languages_are_not_judged_by_english() -> None:
    words = GERMAN.lower().replace(",", "").split()
    german = Grammar(words)
    assert not german.is_english
    assert german.score(["wald", "ohne", "the", "of"]) == 1.0
    assert not german.knows("house")
    assert invent(GERMAN.split(", "), 40, TitleSettings(order=2, seed=1)).titles


@given(st.lists(st.text("abcdeiou'", min_size=1, max_size=8), min_size=1, max_size=6))
def test_any_words_get_a_share_of_one(words: list[str]) -> None:
    assert 0.0 <= ENGLISH.score(words) <= 1.0


def test_two_words_grown_together_are_better_than_one_misspelt_or_cut_short() -> None:
    ranking = Ranking([title.lower() for title in CORPUS])
    assert ranking.score("iron harvestern time") < ranking.score("iron machine")
    grown, misspelt, cut = "winter machindow", "winter machinary", "winter machi"
    assert ranking.score(grown) > ranking.score(misspelt)
    assert ranking.score(grown) > ranking.score(cut)


def test_the_best_of_more_are_kept() -> None:
    few, many = (
        invent(CORPUS, 20, TitleSettings(seed=5)).titles,
        invent(CORPUS, 4000, TitleSettings(order=3, seed=5)).titles,
    )
    ranking = Ranking([title.lower() for title in CORPUS])

    def mean(titles: tuple[str, ...]) -> float:
        return sum(ranking.score(title.lower()) for title in titles) / len(titles)

    assert mean(few) > mean(many)


def test_one_word_does_not_fill_the_top() -> None:
    scores = {f"winter {other}": 1.0 for other in "abcdefgh"} | {f"{one} road": 0.9 for one in ("iron", "salt", "mud")}
    first = ranked(scores)[:6]
    assert 1 <= sum(title.startswith("winter") for title in first) <= 4


@given(st.dictionaries(st.text("abc ", min_size=1, max_size=9), st.floats(-3, 3), max_size=20))
def test_ranking_loses_and_adds_nothing(scores: dict[str, float]) -> None:
    order = ranked(scores)
    assert sorted(order) == sorted(scores)


def test_words_that_nobody_wants_come_only_from_those_who_have_them() -> None:
    unwanted = sorted(UNWANTED.split())
    source = random.Random(3)
    starts = [word[:3] + source.choice(["ing", "ow", "ant"]) for word in unwanted]
    ends = [source.choice(["do", "ma", "li"]) + word[1:] for word in unwanted]
    corpus = [*starts, *ends]
    made = invent(corpus, 3000, TitleSettings(order=2, seed=1)).titles
    assert len(made) > 100
    assert not {title.lower() for title in made} & set(unwanted)
    own = invent(
        [*CORPUS, "Nazi Parade", "Nazi Doors", "The Nazi Engine"], 3000, TitleSettings(order=2, by="word", seed=1)
    ).titles
    assert any("Nazi" in title for title in own)


def test_an_article_more_or_less_makes_no_new_title() -> None:
    corpus = [*CORPUS, "The Winter", "The Raven", "Harvest the Stone"]
    made = {title.lower() for title in invent(corpus, 4000, TitleSettings(order=2, seed=2)).titles}
    assert not made & {"winter", "raven", "the iron harvest", "iron the harvest", "harvest stone", "a brass knot"}


@settings(max_examples=25)
@given(
    st.lists(st.sampled_from(CORPUS), min_size=1, max_size=24, unique=True),
    st.integers(0, 2**31),
    st.sampled_from([2, 3]),
)
def test_the_same_seed_makes_the_same_titles(corpus: list[str], seed: int, order: int) -> None:
    first = invent(corpus, 15, TitleSettings(order=order, seed=seed))
    assert invent(corpus, 15, TitleSettings(order=order, seed=seed)) == first
    assert all(title.strip() == title and title for title in first.titles)
    assert not {title.casefold() for title in first.titles} & {title.casefold() for title in corpus}


@given(st.lists(st.sampled_from(CORPUS), min_size=3, max_size=24, unique=True), st.text(max_size=30))
def test_casing_changes_only_the_case(corpus: list[str], text: str) -> None:
    raw = " ".join(text.lower().split())
    for titles in (corpus, [title.upper() for title in corpus], [title.lower() for title in corpus]):
        assert Casing(titles).apply(raw).casefold() == raw.casefold()


@given(st.sampled_from(CORPUS))
def test_the_artists_own_titles_are_written_as_they_are(title: str) -> None:
    assert Casing(CORPUS).apply(title.lower()) == title


def test_most_of_the_top_is_made_of_words(shared: Path) -> None:
    """By letter at order 3, from real catalogues."""
    for name in ("metallica", "king-gizzard", "beatles"):
        corpus = read_titles(shared / "titles" / f"{name}.txt")
        known = {word for title in corpus for word in title.lower().split()}
        grammar = Grammar(known)
        words = [
            word for title in invent(corpus, 1000, TitleSettings(seed=1)).titles[:60] for word in title.lower().split()
        ]
        made_up = [word for word in words if word not in known and not grammar.knows(word)]
        assert len(made_up) <= 0.15 * len(words)
