"""Learning as a job: a real trainer, a tiny model, an album of 30 s."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace as changed
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from app.document.model import Project
from app.document.store import load_project
from app.jobs.job import JobList
from app.jobs.recover import recover
from app.jobs.train import PRESETS, Preset, TrainingJob, TrainingPlan, old_log, plan_to_go_on, start_training
from app.session.open_project import OpenProject
from app.studio.training.train import prepare, train_run
from app.studio.training.training_log import LearningLog
from samplernn.training.events import EpochEnd, Finished
from tests.app.conftest import OpenFolder

MINUTE = 60_000


@pytest.fixture
def project(open_project: OpenFolder, album_project: tuple[Path, Project]) -> OpenProject:
    return open_project(*album_project)


def learn(
    qtbot: QtBot, project: OpenProject, jobs: JobList, plan: TrainingPlan, log: LearningLog | None = None
) -> TrainingJob:
    job = start_training(project, jobs, plan, log)
    with qtbot.waitSignal(job.ended, timeout=4 * MINUTE):
        pass
    return job


def test_learning_leaves_a_run_its_curves_and_the_sound_of_its_newest_checkpoint(
    qtbot: QtBot, project: OpenProject, jobs: JobList, tiny: Preset
) -> None:
    job = start_training(project, jobs, TrainingPlan(tiny, epochs=2))
    said: list[str] = []
    job.failed.connect(said.append)
    with qtbot.waitSignal(job.ended, timeout=4 * MINUTE):
        pass
    assert said == []
    (run,) = project.value.runs
    assert (run.id, run.preset, run.epoch) == (job.run, "custom", 2)
    assert run.best_bits == min(bits for _, bits in job.log.held_out)
    assert [round(x, 6) for x, _ in job.log.held_out] == [1.0, 2.0]
    assert job.log.linear is not None
    assert job.log.finished is not None
    assert job.log.finished.reason == "done"
    newest = project.value.clips[-1]
    assert (newest.run, newest.epoch, newest.preview) == (run.id, 2, True)
    assert (project.folder / newest.file).is_file()
    assert {clip.seed for clip in project.value.clips} == {newest.seed}


def test_whoever_hears_of_the_end_finds_the_log_complete(
    qtbot: QtBot, project: OpenProject, jobs: JobList, tiny: Preset
) -> None:
    job = start_training(project, jobs, TrainingPlan(tiny, epochs=1))
    timer = job.findChild(QTimer)
    assert timer is not None
    timer.stop()
    known: list[bool] = []
    job.finished.connect(lambda: known.append(job.log.finished is not None))
    with qtbot.waitSignal(job.ended, timeout=4 * MINUTE):
        pass
    assert known == [True]


def test_an_old_training_is_read_back_and_gone_on_with(
    qtbot: QtBot, project: OpenProject, jobs: JobList, tiny: Preset
) -> None:
    first = learn(qtbot, project, jobs, TrainingPlan(tiny, epochs=1))
    reading = old_log(jobs, project.folder, first.run)
    with qtbot.waitSignal(reading.finished, timeout=MINUTE) as read:
        pass
    log = read.args[0]
    assert log.held_out == first.log.held_out
    assert log.linear == first.log.linear
    plan = plan_to_go_on(TrainingPlan(tiny, epochs=1, run=first.run), log)
    assert plan.epochs == 2
    second = learn(qtbot, project, jobs, plan, log)
    assert len(project.value.runs) == 1
    assert project.value.runs[0].epoch == 2
    assert second.log.held_out[0] == first.log.held_out[0]
    assert len(second.log.held_out) == 2


def test_stop_keeps_what_has_been_learnt(qtbot: QtBot, project: OpenProject, jobs: JobList, tiny: Preset) -> None:
    endless = replace(tiny, train=replace(tiny.train, steps_per_epoch=1_000_000))
    job = start_training(project, jobs, TrainingPlan(endless))
    qtbot.waitUntil(lambda: job.log.step is not None, timeout=2 * MINUTE)
    with qtbot.waitSignal(job.ended, timeout=2 * MINUTE):
        job.cancel()
    assert job.log.finished is not None
    assert job.log.finished.reason == "stopped"
    assert list((project.folder / "runs" / job.run / "checkpoints").glob("*.safetensors"))
    assert project.value.runs[0].epoch == 1


def test_pause_holds_and_continue_goes_on(qtbot: QtBot, project: OpenProject, jobs: JobList, tiny: Preset) -> None:
    endless = replace(tiny, train=replace(tiny.train, steps_per_epoch=1_000_000))
    job = start_training(project, jobs, TrainingPlan(endless))
    qtbot.waitUntil(lambda: job.log.step is not None, timeout=2 * MINUTE)
    job.pause()
    assert job.is_paused
    seconds = job.log.seconds
    state = project.folder / "runs" / job.run / "resume.safetensors"
    qtbot.waitUntil(state.exists, timeout=MINUTE)
    job.take_events()
    step = job.log.step
    qtbot.wait(300)
    assert job.log.step == step
    assert job.log.seconds == seconds
    job.go_on()
    qtbot.waitUntil(lambda: job.log.step != step, timeout=MINUTE)


def test_no_track_to_learn_from_is_told_plainly(
    qtbot: QtBot, project: OpenProject, jobs: JobList, tiny: Preset
) -> None:
    value = project.value
    tracks = tuple(changed(track, on=False) for track in value.album.tracks)
    project.put("Off", changed(value, album=changed(value.album, tracks=tracks)))
    job = start_training(project, jobs, TrainingPlan(tiny))
    with qtbot.waitSignal(job.failed, timeout=MINUTE) as failed:
        pass
    assert "no music to learn from" in failed.args[0]
    assert project.value.runs == ()


def test_closing_in_the_middle_loses_nothing(qtbot: QtBot, project: OpenProject, jobs: JobList, tiny: Preset) -> None:
    """As the window does it, and without a single turn of events after it."""
    job = start_training(project, jobs, TrainingPlan(tiny, epochs=100_000))
    qtbot.waitUntil(lambda: job.log.epoch >= 1, timeout=2 * MINUTE)
    jobs.cancel_all()
    assert jobs.wait(120.0)
    project.close()
    kept = load_project(project.folder)
    files = sorted((project.folder / "runs" / job.run / "checkpoints").glob("*.safetensors"))
    assert kept.runs[0].epoch == len(files)


def test_what_a_killed_program_had_made_is_found_again(
    qtbot: QtBot, project: OpenProject, jobs: JobList, tiny: Preset
) -> None:
    learn(qtbot, project, jobs, TrainingPlan(tiny, epochs=1))
    learnt = project.value
    project.update(lambda value: changed(value, runs=(), clips=()))
    with qtbot.waitSignal(recover(project, jobs).finished, timeout=MINUTE):
        pass
    assert project.value.runs == learnt.runs
    assert project.value.clips == learnt.clips


def test_started_stopped_and_closed_again_and_again(
    qtbot: QtBot, project: OpenProject, jobs: JobList, tiny: Preset
) -> None:
    endless = replace(tiny, train=replace(tiny.train, steps_per_epoch=50))
    for wait_ms in (0, 1, 20, 120, 250):
        job = start_training(project, jobs, TrainingPlan(endless, epochs=1_000))
        qtbot.wait(wait_ms)
        if wait_ms % 2:
            job.pause()
        with qtbot.waitSignal(job.ended, timeout=2 * MINUTE):
            job.cancel()
        assert not job.is_running
    ids = [run.id for run in project.value.runs]
    assert len(ids) == len(set(ids))


def _weights(folder: Path) -> dict[str, Any]:
    from samplernn.checkpoint import load_state

    tensors, _ = load_state(folder / "resume.safetensors")
    return tensors


def test_a_first_preview_comes_before_the_first_epoch_is_over_and_changes_nothing(
    qtbot: QtBot, project: OpenProject, jobs: JobList, tiny: Preset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten seconds of it; the learning goes on to the last bit as if there had been none."""
    import torch

    prepare(project.value, project.folder, tiny)
    silent = list(train_run(project.value, project.folder, TrainingPlan(tiny, epochs=2)))
    assert isinstance(silent[-1], Finished)
    monkeypatch.setattr("samplernn.training.trainer._FIRST_SAVE", 0.0)
    job = learn(qtbot, project, jobs, TrainingPlan(tiny, epochs=2))
    previews = [clip for clip in project.value.clips if clip.preview and clip.run == job.run]
    assert [clip.epoch for clip in previews][:1] == [1]
    assert [clip.epoch for clip in previews].count(2) == 1
    assert {clip.seconds for clip in previews} == {10.0}
    first = json.loads((project.folder / previews[0].file).with_suffix(".json").read_text())
    assert first["epoch"] == 1
    with_, without = (_weights(project.folder / "runs" / run) for run in (job.run, "r1"))
    assert with_.keys() == without.keys()
    assert all(torch.equal(with_[name], without[name]) for name in with_)


def test_minutes_of_a_further_sitting_are_so_many_more() -> None:
    log = LearningLog()
    log.take(EpochEnd(3, 300, 5.0, 5.0, 180.0, Path("x"), True))
    assert plan_to_go_on(TrainingPlan(PRESETS["sketch"], seconds=300.0, run="r1"), log).seconds == 300.0
    assert plan_to_go_on(TrainingPlan(PRESETS["sketch"], epochs=5, run="r1"), log).epochs == 5
    assert plan_to_go_on(TrainingPlan(PRESETS["sketch"], epochs=3, run="r1"), log).epochs == 6
