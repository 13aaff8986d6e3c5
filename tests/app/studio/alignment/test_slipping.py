"""Songs made without hands, their accents slipped onto each other."""

from __future__ import annotations

from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from app.document.edits.made import add_clips
from app.document.edits.sections import place_clip
from app.document.edits.songs import add_song
from app.document.model import SONG_RATE, Clip, Project, Section
from app.studio.alignment.slipping import slip_songs
from samplernn.audio.reading import write_sound
from tests.app.drums import moved, strokes

_LATE = round(0.21 * SONG_RATE)


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, Project]:
    """A song of drums and of the same drums later in their clip; a damaged clip sounds with them."""
    drums = strokes(np.cumsum(np.random.default_rng(3).uniform(0.1, 0.5, 36)), 12.0)
    same = {"run": "r", "epoch": 1, "rate": SONG_RATE, "seed": 0, "temperature": 1.0, "samples": len(drums)}
    clips = [Clip(id=id, file=f"{id}.flac", **same) for id in ("c1", "c2", "c3")]
    write_sound(tmp_path / "c1.flac", drums, SONG_RATE)
    write_sound(tmp_path / "c2.flac", moved(drums, -_LATE, len(drums)), SONG_RATE)
    (tmp_path / "c3.flac").write_text("damaged")
    project = add_song(add_clips(Project(), clips), lanes=3)
    for lane, clip, start, offset in (("l1", "c1", 0, 0), ("l2", "c2", 3, 3), ("l2", "c2", 8, 8), ("l3", "c3", 0, 0)):
        project = place_clip(project, lane, clip, start * SONG_RATE, offset=offset * SONG_RATE, length=4 * SONG_RATE)
    return tmp_path, project


def _sections(project: Project) -> list[Section]:
    return [part for lane in project.songs[0].lanes for part in lane.sections]


def test_accents_meet_and_nothing_changes_its_place(made: tuple[Path, Project]) -> None:
    folder, project = made
    before, after = _sections(project), _sections(slip_songs(project, folder, ["s1"]))
    assert [replace(part, offset=0) for part in after] == [replace(part, offset=0) for part in before]
    still, slipped, at_the_end, damaged = after
    assert (still, damaged) == (before[0], before[3])
    assert abs(slipped.offset - slipped.start - _LATE) < 0.005 * SONG_RATE
    # its clip ends before the sound it would need
    assert at_the_end == before[2]


def test_listening_is_told_of_and_can_be_called_off(made: tuple[Path, Project]) -> None:
    folder, project = made
    told: list[float] = []
    slip_songs(project, folder, ["s1"], lambda fraction, words: told.append(fraction))
    assert told == sorted(told)
    assert len(told) == 3
    with pytest.raises(CancelledError):
        slip_songs(project, folder, ["s1"], cancelled=lambda: True)


def test_takes_of_one_guide_stay_together(made: tuple[Path, Project]) -> None:
    """Where they play along to the same thing at the same moment, what is heard sooner or later is meant to be."""
    folder, project = made
    clips = tuple(replace(clip, guide="no. 1") for clip in project.clips)
    first, *others = _sections(project)
    _, moved_on, *_ = _sections(slip_songs(replace(project, clips=clips), folder, ["s1"]))
    assert moved_on == others[0]
    other = tuple(replace(clip, guide=f"no. {clip.id}") for clip in project.clips)
    _, slipped, *_ = _sections(slip_songs(replace(project, clips=other), folder, ["s1"]))
    assert slipped.offset != others[0].offset
    assert first.offset == first.start == 0
