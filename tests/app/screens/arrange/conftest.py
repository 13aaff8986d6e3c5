"""The Arrange screen, shown and ready for mouse and keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.document.model import Project
from app.jobs.job import JobList
from app.playback.player import Player
from app.screens.arrange.screen import ArrangeScreen
from app.session.open_project import OpenProject
from tests.app.conftest import OpenFolder
from tests.app.screens.conftest import shown


@pytest.fixture
def project(open_project: OpenFolder, made_project: tuple[Path, Project]) -> OpenProject:
    return open_project(*made_project)


@pytest.fixture
def screen(qtbot: QtBot, project: OpenProject, player: Player, jobs: JobList) -> Iterator[ArrangeScreen]:
    made = shown(qtbot, ArrangeScreen(project, jobs, player))
    made.entered()
    qtbot.waitUntil(lambda: made.timeline.hasFocus())
    yield made
    made.left()
    jobs.cancel_all()
    qtbot.waitUntil(lambda: not jobs.running, timeout=60_000)
    made.shut()
