"""Guides that begin anew after their end: all of a pattern that there is, and whole bars of what is cut off."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.document.guide_choice import GuideChoice
from app.document.model import BEATS_PER_BAR
from app.document.pattern import Pattern, PatternEvent
from app.document.store import ProjectFolder
from app.studio.guides.looped import guide_to_loop
from samplernn.guides.strokes import PER_SECOND

PLACE = ProjectFolder(Path("/nowhere"))


def loop_of(seconds: float, bpm: float | None) -> int:
    """How many frames come again and again of a pattern with one stroke."""
    pattern = Pattern(name="x", seconds=seconds, events=(PatternEvent(at=0.0, stroke="low"),), bpm=bpm)
    return len(guide_to_loop(PLACE, GuideChoice("pattern", pattern=pattern), 0).strokes)


@settings(max_examples=40, deadline=None)
@given(bpm=st.floats(40, 230), beats=st.integers(1, 16))
def test_no_beat_of_a_pattern_is_lost(bpm: float, beats: int) -> None:
    seconds = beats * 60 / bpm
    times = loop_of(seconds, bpm) / PER_SECOND / seconds
    assert times >= 1
    assert abs(times - round(times)) * seconds <= 0.5 / PER_SECOND + 1e-9


@pytest.mark.parametrize("bpm", [None, 120.0])
def test_what_is_no_whole_bar_comes_again_after_its_own_length(bpm: float | None) -> None:
    assert loop_of(5.0, bpm) % (5 * PER_SECOND) == 0


def test_in_ten_minutes_a_beat_is_hardly_off_its_tempo() -> None:
    seconds = BEATS_PER_BAR * 60 / 130
    loop = loop_of(seconds, 130.0) / PER_SECOND
    assert abs(loop - round(loop / seconds) * seconds) * (600 / loop) < 0.02


def test_of_a_very_long_pattern_whole_bars_come_again() -> None:
    assert loop_of(500.0, 70.0) == round(87 * BEATS_PER_BAR * 60 / 70 * PER_SECOND)
