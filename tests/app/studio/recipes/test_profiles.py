"""What recipes know of clips comes from their measures: a window has what its section has, and its notes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.document.model import SONG_RATE
from app.studio.analysis.liveliness import WINDOW
from app.studio.measures.features import FEATURES
from app.studio.measures.measured import ClipMeasures, CopiedStretch, MeasuredSection, Stuck, StuckKind
from app.studio.recipes.material import Batch, HeardClip
from app.studio.recipes.profiles import chroma_of, profile_of, profiles_of
from tests.app.studio.recipes.heard import clips_of

RATE = 16_000


def section(number: int, copied: CopiedStretch | None = None) -> MeasuredSection:
    return MeasuredSection(
        start_seconds=4.0 * number, seconds=4.0, features=np.full(FEATURES, number, np.float32),
        closeness=0.2 * number, moving=0.5, copied=copied, pulse=0.3, tempo=120.0, loudness=-14.0, brightness=900.0,
        dc=0.0,
    )  # fmt: skip


def test_a_window_has_what_its_section_has_and_trouble_is_shut() -> None:
    copied = CopiedStretch("1.flac", 60.0, 9.25, 3.0)
    measures = ClipMeasures((section(0), section(1), section(2, copied), section(3)), Stuck("hum", 13.1, 16.0))
    (clip,) = clips_of([Batch(1, 1, 16.0, 0)])
    profile = profile_of(measures, clip)
    assert len(profile.features) == len(profile.shut) == clip.frames // WINDOW == 32
    assert [int(row[0]) for row in profile.features[[0, 7, 8, 31]]] == [0, 0, 1, 3]
    assert list(np.flatnonzero(profile.shut)) == [*range(18, 25), *range(26, 32)]
    heard = HeardClip(clip, profile=profile)
    assert list(heard.starts(8 * SONG_RATE)) == [place * WINDOW for place in range(3)]
    assert heard.closeness(4 * SONG_RATE, 4 * SONG_RATE) == pytest.approx(0.2)
    assert heard.worth(4 * SONG_RATE, 4 * SONG_RATE) == pytest.approx(0.1)


def test_a_loop_that_a_guide_wants_is_no_trouble() -> None:
    (clip,) = clips_of([Batch(1, 1, 16.0, 0)])
    sections = (section(0), section(1), section(2), section(3))
    kinds: tuple[tuple[StuckKind, bool, bool], ...] = (
        ("loop", True, False),
        ("loop", False, True),
        ("hum", True, True),
    )
    for kind, has_guide, is_shut in kinds:
        measures = ClipMeasures(sections, Stuck(kind, 4.0, 12.0))
        profile = profile_of(measures.along_guide() if has_guide else measures, clip)
        assert profile.shut[8:24].all() == profile.shut.any() == is_shut
        assert profile.moving is not None
        assert profile.moving[10] == (0.5 if is_shut else 1.0)
        assert profile.moving[0] == 0.5


def test_chroma_tells_notes_whatever_octave_they_are_in() -> None:
    t = np.arange(4 * RATE) / RATE
    rows = {}
    for name, hertz in (("a low", 220.0), ("a high", 880.0), ("e", 329.6)):
        rows[name] = chroma_of((0.3 * np.sin(2 * np.pi * hertz * t)).astype(np.float32), 4 * SONG_RATE)
        assert rows[name].shape == (8, 12)
        assert np.linalg.norm(rows[name], axis=1) == pytest.approx(np.ones(8), abs=1e-4)
    assert set(rows["a low"].argmax(axis=1)) == set(rows["a high"].argmax(axis=1)) == {9}
    assert set(rows["e"].argmax(axis=1)) == {4}
    assert np.mean(rows["a low"] * rows["a high"]) > np.mean(rows["a low"] * rows["e"])


def test_nothing_is_known_without_a_prepared_album(tmp_path: Path) -> None:
    assert profiles_of(tmp_path, clips_of([Batch(1, 2, 3.0, 0)])) == {}
