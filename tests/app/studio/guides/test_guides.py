"""Guides of clips: bars of an album re-cut in an order it does not have, and recordings brought to its levels."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from app.document.errors import UserError
from app.document.guide_choice import ALBUM_GUIDE, NO_GUIDE, GuideChoice
from app.document.guide_form import PART_BARS
from app.document.store import ProjectFolder
from app.studio.analysis.onsets import RATE, onset_strength
from app.studio.guides.bars import Bars, bars_of, kept_bars
from app.studio.guides.beats import beats_of
from app.studio.guides.recut import recut
from app.studio.guides.sources import RECUT_NAME, guide_of_recording, guides_for
from app.studio.guides.walker import loudness
from resources.errors import PlainError
from samplernn.data.build import build_dataset
from samplernn.data.dataset import Dataset
from samplernn.errors import SoundError
from samplernn.guides.guide import Guide
from samplernn.guides.notes import SEMITONES
from samplernn.guides.strokes import BANDS, PER_SECOND


def drums(seconds: float, bpm: float, rate: int = RATE, seed: int = 0) -> np.ndarray:
    """A low stroke on the first of four beats, high ones on the others, of another loudness in each bar."""
    random = np.random.default_rng(seed)
    time = np.arange(round(seconds * rate)) / rate
    beat = time * bpm / 60
    phase = (beat % 1) * 60 / bpm
    bar = (beat // 4).astype(int)
    louder = random.uniform(0.5, 1.0, bar.max() + 1)[bar]
    low = np.sin(2 * np.pi * 90 * phase) * np.exp(-15 * phase) * (beat % 4 < 1)
    high = 0.4 * random.standard_normal(len(time)) * np.exp(-40 * phase) * (beat % 4 >= 1)
    sound: np.ndarray = (0.5 * louder * (low + high) + 0.003 * random.standard_normal(len(time))).astype(np.float32)
    return sound


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> ProjectFolder:
    """A project whose album is a minute of drums at 120 and half a minute at 150."""
    folder = tmp_path_factory.mktemp("guides") / "Drums.deepcuts"
    folder.mkdir()
    tracks = [folder / "one.wav", folder / "two.wav"]
    soundfile.write(tracks[0], drums(60, 120), RATE)
    soundfile.write(tracks[1], drums(30, 150, seed=1), RATE)
    place = ProjectFolder(folder)
    build_dataset(tracks, place.dataset, RATE)
    return place


@pytest.fixture(scope="module")
def bars(place: ProjectFolder) -> Bars:
    return bars_of(Dataset.open(place.dataset))


@pytest.mark.parametrize("bpm", [90.0, 120.0, 150.0])
def test_beats_stand_on_the_strokes(bpm: float) -> None:
    beats = beats_of(onset_strength(drums(20, bpm)))
    assert beats is not None
    period = 60 / bpm
    inside = beats.seconds[(beats.seconds > 1) & (beats.seconds < 19)]
    every = np.diff(inside).mean() / period
    assert min(abs(every - whole) for whole in (0.5, 1, 2)) < 0.03
    off = inside / period % min(every, 1)
    assert np.median(np.minimum(off, min(every, 1) - off)) * period < 0.03


def test_what_cannot_be_played_along_to_is_said_before_the_bars_are_looked_for(
    place: ProjectFolder, tmp_path: Path
) -> None:
    silent = tmp_path / "silent.wav"
    soundfile.write(silent, np.zeros(2 * RATE), RATE)
    (tmp_path / "odd.json").write_text("{}")
    shutil.copytree(place.dataset, ProjectFolder(tmp_path).dataset)
    for choice in (
        GuideChoice("recording", tmp_path / "gone.wav"),
        GuideChoice("recording", silent),
        GuideChoice("pattern", pattern=tmp_path / "odd.json"),
    ):
        with pytest.raises(PlainError):
            guides_for(ProjectFolder(tmp_path), choice, 2.0, [1], lambda fraction, text: pytest.fail(text))


def test_beats_follow_a_tempo_that_wanders() -> None:
    time, sound, expected = 0.0, np.zeros(RATE * 24, np.float32), []
    while time < 23:
        at = round(time * RATE)
        sound[at : at + 800] += np.random.default_rng(at).standard_normal(800).astype(np.float32) * 0.3
        expected.append(time)
        time += 0.5 * (1 + 0.06 * np.sin(time / 4))
    beats = beats_of(onset_strength(sound))
    assert beats is not None
    nearest = [np.abs(beats.seconds - moment).min() for moment in expected[2:-2]]
    assert np.median(nearest) < 0.03


@pytest.mark.parametrize(
    "sound", [np.zeros(RATE * 5, np.float32), np.zeros(100, np.float32)], ids=["silence", "a blink"]
)
def test_without_strokes_there_are_no_beats(sound: np.ndarray) -> None:
    assert beats_of(onset_strength(sound)) is None


def test_bars_are_those_of_the_album(bars: Bars) -> None:
    lengths = np.array([len(bar) for bar in bars.strokes]) / PER_SECOND
    assert len(bars.strokes) == len(bars.follows) >= 20
    assert any(abs(lengths - whole).min() < 0.1 for whole in (2.0, 1.0, 4.0))
    assert bars.mean is not None
    assert bars.mean.shape == (BANDS,)
    assert bars.loudness > bars.mean.mean()


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**40), seconds=st.floats(1.0, 40.0))
def test_a_recut_is_as_long_as_asked_and_its_own_each_seed(bars: Bars, seed: int, seconds: float) -> None:
    one, same = recut(bars, seconds, seed), recut(bars, seconds, seed)
    assert one is not None
    assert same is not None
    assert len(one.strokes) == round(seconds * PER_SECOND)
    assert np.isfinite(one.strokes).all()
    np.testing.assert_array_equal(one.strokes, same.strokes)
    assert abs(loudness(one.strokes) - bars.loudness) < 8


def test_seeds_differ_and_parts_come_back(bars: Bars) -> None:
    made = [recut(bars, 40.0, seed) for seed in range(8)]
    assert len({each.strokes.tobytes() for each in made if each is not None}) == len(made)
    assert any("A" in each.plan[1:] for each in made if each is not None)


@pytest.mark.parametrize("in_a_row", [False, True])
def test_no_bar_is_followed_by_what_follows_it_on_the_album_unless_it_may(in_a_row: bool) -> None:
    """Bars that tell by their level which they are: none stands before the next one of the album."""
    count, some = 40, False
    album = Bars(
        tuple(np.full((100, BANDS), -60 + number, np.float32) for number in range(count)),
        (np.zeros((6, SEMITONES, 3), np.float32),) * count,
        (*[True] * (count - 1), False),
    )
    for seed in range(30):
        made = recut(album, 30.0, seed, in_a_row=in_a_row)
        assert made is not None
        levels = made.strokes[50::100, 0]
        steps = np.diff(levels - levels[0])
        some |= bool(np.isclose(steps, 1.0, atol=1e-3).any())
    assert some == in_a_row


def test_too_few_bars_are_not_cut_anew(bars: Bars) -> None:
    few = Bars(*(each[: 2 * PART_BARS - 1] for each in (bars.strokes, bars.notes, bars.follows)), bars.mean)
    assert recut(few, 10.0, 0) is None
    assert recut(Bars(), 10.0, 0) is None


def test_bars_are_kept(place: ProjectFolder, bars: Bars) -> None:
    found = kept_bars(place)
    (kept,) = place.cache.glob("bars-*")
    again = kept_bars(place)
    for one in (found, again):
        assert one.follows == bars.follows
        for here, there in zip(one.strokes, bars.strokes, strict=True):
            np.testing.assert_allclose(here, there, atol=0.1)
    kept.write_bytes(kept.read_bytes()[:-7])
    assert kept_bars(place).follows == bars.follows


def test_a_project_without_an_album_has_none(tmp_path: Path) -> None:
    assert kept_bars(ProjectFolder(tmp_path)).strokes == ()
    assert guides_for(ProjectFolder(tmp_path), ALBUM_GUIDE, 2.0, [1, 2]) == ()


def test_guides_by_choice(place: ProjectFolder, tmp_path: Path) -> None:
    assert guides_for(place, NO_GUIDE, 2.0, [1, 2]) == ()
    album = guides_for(place, ALBUM_GUIDE, 2.0, [1, 2])
    assert [guide.name for guide in album] == [RECUT_NAME] * 2
    assert album[0].bpm is not None
    longer = guides_for(place, ALBUM_GUIDE, 30.0, [5])[0]
    assert 30.0 <= sum(seconds for _, seconds in longer.parts) < 30.0 + longer.parts[0][1]
    assert {name for name, _ in longer.parts} <= set("ABCD")
    shared = guides_for(place, ALBUM_GUIDE, 2.0, [1, 1, 3])
    assert [guide.name for guide in shared] == [f"{RECUT_NAME}, no. {number}" for number in (1, 1, 3)]
    assert shared[0].strokes is shared[1].strokes
    loop = tmp_path / "loop.wav"
    soundfile.write(loop, drums(2, 100, 44_100), 44_100)
    recording = guides_for(place, GuideChoice("recording", loop, 0.5), 5.0, [1, 2])
    assert [(guide.name, guide.follow, len(guide.strokes)) for guide in recording] == [("loop.wav", 0.5, 1250)] * 2
    assert not recording[0].parts
    with pytest.raises(UserError, match="No recording"):
        guides_for(place, GuideChoice("recording"), 5.0, [1])


@pytest.mark.parametrize("gain", [1e-3, 0.05, 1.0])
def test_a_recording_of_any_level_is_brought_to_the_album(bars: Bars, tmp_path: Path, gain: float) -> None:
    path = tmp_path / "beat.flac"
    soundfile.write(path, np.repeat(gain * drums(4, 110, 22_050)[:, None], 2, axis=1), 22_050, subtype="PCM_24")
    guide = guide_of_recording(path, 9.0, bars)
    assert len(guide.strokes) == 9 * PER_SECOND
    assert abs(loudness(guide.strokes) - bars.loudness) < 6
    # it comes again after its own length
    np.testing.assert_allclose(guide.strokes[20:800], guide.strokes[1020:1800], atol=0.5)


def test_a_recording_without_an_album_keeps_its_levels(tmp_path: Path) -> None:
    path = tmp_path / "beat.wav"
    soundfile.write(path, drums(2, 110), RATE)
    loud = loudness(guide_of_recording(path, 2.0, Bars()).strokes)
    soundfile.write(path, 0.1 * drums(2, 110), RATE)
    assert loud - loudness(guide_of_recording(path, 2.0, Bars()).strokes) == pytest.approx(20, abs=1)


@pytest.mark.parametrize(
    ("sound", "says"),
    [
        (np.zeros(3 * RATE, np.float32), "is silent"),
        (drums(0.4, 120), "shorter than a second"),
    ],
    ids=["silent", "short"],
)
def test_what_cannot_be_played_to_gets_a_sentence(bars: Bars, tmp_path: Path, sound: np.ndarray, says: str) -> None:
    path = tmp_path / "memo.wav"
    soundfile.write(path, sound, RATE)
    with pytest.raises(UserError, match=says):
        guide_of_recording(path, 5.0, bars)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"\x00" * 4000, b"not a sound" * 300])
def test_broken_files_get_a_sentence(bars: Bars, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "memo.wav"
    path.write_bytes(content)
    with pytest.raises((UserError, SoundError)):
        guide_of_recording(path, 5.0, bars)


@pytest.mark.parametrize(
    "strokes",
    [
        np.zeros((0, BANDS)),
        np.zeros((5, BANDS - 1)),
        np.zeros(BANDS),
        np.full((5, BANDS), np.nan),
        np.full((5, BANDS), np.inf),
        np.full((5, BANDS), 1e4),
        np.full((5, BANDS), -1e30),
    ],
)
def test_a_guide_of_another_form_is_none(strokes: np.ndarray) -> None:
    with pytest.raises(SoundError, match="damaged"):
        Guide(strokes.astype(np.float32), "x")


@pytest.mark.parametrize("follow", [-0.1, 1.1, float("nan")])
def test_how_closely_lies_between_nothing_and_all(follow: float) -> None:
    with pytest.raises(SoundError, match="between 0 and 1"):
        Guide(np.zeros((5, BANDS), np.float32), "x", follow=follow)
