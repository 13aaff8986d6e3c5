"""Which epoch, how warm: the grid is made, heard by mouse and keys, and more is generated of a cell."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from app.screens.arrange.screen import ArrangeScreen
from app.widgets.clips.generate_dialog import GenerateDialog
from app.widgets.clips.grid_dialog import GridDialog
from tests.app.conftest import MINUTE, add_checkpoints
from tests.app.screens.arrange.hand import LEFT

Answer = Callable[[GridDialog], None]


@pytest.fixture
def compare(screen: ArrangeScreen) -> Callable[[Answer], None]:
    """Opens the grid by its key and answers; what goes wrong in the answer is raised here, and the dialog is closed."""
    add_checkpoints(screen.project.folder, 3, 5, 12)

    def compare(answer: Answer) -> None:
        problems: list[BaseException] = []

        def give() -> None:
            dialog = QApplication.activeModalWidget()
            if not isinstance(dialog, GridDialog) or not dialog.isActiveWindow():
                QTimer.singleShot(10, give)
                return
            try:
                answer(dialog)
            except BaseException as problem:
                problems.append(problem)
                dialog.reject()

        QTimer.singleShot(0, give)
        QTest.keyClick(screen.timeline, Qt.Key.Key_E)
        if problems:
            raise problems[0]

    return compare


def all_made(dialog: GridDialog, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: dialog.grid.rows_made == 3 and not dialog.progress.isVisible(), timeout=MINUTE)


def test_cells_are_heard_by_arrows_and_clicks_and_more_is_generated_of_one(
    screen: ArrangeScreen, qtbot: QtBot, compare: Callable[[Answer], None]
) -> None:
    asked: list[tuple[object, float, str]] = []

    def generate() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, GenerateDialog):  # the grid is not closed yet
            QTimer.singleShot(10, generate)
            return
        settings = dialog.settings()
        asked.append(((settings.run, settings.epoch), settings.temperature, settings.guide.source))
        dialog.reject()

    def answer(dialog: GridDialog) -> None:
        assert not dialog.more.isEnabled()
        assert dialog.chosen is None
        all_made(dialog, qtbot)
        grid = dialog.grid
        QTest.keyClick(grid, Qt.Key.Key_Right)
        assert dialog.chosen == (3, 0.90)
        assert screen.player.is_playing
        QTest.keyClick(grid, Qt.Key.Key_Right)
        QTest.keyClick(grid, Qt.Key.Key_Down)
        assert dialog.chosen == (5, 0.96)
        assert screen.player.is_playing
        assert "epoch 5, temperature 0.96" in grid.accessibleName()
        qtbot.waitUntil(lambda: screen.player.position > 0.1, timeout=MINUTE)
        QTest.keyClick(grid, Qt.Key.Key_Space)
        assert not screen.player.is_playing
        for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Left):
            QTest.keyClick(grid, key)
        assert dialog.chosen == (3, 0.90)
        place = grid.cell_rect((2, 3)).center().toPoint()
        QTest.mouseClick(grid, LEFT, pos=place)
        assert dialog.chosen == (12, 1.05)
        assert screen.player.is_playing
        QTest.mouseClick(grid, LEFT, pos=place)
        assert not screen.player.is_playing
        QTest.mouseClick(grid, LEFT, pos=place)
        QTimer.singleShot(0, generate)
        QTest.mouseClick(dialog.more, LEFT)

    compare(answer)
    assert asked == [(("run-1", 12), 1.05, "none")]  # a network that takes no guides was heard alone
    assert not screen.player.is_playing
    assert screen.player.length > 2.0  # the song is what the transport plays again
    assert len(screen.project.value.clips) == 6


def test_making_it_can_be_stopped_and_begun_from_another_start(
    screen: ArrangeScreen, qtbot: QtBot, compare: Callable[[Answer], None]
) -> None:
    def answer(dialog: GridDialog) -> None:
        assert dialog.progress.isVisible()
        assert not dialog.again.isEnabled()
        QTest.mouseClick(dialog.progress.cancel, LEFT)
        qtbot.waitUntil(lambda: not dialog.progress.isVisible(), timeout=MINUTE)
        assert dialog.grid.rows_made < 3
        QTest.mouseClick(dialog.again, LEFT)
        assert dialog.grid.rows_made == 0
        all_made(dialog, qtbot)
        QTest.mouseClick(dialog.shut, LEFT)

    compare(answer)
    assert not screen.player.is_playing


def test_closing_it_ends_the_work(screen: ArrangeScreen, qtbot: QtBot, compare: Callable[[Answer], None]) -> None:
    def answer(dialog: GridDialog) -> None:
        assert [job.name for job in screen.jobs.asked_for] == ["Comparing epochs"]
        QTest.keyClick(dialog, Qt.Key.Key_Escape)

    compare(answer)
    qtbot.waitUntil(lambda: not screen.jobs.asked_for, timeout=MINUTE)


def test_what_goes_wrong_is_told_in_the_grid(
    screen: ArrangeScreen, qtbot: QtBot, compare: Callable[[Answer], None]
) -> None:
    damaged = next((screen.project.folder / "runs" / "run-1" / "checkpoints").glob("*0005.safetensors"))
    damaged.write_bytes(b"no checkpoint")

    def answer(dialog: GridDialog) -> None:
        qtbot.waitUntil(lambda: not dialog.progress.isVisible(), timeout=MINUTE)
        assert dialog.grid.rows_made == 1
        assert "epoch-0005" in dialog.words.text() or "checkpoint" in dialog.words.text()
        QTest.mouseClick(dialog.grid, LEFT, pos=dialog.grid.cell_rect((0, 0)).center().toPoint())
        assert dialog.chosen == (3, 0.90)
        QTest.mouseClick(dialog.grid, LEFT, pos=dialog.grid.cell_rect((2, 0)).center().toPoint())
        assert dialog.chosen == (3, 0.90)  # it is not made
        dialog.reject()

    compare(answer)


def test_without_a_checkpoint_it_is_said(screen: ArrangeScreen, qtbot: QtBot) -> None:
    with qtbot.waitSignal(screen.say) as said:
        QTest.keyClick(screen.timeline, Qt.Key.Key_E)
    assert said.args[0].startswith("There is no checkpoint to compare yet")
    assert not any(isinstance(widget, QDialog) and widget.isVisible() for widget in QApplication.topLevelWidgets())


def test_the_pointer_tells_of_rows(screen: ArrangeScreen, qtbot: QtBot, compare: Callable[[Answer], None]) -> None:
    def answer(dialog: GridDialog) -> None:
        all_made(dialog, qtbot)
        place = QPointF(dialog.grid.cell_rect((2, 1)).center())
        none = Qt.MouseButton.NoButton
        keys = Qt.KeyboardModifier.NoModifier
        event = QMouseEvent(QEvent.Type.MouseMove, place, dialog.grid.mapToGlobal(place), none, none, keys)
        QApplication.sendEvent(dialog.grid, event)
        assert dialog.grid.toolTip() == "Epoch 12"
        assert dialog.grid.cursor().shape() == Qt.CursorShape.PointingHandCursor
        dialog.reject()

    compare(answer)
