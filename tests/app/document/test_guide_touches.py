"""What is drawn on the picture of a guide: every cell on the way of the brush, each once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.document.guide_touches import GUIDE_BANDS, MOST_TOUCHES, Touch, cells_between, with_touch

cells = st.tuples(st.integers(0, 500), st.integers(-5, GUIDE_BANDS + 5))


@given(cells, cells, st.integers(0, 3))
def test_the_way_of_the_brush_has_no_gaps(begin: tuple[int, int], end: tuple[int, int], reach: int) -> None:
    way = cells_between(begin, end, reach)
    assert all(step >= 0 and 0 <= band < GUIDE_BANDS for step, band in way)
    assert way == cells_between(begin, end, 0) | way
    for cell in (begin, end):
        assert (cell in way) == (0 <= cell[1] < GUIDE_BANDS)
    bands = range(max(min(begin[1], end[1]), 0), min(max(begin[1], end[1]), GUIDE_BANDS - 1) + 1)
    assert {band for _, band in way} == set(bands)
    if all(0 <= band < GUIDE_BANDS for band in (begin[1], end[1])):
        steps = {step for step, _ in way}
        assert set(range(min(begin[0], end[0]), max(begin[0], end[0]) + 1)) <= steps
        assert steps <= set(range(min(begin[0], end[0]) - reach, max(begin[0], end[0]) + reach + 1))


@pytest.mark.parametrize(("cell", "db"), [((-1, 0), 9.0), ((0, 20), 9.0), ((0, -1), 9.0), ((0, 0), float("nan"))])
def test_what_cannot_be_drawn_is_refused(cell: tuple[int, int], db: float) -> None:
    with pytest.raises(ValueError, match=r"outside|too loud"):
        Touch(frozenset({cell}), db)


def test_a_stroke_beside_the_picture_is_none_and_there_is_an_end_of_them() -> None:
    assert with_touch((), Touch(frozenset(), 9.0)) == ()
    touch = Touch(frozenset({(0, 0)}), 9.0)
    many = (touch,) * MOST_TOUCHES
    assert with_touch(many[1:], touch) == many
    assert with_touch(many, touch) == many
