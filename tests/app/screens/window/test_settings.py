"""What the window remembers: forgotten where the file is damaged, and remembered again from then on."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from app.document.store import create_project
from app.screens.window.settings import Memory
from tests.app.damage import damaged


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "P.deepcuts"
    create_project(path)
    return path


def test_a_damaged_file_never_stops_a_start(qtbot: QtBot, tmp_path: Path, project: Path) -> None:
    path = tmp_path / "config" / "window.json"
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(1200, 800)
    memory = Memory(path, tmp_path)
    memory.opened(project)
    memory.geometry = bytes(window.saveGeometry().data())
    whole = path.read_bytes()
    for seed in range(500):
        path.write_bytes(damaged(whole, seed))
        memory = Memory(path, tmp_path)
        assert set(memory.recent) <= {project}, seed
        window.restoreGeometry(QByteArray(memory.geometry))
        memory.opened(project)
        memory.geometry = b"place"
        again = Memory(path, tmp_path)
        assert (again.recent, again.geometry) == ([project], b"place"), seed
    assert path.read_bytes() != whole


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "x" * 5000, "/a" * 3000, "", "/"])
def test_a_name_that_no_folder_can_have_is_no_project(tmp_path: Path, project: Path, name: str) -> None:
    import json

    path = tmp_path / "window.json"
    path.write_text(json.dumps({"recent": [name, 7, None, [name], str(project)], "geometry": ["no"]}))
    memory = Memory(path, tmp_path)
    assert memory.recent == [project]
    assert memory.geometry == b""


def test_a_file_that_is_no_file_is_no_memory(tmp_path: Path, project: Path) -> None:
    path = tmp_path / "window.json"
    path.mkdir()
    memory = Memory(path, tmp_path)
    memory.opened(project)
    assert memory.recent == [project]
