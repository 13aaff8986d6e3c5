"""A folder of music to fill, and a project to import it into."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "my.deepcuts"
    folder.mkdir()
    return folder


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "Night Drive"
    folder.mkdir()
    return folder
