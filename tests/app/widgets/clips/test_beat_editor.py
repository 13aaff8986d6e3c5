"""A beat is drawn with the mouse and with keys, and tapped in time."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.document.beat_grid import (
    DRAWN_NAME,
    SOFT,
    STROKES,
    STRONG,
    TAPPED_NAME,
    BeatGrid,
    pattern_of_grid,
    with_bars,
    with_bpm,
    with_stroke,
)
from app.document.pattern import Pattern, PatternEvent, Stroke
from app.widgets import theme
from app.widgets.clips.beat_editor import BeatEditor

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


class Bench:
    """An editor on a window of its own, with a clock that stands still unless told otherwise."""

    def __init__(self, qtbot: QtBot) -> None:
        self.now = 100.0
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.editor = BeatEditor(self.window, clock=lambda: self.now)
        layout = QVBoxLayout(self.window)
        for part in (self.editor.grid, self.editor.controls, self.editor.file_controls):
            layout.addWidget(part)
        self.window.setStyleSheet(f"background: {theme.GROUND}")
        self.window.resize(480, 200)
        with qtbot.waitActive(self.window, timeout=20_000):
            self.window.show()
            self.window.activateWindow()
        self.editor.grid.setFocus()
        self.changes: list[BeatGrid] = []
        self.editor.changed.connect(lambda: self.changes.append(self.editor.value))

    def place(self, stroke: Stroke, step: int) -> QPoint:
        return self.editor.grid.cell(stroke, step).center().toPoint()

    def click(self, stroke: Stroke, step: int, keys: Qt.KeyboardModifier = NONE) -> None:
        QTest.mouseClick(self.editor.grid, LEFT, keys, self.place(stroke, step))

    def press(self, *keys: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        for key in keys:
            QTest.keyClick(self.editor.grid, key, modifier)

    def beat(self) -> dict[Stroke, dict[int, float]]:
        rows = zip(STROKES, self.editor.value.rows, strict=True)
        return {stroke: {step: level for step, level in enumerate(row) if level} for stroke, row in rows if any(row)}


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench(qtbot)


def test_a_click_draws_and_another_takes_away(bench: Bench) -> None:
    bench.click("low", 0)
    bench.click("high", 15)
    bench.click("mid", 4, SHIFT)
    assert bench.beat() == {"low": {0: STRONG}, "mid": {4: SOFT}, "high": {15: STRONG}}
    bench.click("low", 0)
    bench.click("mid", 4)  # a soft stroke becomes none, too
    assert bench.beat() == {"high": {15: STRONG}}
    bench.click("high", 15, SHIFT)
    assert bench.beat() == {"high": {15: SOFT}}
    bench.click("high", 15, SHIFT)
    bench.click("high", 3, ALT)
    assert bench.beat() == {}
    assert len(bench.changes) == 7


def test_a_drag_draws_on(bench: Bench) -> None:
    def drag(keys: Qt.KeyboardModifier, steps: range) -> None:
        grid = bench.editor.grid
        QTest.mousePress(grid, LEFT, keys, bench.place("mid", steps[0]))
        for step in steps:
            at = QPointF(bench.place("mid", step))
            move = QMouseEvent(QEvent.Type.MouseMove, at, grid.mapToGlobal(at), Qt.MouseButton.NoButton, LEFT, keys)
            QApplication.sendEvent(grid, move)
        QTest.mouseRelease(grid, LEFT, keys, bench.place("mid", steps[-1]))

    drag(NONE, range(2, 8))
    assert bench.beat() == {"mid": dict.fromkeys(range(2, 8), STRONG)}
    drag(ALT, range(5))
    assert bench.beat() == {"mid": dict.fromkeys(range(5, 8), STRONG)}
    at = QPointF(bench.place("low", 0))
    grid = bench.editor.grid
    over = QMouseEvent(
        QEvent.Type.MouseMove, at, grid.mapToGlobal(at), Qt.MouseButton.NoButton, Qt.MouseButton.NoButton, NONE
    )
    QApplication.sendEvent(grid, over)
    assert "low" not in bench.beat()  # nothing is drawn without a button


def test_clicks_beside_steps_do_nothing(bench: Bench) -> None:
    QTest.mouseClick(bench.editor.grid, LEFT, NONE, QPoint(5, 20))
    QTest.mouseClick(bench.editor.grid, Qt.MouseButton.RightButton, NONE, bench.place("low", 3))
    assert bench.changes == []
    bench.editor.bars[4].click()
    bench.changes.clear()
    for step in (0, 15, 16, 47, 63):
        bench.click("low", step)
    assert list(bench.beat()["low"]) == [0, 15, 16, 47, 63]


def test_keys_draw_as_well(bench: Bench) -> None:
    bench.press(Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up)
    bench.press(Qt.Key.Key_Space, modifier=SHIFT)
    bench.press(Qt.Key.Key_End, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Space)
    assert bench.beat() == {"low": {0: STRONG}, "mid": {2: SOFT}, "high": {15: STRONG}}
    assert bench.editor.grid.accessibleDescription() == "high, step 16 of 16: a stroke"
    bench.press(Qt.Key.Key_Space, Qt.Key.Key_Home, Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Delete)
    assert bench.beat() == {"mid": {2: SOFT}}
    assert bench.editor.name == DRAWN_NAME


def tap(bench: Bench, bpm: float, steps: dict[int, Qt.Key]) -> None:
    start = bench.now
    for step, key in sorted(steps.items()):
        bench.now = start + step * 15 / bpm
        bench.press(key)


def test_taps_set_strokes_and_tempo(bench: Bench) -> None:
    keys = {0: Qt.Key.Key_1, 4: Qt.Key.Key_2, 6: Qt.Key.Key_3, 8: Qt.Key.Key_1, 12: Qt.Key.Key_2}
    tap(bench, 100, keys)
    assert bench.editor.value.bpm == pytest.approx(100, abs=0.5)
    assert bench.editor.bpm.value() == pytest.approx(100, abs=0.5)
    assert bench.beat() == {"low": {0: 1.0, 8: 1.0}, "mid": {4: 1.0, 12: 1.0}, "high": {6: 1.0}}
    pattern = bench.editor.pattern()
    assert pattern is not None
    assert pattern.name == bench.editor.name == TAPPED_NAME


def test_t_taps_the_row_where_the_keys_are(bench: Bench) -> None:
    tap(bench, 120, dict.fromkeys((0, 4, 8, 12), Qt.Key.Key_T))
    assert (bench.editor.value.bpm, bench.beat()) == (pytest.approx(120), {"low": dict.fromkeys((0, 4, 8, 12), 1.0)})
    bench.now += 10  # after a rest, another row: in the same tempo
    bench.press(Qt.Key.Key_Up)
    tap(bench, 120, dict.fromkeys((0, 8), Qt.Key.Key_T))
    assert bench.beat() == {"low": dict.fromkeys((0, 4, 8, 12), 1.0), "mid": {0: 1.0, 8: 1.0}}
    bench.now += 10  # and the same again: instead of what was there
    tap(bench, 120, dict.fromkeys((0, 4), Qt.Key.Key_T))
    assert bench.beat()["mid"] == {0: 1.0, 4: 1.0}


def test_the_button_taps_by_mouse_and_space(bench: Bench) -> None:
    start = bench.now
    for number in range(4):
        bench.now = start + number * 0.6
        if number % 2:
            bench.editor.tap.setFocus()
            QTest.keyClick(bench.editor.tap, Qt.Key.Key_Space)
        else:
            QTest.mouseClick(bench.editor.tap, LEFT)
    assert bench.editor.value.bpm == pytest.approx(100)
    assert bench.beat() == {"low": dict.fromkeys((0, 4, 8, 12), 1.0)}


@pytest.mark.parametrize("name", ["play", "tap", "bars"])
def test_keys_tap_and_play_on_the_buttons_too(bench: Bench, qtbot: QtBot, name: str) -> None:
    where = bench.editor.bars[1] if name == "bars" else getattr(bench.editor, name)
    where.setFocus()
    start = bench.now
    for number, key in enumerate((Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_1, Qt.Key.Key_3)):
        bench.now = start + number * 0.5
        QTest.keyClick(where, key)
    assert bench.beat() == {"low": {0: 1.0, 8: 1.0}, "mid": {4: 1.0}, "high": {12: 1.0}}
    with qtbot.waitSignal(bench.editor.play_asked):
        QTest.keyClick(where, Qt.Key.Key_P)
    with qtbot.assertNotEmitted(bench.editor.play_asked):
        QTest.keyClick(where, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert where.hasFocus()


def test_a_key_that_is_held_is_one_tap(bench: Bench) -> None:
    bench.press(Qt.Key.Key_1)
    for _ in range(5):
        bench.now += 0.1
        again = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_1, NONE, "1", True)
        QApplication.sendEvent(bench.editor.grid, again)
    assert bench.beat() == {"low": {0: 1.0}}


def test_what_is_drawn_ends_the_tapping(bench: Bench) -> None:
    tap(bench, 120, dict.fromkeys((0, 4, 8, 12), Qt.Key.Key_1))
    bench.click("high", 2)
    assert bench.editor.name == DRAWN_NAME
    bench.now += 0.5
    bench.press(Qt.Key.Key_2)
    assert bench.beat() == {"low": dict.fromkeys((0, 4, 8, 12), 1.0), "mid": {0: 1.0}, "high": {2: 1.0}}


def test_tempo_length_and_clearing(bench: Bench, qtbot: QtBot) -> None:
    bench.click("low", 0)
    bench.editor.bpm.setFocus()
    bench.editor.bpm.selectAll()
    QTest.keyClicks(bench.editor.bpm, "90")
    QTest.mouseClick(bench.editor.bars[2], LEFT)
    assert (bench.editor.value.bpm, bench.editor.value.bars) == (90.0, 2)
    assert bench.beat() == {"low": {0: 1.0, 16: 1.0}}
    assert bench.editor.clear.isEnabled()
    QTest.mouseClick(bench.editor.clear, LEFT)
    assert bench.editor.value == with_bars(with_bpm(BeatGrid(), 90), 2)
    assert bench.editor.pattern() is None
    assert not bench.editor.clear.isEnabled()


def test_a_beat_is_shown_again(bench: Bench) -> None:
    grid = with_stroke(with_bars(BeatGrid(90.0), 2), "mid", 20, SOFT)
    pattern = pattern_of_grid(grid, TAPPED_NAME)
    assert pattern is not None
    bench.editor.recall(pattern)
    assert (bench.editor.value, bench.editor.name) == (grid, TAPPED_NAME)
    assert bench.editor.bars[2].isChecked()
    assert bench.changes == []
    bench.editor.recall(Pattern(name="x", seconds=2.0, events=(PatternEvent(at=0.0, pitch=60),)))
    assert bench.editor.value == grid


def test_strokes_are_bright(bench: Bench) -> None:
    bench.click("low", 4)
    bench.click("mid", 8, SHIFT)
    bench.press(Qt.Key.Key_Home)
    image = bench.editor.grid.grab().toImage()

    def red(stroke: Stroke, step: int) -> int:
        return QColor(image.pixel(bench.place(stroke, step) * image.devicePixelRatio())).red()

    assert red("low", 4) == QColor(theme.ACCENT).red()
    assert red("low", 4) > red("mid", 8) + 50 > red("high", 2) + 80


def test_each_stroke_of_the_mouse_is_a_step_that_is_undone(bench: Bench) -> None:
    bench.click("low", 0)
    grid = bench.editor.grid
    QTest.mousePress(grid, LEFT, NONE, bench.place("high", 2))
    for step in range(3, 7):
        at = QPointF(bench.place("high", step))
        move = QMouseEvent(QEvent.Type.MouseMove, at, grid.mapToGlobal(at), Qt.MouseButton.NoButton, LEFT, NONE)
        QApplication.sendEvent(grid, move)
    QTest.mouseRelease(grid, LEFT, NONE, bench.place("high", 6))
    bench.press(Qt.Key.Key_Space)  # on a step that was drawn: it is taken away
    assert bench.beat() == {"low": {0: STRONG}, "high": dict.fromkeys(range(2, 6), STRONG)}
    bench.editor.undo()
    assert list(bench.beat()["high"]) == [2, 3, 4, 5, 6]
    bench.editor.undo()
    assert bench.beat() == {"low": {0: STRONG}}
    bench.editor.redo()
    assert list(bench.beat()["high"]) == [2, 3, 4, 5, 6]
    assert bench.changes[-1] == bench.editor.value
    bench.editor.bars[2].click()
    bench.editor.bpm.setValue(90)
    bench.editor.clear.click()
    for expected in ((90.0, 2), (120.0, 2), (120.0, 1)):
        bench.editor.undo()
        assert (bench.editor.value.bpm, bench.editor.value.bars) == expected
        assert bench.editor.bpm.value() == expected[0]
        assert bench.editor.bars[expected[1]].isChecked()


def test_the_right_button_takes_away(bench: Bench) -> None:
    for step in (0, 4):
        bench.click("low", step)
    for step in (4, 6):
        QTest.mouseClick(bench.editor.grid, Qt.MouseButton.RightButton, NONE, bench.place("low", step))
    assert bench.beat() == {"low": {0: STRONG}}


def test_taps_in_a_row_are_one_step(bench: Bench) -> None:
    bench.click("mid", 4)
    tap(bench, 100, {0: Qt.Key.Key_1, 4: Qt.Key.Key_2, 8: Qt.Key.Key_1, 12: Qt.Key.Key_2})
    assert bench.editor.name == TAPPED_NAME
    assert bench.editor.value.bpm == pytest.approx(100, abs=0.5)
    bench.editor.undo()
    assert bench.beat() == {"mid": {4: STRONG}}
    assert (bench.editor.name, bench.editor.value.bpm) == (DRAWN_NAME, 120.0)


def test_taps_are_struck_and_fall_onto_what_is_heard(bench: Bench) -> None:
    struck: list[str] = []
    bench.editor.struck.connect(struck.append)
    bench.press(Qt.Key.Key_3)
    bench.editor.undo()
    bench.editor.show_heard(0.2)
    bench.press(Qt.Key.Key_1)
    bench.editor.show_heard(3.7)
    bench.press(Qt.Key.Key_2)
    bench.editor.show_heard(15.8)  # nearly the first step again
    bench.press(Qt.Key.Key_3)
    assert bench.beat() == {"low": {0: STRONG}, "mid": {4: STRONG}, "high": {0: STRONG}}
    assert struck == ["high", "low", "mid", "high"]
    assert bench.editor.name == TAPPED_NAME
    assert bench.editor.value.bpm == 120.0
    bench.editor.show_heard(None)
    bench.editor.undo()
    assert "high" not in bench.beat()


def test_it_is_played_by_key_and_by_button_and_the_playhead_is_seen(qtbot: QtBot, bench: Bench) -> None:
    asked: list[bool] = []
    bench.editor.play_asked.connect(lambda: asked.append(True))
    bench.press(Qt.Key.Key_P)
    QTest.mouseClick(bench.editor.play, LEFT)
    assert asked == [True, True]
    cell = bench.editor.grid.cell("high", 5)
    middle = QPoint(round(cell.center().x()), 1)
    dark = bench.editor.grid.grab().toImage().pixelColor(middle)
    bench.editor.show_heard(5.5)
    assert bench.editor.play.accessibleName() == "Stop the beat"
    assert bench.editor.grid.grab().toImage().pixelColor(middle).lightness() > dark.lightness() + 100
    bench.editor.show_heard(None)
    assert bench.editor.grid.grab().toImage().pixelColor(middle) == dark
    assert bench.editor.play.accessibleName() == "Play the beat"


def test_a_tempo_is_typed_with_its_fraction(bench: Bench) -> None:
    bench.editor.bpm.selectAll()
    QTest.keyClicks(bench.editor.bpm, "128.5")
    assert bench.editor.value.bpm == 128.5
    bench.editor.undo()
    assert bench.editor.value.bpm == 120.0
