"""The dialog Make it for me: its choices become options, and it says how long learning takes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.document.model import Project
from app.jobs.make import MakeOptions
from app.jobs.train import default_preset
from app.screens.window.main_window import MainWindow
from app.screens.window.make_for_me import MakeForMe

LEFT = Qt.MouseButton.LeftButton


def test_the_question_becomes_options(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], made_project: tuple[Path, Project]
) -> None:
    window = open_window(made_project[0])
    question = MakeForMe(window.project, window.workspace.jobs, window)
    wanted: list[MakeOptions] = []
    question.wanted.connect(wanted.append)
    question.open()
    assert question.minutes.isVisible()
    qtbot.mouseClick(question.by_epochs, LEFT)
    assert question.epochs.isVisible()
    assert not question.minutes.isVisible()
    for field, value in ((question.epochs, 7), (question.songs, 3), (question.seconds, 45), (question.seed, 11)):
        field.setValue(value)
    qtbot.mouseClick(question.formats["mp3"], LEFT)
    qtbot.mouseClick(question.begin, LEFT)
    assert wanted[0] == MakeOptions(
        out=made_project[0] / "releases",
        preset=default_preset(on_gpu=False).name,
        songs=3,
        song_seconds=45.0,
        epochs=7,
        formats=("flac", "mp3"),
        seed=11,
        previews=True,
    )
    again = MakeForMe(window.project, window.workspace.jobs, window)
    assert again.by_epochs.isChecked()
    assert again.epochs.value() == 7


def test_how_long_learning_takes_is_told_before_it_begins(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], made_project: tuple[Path, Project]
) -> None:
    window = open_window(made_project[0])
    question = MakeForMe(window.project, window.workspace.jobs, window)
    question.open()
    assert question.takes.text().startswith("Learning: 10 m 00 s")
    qtbot.mouseClick(question.by_epochs, LEFT)
    qtbot.waitUntil(lambda: "on this machine" in question.takes.text(), timeout=60_000)
    assert question.takes.text().startswith("Learning: about ")


def test_the_rail_opens_the_question(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], made_project: tuple[Path, Project]
) -> None:
    window = open_window(made_project[0])
    qtbot.mouseClick(window.workspace.rail.make, LEFT)
    question = window.findChild(MakeForMe)
    assert question is not None
    assert question.begin.isEnabled()
    qtbot.keyClick(question, Qt.Key.Key_Escape)
    assert not window.workspace.jobs.asked_for
