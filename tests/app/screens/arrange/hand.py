"""A hand on the Arrange screen: where things are, and how it drags them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.document.model import SONG_RATE, Section
from app.screens.arrange.screen import ArrangeScreen
from app.widgets.clips.generate_dialog import GenerateDialog
from app.widgets.timeline.mouse import CLIP_MIME

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


def section(screen: ArrangeScreen, id: str) -> Section:
    lanes = (lane for song in screen.project.value.songs for lane in song.lanes)
    return next(part for lane in lanes for part in lane.sections if part.id == id)


def lane_of(screen: ArrangeScreen, id: str) -> int:
    lanes = screen.timeline.state.song.lanes
    return next(place for place, lane in enumerate(lanes) if any(part.id == id for part in lane.sections))


def place(screen: ArrangeScreen, seconds: float, lane: int, down: float = 0.6) -> QPoint:
    state = screen.timeline.state
    return QPoint(state.x(round(seconds * SONG_RATE)), round(state.rows.top(lane) + state.rows.height * down))


def drag(
    screen: ArrangeScreen, start: QPoint, end: QPoint, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    view = screen.timeline.viewport()
    QTest.mousePress(view, LEFT, pos=start)
    middle = (start + end) / 2
    for point in (start + QPoint(6, 0), middle, end):
        move(view, point, keys)
    QTest.mouseRelease(view, LEFT, keys, end)


def move(view: QWidget, point: QPoint, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:

    at = QPointF(point)
    QApplication.sendEvent(
        view,
        QMouseEvent(QEvent.Type.MouseMove, at, view.mapToGlobal(at), Qt.MouseButton.NoButton, LEFT, keys),
    )


def drop_clips(
    screen: ArrangeScreen, clips: str, at: QPoint, *, leave: bool = False, onto: QWidget | None = None
) -> None:
    """On the lanes, unless said otherwise."""
    mime = QMimeData()
    mime.setData(CLIP_MIME, clips.encode())
    view = onto or screen.timeline.viewport()
    none = Qt.KeyboardModifier.NoModifier
    copy = Qt.DropAction.CopyAction
    QApplication.sendEvent(view, QDragEnterEvent(at, copy, mime, LEFT, none))
    QApplication.sendEvent(view, QDragMoveEvent(at, copy, mime, LEFT, none))
    if not leave:
        QApplication.sendEvent(view, QDropEvent(QPointF(at), copy, mime, LEFT, none))


def generate_by(screen: ArrangeScreen, answer: Callable[[GenerateDialog], None]) -> None:
    """Opens the question of Generate and answers it; what goes wrong in the answer is raised here, and it is closed."""
    problems: list[BaseException] = []

    def give() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, GenerateDialog)
        try:
            answer(dialog)
        except BaseException as problem:
            problems.append(problem)
        if dialog.isVisible():
            dialog.reject()

    QTimer.singleShot(0, give)
    screen.clips.generate.click()
    if problems:
        raise problems[0]
