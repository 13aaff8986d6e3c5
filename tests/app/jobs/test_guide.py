"""A guide is worked out in a thread of its own, or it is said why there is none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from pytestqt.qtbot import QtBot

from app.document.model import SONG_RATE, Project
from app.jobs.guide import GuideChoice, GuidePreview, work_out_guide
from app.jobs.job import JobList
from app.session.open_project import OpenProject
from tests.app.conftest import OpenFolder
from tests.app.drums import beat


@pytest.fixture
def project(open_project: OpenFolder, made_project: tuple[Path, Project]) -> OpenProject:
    return open_project(*made_project)


def test_a_recording_becomes_strokes_and_a_sound(
    qtbot: QtBot, project: OpenProject, jobs: JobList, tmp_path: Path
) -> None:
    loop = tmp_path / "loop.wav"
    soundfile.write(loop, beat(120, 2), SONG_RATE)
    job = work_out_guide(project, jobs, GuideChoice("recording", loop), 4.0, 1)
    assert jobs.asked_for == []
    with qtbot.waitSignal(job.finished, timeout=60_000) as finished:
        pass
    (preview,) = finished.args
    assert isinstance(preview, GuidePreview)
    assert (preview.guide.name, len(preview.guide.strokes)) == ("loop.wav", 1000)
    assert preview.sound.frames == 4 * preview.sound.rate


def test_why_there_is_none_is_said(qtbot: QtBot, project: OpenProject, jobs: JobList, tmp_path: Path) -> None:
    silent = tmp_path / "silent.wav"
    soundfile.write(silent, np.zeros(SONG_RATE * 2), SONG_RATE)
    for choice, why in ((GuideChoice("recording", silent), "is silent"), (GuideChoice("album"), "not prepared")):
        job = work_out_guide(project, jobs, choice, 4.0, 1)
        with qtbot.waitSignal(job.failed, timeout=60_000) as failed:
            pass
        assert why in failed.args[0]
