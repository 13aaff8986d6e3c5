"""The Arrange screen, shown and ready for mouse and keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.document.model import Project
from app.jobs.job import JobList
from app.jobs.open_project import OpenProject
from app.jobs.player import Player
from app.screens.arrange import ArrangeScreen


@pytest.fixture
def project(made_project: tuple[Path, Project]) -> Iterator[OpenProject]:
    opened = OpenProject(*made_project)
    yield opened
    opened.close()


@pytest.fixture
def screen(qtbot: QtBot, project: OpenProject) -> Iterator[ArrangeScreen]:
    yield from shown(qtbot, project)


def shown(qtbot: QtBot, project: OpenProject) -> Iterator[ArrangeScreen]:
    jobs, player = JobList(), Player()
    made = ArrangeScreen(project, jobs, player)
    qtbot.addWidget(made)
    made.resize(1272, 800)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.entered()
    qtbot.waitUntil(lambda: made.timeline.hasFocus())
    yield made
    made.left()
    jobs.cancel_all()
    qtbot.waitUntil(lambda: not jobs.running)
    made.shut()
    player.close()
