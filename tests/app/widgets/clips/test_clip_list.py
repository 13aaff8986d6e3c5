"""The list of clips with thousands in it."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.document.model import Clip
from app.widgets.clips.clip_cell import play_area, wave_area
from app.widgets.clips.clip_list import ClipList
from app.widgets.clips.clip_model import ORDERS, UNKNOWN, ClipModel, Wanted
from app.widgets.clips.clip_panel import AgeRamp


def clips(count: int) -> tuple[Clip, ...]:
    return tuple(
        Clip(
            id=f"c{number:04d}", run="r", epoch=number % 40 + 1, file="x.flac", rate=16_000,
            samples=16_000 * (number % 7 + 1), seed=number, temperature=0.8 + number % 5 / 10, stars=number % 6,
            rejected=number % 10 == 0,
        )
        for number in range(1, count + 1)
    )  # fmt: skip


class FlatWaves:
    """Every clip swings half way."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def window(self, clip: Clip, start: float, frames: float, width: int) -> tuple[np.ndarray, np.ndarray]:
        self.asked.add(clip.id)
        return np.full(width, -0.5, np.float32), np.full(width, 0.5, np.float32)


@pytest.fixture
def shown(qtbot: QtBot) -> ClipList:
    made = ClipList(FlatWaves())
    qtbot.addWidget(made)
    made.resize(280, 600)
    made.show_clips(clips(30), {})
    with qtbot.waitExposed(made):
        made.show()
    return made


def ids(shown: ClipList) -> list[str]:
    return [shown.clips.id_at(shown.clips.index(row)) for row in range(shown.clips.rowCount())]


def test_the_model_keeps_the_rules_of_models(qtmodeltester: ModelTester) -> None:
    model = ClipModel()
    model.put(clips(50), {})
    qtmodeltester.check(model)
    model.narrow(Wanted(least_stars=3), "stars")
    model.put(clips(60), {"c0001": 0.5})
    qtmodeltester.check(model)


@pytest.mark.parametrize("order", ORDERS)
def test_the_greatest_comes_first_and_among_equals_the_newest(order: str) -> None:
    model = ClipModel()
    model.put(clips(200), {})
    loudness = {f"c{number:04d}": -10.0 - number % 9 for number in range(1, 150)}
    model.put_loudness(loudness)
    model.narrow(Wanted(rejected=True), order)
    shown = [model.clip_at(model.index(row)) for row in range(model.rowCount())]
    assert len(shown) == 200
    rank = ORDERS[order]
    wanted = sorted(
        shown, key=lambda clip: (clip.rejected, -rank(clip, loudness.get(clip.id, UNKNOWN)), -int(clip.id[1:]))
    )
    assert [clip.id for clip in shown] == [clip.id for clip in wanted]


def test_only_what_is_in_view_is_looked_at(qtbot: QtBot) -> None:
    waves = FlatWaves()
    made = ClipList(waves)
    qtbot.addWidget(made)
    made.resize(280, 600)
    made.show_clips(clips(5000), {})
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(lambda: bool(waves.asked))
    assert len(waves.asked) < 20


def test_new_clips_do_not_change_what_is_chosen_nor_where_the_list_stands(shown: ClipList) -> None:
    shown.setCurrentIndex(shown.clips.index(12))
    shown.verticalScrollBar().setValue(400)
    chosen = shown.current()
    shown.show_clips(clips(40), {})
    assert shown.current() == chosen
    assert shown.chosen() == [chosen]
    assert shown.verticalScrollBar().value() == 400


def test_clicks_on_the_square_and_on_the_waveform_play(shown: ClipList, qtbot: QtBot) -> None:
    row = shown.visualRect(shown.clips.index(1))
    with qtbot.waitSignal(shown.play_asked) as asked:
        QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=play_area(row).center())
    assert asked.args == [ids(shown)[1]]
    wave = wave_area(row)
    with qtbot.waitSignal(shown.play_from_asked) as asked:
        QTest.mouseClick(
            shown.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(wave.left() + wave.width() // 4, wave.center().y())
        )
    assert asked.args[0] == ids(shown)[1]
    assert asked.args[1] == pytest.approx(0.25, abs=0.01)
    with qtbot.waitSignal(shown.play_asked):
        QTest.mouseDClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(row.center().x(), row.top() + 20))


def test_several_can_be_chosen_and_starred_at_once(shown: ClipList, qtbot: QtBot) -> None:
    shown.setFocus()
    for row, keys in ((0, Qt.KeyboardModifier.NoModifier), (2, Qt.KeyboardModifier.ShiftModifier)):
        at = shown.visualRect(shown.clips.index(row)).center() + QPoint(0, 33)
        QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, keys, at)
    assert shown.chosen() == ids(shown)[:3]
    with qtbot.waitSignal(shown.star_asked) as asked:
        QTest.keyClick(shown, Qt.Key.Key_5)
    assert asked.args == [ids(shown)[:3], 5]
    with qtbot.waitSignal(shown.reject_asked) as asked:
        QTest.keyClick(shown, Qt.Key.Key_X)
    assert asked.args == [ids(shown)[:3], True]


def test_a_row_says_what_it_shows(shown: ClipList) -> None:
    words = shown.clips.data(shown.clips.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert words == "e30 · 0029, 0:02, 5 stars"


def test_the_colour_of_the_age_is_what_is_painted(shown: ClipList) -> None:
    from app.widgets import theme

    shown.show_clips(clips(30), {clip.id: 0.0 for clip in clips(30)})
    wave = wave_area(shown.visualRect(shown.clips.index(1)))
    picture = shown.viewport().grab().toImage()
    outer = picture.pixelColor(wave.left() + 50, wave.top() + wave.height() // 4 + 2)
    assert outer == theme.age_colour(0.0)


class Dragged(ClipList):
    """Notes what a drag would carry; the drag itself would wait for a real mouse to let go."""

    def __init__(self) -> None:
        super().__init__(FlatWaves())
        self.carried: list[str] = []

    def startDrag(self, actions: Qt.DropAction) -> None:
        self.carried = self.chosen()


def test_a_clip_that_was_not_chosen_before_can_be_dragged_away(qtbot: QtBot) -> None:
    view = Dragged()
    qtbot.addWidget(view)
    view.resize(280, 600)
    view.show_clips(clips(8), {})
    view.show()
    view.setCurrentIndex(view.clips.index(3))
    row = view.visualRect(view.clips.index(1))
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    for far in (5, 40, 120):
        at = QPointF(row.center() + QPoint(far, far // 8))
        none, left = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
        moved = QMouseEvent(
            QEvent.Type.MouseMove, at, view.viewport().mapToGlobal(at), none, left, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(view.viewport(), moved)
    assert view.carried == [view.clips.id_at(view.clips.index(1))]


def test_the_bar_of_colours_names_an_only_epoch_once(qtbot: QtBot) -> None:
    ramp = AgeRamp()
    qtbot.addWidget(ramp)
    with qtbot.waitExposed(ramp):
        ramp.show()
    for last, words in ((1, ["epoch 1"]), (12, ["epoch 1", "epoch 12"])):
        ramp.show_last(last)
        assert [each.text() for each in ramp.findChildren(QLabel) if each.isVisible()] == words
