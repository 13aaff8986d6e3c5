"""Which sections of a lane sound as one, and where two of them fade into each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.document.model import Section
from app.document.stretches import Crossfade, crossfades, stretches


def section(id: str, clip: str, start: int, length: int, offset: int = 0) -> Section:
    return Section(id=id, clip=clip, start=start, offset=offset, length=length)


A = section("x1", "a", 0, 100)
B = section("x2", "b", 60, 140)


def spans(*sections: Section) -> list[tuple[int, int]]:
    """Where crossfades begin and end."""
    return [(cross.rising.start, cross.rising.end) for cross in crossfades(stretches(sections))]


def test_two_sections_over_each_other_cross_where_they_overlap() -> None:
    (cross,) = crossfades(stretches([A, B]))
    assert (cross.earlier, cross.later) == (0, 1)
    assert (cross.rising.start, cross.rising.frames) == (cross.falling.start, cross.falling.frames) == (60, 40)
    for share in (0.0, 0.3, 1.0):
        assert cross.rising.level(share) ** 2 + cross.falling.level(share) ** 2 == pytest.approx(1.0)


def test_one_within_another_and_two_that_begin_together_do_not_cross() -> None:
    assert spans(A, section("x2", "b", 20, 30)) == []
    assert spans(A, section("x2", "b", 0, 140)) == []
    assert spans(A, section("x2", "b", 100, 50)) == []


@given(at=st.integers(1, 99), other=st.integers(61, 199))
def test_a_split_moves_no_crossfade(at: int, other: int) -> None:
    cut = [section("x1", "a", 0, at), section("x3", "a", at, 100 - at, offset=at)]
    rest = [section("x2", "b", 60, other - 60), section("x4", "b", other, 200 - other, offset=other - 60)]
    assert spans(*cut, *rest) == spans(A, B) == [(60, 100)]


def test_neighbours_in_time_need_not_be_neighbours_in_the_list() -> None:
    assert spans(A, section("x2", "b", 50, 10), section("x3", "c", 80, 100)) == [(80, 100)]


def test_the_same_sound_on_both_sides_keeps_its_level() -> None:
    cross: Crossfade
    (cross,) = crossfades(stretches([A, section("x2", "a", 60, 140, offset=60)]))
    for share in (0.0, 0.3, 1.0):
        assert cross.rising.level(share) + cross.falling.level(share) == pytest.approx(1.0)
