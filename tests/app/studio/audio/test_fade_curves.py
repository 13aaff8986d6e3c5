"""Fades are heard as they are drawn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.document.edits.sections import (
    place_clip,
    set_fade_in,
    set_fade_in_curve,
    set_fade_out,
    set_fade_out_curve,
    split_section,
)
from app.document.edits.songs import add_song, set_lane_pan
from app.document.fades import FADE_CURVES, fade_level, next_curve
from app.document.model import Clip, FadeCurve, Project, Song
from app.document.tree import new_id
from app.studio.audio.mix import mix

LENGTH, FADE = 20_000, 4_000
ONES = {"c1": np.ones(LENGTH, np.float32)}


def faded(into: FadeCurve, out: FadeCurve) -> Project:
    clip = Clip(id="c1", run="r", epoch=1, file="c1.flac", rate=44_100, samples=LENGTH, seed=0, temperature=1.0)
    project = add_song(Project(clips=(clip,)), lanes=1)
    lane = project.songs[0].lanes[0].id
    project = place_clip(set_lane_pan(project, lane, -1.0), lane, "c1", 0)
    project = set_fade_out(set_fade_in(project, ["x1"], FADE), ["x1"], FADE)
    return set_fade_out_curve(set_fade_in_curve(project, ["x1"], into), ["x1"], out)


def left_of(song: Song) -> np.ndarray:
    return mix(song, ONES, 0, LENGTH)[:, 0]


@pytest.mark.parametrize("into", FADE_CURVES)
@pytest.mark.parametrize("out", FADE_CURVES)
def test_a_fade_is_heard_as_its_curve(into: FadeCurve, out: FadeCurve) -> None:
    sound = left_of(faded(into, out).songs[0])
    places = np.arange(0, FADE, 250)
    shares = (places + 0.5) / FADE
    assert sound[places] == pytest.approx([fade_level(into, share) for share in shares], abs=1e-4)
    assert sound[LENGTH - 1 - places] == pytest.approx([fade_level(out, share) for share in shares], abs=1e-4)
    assert sound[FADE + 1 : LENGTH - FADE - 1] == pytest.approx(1.0)


@given(st.sampled_from(FADE_CURVES), st.sampled_from(FADE_CURVES), st.integers(1, LENGTH - 1))
def test_a_split_is_not_heard_whatever_the_curves(into: FadeCurve, out: FadeCurve, at: int) -> None:
    project = faded(into, out)
    split = split_section(project, "x1", at)
    assert new_id(split, "x") == "x3"
    assert np.array_equal(left_of(project.songs[0]), left_of(split.songs[0]))


@pytest.mark.parametrize("curve", FADE_CURVES)
def test_a_curve_rises_from_nothing_to_all(curve: FadeCurve) -> None:
    levels = [fade_level(curve, share / 50) for share in range(51)]
    assert levels[0] == 0
    assert levels[-1] == 1
    assert levels == sorted(levels)


def test_the_curves_follow_each_other_round_and_round() -> None:
    assert [next_curve(curve) for curve in FADE_CURVES] == [*FADE_CURVES[1:], FADE_CURVES[0]]
