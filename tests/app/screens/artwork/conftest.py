"""The Artwork screen of the project that a test file prepares."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.jobs.job import JobList
from app.playback.player import Player
from app.screens.artwork.screen import ArtworkScreen
from app.session.open_project import OpenProject
from tests.app.screens.conftest import shown


@pytest.fixture
def screen(qtbot: QtBot, project: OpenProject, player: Player, jobs: JobList) -> ArtworkScreen:
    return shown(qtbot, ArtworkScreen(project, jobs, player))
