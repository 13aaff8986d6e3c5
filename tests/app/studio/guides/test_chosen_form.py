"""A form that is chosen: what is shown is what is played, and a part stays the same wherever it stands."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from app.document.bars import seconds_of_bar
from app.document.guide_choice import GuideChoice, GuideSource
from app.document.guide_form import DRAWN_FORM, END, PART_BARS, PART_NAMES, GuideForm, Parts, form_seconds, plays
from app.document.model import SONG_RATE
from app.document.store import ProjectFolder
from app.studio.guides.bars import Bars
from app.studio.guides.form import blocks_of
from app.studio.guides.preview import LONGEST_SECONDS, preview_guide
from app.studio.guides.recut import Recut, recut, recut_song
from app.studio.guides.sources import guides_for
from app.studio.recipes.planning import plan_song
from samplernn.data.build import build_dataset
from samplernn.guides.notes import SEMITONES
from samplernn.guides.strokes import BANDS, PER_SECOND
from tests.app.drums import beat

_FRAMES = 500
"""Of a bar at 120 beats a minute."""
forms = st.lists(st.sampled_from(PART_NAMES), min_size=1, max_size=9).map(tuple)


def album(count: int = 120, frames: int = _FRAMES) -> Bars:
    """Bars of one tempo that tell by their level which they are: louder by 0.1 dB each, every fourth one quiet."""
    phase = np.arange(frames) * 8 / frames % 1
    bars = [
        np.repeat((-30 - 30 * phase + 0.1 * number - 15 * (number % 4 == 3))[:, None], BANDS, axis=1)
        for number in range(count)
    ]
    notes = np.zeros((31, SEMITONES, 3), np.float32)
    return Bars(tuple(bar.astype(np.float32) for bar in bars), (notes,) * count, (*[True] * (count - 1), False))


def cut(form: GuideForm, seconds: float | None = None, seed: int = 3) -> Recut:
    made = recut(album(), seconds or form_seconds(form.parts, form.bpm or 120.0), seed, form)
    assert made is not None
    return made


def part(made: Recut, place: int) -> np.ndarray:
    """The movement of a part; its level depends on the others, as a guide is brought to the album's as a whole."""
    frames = PART_BARS * _FRAMES
    strokes = made.strokes[place * frames : (place + 1) * frames, 0]
    return strokes - made.strokes[:, 0].max()


@settings(max_examples=30, deadline=None)
@given(forms, st.integers(0, 2**32))
def test_parts_come_in_the_order_that_is_chosen(parts: Parts, seed: int) -> None:
    made = cut(GuideForm(parts), seed=seed)
    assert made.plan == parts
    assert [name for name, _ in made.parts] == list(parts)
    assert sum(length for _, length in made.parts) == pytest.approx(len(made.strokes) / PER_SECOND)
    by_name: dict[str, np.ndarray] = {}
    for place, name in enumerate(parts):
        heard = part(made, place)
        np.testing.assert_allclose(heard, by_name.setdefault(plays(name, parts), heard), atol=0.02)


def test_a_part_stays_the_same_wherever_it_stands() -> None:
    drawn = cut(DRAWN_FORM, 4 * 8.0)
    kept = cut(GuideForm(drawn.plan))
    np.testing.assert_array_equal(drawn.strokes, kept.strokes)
    np.testing.assert_array_equal(drawn.notes, kept.notes)
    one = cut(GuideForm(("A", "B", "C")))
    other = cut(GuideForm(("C", "A", "D", "A", "B", "intro")))
    difference = [part(one, 0) - part(other, 1), part(one, 1) - part(other, 4), part(one, 2) - part(other, 0)]
    assert max(np.ptp(each) for each in difference) < 1e-3
    assert np.ptp(part(one, 0) - part(one, 1)) > 0.05


def test_quiet_parts_are_quiet() -> None:
    made = cut(GuideForm(("intro", "A", "break", "B")))
    levels = [part(made, place).mean() for place in range(4)]
    assert min(levels[1], levels[3]) > max(levels[0], levels[2]) + 3


def test_a_longer_clip_begins_its_form_anew_and_a_shorter_one_is_cut_off() -> None:
    form = GuideForm(("A", "B", "end"))
    assert cut(form, 36.0).plan == ("A", "B", "end", "A", "B")
    assert cut(form, 9.0).plan == ("A", "B")
    assert cut(GuideForm(("end", "B", "A")), 8.0).plan == (END,)


@settings(max_examples=20, deadline=None)
@given(st.floats(40.0, 240.0), st.integers(0, 1000))
def test_a_tempo_that_is_chosen_is_kept(bpm: float, seed: int) -> None:
    made = cut(GuideForm(("A", "B"), bpm), seed=seed)
    assert made.tempo.bpm == pytest.approx(bpm)
    assert len(made.strokes) / PER_SECOND == pytest.approx(2 * PART_BARS * seconds_of_bar(bpm), abs=0.003)
    assert made.plan == ("A", "B")


def test_a_little_faster_has_the_same_bars_and_much_faster_ones_of_that_tempo() -> None:
    slow, fast = album(60), album(60, 250)
    both = Bars(slow.strokes + fast.strokes, slow.notes + fast.notes, slow.follows + fast.follows)
    for seed in range(12):
        drawn = recut(both, 8.0, seed)
        assert drawn is not None
        near = recut(both, 8.0, seed, GuideForm(bpm=drawn.tempo.bpm * 1.1))
        assert near is not None
        same = np.interp(np.arange(1500) * 1.1, np.arange(2000), drawn.strokes[:, 0])
        assert np.median(np.abs(same - near.strokes[:1500, 0] - np.median(same - near.strokes[:1500, 0]))) < 0.3
        far = recut(both, 8.0, seed, GuideForm(bpm=240.0))
        assert far is not None
        assert far.tempo.bpm == 240.0
        # a bar of 240 beats a minute has eight strokes in a second
        rises = np.flatnonzero(np.diff(far.strokes[:250, 0]) > 15)
        assert len(rises) in (7, 8)


@given(forms, st.integers(1, 400))
def test_the_blocks_of_a_song_are_the_form(parts: Parts, bars: int) -> None:
    blocks = blocks_of(parts, bars)
    assert [block.name for block in blocks] == list(parts[:bars])
    assert sum(block.bars for block in blocks) == bars
    assert all(block.bars >= 1 for block in blocks)
    assert all(block.part == plays(block.name, parts) for block in blocks)
    if bars >= PART_BARS * len(parts):
        assert all(block.bars % PART_BARS == 0 for block in blocks[:-1])
        assert max(block.bars for block in blocks[:-1] or blocks) <= bars / len(blocks) + PART_BARS


@settings(max_examples=20, deadline=None)
@given(forms, st.floats(20.0, 120.0), st.none() | st.floats(60.0, 200.0), st.integers(0, 1000))
def test_a_song_has_the_form_and_the_tempo_that_are_chosen(
    parts: Parts, seconds: float, bpm: float | None, seed: int
) -> None:
    song = recut_song(album(), seconds, seed, GuideForm(parts, bpm))
    assert song is not None
    names = [block.name for block in song.blocks]
    assert names == list(parts[: len(names)])
    assert {block.part for block in song.blocks} == set(song.parts)
    bars = sum(block.bars for block in song.blocks)
    assert (bars - 1) * song.bar_seconds < seconds <= bars * song.bar_seconds + 1e-6
    if bpm is not None:
        assert song.bar_seconds == pytest.approx(seconds_of_bar(bpm))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> ProjectFolder:
    """A project whose album is a minute of drums."""
    folder = tmp_path_factory.mktemp("forms") / "Drums.deepcuts"
    folder.mkdir()
    soundfile.write(folder / "one.wav", beat(120, 60), SONG_RATE)
    build_dataset([folder / "one.wav"], ProjectFolder(folder).dataset, 16_000)
    return ProjectFolder(folder)


@pytest.mark.parametrize("source", ["album", "dream"])
def test_what_is_shown_is_what_clips_and_songs_get(place: ProjectFolder, source: GuideSource, tmp_path: Path) -> None:
    form = GuideForm(("intro", "A", "A", "break", "B", "A", "B", "A", "end"), 110.0)
    choice = GuideChoice(source, form=form)
    seconds = form_seconds(form.parts, 110.0)
    assert seconds > LONGEST_SECONDS
    preview = preview_guide(place, choice, seconds, 7)
    guide, other = guides_for(place, choice, seconds, [7, 8])
    np.testing.assert_array_equal(preview.guide.strokes, guide.strokes)
    assert preview.seconds == pytest.approx(seconds, abs=0.003)
    assert preview.sound.frames == LONGEST_SECONDS * preview.sound.rate
    assert [name for name, _ in guide.parts] == [name for name, _ in other.parts] == list(form.parts)
    assert not np.array_equal(guide.strokes, other.strokes)
    assert guide.bpm == other.bpm == pytest.approx(110.0)
    plan = plan_song(place, choice, 60.0, 5)
    assert plan is not None
    assert [block.name for block in plan.blocks] == list(form.parts)
    assert [guide.bpm for guide in plan.guides] == pytest.approx([110.0] * len(plan.guides))
