"""Forms of guides: what is typed becomes parts, and parts are put into another order."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.document.errors import UserError
from app.document.guide_form import (
    END,
    LETTERS,
    MOST_PARTS,
    PART_NAMES,
    GuideForm,
    Parts,
    form_seconds,
    other_parts,
    parsed_parts,
    plays,
    with_moved,
    with_name,
    with_part,
    without_part,
)

parts_of_any_form = st.lists(st.sampled_from(PART_NAMES), min_size=1, max_size=MOST_PARTS).map(tuple)


@given(parts_of_any_form, st.sampled_from([" ", ", ", "  \n"]), st.booleans())
def test_what_is_written_is_read(parts: Parts, between: str, lower: bool) -> None:
    text = between.join(parts)
    assert parsed_parts(f" {text.lower() if lower else text} ") == parts


def test_letters_may_stand_together() -> None:
    assert parsed_parts("intro aba break ab End") == ("intro", "A", "B", "A", "break", "A", "B", "end")


@pytest.mark.parametrize("text", ["", "  ", "chorus", "A B X", "A;B", "intro-A", "A" * (MOST_PARTS + 1)])
def test_what_is_no_form_gets_a_sentence(text: str) -> None:
    with pytest.raises(UserError, match=r"part of a form|parts at most"):
        parsed_parts(text)


@given(parts_of_any_form, st.data())
def test_edits_change_what_they_say_and_nothing_else(parts: Parts, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(parts) - 1))
    before = data.draw(st.integers(0, len(parts)))
    moved = with_moved(parts, place, before)
    assert Counter(moved) == Counter(parts)
    assert (moved == parts) or before not in (place, place + 1)
    rest = parts[:place] + parts[place + 1 :]
    at = before - (before > place)
    assert moved[at] == parts[place]
    assert moved[:at] + moved[at + 1 :] == rest
    more = with_part(parts, before, "B")
    if len(parts) < MOST_PARTS:
        assert (more[before], more[:before] + more[before + 1 :]) == ("B", parts)
        assert without_part(more, before) == parts
    else:
        assert more == parts
    assert without_part(parts, place) == (rest or parts)
    named = with_name(parts, place, "C")
    assert (named[place], named[:place] + named[place + 1 :]) == ("C", rest)


@given(parts_of_any_form, st.integers(0, 2**31))
def test_a_form_that_is_drawn_has_as_many_parts_and_begins_with_the_first(parts: Parts, seed: int) -> None:
    drawn = other_parts(parts, seed)
    assert len(drawn) == len(parts)
    assert set(drawn) <= set(PART_NAMES)
    assert drawn == other_parts(parts, seed)
    assert len(parts) < 3 or drawn != parts
    letters = [name for name in drawn if name in LETTERS]
    firsts = list(dict.fromkeys(letters))
    assert firsts == list(LETTERS[: len(firsts)])  # none is skipped
    assert not any(one == other == third for one, other, third in zip(letters, letters[1:], letters[2:], strict=False))
    assert drawn.count("intro") <= (drawn[0] == "intro")
    assert drawn.count("end") <= (drawn[-1] == "end")
    assert drawn[-1] != "break"


@given(parts_of_any_form)
def test_the_end_is_the_first_part_that_is_not_quiet(parts: Parts) -> None:
    heard = plays(END, parts)
    assert heard in parts or not set(parts) & set(LETTERS)
    assert heard in LETTERS
    assert all(plays(name, parts) == name for name in parts if name != END)


def test_a_form_is_as_long_as_its_bars() -> None:
    assert form_seconds(("intro", "A", "A"), 120.0) == pytest.approx(3 * 4 * 2.0)


@pytest.mark.parametrize("parts", [("A", "chorus"), ("a",), ("A",) * (MOST_PARTS + 1)])
def test_a_form_of_other_parts_is_none(parts: Parts) -> None:
    with pytest.raises(ValueError, match="parts"):
        GuideForm(parts)


@pytest.mark.parametrize("bpm", [0.0, -1.0, 1e-9, 1e9, math.nan, math.inf])
def test_a_form_has_the_tempo_of_a_song(bpm: float) -> None:
    with pytest.raises(ValueError, match="tempo"):
        GuideForm(("A",), bpm)
