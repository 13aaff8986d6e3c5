"""Clips made in the background by a real, tiny model."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.document.edits.made import put_run
from app.document.model import Project, Run
from app.document.store import create_project
from app.jobs.generate import ClipRequest, generate
from app.jobs.job import JobList
from app.session.open_project import OpenProject
from tests.app.conftest import OpenFolder, add_checkpoints

REQUEST = ClipRequest(run="run-1", epoch=3, count=10, seconds=0.2, seed=5)


@pytest.fixture
def project(open_project: OpenFolder, tmp_path: Path) -> OpenProject:
    add_checkpoints(tmp_path, 1, 3)
    value: Project = put_run(create_project(tmp_path), Run(id="run-1", preset="sketch", epoch=3))
    return open_project(tmp_path, value)


def test_clips_join_the_document_group_by_group(project: OpenProject, qtbot: QtBot) -> None:
    jobs = JobList()
    counts: list[int] = []
    project.changed.connect(lambda: counts.append(len(project.value.clips)))
    job = generate(project, jobs, REQUEST)
    with qtbot.waitSignal(job.finished, timeout=30_000) as done:
        pass
    clips = project.value.clips
    assert counts == [8, 10]
    assert done.args[0] == clips
    assert [clip.seed for clip in clips] == list(range(5, 15))
    assert {(clip.run, clip.epoch, clip.samples, clip.rate) for clip in clips} == {("run-1", 3, 800, 4000)}
    assert all((project.folder / clip.file).is_file() for clip in clips)
    assert not project.undo_name
    qtbot.waitUntil(lambda: not jobs.running)


def test_cancelling_keeps_the_groups_that_are_done(project: OpenProject, qtbot: QtBot) -> None:
    jobs = JobList()
    job = generate(project, jobs, ClipRequest(run="run-1", epoch=3, count=500, seconds=0.5, seed=0))
    job.made.connect(job.cancel)
    with qtbot.waitSignal(job.cancelled, timeout=30_000):
        pass
    clips = project.value.clips
    assert clips
    assert len(clips) % 8 == 0
    assert len(clips) < 500
    assert {path.stem for path in (project.folder / "clips").glob("*.flac")} == {clip.id for clip in clips}
    qtbot.waitUntil(lambda: not jobs.running)


def test_a_checkpoint_that_is_gone_is_told_in_plain_words(project: OpenProject, qtbot: QtBot) -> None:
    jobs = JobList()
    job = generate(project, jobs, ClipRequest(run="run-1", epoch=2, count=1, seconds=0.2, seed=0))
    with qtbot.waitSignal(job.failed) as failed:
        pass
    assert failed.args == ["There is no checkpoint of epoch 2 any more. Choose another one, or train again."]
    assert not project.value.clips
    qtbot.waitUntil(lambda: not jobs.running)
