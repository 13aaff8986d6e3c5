"""What goes on from a clip goes on along its guide, from where the clip ended and in time, whatever the guide is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from app.document.bars import seconds_of_bar
from app.document.guide_choice import ALBUM_GUIDE, GuideChoice
from app.document.pattern import Pattern, PatternEvent
from app.document.store import ProjectFolder
from app.studio.guides.bars import Bars
from app.studio.guides.going_on import guide_from, guide_of_file, stretch_of
from app.studio.guides.recut import recut
from app.studio.guides.sources import guides_for
from samplernn.data.build import build_dataset
from samplernn.guides.guide import Guide
from samplernn.guides.guide_file import write_guide
from samplernn.guides.notes import SEMITONES
from samplernn.guides.strokes import BANDS, PER_SECOND
from tests.app.studio.guides.test_guides import drums

RATE = 16_000


def counting(seconds: float, bpm: float | None = None) -> Guide:
    """A guide whose strokes tell the time, in dB."""
    frames = np.arange(round(seconds * PER_SECOND), dtype=np.float32) / PER_SECOND
    notes = np.zeros((round(seconds * 15.625), SEMITONES, 3), np.float32)
    return Guide(np.repeat(frames[:, None], BANDS, axis=1), "counting", notes, 0.7, bpm)


@settings(deadline=None)
@given(st.floats(0, 100), st.floats(0.1, 30), st.floats(4, 20), st.none() | st.floats(60, 200))
def test_a_stretch_begins_anywhere_and_begins_anew_after_the_end(
    begin: float, seconds: float, length: float, bpm: float | None
) -> None:
    whole = counting(length, bpm)
    length = len(whole.strokes) / PER_SECOND
    stretch = stretch_of(whole, begin, seconds)
    assert len(stretch.strokes) == max(round(seconds * PER_SECOND), 1)
    times = (begin + np.arange(len(stretch.strokes)) / PER_SECOND) % length
    inside = np.minimum(times, length - times) > 2 / PER_SECOND  # elsewhere it is between the last frame and the first
    np.testing.assert_allclose(stretch.strokes[inside, 0], times[inside], atol=0.02)
    assert (stretch.name, stretch.follow, stretch.whole) == ("counting", 0.7, whole)
    if stretch.bpm is not None:
        bar = seconds_of_bar(stretch.bpm)
        from_first = (begin % length + stretch.first_bar) % bar
        assert min(from_first, bar - from_first) < 1e-3


def test_a_tempo_is_told_only_as_long_as_it_is_kept() -> None:
    even, odd = counting(8.0, 120.0), counting(7.3, 120.0)
    assert stretch_of(even, 7.0, 4.0).bpm == 120.0
    assert stretch_of(odd, 2.0, 4.0).bpm == 120.0
    assert stretch_of(odd, 5.0, 4.0).bpm is None


@pytest.mark.parametrize("bpm", [1.0, 19.0, 401.0, 1000.0])
def test_a_tempo_that_no_clip_can_have_is_not_told(bpm: float) -> None:
    """A clip with one would not be taken into the document."""
    stretch = stretch_of(counting(8.0, bpm), 1.0, 4.0)
    assert (stretch.bpm, stretch.first_bar) == (None, 0.0)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> ProjectFolder:
    """A project whose album is half a minute of drums at 120."""
    folder = tmp_path_factory.mktemp("going") / "Drums.deepcuts"
    folder.mkdir()
    soundfile.write(folder / "one.wav", drums(40, 120), RATE)
    build_dataset([folder / "one.wav"], ProjectFolder(folder).dataset, RATE)
    return ProjectFolder(folder)


def onward(guide: Guide, seconds: float) -> Guide:
    """What goes on where the guide ends."""
    return stretch_of(guide.whole or guide, guide.begin + len(guide.strokes) / PER_SECOND, seconds)


def test_a_longer_recording_goes_on_where_the_clip_ended(place: ProjectFolder, tmp_path: Path) -> None:
    loop = tmp_path / "song.wav"
    soundfile.write(loop, drums(6, 100, seed=3), RATE)
    [short], [long] = (guides_for(place, GuideChoice("recording", loop), each, [1]) for each in (2.0, 5.0))
    next_two = onward(short, 2.0)
    here, there = next_two.strokes, long.strokes[2 * PER_SECOND : 4 * PER_SECOND]
    np.testing.assert_allclose(here - here.mean(axis=0), there - there.mean(axis=0), atol=0.01)
    # after its end it begins anew
    again = stretch_of(short.whole or short, 6.0, 1.0)
    assert np.abs(again.strokes[10:] - short.strokes[10:PER_SECOND]).max() < 0.01


def test_a_pattern_keeps_its_time(place: ProjectFolder) -> None:
    hits = tuple(PatternEvent(at=at, stroke="low") for at in (0.0, 0.75, 1.5))
    pattern = Pattern(name="beat", seconds=2.0, events=hits, bpm=120.0)
    [guide] = guides_for(place, GuideChoice("pattern", pattern=pattern), 3.1, [1])
    after = onward(guide, 4.0)
    assert (after.bpm, after.first_bar) == (120.0, pytest.approx(0.9, abs=0.003))
    rises = np.flatnonzero(np.diff(after.strokes[:, 0]) > 12) / PER_SECOND
    wanted = np.array([0.4, 0.9, 1.65, 2.4, 2.9, 3.65])  # of 3.5, 4.0, 4.75 ... from the beginning on
    assert np.abs(rises[:, None] - wanted).min(axis=0).max() < 0.01


def test_the_album_cut_anew_goes_on_with_its_form(place: ProjectFolder) -> None:
    for seed in range(4):
        [guide] = guides_for(place, ALBUM_GUIDE, 9.0, [seed])
        after = onward(guide, 20.0)
        assert guide.bpm is not None
        assert guide.whole is not None
        bar = seconds_of_bar(guide.bpm)
        assert len(guide.whole.strokes) / PER_SECOND == pytest.approx(32 * bar, abs=0.01)
        np.testing.assert_array_equal(guide.whole.strokes[: len(guide.strokes)], guide.strokes)
        assert after.bpm == guide.bpm
        assert (9.0 + after.first_bar) / bar == pytest.approx(round((9.0 + after.first_bar) / bar), abs=0.01)


def test_clips_are_what_they_were_before_guides_went_on() -> None:
    """Parts that come after a clip are drawn after all that it hears."""
    album = Bars(
        tuple(np.full((100, BANDS), -60 + number, np.float32) for number in range(60)),
        tuple(np.full((6, SEMITONES, 3), number, np.float32) for number in range(60)),
        (*[True] * 59, False),
    )
    for seed in range(20):
        short, long = recut(album, 6.0, seed), recut(album, 3.0, seed)
        assert short is not None
        assert long is not None
        steps = [np.diff(each.strokes[:700, 0]) for each in (short, long)]
        np.testing.assert_allclose(*steps, atol=1e-4)


def test_the_file_beside_a_clip_is_a_guide_for_others(place: ProjectFolder, tmp_path: Path) -> None:
    path = tmp_path / "c0007.guide"
    write_guide(path, replace(counting(12.0, 120.0), begin=5.0))
    [guide] = guides_for(place, GuideChoice("recording", path, 0.4), 3.0, [1])
    assert (guide.follow, guide.name, guide.bpm) == (0.4, "counting", 120.0)
    np.testing.assert_allclose(guide.strokes[:, 0], 5 + np.arange(750) / PER_SECOND, atol=0.26)
    assert guide_of_file(path, 3.0, 1.0).begin == 5.0


def test_without_a_guide_or_with_a_damaged_one_nothing_goes_on(tmp_path: Path) -> None:
    assert guide_from(tmp_path / "c0001.flac", 1.0, 2.0) is None
    (tmp_path / "c0001.guide").write_bytes(b"what is this")
    assert guide_from(tmp_path / "c0001.flac", 1.0, 2.0) is None
    write_guide(tmp_path / "c0001.guide", replace(counting(12.0), begin=11.0))
    found = guide_from(tmp_path / "c0001.flac", 2.0, 3.0)
    assert found is not None
    assert found.begin == pytest.approx(1.0)
