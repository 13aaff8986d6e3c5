"""Guides that begin anew after their end: all of a pattern that there is, and whole bars of what is cut off."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.document.guide_choice import GuideChoice
from app.document.pattern import Pattern, PatternEvent
from app.document.store import ProjectFolder
from app.studio.guides.looped import guide_to_loop
from samplernn.guides.strokes import PER_SECOND

PLACE = ProjectFolder(Path("/nowhere"))


def loop_of(seconds: float, bpm: float | None) -> int:
    """How many frames come again and again of a pattern with one stroke."""
    pattern = Pattern(name="x", seconds=seconds, events=(PatternEvent(at=0.0, stroke="low"),), bpm=bpm)
    return len(guide_to_loop(PLACE, GuideChoice("pattern", pattern=pattern), 0).strokes)


@settings(max_examples=60, deadline=None)
@given(bpm=st.floats(40, 230), beats=st.integers(4, 16))
def test_no_beat_of_a_pattern_is_lost(bpm: float, beats: int) -> None:
    seconds = beats * 60 / bpm
    assert loop_of(seconds, bpm) == round(seconds * PER_SECOND)


@pytest.mark.parametrize("bpm", [None, 120.0])
def test_what_is_no_whole_bar_comes_again_after_its_own_length(bpm: float | None) -> None:
    assert loop_of(5.0, bpm) == 5 * PER_SECOND


def test_a_short_pattern_comes_several_times() -> None:
    assert loop_of(0.4, None) == 1.2 * PER_SECOND


def test_of_a_very_long_pattern_whole_bars_come_again() -> None:
    assert loop_of(500.0, 70.0) == round(87 * 4 * 60 / 70 * PER_SECOND)
