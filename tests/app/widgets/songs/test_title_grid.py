"""The grid of titles under the mouse."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.document.model import Title
from app.widgets.songs.title_grid import TITLE_MIME, TitleGrid, TitleModel

TITLES = [Title(text=f"Title {number}", starred=number % 3 == 0) for number in range(40)]


class Dragged(TitleGrid):
    """Notes what a drag would carry; the drag itself would wait for a real mouse to let go."""

    carried = ""

    def startDrag(self, actions: Qt.DropAction) -> None:
        self.carried = self.titles.mimeData(self.selectedIndexes()).data(TITLE_MIME).toStdString()


def test_the_model_keeps_the_rules_of_qt(qtmodeltester: ModelTester) -> None:
    model = TitleModel()
    qtmodeltester.check(model)
    model.show_titles(TITLES)
    qtmodeltester.check(model)
    model.narrow("1", True)
    assert [model.index(row).data() for row in range(model.rowCount())] == [
        "Title 12",
        "Title 15",
        "Title 18",
        "Title 21",
    ]


def test_a_title_that_was_not_chosen_before_can_be_dragged_away(qtbot: QtBot) -> None:
    view = Dragged()
    qtbot.addWidget(view)
    view.resize(700, 500)
    view.titles.show_titles(TITLES)
    with qtbot.waitExposed(view):
        view.show()
    view.setCurrentIndex(view.titles.index(3))
    cell = view.visualRect(view.titles.index(7))
    start = cell.topLeft() + QPoint(30, 20)
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    for far in (5, 40, 120):
        at = QPointF(start + QPoint(far, far // 8))
        none, left = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
        moved = QMouseEvent(
            QEvent.Type.MouseMove, at, view.viewport().mapToGlobal(at), none, left, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(view.viewport(), moved)
    assert view.carried == "Title 7"
