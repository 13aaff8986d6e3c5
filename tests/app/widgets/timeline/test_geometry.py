"""Frames to pixels and back, ticks, rows."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.document.model import SONG_RATE
from app.widgets.timeline.geometry import Rows, TimeScale, fitted, ticks, time_label

SCALES = st.builds(TimeScale, st.floats(0, 1e8), st.floats(1 / 32, 100_000))


@given(SCALES, st.floats(0, 2000), st.floats(0.1, 10))
def test_zooming_keeps_what_is_under_the_pointer(scale: TimeScale, x: float, factor: float) -> None:
    zoomed = scale.zoomed(factor, x)
    under = scale.start + x * scale.frames_per_pixel
    if zoomed.start > 0:
        assert zoomed.x(under) == pytest.approx(x, abs=1e-3)
    assert zoomed.start >= 0


@given(SCALES, st.floats(0, 2000))
def test_a_pixel_and_its_frame_belong_together(scale: TimeScale, x: float) -> None:
    assert abs(scale.x(scale.frame(x)) - x) <= 0.51 / scale.frames_per_pixel + 1e-6


@given(st.integers(0, 10**9), st.integers(100, 4000))
def test_a_fitted_song_is_wholly_in_view(frames: int, width: int) -> None:
    scale = fitted(frames, width)
    if frames < 3600 * SONG_RATE * width / 800:
        assert scale.x(frames) <= width


@given(SCALES)
def test_labels_never_touch(scale: TimeScale) -> None:
    labelled = [tick.x for tick in ticks(scale, 1000) if tick.label]
    assert all(after - before >= 60 for before, after in pairwise(labelled))
    every = ticks(scale, 1000)
    assert len(every) <= 80
    assert every[0].x <= 0 or scale.start == 0
    assert every[-1].x >= 1000 - 1e-6


@pytest.mark.parametrize(
    ("seconds", "step", "label"),
    [
        (0, 1, "0:00"),
        (70, 4, "1:10"),
        (3661, 60, "1:01:01"),
        (0.5, 0.5, "0:00.5"),
        (61.25, 0.05, "1:01.25"),
        (59.999, 0.001, "0:59.999"),
        (59.9999, 1, "1:00"),
    ],
)
def test_times_are_written_as_precisely_as_the_ruler_needs(seconds: float, step: float, label: str) -> None:
    assert time_label(seconds, step) == label


@given(st.integers(0, 30), st.integers(40, 300), st.integers(0, 2000))
def test_the_row_under_the_middle_of_a_lane_is_that_lane(lane: int, height: int, scroll: int) -> None:
    rows = Rows(height=height, scroll=scroll)
    assert rows.lane_at(rows.top(lane) + height / 2) == lane
    assert rows.top(lane + 1) - rows.top(lane) == rows.pitch
