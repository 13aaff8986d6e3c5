"""Measures in the list of clips: orders, filters and tags by them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.document.model import Clip
from app.widgets.clips.clip_figures import CLOSE_ENOUGH, LIKED, ClipFigures
from app.widgets.clips.clip_filter import ClipFilter
from app.widgets.clips.clip_model import ALIKE, ALL_ORDERS, BY_FIGURES, UNKNOWN, ClipModel, Wanted

SHARE = st.integers(0, 100)
FIGURES = st.builds(
    ClipFigures,
    measures=st.tuples(SHARE, SHARE, SHARE, SHARE),
    brightness=st.floats(50, 7000),
    liked=st.none() | st.floats(0, 1),
    stuck=st.sampled_from(["", "stuck from 0:14"]),
    copied=st.sampled_from(["", "copies track 3 at 1:02, 6 s"]),
    bpm=st.none() | st.floats(40, 240),
)
SOME = st.lists(st.none() | FIGURES, min_size=1, max_size=12)


def clip(number: int, *, rejected: bool = False) -> Clip:
    return Clip(
        id=f"c{number:04d}", run="r", epoch=1, file="x.flac", rate=16_000, samples=16_000, seed=0, temperature=1.0,
        rejected=rejected,
    )  # fmt: skip


def model_of(figures: list[ClipFigures | None]) -> ClipModel:
    model = ClipModel()
    model.put(tuple(clip(number) for number in range(len(figures))), {})
    model.put_figures({f"c{number:04d}": each for number, each in enumerate(figures) if each is not None})
    return model


def shown(model: ClipModel) -> list[str]:
    return [model.id_at(model.index(row)) for row in range(model.rowCount())]


@given(SOME, st.sampled_from(sorted(BY_FIGURES)))
def test_an_order_by_a_measure_puts_the_most_first_and_what_is_not_measured_last(
    figures: list[ClipFigures | None], order: str
) -> None:
    model = model_of(figures)
    model.narrow(Wanted(), order)
    found = [model.figures_of(id) for id in shown(model)]
    values = [UNKNOWN if each is None else BY_FIGURES[order](each) for each in found]
    assert len(values) == len(figures)
    assert values == sorted(values, reverse=True)


@given(SOME, st.tuples(SHARE, SHARE, SHARE, SHARE), st.booleans(), st.booleans())
def test_a_filter_leaves_what_is_wanted_and_hides_only_what_is_known_to_be_flawed(
    figures: list[ClipFigures | None], least: tuple[int, int, int, int], hides: bool, liked: bool
) -> None:
    model = model_of(figures)
    model.narrow(Wanted(measures=least, hide_flawed=hides, liked=liked))
    expected = []
    for number, each in enumerate(figures):
        if each is None:
            fits = not any(least) and not liked
        else:
            fits = all(value >= bound for value, bound in zip(each.measures, least, strict=True))
            fits = fits and not (hides and (each.stuck or each.copied))
            fits = fits and not (liked and (each.liked is None or each.liked < LIKED))
        if fits:
            expected.append(f"c{number:04d}")
    assert sorted(shown(model)) == expected


@given(FIGURES)
def test_tags_say_what_is_the_matter_first(figures: ClipFigures) -> None:
    words = [tag.words for tag in figures.tags]
    assert len(words) == len(set(words))
    assert ("copies track 3" in words) == bool(figures.copied)
    assert (figures.stuck in words) == bool(figures.stuck)
    if figures.copied:
        assert words[0] == "copies track 3"
        assert "close" not in words
    assert ("close" in words) == (figures.close >= CLOSE_ENOUGH and not figures.copied and not figures.stuck)
    for told in (figures.copied, figures.stuck, f"Close to the album {figures.close}"):
        assert told in figures.words


def test_the_most_alike_come_first_and_all_others_after_them() -> None:
    model = model_of([None] * 4)
    model.put_likeness({"c0002": -0.5, "c0000": -0.1})
    model.narrow(Wanted(), ALIKE)
    assert shown(model)[:2] == ["c0000", "c0002"]
    assert len(shown(model)) == 4


def test_a_screen_reader_and_the_tip_hear_of_it() -> None:
    figures = ClipFigures((90, 20, 80, 10), stuck="stuck from 0:14", copied="copies track 3 at 1:02, 6 s")
    model = model_of([figures])
    index = model.index(0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole).endswith("copies track 3, stuck from 0:14")
    assert "copies track 3 at 1:02, 6 s · stuck from 0:14" in index.data(Qt.ItemDataRole.ToolTipRole)
    assert index.data(ClipModel.FiguresRole) == figures


def test_the_filter_offers_every_measure_and_clears_them(qtbot: QtBot) -> None:
    chip = ClipFilter()
    qtbot.addWidget(chip)
    assert chip.least == (0, 0, 0, 0)
    for actions in chip.measures.values():
        list(actions.values())[2].trigger()
    assert chip.least == (60, 60, 60, 60)
    chip.hide_flawed.trigger()
    chip.liked.trigger()
    assert chip.isChecked()
    assert "Hide stuck ones and copies" in chip.toolTip()
    chip.clear.trigger()
    assert chip.least == (0, 0, 0, 0)
    assert not chip.isChecked()
    assert not chip.hide_flawed.isChecked()


@pytest.mark.parametrize("order", ALL_ORDERS)
def test_every_order_is_one_of_the_list(order: str) -> None:
    model = model_of([None, None])
    model.narrow(Wanted(), order)
    assert shown(model) == ["c0001", "c0000"]
