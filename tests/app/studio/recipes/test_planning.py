"""Songs planned before their clips: blocks from beginning to end, each with guides for its takes."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from app.document.guide_choice import ALBUM_GUIDE, NO_GUIDE, GuideChoice
from app.document.model import SONG_RATE, Clip
from app.document.store import ProjectFolder
from app.studio.recipes.planned import PlannedSong
from app.studio.recipes.planning import SongPlan, plan_along, plan_song
from samplernn.data.build import build_dataset
from samplernn.guides.guide import Guide
from samplernn.guides.notes import SEMITONES
from samplernn.guides.strokes import BANDS, PER_SECOND
from tests.app.drums import beat

RATE = 16_000


def counting(seconds: float, bpm: float | None = None) -> Guide:
    """A guide whose strokes and notes tell the time: level is seconds."""
    frames, notes = round(seconds * PER_SECOND) + 1, round(seconds * 15.625) + 1
    strokes = np.repeat(np.arange(frames, dtype=np.float32)[:, None] / PER_SECOND, BANDS, axis=1)
    levels = np.zeros((notes, SEMITONES, 3), np.float32) + (np.arange(notes, dtype=np.float32) / 15.625)[:, None, None]
    return Guide(strokes, "loop.wav", levels, 0.7, bpm)


def with_clips(plan: SongPlan) -> PlannedSong:
    clips = [
        Clip(id=f"c{n}", run="r", epoch=1, file="", rate=RATE, samples=RATE, seed=n, temperature=1.0)
        for n in range(len(plan.guides))
    ]
    return plan.with_clips(clips)


def covers(song: PlannedSong, seconds: float) -> bool:
    """Whether blocks follow each other without a gap from beginning to end."""
    ends = [0, *(block.start + block.length for block in song)]
    return [block.start for block in song] == ends[:-1] and ends[-1] == round(seconds * SONG_RATE)


@settings(deadline=None)
@given(st.floats(1.0, 90.0), st.none() | st.floats(60, 240), st.floats(1.0, 400.0))
def test_a_song_goes_along_with_its_guide(seconds: float, bpm: float | None, wanted: float) -> None:
    plan = plan_along(counting(seconds + 1, bpm), seconds, 3).with_takes(wanted)
    assert plan.takes in (2, 4, 6, 8)
    song = with_clips(plan)
    assert covers(song, seconds)
    assert not any(block.name for block in song)
    assert len({take for block in song for take in block.takes}) == len(plan.guides) == len(song) * plan.takes
    guides = plan.guides[:: plan.takes]
    assert len({guide.name for guide in guides}) == len(guides)
    bar = 240 / bpm if bpm else 2.0
    for block, guide in zip(song, guides, strict=True):
        begins, lasts = block.start / SONG_RATE, block.length / SONG_RATE
        assert abs(begins / bar - round(begins / bar)) * bar < 1e-4
        assert guide.strokes[0, 0] == pytest.approx(begins, abs=0.002)
        assert lasts + 0.04 < len(guide.strokes) / PER_SECOND <= plan.clip_seconds
        assert guide.strokes[-1, 0] == pytest.approx(begins + lasts + 0.05, abs=0.008)
        assert guide.notes is not None
        assert guide.notes[0, 0, 0] == pytest.approx(begins, abs=0.04)
        assert (guide.bpm, guide.follow) == (bpm, 0.7)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> ProjectFolder:
    """A project whose album is half a minute of drums."""
    folder = tmp_path_factory.mktemp("plans") / "Drums.deepcuts"
    folder.mkdir()
    soundfile.write(folder / "one.wav", beat(120.0, 30.0), SONG_RATE)
    build_dataset([folder / "one.wav"], ProjectFolder(folder).dataset, RATE)
    return ProjectFolder(folder)


@pytest.mark.parametrize("choice", [ALBUM_GUIDE, GuideChoice("dream")], ids=["album", "dream"])
def test_what_is_cut_from_bars_gives_songs_with_a_form(place: ProjectFolder, choice: GuideChoice) -> None:
    plan = plan_song(place, choice, 33.0, 5)
    assert plan is not None
    song = with_clips(plan)
    assert covers(song, 33.0)
    assert song[-1].name == "end"
    assert song[0].name == "intro"
    by_part = {block.part: one.takes for block, one in zip(plan.blocks, song, strict=True)}
    assert all(one.takes == by_part[block.part] for block, one in zip(plan.blocks, song, strict=True))
    assert len({guide.bpm for guide in plan.guides}) == 1
    assert all("no. 5" in guide.name for guide in plan.guides)


def test_a_recording_is_played_from_beginning_to_end(place: ProjectFolder, tmp_path: Path) -> None:
    loop = tmp_path / "loop.wav"
    soundfile.write(loop, beat(120.0, 4.0), SONG_RATE)
    plan = plan_song(place, GuideChoice("recording", loop), 20.0, 5)
    assert plan is not None
    assert covers(with_clips(plan), 20.0)
    starts = [guide.strokes[:400] for guide in plan.guides[:: plan.takes]]
    assert len(starts) == 2  # of eight seconds and more: four bars of two
    assert all(np.abs(one - other).mean() < 1.0 for one, other in pairwise(starts))  # the loop comes again and again


def test_without_a_guide_there_is_no_plan(place: ProjectFolder, tmp_path: Path) -> None:
    assert plan_song(place, NO_GUIDE, 20.0, 5) is None
    assert plan_song(ProjectFolder(tmp_path), ALBUM_GUIDE, 20.0, 5) is None
    assert plan_song(ProjectFolder(tmp_path), GuideChoice("dream"), 20.0, 5) is None
