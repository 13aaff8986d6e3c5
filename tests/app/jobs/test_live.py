"""Playing live: a real thread makes, the real player plays, a small model with chance weights sounds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from pytestqt.qtbot import QtBot

from app.document.edits.release import set_finish
from app.document.guide_choice import ALBUM_GUIDE, NO_GUIDE, GuideChoice
from app.document.model import SONG_RATE, Project
from app.jobs.job import JobList
from app.jobs.live import LiveJob, LiveRequest, LiveSound, keep_live, listen_live
from app.playback.chain import Chain
from app.playback.player import Player
from app.session.open_project import OpenProject
from app.studio.finish import chosen
from app.studio.finish.applying import REACH, FinishProcessor
from app.studio.generation.live_finish import FinishedLiveSound
from tests.app.conftest import OpenFolder, add_checkpoints
from tests.app.drums import beat
from tests.app.finishes import give_finish, some_finish

MINUTE = 60_000


@pytest.fixture
def project(open_project: OpenFolder, made_project: tuple[Path, Project]) -> OpenProject:
    add_checkpoints(made_project[0], 3)
    return open_project(*made_project)


def request(epoch: int = 3) -> LiveRequest:
    return LiveRequest("run-1", epoch, seed=7, temperature=1.0, escape=False)


def heard(job: LiveJob) -> float:
    return job.sound.seconds_heard if job.sound is not None else 0.0


def test_it_plays_until_it_is_stopped(qtbot: QtBot, project: OpenProject, jobs: JobList, player: Player) -> None:
    job = listen_live(project, jobs, player, request())
    assert jobs.asked_for == []
    qtbot.waitUntil(lambda: heard(job) > 0.6, timeout=MINUTE)
    assert player.is_playing
    assert player.source is job.sound
    with qtbot.waitSignal(job.ended, timeout=MINUTE):
        job.stop()
    assert not player.is_playing
    assert player.position == 0.0
    player.resume()
    qtbot.waitUntil(lambda: not player.is_playing, timeout=MINUTE)


def test_what_is_steered_while_it_plays_is_heard(
    qtbot: QtBot, project: OpenProject, jobs: JobList, player: Player
) -> None:
    job = listen_live(project, jobs, player, request())
    qtbot.waitUntil(lambda: heard(job) > 0.3, timeout=MINUTE)
    sound = job.sound
    assert sound is not None
    at = sound.seconds_heard
    job.set_parameters(1.3, False)
    qtbot.waitUntil(lambda: sound.recording(60.0).temperatures[-1][1] == 1.3, timeout=MINUTE)
    recording = sound.recording(60.0)
    assert recording.temperatures[0] == (0.0, 1.0)
    assert at <= recording.temperatures[-1][0] < sound.seconds_heard


def test_it_plays_with_the_finish_of_the_album(
    qtbot: QtBot, project: OpenProject, jobs: JobList, player: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chosen, "_LEAST_RATE", 1000)  # the model of the tests plays at 4 kHz
    give_finish(project.folder)
    job = listen_live(project, jobs, player, request())
    qtbot.waitUntil(lambda: heard(job) > 0.3, timeout=MINUTE)
    assert job.played is not job.sound
    assert player.source is job.played
    assert player.source.rate == SONG_RATE
    project.edit("Change finish", set_finish, "made")
    assert player.source is job.sound
    assert player.is_playing
    at = heard(job)
    qtbot.waitUntil(lambda: heard(job) > at + 0.2, timeout=MINUTE)
    job.stop()
    project.edit("Change finish", set_finish, "air")
    assert not player.is_playing


def test_live_sound_has_air_and_width(project: OpenProject) -> None:
    sound = LiveSound(project.folder, request())
    for _ in range(40):
        sound.make()
    finished = FinishedLiveSound(sound, FinishProcessor(some_finish(), seed=3))
    heard = np.concatenate([finished.read(0, 700) for _ in range(20)])[REACH:]
    assert np.abs(heard[:, 0] - heard[:, 1]).max() > 0.001
    assert not np.isnan(heard).any()
    sound.close()
    assert finished.frames == 0


def test_pausing_the_player_ends_it(qtbot: QtBot, project: OpenProject, jobs: JobList, player: Player) -> None:
    job = listen_live(project, jobs, player, request())
    qtbot.waitUntil(lambda: heard(job) > 0.1, timeout=MINUTE)
    with qtbot.waitSignal(job.ended, timeout=MINUTE):
        player.pause()


def test_another_sound_takes_its_place(qtbot: QtBot, project: OpenProject, jobs: JobList, player: Player) -> None:
    job = listen_live(project, jobs, player, request())
    qtbot.waitUntil(lambda: heard(job) > 0.1, timeout=MINUTE)
    other = Chain([("c1", np.zeros(16_000, np.float32))], 16_000)
    with qtbot.waitSignal(job.ended, timeout=MINUTE):
        player.play(other)
    assert player.source is other
    assert player.is_playing


def test_what_was_heard_becomes_a_clip_even_after_the_end(
    qtbot: QtBot, project: OpenProject, jobs: JobList, player: Player
) -> None:
    job = listen_live(project, jobs, player, request())
    qtbot.waitUntil(lambda: heard(job) > 0.6, timeout=MINUTE)
    sound = job.sound
    assert sound is not None
    with qtbot.waitSignal(job.ended, timeout=MINUTE):
        job.stop()
    known = len(project.value.clips)
    with qtbot.waitSignal(keep_live(project, jobs, sound, 0.5).finished, timeout=MINUTE) as kept:
        pass
    assert len(project.value.clips) == known + 1
    clip = project.value.clips[-1]
    assert clip == kept.args[0]
    assert (clip.run, clip.epoch, clip.seed, clip.seconds) == ("run-1", 3, 7, 0.5)
    assert (project.folder / clip.file).is_file()


@pytest.fixture
def loop(tmp_path: Path) -> Path:
    path = tmp_path / "loop.wav"
    soundfile.write(path, beat(120, 2), SONG_RATE)
    return path


def test_it_plays_along_to_a_recording_and_is_kept_with_its_name(
    qtbot: QtBot, project: OpenProject, jobs: JobList, player: Player, loop: Path
) -> None:
    asked = replace(request(), guide=GuideChoice("recording", loop, 0.8))
    job = listen_live(project, jobs, player, asked)
    with qtbot.waitSignal(job.guide.changed, timeout=MINUTE) as found:
        pass
    assert (found.args[0].name, len(found.args[0].strokes)) == ("loop.wav", 500)
    qtbot.waitUntil(lambda: heard(job) > 0.1, timeout=MINUTE)
    sound = job.sound
    assert sound is not None
    qtbot.waitUntil(lambda: sound.recording(0.1).guide.name == "loop.wav", timeout=MINUTE)
    job.set_follow(0.5)
    qtbot.waitUntil(lambda: sound.recording(0.1).guide.follow == 0.5, timeout=MINUTE)
    with qtbot.waitSignal(keep_live(project, jobs, sound, 0.3).finished, timeout=MINUTE) as kept:
        pass
    assert kept.args[0].guide == "loop.wav"
    job.set_guide(NO_GUIDE)
    qtbot.waitUntil(lambda: sound.recording(0.1).guide.name == "", timeout=MINUTE)
    job.stop()


def test_a_guide_that_cannot_be_had_is_told_and_the_sound_goes_on(
    qtbot: QtBot, project: OpenProject, jobs: JobList, player: Player, tmp_path: Path
) -> None:
    job = listen_live(project, jobs, player, request())
    qtbot.waitUntil(lambda: heard(job) > 0.1, timeout=MINUTE)
    silent = tmp_path / "silent.wav"
    soundfile.write(silent, np.zeros(2 * SONG_RATE), SONG_RATE)
    for choice, why in (
        (ALBUM_GUIDE, "not prepared"),
        (GuideChoice("dream"), "no guide can be dreamt"),
        (GuideChoice("recording", silent), "is silent"),
        (GuideChoice("recording", tmp_path / "gone.wav"), "gone.wav"),
    ):
        with qtbot.waitSignal(job.guide.failed, timeout=MINUTE) as failed:
            job.set_guide(choice)
        assert why in failed.args[0]
    at = heard(job)
    qtbot.waitUntil(lambda: heard(job) > at, timeout=MINUTE)
    job.stop()


def test_of_two_guides_asked_for_in_a_row_the_last_one_is_heard(
    qtbot: QtBot, project: OpenProject, jobs: JobList, player: Player, loop: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.wav"
    soundfile.write(other, beat(100, 3), SONG_RATE)
    job = listen_live(project, jobs, player, replace(request(), guide=GuideChoice("recording", loop)))
    named: list[str] = []
    job.guide.changed.connect(lambda guide: named.append("" if guide is None else guide.name))
    job.set_guide(GuideChoice("recording", other))
    qtbot.waitUntil(lambda: bool(named), timeout=MINUTE)
    assert named == ["other.wav"]
    job.stop()
    qtbot.waitUntil(lambda: not jobs.running, timeout=MINUTE)
    assert named == ["other.wav"]


def test_a_checkpoint_that_is_gone_is_told(qtbot: QtBot, project: OpenProject, jobs: JobList, player: Player) -> None:
    job = listen_live(project, jobs, player, request(epoch=9))
    with qtbot.waitSignal(job.failed, timeout=MINUTE) as failed:
        pass
    assert "no checkpoint of epoch 9 any more" in failed.args[0]
    assert player.source is None


def test_stopped_before_it_began_it_is_never_heard(
    qtbot: QtBot, project: OpenProject, jobs: JobList, player: Player
) -> None:
    job = listen_live(project, jobs, player, request())
    with qtbot.waitSignal(job.ended, timeout=MINUTE):
        job.stop()
    assert player.source is None
    assert not player.is_playing
