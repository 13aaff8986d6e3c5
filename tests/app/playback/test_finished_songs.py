"""Songs are heard with the finish that was chosen, as soon as that is on their clips; until then they play without."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.document.edits.release import set_finish
from app.document.model import SONG_RATE, Project
from app.jobs.stereo import SongStereo
from app.playback.song_source import SongSounds, clip_source
from app.studio.audio.clip_sound import ClipSounds
from app.studio.audio.mix import mix
from app.studio.finish.chosen import chosen_finish
from tests.app.finishes import give_finish

MINUTE = 60_000


@pytest.fixture
def made(made_project: tuple[Path, Project]) -> tuple[Path, Project]:
    give_finish(made_project[0])
    return made_project


@pytest.fixture
def sounds(made: tuple[Path, Project]) -> Iterator[SongSounds]:
    sounds = SongSounds(made[0])
    yield sounds
    sounds.close()


def exported(folder: Path, project: Project) -> np.ndarray:
    song = project.songs[0]
    return mix(song, ClipSounds(folder, project.clips, chosen_finish(project, folder)), 0, song.frames)


def test_what_is_played_is_what_is_exported(sounds: SongSounds, made: tuple[Path, Project], qtbot: QtBot) -> None:
    folder, project = made
    as_made = set_finish(project, "made")
    song = project.songs[0]
    with qtbot.waitSignal(sounds.opened, timeout=MINUTE):
        first = sounds.source(project, song)
    assert sounds.is_behind
    assert np.array_equal(first.read(0, song.frames), exported(folder, as_made))
    second = sounds.source(project, song)
    assert not sounds.is_behind
    assert np.array_equal(second.read(0, song.frames), exported(folder, project))
    with qtbot.waitSignal(sounds.opened, timeout=MINUTE):
        third = sounds.source(set_finish(project, "air"), song)
    assert np.array_equal(third.read(0, song.frames), exported(folder, project))  # as before, until all is ready
    fourth = sounds.source(set_finish(project, "air"), song)
    assert np.array_equal(fourth.read(0, song.frames), exported(folder, set_finish(project, "air")))
    fifth = sounds.source(as_made, song)
    assert np.array_equal(fifth.read(0, song.frames), exported(folder, as_made))


def test_a_clip_alone_has_its_finish(made: tuple[Path, Project]) -> None:
    folder, project = made
    clip = project.clips[0]
    source = clip_source(project, folder, clip)
    assert source.wait(20)
    assert source.rate == SONG_RATE
    heard = source.read(0, SONG_RATE)
    assert np.abs(heard[:, 0] - heard[:, 1]).max() > 0.001
    assert clip_source(set_finish(project, "made"), folder, clip).rate == clip.rate


def test_width_is_measured_as_it_is_heard(made: tuple[Path, Project], qtbot: QtBot) -> None:
    folder, project = made
    stereo = SongStereo(folder)
    widths = []
    for choice in ("album", "made"):
        with qtbot.waitSignal(stereo.measured, timeout=MINUTE) as measured:
            stereo.show(set_finish(project, choice), project.songs[1])  # type: ignore[arg-type]
        widths.append(measured.args[0].width)
    stereo.close()
    assert widths[0] > widths[1] + 0.05
