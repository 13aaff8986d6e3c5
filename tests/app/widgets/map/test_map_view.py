"""The map under mouse and keys: pointing, choosing, walking, going closer, drawing a path, dragging off."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.document.excerpt import Excerpt
from app.widgets.map.points import MapPoints
from app.widgets.map.view import MapView
from app.widgets.timeline.mouse import carried_excerpts

LEFT, NO, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
PLACES = ((0.1, 0.5), (0.3, 0.5), (0.5, 0.5), (0.7, 0.5), (0.5, 0.1), (0.9, 0.9))
ALBUM, HIDDEN = 4, 5


def some_points() -> MapPoints:
    excerpts = [Excerpt(f"c{place}", place * 1000, 500, is_album=place == ALBUM) for place in range(len(PLACES))]
    shown = np.ones(len(PLACES), np.bool_)
    shown[HIDDEN] = False
    stars = np.arange(len(PLACES)).astype(np.int8) % 6
    ages = np.linspace(0, 1, len(PLACES)).astype(np.float32)
    return MapPoints(tuple(excerpts), np.array(PLACES, np.float32), ages, stars, stars == 3, shown)


@pytest.fixture
def view(qtbot: QtBot) -> MapView:
    made = MapView()
    made.tip_of = lambda excerpt: f"section of {excerpt.source}"
    qtbot.addWidget(made)
    made.resize(700, 420)
    with qtbot.waitActive(made, timeout=20_000):
        made.show()
        made.activateWindow()
    made.show_points(some_points())
    made.setFocus()
    return made


def at(view: MapView, place: int) -> QPoint:
    return view.pixel_of(view.points.excerpts[place]).toPoint()


def move(view: MapView, place: QPoint, buttons: Qt.MouseButton = NO, keys: Qt.KeyboardModifier = NONE) -> None:
    point = QPointF(place)
    event = QMouseEvent(QEvent.Type.MouseMove, point, view.mapToGlobal(point), NO, buttons, keys)
    QApplication.sendEvent(view, event)


def draw(view: MapView, *corners: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
    QTest.mousePress(view, LEFT, keys, corners[0])
    for corner in corners[1:]:
        move(view, corner, LEFT, keys)
    QTest.mouseRelease(view, LEFT, keys, corners[-1])


def test_what_the_pointer_rests_on_is_told_once(view: MapView) -> None:
    heard: list[Excerpt | None] = []
    view.hovered.connect(heard.append)
    for place in (QPoint(5, 5), at(view, 1), at(view, 1) + QPoint(2, 1), at(view, 2), QPoint(5, 5)):
        move(view, place)
    assert heard == [view.points.excerpts[1], view.points.excerpts[2], None]
    move(view, at(view, HIDDEN))
    assert view.under_pointer is None


def test_a_click_chooses_and_one_beside_lets_go(view: MapView, qtbot: QtBot) -> None:
    QTest.mouseClick(view, LEFT, pos=at(view, 2))
    assert view.current == view.points.excerpts[2]
    assert view.accessibleDescription() == "section of c2"
    played: list[Excerpt] = []
    view.play_asked.connect(played.append)
    QTest.mouseDClick(view, LEFT, pos=at(view, 1))
    assert played == [view.points.excerpts[1]]
    QTest.mouseClick(view, LEFT, pos=QPoint(4, 4))
    assert view.current is None


def test_arrows_walk_to_the_nearest_and_return_plays(view: MapView) -> None:
    excerpts = view.points.excerpts
    played: list[Excerpt] = []
    view.play_asked.connect(played.append)
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.current == excerpts[2]  # the one in the middle
    for key, there in (
        (Qt.Key.Key_Right, 3), (Qt.Key.Key_Right, 3), (Qt.Key.Key_Left, 2), (Qt.Key.Key_Up, ALBUM),
        (Qt.Key.Key_Down, 2), (Qt.Key.Key_Left, 1), (Qt.Key.Key_Left, 0),
    ):  # fmt: skip
        QTest.keyClick(view, key)
        assert view.current == excerpts[there]
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert played == [excerpts[0]]


def test_what_is_chosen_stays_so_while_points_come(view: MapView) -> None:
    QTest.mouseClick(view, LEFT, pos=at(view, 1))
    before = some_points()
    fresh = MapPoints(
        (Excerpt("new", 0, 9), *before.excerpts),
        np.concatenate([[[0.2, 0.2]], before.places]).astype(np.float32),
        np.append(before.ages, 0.5).astype(np.float32),
        np.append(before.stars, 0).astype(np.int8),
        np.append(before.faint, False),
        np.append(before.shown, True),
    )
    view.show_points(fresh)
    assert view.current == before.excerpts[1]
    gone: list[object] = []
    view.chosen.connect(gone.append)
    view.show_points(MapPoints())
    assert view.current is None
    assert gone == [None]


def test_a_path_takes_the_sections_along_it_but_none_of_the_album(view: MapView) -> None:
    changes: list[int] = []
    view.path_changed.connect(lambda: changes.append(len(view.path)))
    over = QPoint(0, -16)
    draw(view, at(view, 0) + QPoint(-14, -16), *(at(view, place) + over for place in (0, 1, 2, 3)))
    assert view.path == view.points.excerpts[:4]
    assert view.current is None
    draw(view, at(view, 3) + QPoint(20, -20), *(at(view, place) + over for place in (3, 2)), at(view, ALBUM))
    assert view.path == (view.points.excerpts[3], view.points.excerpts[2])
    assert changes == [4, 2]
    shift = Qt.KeyboardModifier.ShiftModifier
    draw(view, at(view, 0), at(view, 1), at(view, 2), keys=shift)
    assert view.path == view.points.excerpts[:3]
    assert view.current is None
    before = view.path
    QTest.keyClick(view, Qt.Key.Key_Plus)
    assert view.path == before or set(view.path) <= set(before)  # the path lies on the map, not on the screen
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.path == ()


def test_the_wheel_goes_closer_to_what_is_under_the_pointer(view: MapView) -> None:
    place = at(view, 3)
    point = QPointF(place)
    event = QWheelEvent(
        point, view.mapToGlobal(point), QPoint(), QPoint(0, 480), NO, NONE,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, event)
    assert view.scale.zoom > 1.5
    assert (at(view, 3) - place).manhattanLength() <= 3
    assert view.under_pointer == view.points.excerpts[3]
    QTest.mousePress(view, Qt.MouseButton.MiddleButton, pos=place)
    move(view, place + QPoint(-40, 0), Qt.MouseButton.MiddleButton)
    QTest.mouseRelease(view, Qt.MouseButton.MiddleButton, pos=place + QPoint(-40, 0))
    assert at(view, 3).x() < place.x() - 20
    # a walk brings what it comes to into view
    for _ in range(3):
        QTest.keyClick(view, Qt.Key.Key_Left)
    assert view.rect().contains(at(view, view.points.excerpts.index(view.current)))  # type: ignore[arg-type]


def test_a_drag_carries_the_section_and_nothing_of_the_album(view: MapView, monkeypatch: pytest.MonkeyPatch) -> None:
    carried: list[tuple[Excerpt, ...]] = []
    monkeypatch.setattr(
        "app.widgets.map.view.QDrag.exec", lambda drag, action: carried.append(carried_excerpts(drag.mimeData()))
    )
    for place in (2, ALBUM):
        QTest.mousePress(view, LEFT, pos=at(view, place))
        move(view, at(view, place) + QPoint(30, 30), LEFT)
        QTest.mouseRelease(view, LEFT, pos=at(view, place) + QPoint(30, 30))
    assert carried == [(view.points.excerpts[2],)]
    assert view.current == view.points.excerpts[2]


def test_those_alike_are_shown_clearly_and_the_others_hardly(view: MapView) -> None:
    spot = at(view, 0)

    def brightness() -> int:
        return view.grab().toImage().pixelColor(spot).lightness()

    plain = brightness()
    view.show_alike(view.points.excerpts[1:3])
    assert view.alike == view.points.excerpts[1:3]
    assert brightness() < plain / 2
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.alike == ()
    assert brightness() == plain
