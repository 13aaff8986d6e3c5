"""The screens, shown by themselves or in the window on a project, and short music to drop on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
import soundfile
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.document.model import Project
from app.document.store import ProjectFolder, create_project, load_project
from app.screens.window.main_window import MainWindow
from app.screens.window.settings import Memory
from app.session.open_project import OpenProject

OpenWindow = Callable[[Path], MainWindow]
Shown = TypeVar("Shown", bound=QWidget)


def shown(qtbot: QtBot, screen: Shown) -> Shown:
    """Shows a screen by itself, and gives it the keyboard."""
    qtbot.addWidget(screen)
    screen.resize(1272, 800)
    with qtbot.waitActive(screen, timeout=20_000):
        screen.show()
        screen.activateWindow()
    return screen


def open_or_create(path: Path) -> Project:
    """The document in the folder, which is made where there is none."""
    return load_project(path) if ProjectFolder(path).document.exists() else create_project(path)


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "config" / "window.json", tmp_path / "shelf")


@pytest.fixture
def open_window(qtbot: QtBot, memory: Memory) -> Iterator[OpenWindow]:
    """Opens the window on a project, made first where there is none; closes it at the end."""
    opened: list[MainWindow] = []

    def open_(path: Path) -> MainWindow:
        window = MainWindow(OpenProject(path, open_or_create(path)), memory)
        opened.append(window)
        window.resize(1440, 900)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow, timeout=10_000)
        return window

    yield open_
    for window in opened:
        window.stop_and_close()
        qtbot.waitUntil(window.isHidden, timeout=20_000)
        window.deleteLater()


@pytest.fixture
def music(tmp_path: Path) -> Path:
    """A folder of two songs of twelve seconds, and a letter that pretends to be a third."""
    folder = tmp_path / "The Short Album"
    folder.mkdir()
    rate = 16_000
    time = np.arange(12 * rate) / rate
    for number, (title, pitch) in enumerate((("Ordinal", 110.0), ("Hollow", 165.0)), start=1):
        strokes = np.exp(-5 * (time % 0.4)) * np.sin(2 * np.pi * pitch * time)
        soundfile.write(folder / f"{number:02} {title}.flac", 0.8 * strokes, rate)
    (folder / "03 Letter.wav").write_text("Dear band, thank you for the music.")
    return folder
