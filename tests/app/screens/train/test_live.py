"""The panel that plays live, by mouse and keys, over the real window."""

from __future__ import annotations

from pathlib import Path

import pytest
import soundfile
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.document.model import SONG_RATE, Project
from app.screens.train.live import LivePanel, speed_words
from app.screens.window.main_window import MainWindow
from samplernn.generation.sampling import TEMPERATURE
from tests.app.conftest import add_checkpoints
from tests.app.drums import beat
from tests.app.screens.conftest import OpenWindow
from tests.app.screens.dropping import drop, files

MINUTE = 60_000
CLICK = Qt.MouseButton.LeftButton
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(made_project: tuple[Path, Project], open_window: OpenWindow) -> MainWindow:
    add_checkpoints(made_project[0], 1, 3, 9)
    return open_window(made_project[0])


def show(qtbot: QtBot, window: MainWindow) -> LivePanel:
    qtbot.keyClick(window, Qt.Key.Key_E, CTRL)
    live = window.workspace.live
    qtbot.waitUntil(live.isActiveWindow, timeout=MINUTE)
    return live


def is_heard(window: MainWindow) -> bool:
    source = window.workspace.player.source
    return window.workspace.player.is_playing and source is not None and window.workspace.player.position > 0.3


def test_it_plays_is_steered_and_kept(qtbot: QtBot, window: MainWindow) -> None:
    live = show(qtbot, window)
    assert [live.checkpoint.itemText(place) for place in range(2)] == ["Newest · epoch 9", "epoch 9"]
    assert not live.keep.isEnabled()
    live.checkpoint.setCurrentIndex(2)
    qtbot.mouseClick(live.listen, CLICK)
    assert live.listen.text() == "Stop"
    qtbot.waitUntil(lambda: is_heard(window), timeout=MINUTE)
    assert window.workspace.transport.length.text() == "live"
    qtbot.waitUntil(lambda: "as fast as it plays" in live.speed.text(), timeout=MINUTE)
    qtbot.keyClick(live.temperature.slider, Qt.Key.Key_Right)
    qtbot.waitUntil(live.keep.isEnabled, timeout=MINUTE)
    known = len(window.project.value.clips)
    qtbot.mouseClick(live.keep, CLICK)
    qtbot.waitUntil(lambda: len(window.project.value.clips) == known + 1, timeout=MINUTE)
    clip = window.project.value.clips[-1]
    assert (clip.epoch, clip.temperature) == (3, TEMPERATURE)
    qtbot.mouseClick(live.listen, CLICK)
    assert not window.workspace.player.is_playing
    qtbot.waitUntil(lambda: not window.workspace.jobs.running, timeout=MINUTE)
    assert live.listen.text() == "Listen"
    assert live.keep.isEnabled()


def test_the_keys_work_in_the_window_and_in_the_panel(qtbot: QtBot, window: MainWindow) -> None:
    live = window.workspace.live
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL | SHIFT)  # there is nothing to keep: it says so, no more
    assert not live.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_E, CTRL | SHIFT)
    assert live.isVisible()
    qtbot.waitUntil(lambda: is_heard(window), timeout=MINUTE)
    qtbot.waitUntil(live.isActiveWindow, timeout=MINUTE)
    known = len(window.project.value.clips)
    qtbot.keyClick(live.listen, Qt.Key.Key_K, CTRL | SHIFT)
    qtbot.waitUntil(lambda: len(window.project.value.clips) == known + 1, timeout=MINUTE)
    qtbot.keyClick(live.listen, Qt.Key.Key_Space)  # as everywhere: it stops what plays
    assert not window.workspace.player.is_playing
    qtbot.waitUntil(lambda: live.listen.text() == "Listen", timeout=MINUTE)
    names = {action.text() for group in window.action_groups() for action in group.actions}
    assert {"Live…", "Listen live, or stop", "Keep what was heard live"} <= names


def test_another_checkpoint_is_heard_at_once(qtbot: QtBot, window: MainWindow) -> None:
    live = show(qtbot, window)
    qtbot.mouseClick(live.listen, CLICK)
    qtbot.waitUntil(lambda: is_heard(window), timeout=MINUTE)
    live.checkpoint.setFocus()
    qtbot.keyClick(live.checkpoint, Qt.Key.Key_End)
    live.checkpoint.activated.emit(live.checkpoint.currentIndex())
    player = window.workspace.player
    qtbot.waitUntil(lambda: getattr(player.source, "epoch", 0) == 1 and player.is_playing, timeout=MINUTE)
    assert live.listen.text() == "Stop"


def test_it_plays_along_to_a_recording_that_is_dropped(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    loop = tmp_path / "loop.wav"
    soundfile.write(loop, beat(120, 2), SONG_RATE)
    live = show(qtbot, window)
    qtbot.mouseClick(live.listen, CLICK)
    qtbot.waitUntil(lambda: is_heard(window), timeout=MINUTE)
    assert drop(live, files(loop))
    assert live.guide.sources.currentText() == "loop.wav"
    sound = live._sound
    assert sound is not None
    qtbot.waitUntil(lambda: sound.recording(0.1).guide.name == "loop.wav", timeout=MINUTE)
    qtbot.keyClick(live.guide.follow.slider, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: sound.recording(0.1).guide.follow == 0.99, timeout=MINUTE)
    known = len(window.project.value.clips)
    qtbot.mouseClick(live.keep, CLICK)
    qtbot.waitUntil(lambda: len(window.project.value.clips) == known + 1, timeout=MINUTE)
    assert window.project.value.clips[-1].guide == "loop.wav"
    # what is chosen stays for the next time it listens
    qtbot.mouseClick(live.listen, CLICK)
    qtbot.waitUntil(lambda: not window.workspace.jobs.running, timeout=MINUTE)
    qtbot.mouseClick(live.listen, CLICK)
    qtbot.waitUntil(lambda: live._sound is not sound and is_heard(window), timeout=MINUTE)
    again = live._sound
    assert again is not None
    qtbot.waitUntil(lambda: again.recording(0.1).guide.name == "loop.wav", timeout=MINUTE)


def test_a_guide_that_cannot_be_had_is_left_and_it_plays_on(qtbot: QtBot, window: MainWindow) -> None:
    live = show(qtbot, window)
    qtbot.mouseClick(live.listen, CLICK)
    qtbot.waitUntil(lambda: is_heard(window), timeout=MINUTE)
    live.guide.sources.setFocus()
    qtbot.keyClick(live.guide.sources, Qt.Key.Key_Down)  # a dream, of an album that is not prepared
    qtbot.waitUntil(lambda: "not prepared" in live.guide.words.text(), timeout=MINUTE)
    assert live.guide.choice.source == "none"
    assert live.listen.text() == "Stop"
    assert is_heard(window)


def test_a_guide_that_is_stopped_while_it_is_worked_out_says_nothing_of_how_far(
    qtbot: QtBot, window: MainWindow
) -> None:
    live = show(qtbot, window)
    live.guide.sources.setCurrentIndex(2)
    live.guide.sources.activated.emit(2)
    qtbot.mouseClick(live.listen, CLICK)
    live.guide.show_progress(0.3, "Finding the album's bars")
    qtbot.mouseClick(live.listen, CLICK)
    assert "30 %" not in live.guide.words.text()
    assert live.guide.choice.source == "album"
    qtbot.waitUntil(lambda: not window.workspace.jobs.running, timeout=MINUTE)
    assert live.guide.choice.source == "album"


def test_closing_the_panel_ends_it(qtbot: QtBot, window: MainWindow) -> None:
    live = show(qtbot, window)
    qtbot.mouseClick(live.listen, CLICK)
    qtbot.waitUntil(lambda: is_heard(window), timeout=MINUTE)
    qtbot.keyClick(live, Qt.Key.Key_Escape)
    assert not live.isVisible()
    assert not window.workspace.player.is_playing
    qtbot.waitUntil(lambda: not window.workspace.jobs.running, timeout=MINUTE)


def test_without_a_checkpoint_it_says_what_is_missing(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path) -> None:
    window = open_window(tmp_path / "New.deepcuts")
    live = show(qtbot, window)
    assert not live.listen.isEnabled()
    assert "Nothing has been learnt yet" in live.wave.accessibleName()
    qtbot.keyClick(live, Qt.Key.Key_E, CTRL | SHIFT)
    assert window.workspace.jobs.asked_for == []
    assert not live.is_playing


def test_the_speed_is_told_in_words() -> None:
    assert speed_words(None, False) == ""
    assert speed_words(12.4, False) == "12× as fast as it plays"
    assert speed_words(1.44, True) == "1.4× as fast as it plays · gathering"
    slow = speed_words(0.41, True)
    assert "0.4×" in slow
    assert "in pieces" in slow
