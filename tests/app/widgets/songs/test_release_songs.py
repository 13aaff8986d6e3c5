"""The songs of a release: order by mouse and keys, waveforms that play."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.widgets.songs.release_songs import ROW, ReleaseSongs, SongRow


@pytest.fixture
def songs(qtbot: QtBot) -> Iterator[ReleaseSongs]:
    window = QWidget()  # as in the program, the list does not reach down to its lower edge
    window.resize(600, 600)
    qtbot.addWidget(window)
    made = ReleaseSongs()
    made.setParent(window)
    level = np.full(160, 0.5, np.float32)
    made.show_rows(
        [SongRow(f"s{n}", f"Song {n}", 60.0 * n, -14.0, -level, level, np.linspace(0, 1, 160)) for n in range(1, 5)]
    )
    made.resize(600, 300)
    with qtbot.waitExposed(window):
        window.show()
    yield made
    window.hide()


def drag(qtbot: QtBot, songs: ReleaseSongs, start: int, to_y: int) -> None:
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(songs, left, pos=QPoint(60, start * ROW + ROW // 2))
    for y in np.linspace(start * ROW + ROW // 2, to_y, 6):
        qtbot.mouseMove(songs, QPoint(60, round(y)))
    qtbot.mouseRelease(songs, left, pos=QPoint(60, to_y))


@pytest.mark.parametrize(("start", "y", "id", "to"), [(0, 3 * ROW, "s1", 2), (3, 2, "s4", 0), (1, 9 * ROW, "s2", 3)])
def test_dragging_a_song_asks_for_its_new_place(
    qtbot: QtBot, songs: ReleaseSongs, start: int, y: int, id: str, to: int
) -> None:
    with qtbot.waitSignal(songs.moved) as moved:
        drag(qtbot, songs, start, y)
    assert moved.args == [id, to]


def test_a_drag_back_to_its_place_moves_nothing(qtbot: QtBot, songs: ReleaseSongs) -> None:
    with qtbot.assertNotEmitted(songs.moved):
        drag(qtbot, songs, 1, 2 * ROW - 4)


def test_keys_choose_move_and_play(qtbot: QtBot, songs: ReleaseSongs) -> None:
    qtbot.keyClick(songs, Qt.Key.Key_Down)
    with qtbot.waitSignal(songs.play_asked) as played:
        qtbot.keyClick(songs, Qt.Key.Key_Return)
    assert played.args == ["s2", 0.0]
    with qtbot.waitSignal(songs.moved) as moved:
        qtbot.keyClick(songs, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert moved.args == ["s2", 2]
    assert "Chosen: 3." in songs.accessibleDescription()


def test_a_click_on_the_waveform_plays_from_there(qtbot: QtBot, songs: ReleaseSongs) -> None:
    area = songs.wave_area(2)
    with qtbot.waitSignal(songs.play_asked) as played:
        qtbot.mouseClick(
            songs, Qt.MouseButton.LeftButton, pos=QPoint(round(area.center().x()), round(area.center().y()))
        )
    assert played.args[0] == "s3"
    assert played.args[1] == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("width", [200, 320, 400, 600, 1000])
def test_it_can_be_drawn_at_any_width(songs: ReleaseSongs, width: int) -> None:
    songs.resize(width, 300)
    area = songs.wave_area(0)
    assert area.isEmpty() or 0 < area.left() < area.right() < width
    assert not songs.grab().isNull()
