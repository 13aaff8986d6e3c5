"""What is played is the mix itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.document.edits.made import add_clips
from app.document.edits.sections import place_clip, remove_sections
from app.document.model import SONG_RATE, Project
from app.playback.song_source import SongSounds

Made = tuple[Path, Project]


@pytest.fixture
def sounds(made_project: Made) -> Iterator[SongSounds]:
    made = SongSounds(made_project[0])
    yield made
    made.close()


def test_the_source_is_the_mix_that_is_exported(sounds: SongSounds, made_project: Made) -> None:
    from app.studio.audio.clip_sound import ClipSounds
    from app.studio.audio.mix import mix

    folder, project = made_project
    song = project.songs[0]
    source = sounds.source(project, song)
    assert (source.rate, source.frames) == (SONG_RATE, song.frames)
    exported = mix(song, ClipSounds(folder, project.clips), 0, song.frames)
    played = np.concatenate([source.read(start, 10_007) for start in range(0, song.frames, 10_007)])
    assert np.array_equal(played, exported)
    assert np.abs(played).max() > 0.1


def test_the_clips_of_a_song_are_opened_in_the_background(sounds: SongSounds, made_project: Made, qtbot: QtBot) -> None:
    _, project = made_project
    assert not sounds._open
    with qtbot.waitSignal(sounds.opened):
        sounds.source(project, project.songs[0])
    assert sounds._open == {part.clip for lane in project.songs[0].lanes for part in lane.sections}
    assert not sounds.problems


def test_a_clip_that_joins_later_is_heard(sounds: SongSounds, made_project: Made) -> None:
    from msgspec.structs import replace

    _, project = made_project
    sounds.source(project, project.songs[0])
    fresh = replace(project.clips[5], id="c0007")
    project = add_clips(project, [fresh])
    song = project.songs[1]
    project = remove_sections(project, [part.id for lane in song.lanes for part in lane.sections])
    project = place_clip(project, song.lanes[0].id, "c0007", 0)
    assert np.abs(sounds.source(project, project.songs[1]).read(0, SONG_RATE)).max() > 0.1


def test_a_clip_that_is_gone_is_silent_and_told(sounds: SongSounds, made_project: Made, qtbot: QtBot) -> None:
    folder, project = made_project
    (folder / "clips/c0003.flac").unlink()
    with qtbot.waitSignal(sounds.opened):
        source = sounds.source(project, project.songs[1])
    assert not source.read(0, source.frames).any()
    assert "c0003" in sounds.problems[0]
