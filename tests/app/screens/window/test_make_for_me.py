"""The dialog Make it for me: its choices become options, and it says how long learning takes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.document.model import Project
from app.document.recipe_book import RECIPE_BOOK
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


def test_a_recipe_is_chosen_by_mouse_and_keys(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], made_project: tuple[Path, Project]
) -> None:
    """Each has its picture and its words, and is what is made."""
    window = open_window(made_project[0])
    question = MakeForMe(window.project, window.workspace.jobs, window)
    question.open()
    assert question.recipes.name == "random"
    pictures = set()
    for name, row in question.recipes.rows.items():
        qtbot.mouseClick(row, LEFT)
        assert question.options().recipe == name
        assert (
            question.recipe.after.text().casefold() == f"{name}, after \u201c{RECIPE_BOOK[name].after}\u201d".casefold()
        )
        assert question.recipe.words.text() == RECIPE_BOOK[name].words
        assert question.recipe.guide.text() == RECIPE_BOOK[name].guide_words
        image = question.recipe.picture.grab().toImage()
        pictures.add(bytes(image.constBits()))
    assert len(pictures) == len(RECIPE_BOOK) == 7
    qtbot.mouseClick(question.recipes.rows["stitch"], LEFT)
    qtbot.waitUntil(question.recipes.rows["stitch"].hasFocus)
    qtbot.keyClick(question.recipes.rows["stitch"], Qt.Key.Key_Down)
    assert question.options().recipe == "layers"
    qtbot.keyClick(question.recipes.rows["layers"], Qt.Key.Key_Up)
    assert question.options().recipe == "stitch"


def test_clips_can_come_from_what_was_learnt_already(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], made_project: tuple[Path, Project], tmp_path: Path
) -> None:
    window = open_window(made_project[0])
    question = MakeForMe(window.project, window.workspace.jobs, window)
    question.open()
    assert not question.options().is_learnt
    qtbot.mouseClick(question.as_learnt, LEFT)
    assert not question.preset.isEnabled()
    assert not question.minutes.isVisible()
    assert "12 epochs" in question.takes.text()
    assert question.options().is_learnt
    before = window.project.value.learning
    qtbot.mouseClick(question.begin, LEFT)
    assert window.project.value.learning == before
    fresh = open_window(tmp_path / "Fresh.deepcuts")
    nothing = MakeForMe(fresh.project, fresh.workspace.jobs, fresh)
    nothing.open()
    assert not nothing.as_learnt.isVisible()
