"""Invented titles are new, well formed and as many as were asked for."""

from __future__ import annotations

import random
from concurrent.futures import CancelledError
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from titles import TitleError, TitleSettings, invent, invent_name, read_titles
from titles.casing import Casing
from titles.nearness import Nearness
from titles.ranking import Ranking

HEADS = ["Black", "Crimson", "Hollow", "Silent", "Burning", "Endless", "Frozen", "Broken", "Wretched", "Golden"]
TAILS = ["Machine", "Harvest", "Parade", "Liturgy", "Wolf", "Doors", "Mirror", "Ascension", "Winter", "Throne"]
CORPUS = [f"{head} {tail}" for head in HEADS for tail in TAILS[:5]] + [
    f"{head} of the {tail}" for head in TAILS for tail in TAILS[5:]
]

ONCE = [
    f"{a}{b}"
    for a in ("Ar", "Bel", "Cor", "Den", "Ef", "Fal", "Gor", "Hin", "Is", "Jun")
    for b in ("ton", "mer", "ling", "dash", "wick", "pole", "fern", "shore")
]
"""Words, none of which comes in more than one title."""


def edits(one: str, other: str) -> int:
    """Levenshtein's distance, the long way."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]


@pytest.mark.parametrize("by", ["letter", "word"])
@pytest.mark.parametrize("order", [2, 3])
def test_none_is_real_or_a_letter_away_and_all_differ(by: str, order: int) -> None:
    titles = invent(CORPUS, 150, TitleSettings(order=order, by=by, seed=4)).titles
    assert len(titles) >= 50
    assert len({title.lower() for title in titles}) == len(titles)
    for title in titles:
        assert title.strip() == title != ""
        assert min(edits(title.lower(), real.lower()) for real in CORPUS) > 1


def test_the_seed_decides_and_the_global_generator_is_left_alone() -> None:
    random.seed(1)
    before = random.getstate()
    first = invent(CORPUS, 60, TitleSettings(seed=7))
    assert random.getstate() == before
    random.seed(2)
    assert invent(CORPUS, 60, TitleSettings(seed=7)) == first
    assert invent(CORPUS, 60, TitleSettings(seed=8)) != first


def test_ten_thousand() -> None:
    words = [f"{a}{b}" for a in ("Ka", "Lo", "Mi", "Ser", "Vol") for b in ("rana", "tus", "meth", "lirion", "dark")]
    corpus = [f"{one} {other}" for one in words for other in words[:10]]
    invented = invent(corpus, 10_000, TitleSettings(order=2, seed=1))
    assert len(set(invented.titles)) == 10_000


def test_a_small_corpus_says_so_and_still_gives_titles() -> None:
    invented = invent(["Orphanage", "Starfall", "Second Birth", "Wings of Cruelty"], 20, TitleSettings(order=3, seed=1))
    assert len(invented.titles) == 20
    assert invented.note.startswith("There are only 4 titles to learn from")


def test_titles_without_a_letter_in_common_are_spliced() -> None:
    invented = invent(["夜に駆ける", "群青"], 5, TitleSettings(seed=1))
    assert len(invented.titles) == 5
    assert "halves" in invented.note


def test_nothing_is_said_three_times_on_end() -> None:
    made = invent(
        ["海のまにまに", "夜にまにあう", "ラララのうた", "ナナナのうた", "たぶん", "群青"],
        200,
        TitleSettings(order=2, seed=1),
    ).titles
    assert len(made) > 20
    assert not [title for title in made if "まにまにまに" in title or "ラララ" in title or "ナナナ" in title]


def test_one_letter_gives_nothing_and_says_so() -> None:
    invented = invent(["A"], 5)
    assert invented.titles == ()
    assert invented.note.startswith("Nothing new")


def test_running_dry_is_told() -> None:
    by_word = invent(CORPUS, 4000, TitleSettings(order=2, by="word", seed=1))
    assert by_word.note.startswith("Order 2 gave nothing new; these are put together from halves.")
    assert by_word.note.endswith(f"No more than {len(by_word.titles)} different ones could be made.")
    assert (
        "ran dry after"
        in invent([*CORPUS, "Wolf of the Mirror Throne"], 400, TitleSettings(order=2, by="word", seed=1)).note
    )


@pytest.mark.parametrize("count", [12, 20, 40])
@pytest.mark.parametrize("order", [1, 2, 3])
def test_titles_that_share_no_words_give_new_ones_by_word_however_many_they_are(count: int, order: int) -> None:
    corpus = [f"{first} {second}" for first, second in zip(ONCE[:count], ONCE[count:], strict=False)]
    made = invent(corpus, 20, TitleSettings(order=order, by="word", seed=1)).titles
    assert len(made) == 20
    assert not {*made} & {*corpus}
    assert {word for title in made for word in title.split()} <= {word for title in corpus for word in title.split()}


def test_titles_invented_before_do_not_come_again() -> None:
    first = invent(CORPUS, 50, TitleSettings(seed=3)).titles
    again = invent(CORPUS, 50, TitleSettings(seed=3), besides=first).titles
    assert not set(first) & set(again)
    assert len(again) == 50


@pytest.mark.parametrize(("order", "by"), [(0, "letter"), (9, "letter"), (2, "chord")])
def test_unknown_settings_are_refused(order: int, by: str) -> None:
    with pytest.raises(TitleError):
        invent(CORPUS, 5, TitleSettings(order=order, by=by))


def test_it_stops_as_soon_as_it_is_cancelled() -> None:
    polls = 0
    stop_at = 10**9

    def cancelled() -> bool:
        nonlocal polls
        polls += 1
        return polls >= stop_at

    assert invent(CORPUS, 30, TitleSettings(seed=1), cancelled=cancelled) == invent(CORPUS, 30, TitleSettings(seed=1))
    for stop_at in (1, polls // 2, polls):
        polls = 0
        with pytest.raises(CancelledError):
            invent(CORPUS, 30, TitleSettings(seed=1), cancelled=cancelled)
        assert polls == stop_at


def test_no_corpus_is_refused() -> None:
    with pytest.raises(TitleError, match="no titles to learn from"):
        invent(["", "  "], 5)


@given(
    st.lists(st.text(alphabet="abcdeé rsz'(", min_size=1, max_size=12), min_size=1, max_size=12),
    st.integers(0, 99),
)
def test_any_corpus_gives_new_well_formed_titles(corpus: list[str], seed: int) -> None:
    try:
        titles = invent(corpus, 10, TitleSettings(order=2, seed=seed)).titles
    except TitleError:
        assert not any(letter.isalnum() for title in corpus for letter in title)
        return
    real = {" ".join(title.lower().split()) for title in corpus}
    for title in titles:
        assert title.lower() not in real
        assert title.count("(") == title.count(")") or "(" not in title
    assert len(set(titles)) == len(titles)


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_nearness_never_misses_one_edit(one: str, other: str) -> None:
    if edits(one, other) <= 1:
        assert one in Nearness([other])
    if edits(one, other) > 2:
        assert one not in Nearness([other])


@pytest.mark.parametrize(
    ("corpus", "raw", "cased"),
    [
        (["Master of Puppets", "Ride the Lightning", "The Unforgiven II"], "ride of thunder ii", "Ride of Thunder II"),
        (["all my loving", "when I get home", "I will"], "when i will ride", "when I will ride"),
        (["HOLLOW WORLD", "BURNING ROAD"], "hollow thing", "HOLLOW THING"),
        (["Hollow world again", "Burning road tonight"], "world of roads", "World of roads"),
        (["D-Day Morning", "K.G.L.W. Rising"], "x.y.z. d-night", "X.Y.Z. D-Night"),
    ],
)
def test_the_artists_own_capitals(corpus: list[str], raw: str, cased: str) -> None:
    assert Casing(corpus).apply(raw) == cased


def test_ranking_prefers_the_sayable_the_whole_and_the_new() -> None:
    ranking = Ranking([title.lower() for title in CORPUS])
    assert ranking.score("hollow ascension") > ranking.score("hollow xkqwrt")
    assert ranking.score("crimson throne") > ranking.score("crimson of the")
    assert ranking.score("silent winter") > ranking.score("sil win s")
    assert ranking.score("mirror doors") > ranking.score("doors doors doors")


def test_names_swap_the_beginnings_of_words_or_come_from_the_chain() -> None:
    names = {invent_name(CORPUS, like="Pot Brownies", seed=seed) for seed in range(20)}
    assert "Bot Prownies" in names
    assert len(names) > 8
    assert "Pot Brownies" not in names
    assert names.isdisjoint(CORPUS)


def test_a_name_needs_something_to_go_by() -> None:
    with pytest.raises(TitleError):
        invent_name([])
    assert invent_name([], like="Dark Side of the Moon", seed=1) not in ("", "Dark Side of the Moon")


def test_real_catalogues_give_two_thousand_of_either_order(shared: Path) -> None:
    for name in ("metallica", "king-gizzard", "beatles"):
        corpus = read_titles(shared / "titles" / f"{name}.txt")
        near = Nearness(corpus)
        for order in (2, 3):
            invented = invent(corpus, 2000, TitleSettings(order=order, seed=1))
            assert len(set(invented.titles)) == 2000
            assert not [title for title in invented.titles if title in near]


def test_the_beatles_stay_in_lower_case_and_metallica_in_title_case(shared: Path) -> None:
    beatles = invent(read_titles(shared / "titles" / "beatles.txt"), 100, TitleSettings(seed=1)).titles
    metallica = invent(read_titles(shared / "titles" / "metallica.txt"), 100, TitleSettings(seed=1)).titles
    assert sum(title.replace("I ", "i ").islower() for title in beatles) >= 95
    assert sum(title[0].isupper() for title in metallica) >= 95
