"""Guides that were drawn on: louder where it was drawn, and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from app.document.guide_choice import GuideChoice
from app.document.guide_touches import GUIDE_BANDS, MOST_DB, STEPS_PER_SECOND, Touch
from app.document.model import SONG_RATE
from app.document.store import ProjectFolder
from app.studio.generation.kept_guide import KeptGuide, kept_guide
from app.studio.guides.preview import preview_guide
from app.studio.guides.sources import guides_for
from app.studio.guides.touched import drawn_levels, touched
from samplernn.guides.guide import Guide
from samplernn.guides.strokes import BANDS, PER_SECOND, strokes_of
from tests.app.drums import beat

touches = st.lists(
    st.builds(
        Touch,
        st.frozensets(st.tuples(st.integers(0, 60), st.integers(0, GUIDE_BANDS - 1)), max_size=8),
        st.sampled_from([9.0, -15.0]),
    ),
    max_size=5,
).map(tuple)


@given(touches, st.integers(1, 600))
def test_only_what_was_drawn_on_is_another(drawn: tuple[Touch, ...], frames: int) -> None:
    assert BANDS == GUIDE_BANDS
    levels = drawn_levels(drawn, frames)
    assert levels.shape == (frames, BANDS)
    assert np.abs(levels).max() <= MOST_DB
    for frame in range(0, frames, 7):
        step = frame * STEPS_PER_SECOND // PER_SECOND
        for band in range(BANDS):
            wanted = sum(touch.db for touch in drawn if (step, band) in touch.cells)
            assert levels[frame, band] == max(min(wanted, MOST_DB), -MOST_DB)
    guide = Guide(np.full((frames, BANDS), -40.0, np.float32), "flat", bpm=120.0)
    after = touched(guide, drawn)
    np.testing.assert_allclose(after.strokes - guide.strokes, levels, atol=1e-4)
    assert (after.name, after.bpm) == ("flat", 120.0)


def test_what_is_drawn_is_shown_heard_and_played_along_to(tmp_path: Path) -> None:
    loop = tmp_path / "loop.wav"
    soundfile.write(loop, beat(120, 4), SONG_RATE)
    drawn = Touch(frozenset((step, band) for step in range(30, 45) for band in range(12, 18)), -15.0)
    place = ProjectFolder(tmp_path)
    plain, choice = GuideChoice("recording", loop), GuideChoice("recording", loop, touches=(drawn, drawn))
    before, after = (preview_guide(place, each, 4.0, 1) for each in (plain, choice))
    guides = guides_for(place, choice, 4.0, [1, 2])
    for guide in (after.guide, *guides):
        change = guide.strokes - before.guide.strokes
        np.testing.assert_allclose(change[300:450, 12:18], -24.0, atol=1e-4)
        assert not change[:300].any()
        assert not change[:, :12].any()
    one, other = (strokes_of([each.sound.samples], each.sound.rate) for each in (before, after))
    assert (one - other)[320:430, 13:17].mean() > 8.0
    assert abs((one - other)[600:, 13:17].mean()) < 1.0


@given(touches)
def test_what_was_drawn_is_noted_beside_a_clip(drawn: tuple[Touch, ...]) -> None:
    kept = KeptGuide(source="album", seed=3, touches=drawn)
    assert kept_guide(json.loads(json.dumps(msgspec.to_builtins(kept)))) == kept
    with pytest.raises(ValueError, match="outside"):
        kept_guide({"source": "album", "seed": 3, "touches": [{"cells": [[0, 99]], "db": 9.0}]})


def test_what_a_clip_goes_on_along_has_it_at_the_same_moments() -> None:
    whole = Guide(np.full((1000, BANDS), -40.0, np.float32), "whole")
    guide = Guide(whole.strokes[500:], "part", whole=whole, begin=2.0)
    after = touched(guide, (Touch(frozenset({(10, 3)}), 9.0),))
    assert after.whole is not None
    np.testing.assert_array_equal(after.whole.strokes[500:], after.strokes)
    np.testing.assert_array_equal(after.whole.strokes[:500], whole.strokes[:500])
