"""Dreamed guides: they keep the album's time, are none of its bars, and are the same for the same seed."""

from __future__ import annotations

from concurrent.futures import CancelledError

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from app.document.errors import UserError
from app.document.guide_choice import GuideChoice
from app.document.model import SONG_RATE
from app.document.store import ProjectFolder
from app.studio.analysis.onsets import RATE
from app.studio.array_cache import keep_arrays, kept_arrays
from app.studio.guides.bars import Bars, kept_bars
from app.studio.guides.dream import BARS, Dreamer, dreamt_bars, kept_dreamer, learn_to_dream
from app.studio.guides.preview import noise_along, preview_guide
from app.studio.guides.recut import recut
from app.studio.guides.sources import DREAM_NAME, guides_for
from app.studio.guides.walker import loudness
from samplernn.data.build import build_dataset
from samplernn.guides.guide import Guide
from samplernn.guides.notes import SEMITONES
from samplernn.guides.strokes import BANDS, strokes_at
from tests.app.drums import beat
from tests.bench.rhythm import pulse

BPM = 120.0
DREAM = GuideChoice("dream", follow=0.7)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> ProjectFolder:
    """A project whose album is drums for three quarters of a minute."""
    folder = tmp_path_factory.mktemp("dream") / "Drums.deepcuts"
    folder.mkdir()
    track = folder / "one.wav"
    soundfile.write(track, beat(BPM, 45), SONG_RATE)
    place = ProjectFolder(folder)
    build_dataset([track], place.dataset, RATE)
    return place


@pytest.fixture(scope="module")
def bars(place: ProjectFolder) -> Bars:
    return kept_bars(place)


@pytest.fixture(scope="module")
def dreamer(bars: Bars) -> Dreamer:
    learnt = learn_to_dream(bars)
    assert learnt is not None
    return learnt


def random_album(count: int, seed: int) -> Bars:
    """Bars of noise, of odd lengths and levels, some of them silent."""
    random = np.random.default_rng(seed)
    lengths = random.integers(100, 700, count)
    strokes = [random.normal(random.uniform(-80, -10), random.uniform(0, 30), (length, BANDS)) for length in lengths]
    notes = [random.normal(-60, random.uniform(0, 30), (max(length // 16, 1), SEMITONES, 3)) for length in lengths]
    each = ([np.float32(bar) for bar in strokes], [np.float32(bar) for bar in notes])
    return Bars(tuple(each[0]), tuple(each[1]), (True,) * count, np.full(BANDS, -40, np.float32), -35.0)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**40))
def test_a_dream_is_its_own_each_seed(dreamer: Dreamer, bars: Bars, seed: int) -> None:
    one, same, other = (dreamt_bars(dreamer, bars, each) for each in (seed, seed, seed + 1))
    assert len(one.strokes) == len(one.notes) == len(one.follows) == BARS
    assert len({len(bar) for bar in one.strokes}) == 1
    for here, again in zip((*one.strokes, *one.notes), (*same.strokes, *same.notes), strict=True):
        np.testing.assert_array_equal(here, again)
    assert not np.array_equal(one.strokes[0][:20], other.strokes[0][:20])
    assert loudness(np.concatenate(one.strokes)) == pytest.approx(bars.loudness, abs=1.0)


@settings(max_examples=8, deadline=None)
@given(count=st.integers(8, 40), seed=st.integers(0, 2**31))
def test_whatever_the_album_a_dream_is_finite_and_can_be_cut(count: int, seed: int) -> None:
    album = random_album(count, seed)
    learnt = learn_to_dream(album)
    assert learnt is not None
    dreamt = dreamt_bars(learnt, album, seed)
    assert max(np.abs(bar).max() for bar in dreamt.strokes) < 1000
    made = recut(dreamt, 20.0, seed)
    assert made is not None
    Guide(made.strokes, "a dream", made.notes)  # finite, and of the form of a guide


def test_dreams_keep_time(place: ProjectFolder) -> None:
    guides = guides_for(place, GuideChoice("dream"), 8.0, range(3))
    heard = [pulse(noise_along(guide, 8.0).samples) for guide in guides]
    assert min(heard) > 0.3  # noise that is shaped by nothing has 0.1
    for guide in guides:
        assert guide.bpm is not None
        assert min(abs(guide.bpm / BPM - double) for double in (0.5, 1.0, 2.0)) < 0.03


def test_no_bar_is_one_of_the_album(dreamer: Dreamer, bars: Bars) -> None:
    """Also not beside the album's own differences: bars of made drums are nearly the same again and again."""
    known = np.stack([strokes_at(bar, np.linspace(0, len(bar) - 1, 128)) for bar in bars.strokes])
    for seed in range(2):
        for bar in dreamt_bars(dreamer, bars, seed).strokes:
            difference = strokes_at(bar, np.linspace(0, len(bar) - 1, 128)) - known
            difference -= difference.mean(axis=(1, 2), keepdims=True)
            assert np.sqrt(np.mean(difference**2, axis=(1, 2))).min() > 0.5


def test_too_few_bars_are_not_dreamt_of(bars: Bars) -> None:
    few = Bars(bars.strokes[:7], bars.notes[:7], bars.follows[:7], bars.mean)
    assert learn_to_dream(few) is None
    assert learn_to_dream(Bars()) is None


def test_it_is_learnt_once_and_again_where_the_file_is_damaged(place: ProjectFolder, bars: Bars) -> None:
    for before in place.cache.glob("dreamer-*"):
        before.unlink()
    told: list[float] = []
    first = kept_dreamer(place, bars, lambda fraction, _: told.append(fraction))
    assert first is not None
    assert told[-1] == 1.0
    assert told == sorted(told)
    (path,) = place.cache.glob("dreamer-*")
    told.clear()
    again = kept_dreamer(place, bars, lambda fraction, _: told.append(fraction))
    assert again is not None
    assert not told
    np.testing.assert_array_equal(dreamt_bars(first, bars, 3).strokes[5], dreamt_bars(again, bars, 3).strokes[5])
    whole = path.read_bytes()
    kept = kept_arrays(path, "strokes", "weights", "chance", "beats", "limits")
    assert kept is not None
    not_a_number = {**kept, "chance": np.full_like(kept["chance"], np.nan)}
    of_another_album = {**kept, "beats": kept["beats"][:-4]}
    of_no_music = {**kept, "strokes": kept["strokes"] * np.float32(1e6)}
    no_shape = {**kept, "weights": np.zeros(3, np.float32)}
    for spoil in (
        lambda: path.write_bytes(whole[:-9]),
        lambda: path.write_bytes(b""),
        lambda: keep_arrays(path, not_a_number),
        lambda: keep_arrays(path, of_another_album),
        lambda: keep_arrays(path, of_no_music),
        lambda: keep_arrays(path, no_shape),
        lambda: keep_arrays(path, {**kept, "strokes": np.float32(1.0).reshape(())}),
    ):
        spoil()
        learnt = kept_dreamer(place, bars)
        assert learnt is not None
        np.testing.assert_array_equal(learnt.weights, first.weights)


def test_it_can_be_cancelled(bars: Bars) -> None:
    with pytest.raises(CancelledError):
        learn_to_dream(bars, cancelled=lambda: True)


def test_clips_dream_each_their_own(place: ProjectFolder) -> None:
    guides = guides_for(place, DREAM, 4.0, [1, 2])
    assert [(guide.name, guide.follow) for guide in guides] == [(DREAM_NAME, 0.7)] * 2
    assert guides[0].bpm == pytest.approx(guides[1].bpm, rel=0.1)
    assert not np.array_equal(guides[0].strokes, guides[1].strokes)
    takes = guides_for(place, DREAM, 4.0, [1, 1, 2])
    assert [guide.name for guide in takes] == [f"{DREAM_NAME}, no. {number}" for number in (1, 1, 2)]
    preview = preview_guide(place, DREAM, 4.0, 1)
    np.testing.assert_array_equal(preview.guide.strokes, guides[0].strokes)


def test_without_a_prepared_album_nothing_is_dreamt(tmp_path_factory: pytest.TempPathFactory) -> None:
    empty = ProjectFolder(tmp_path_factory.mktemp("empty"))
    assert guides_for(empty, DREAM, 2.0, [1]) == ()
    with pytest.raises(UserError, match="no guide can be dreamt"):
        preview_guide(empty, DREAM, 2.0, 1)
