"""Guides out of patterns: strokes where they were put, in the bands they are made of, at the album's level; notes that
sound as they are called.
"""

from __future__ import annotations

from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from app.document.errors import UserError
from app.document.guide_choice import GuideChoice
from app.document.pattern import Pattern, PatternEvent, Stroke, encoded_pattern
from app.document.store import ProjectFolder
from app.studio.guides.bars import Bars
from app.studio.guides.pattern_guide import guide_of_pattern
from app.studio.guides.preview import noise_along, preview_guide
from app.studio.guides.sources import guides_for
from app.studio.guides.walker import loudness
from samplernn.guides.notes import PEAK, PLACE
from samplernn.guides.notes import PER_SECOND as NOTES
from samplernn.guides.strokes import BANDS, PER_SECOND
from tests.app.document.test_pattern import patterns
from tests.bench.rhythm import onset_strength, pulse

STEP = 0.125
ALBUM = Bars(mean=np.linspace(-5, -34, BANDS, dtype=np.float32), loudness=-10.0)


def beat(rows: dict[Stroke, str], name: str = "the beat you drew") -> Pattern:
    """Strokes on a grid of sixteen steps of an eighth of a second: an x is strong, an o soft."""
    events = [
        PatternEvent(at=step * STEP, stroke=stroke, strength=1.0 if mark == "x" else 0.5)
        for stroke, row in rows.items()
        for step, mark in enumerate(row)
        if mark in "xo"
    ]
    return Pattern(name=name, seconds=16 * STEP, events=tuple(events), bpm=120.0)


ROCK = beat({"low": "x.....x.x.......", "mid": "....x.......x...", "high": "o.o.o.o.o.o.o.o."})
LOWS, MIDS, HIGHS = slice(0, 1), slice(4, 12), slice(16, 20)


@pytest.mark.parametrize(
    ("stroke", "own", "others"), [("low", LOWS, HIGHS), ("mid", MIDS, LOWS), ("high", HIGHS, LOWS)]
)
def test_a_stroke_is_where_it_was_put_and_in_its_bands(stroke: Stroke, own: slice, others: slice) -> None:
    guide = guide_of_pattern(beat({stroke: "....x......x...."}), 2.0, ALBUM)
    rise = np.diff(guide.strokes, axis=0)
    moments = np.flatnonzero(rise.max(axis=1) > 3.0) / PER_SECOND
    for at in (4 * STEP, 11 * STEP):
        assert np.abs(moments - at).min() < 0.01
    assert all(min(abs(moment - 4 * STEP), abs(moment - 11 * STEP)) < 0.01 for moment in moments)
    raised = guide.strokes.max(axis=0) - guide.strokes.min(axis=0)
    assert raised[own].min() > raised[others].max() + 3
    assert raised[own].max() > 20


def test_a_soft_stroke_is_softer() -> None:
    guide = guide_of_pattern(beat({"mid": "x.......o......."}), 2.0, ALBUM)
    strong, soft = (guide.strokes[round(at * PER_SECOND), 8] for at in (0.0, 8 * STEP))
    assert strong - soft == pytest.approx(6.0, abs=0.1)


def test_it_is_as_loud_as_the_album_and_comes_again() -> None:
    guide = guide_of_pattern(ROCK, 7.0, ALBUM, 0.6)
    assert len(guide.strokes) == 7 * PER_SECOND
    assert loudness(guide.strokes) == pytest.approx(ALBUM.loudness, abs=1.0)
    np.testing.assert_allclose(guide.strokes[500:999], guide.strokes[1000:1499])
    assert (guide.name, guide.follow, guide.bpm, guide.notes) == ("the beat you drew", 0.6, 120.0, None)


def test_a_length_that_no_frame_divides_does_not_drift() -> None:
    pattern = Pattern(name="x", seconds=0.777, events=(PatternEvent(at=0.0, stroke="low"),))
    guide = guide_of_pattern(pattern, 60.0, ALBUM)
    peaks = np.flatnonzero(np.diff(guide.strokes[:, 0]) > 5) + 1
    last = max(number * 0.777 for number in range(78) if number * 0.777 < 60)
    assert abs(peaks[-1] / PER_SECOND - last) < 0.006


def test_the_tempo_is_kept_while_bars_stay_whole() -> None:
    odd = Pattern(name="x", seconds=1.5, events=ROCK.events[:1], bpm=120.0)
    assert guide_of_pattern(odd, 1.5, ALBUM).bpm == 120.0
    assert guide_of_pattern(odd, 6.0, ALBUM).bpm is None


def test_sound_shaped_by_it_has_its_beat() -> None:
    sound = noise_along(guide_of_pattern(ROCK, 8.0, ALBUM), 8.0)
    assert pulse(sound.samples) > 0.6  # noise has 0.1, a metal album 0.45
    strength = onset_strength(sound.samples)
    strongest = np.argsort(strength)[-16:] / 100
    steps = strongest / STEP
    assert np.median(np.abs(steps - np.round(steps))) * STEP < 0.02


def test_notes_sound_as_they_are_called() -> None:
    pitches = (40, 47, 52, 45)
    events = tuple(PatternEvent(at=0.5 * place, pitch=pitch, seconds=0.45) for place, pitch in enumerate(pitches))
    guide = guide_of_pattern(Pattern(name="riff.mid", seconds=2.0, events=events, bpm=120.0), 4.0, ALBUM)
    assert guide.notes is not None
    assert len(guide.notes) == round(4 * NOTES)
    sound = noise_along(guide, 4.0)
    for place, pitch in enumerate(pitches):
        wanted = 440 * 2 ** ((pitch - 69) / 12)
        part = sound.samples[round((0.5 * place + 0.1) * sound.rate) : round((0.5 * place + 0.42) * sound.rate)]
        spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 1 << 15))
        frequencies = np.arange(len(spectrum)) * sound.rate / (1 << 15)
        near = (frequencies > 60) & (frequencies < 1000)
        loudest = frequencies[near][np.argmax(spectrum[near])]
        partial = loudest / wanted
        assert abs(partial - round(partial)) < 0.06
        frame = guide.notes[round((0.5 * place + 0.25) * NOTES)]
        highest = frame[np.argsort(frame[:, PEAK] - np.median(frame[:, PEAK]))[-1]]
        assert highest[PLACE] / wanted == pytest.approx(round(highest[PLACE] / wanted), abs=0.01)


@settings(max_examples=25, deadline=None)
@given(pattern=patterns())
def test_any_pattern_gives_a_guide(pattern: Pattern) -> None:
    for album in (ALBUM, Bars()):
        guide = guide_of_pattern(pattern, 3.0, album)
        assert len(guide.strokes) == 3 * PER_SECOND
        assert (guide.notes is None) == (not pattern.has_notes)
        assert -80 < loudness(guide.strokes) < 20


def test_drawn_or_from_a_file_it_is_a_guide_of_clips(tmp_path: Path) -> None:
    place = ProjectFolder(tmp_path)
    path = tmp_path / "beat.json"
    path.write_bytes(encoded_pattern(ROCK))
    drawn, read = (guides_for(place, GuideChoice("pattern", pattern=each), 3.0, [1, 2]) for each in (ROCK, path))
    assert len(drawn) == 2
    np.testing.assert_array_equal(drawn[0].strokes, read[0].strokes)
    assert read[0].name == "the beat you drew"
    preview = preview_guide(place, GuideChoice("pattern", pattern=path), 3.0, 1)
    assert (preview.source_seconds, preview.guide.bpm) == (2.0, 120.0)
    with pytest.raises(UserError, match="No beat"):
        guides_for(place, GuideChoice("pattern"), 3.0, [1])
    path.write_bytes(b"nothing")
    with pytest.raises(UserError, match="no pattern"):
        preview_guide(place, GuideChoice("pattern", pattern=path), 3.0, 1)


def test_it_can_be_stopped() -> None:
    with pytest.raises(CancelledError):
        guide_of_pattern(ROCK, 3600.0, ALBUM, cancelled=lambda: True)


def test_a_note_that_is_held_for_longer_than_its_pattern_begins_again_with_it() -> None:
    events = [PatternEvent(at=0.01 * number, pitch=48 + number, seconds=600.0) for number in range(10)]
    ended = [PatternEvent(at=each.at, pitch=each.pitch, seconds=0.1) for each in events]
    held, same = (
        guide_of_pattern(Pattern(name="", seconds=0.1, events=tuple(some)), 3.0, ALBUM) for some in (events, ended)
    )
    assert held.notes is not None
    assert same.notes is not None
    np.testing.assert_array_equal(held.notes[:-2], same.notes[:-2])
