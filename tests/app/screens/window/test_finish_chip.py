"""The chip at the foot of the window: what is put on clips, chosen, taken back, and heard."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.document.edits.release import name_release, set_finish
from app.document.model import Project
from app.document.store import save_project
from app.screens.arrange.screen import ArrangeScreen
from app.screens.export.screen import ExportScreen
from app.screens.window.main_window import MainWindow
from app.widgets.frame.finish_chip import FinishChip
from tests.app.finishes import give_finish
from tests.app.screens.window.test_main_window import NO_KEYS, Open

MINUTE = 60_000
LEFT = Qt.MouseButton.LeftButton


def chip_of(window: MainWindow) -> FinishChip:
    return window.workspace.transport.finish


def pick(qtbot: QtBot, chip: FinishChip, choice: str) -> None:
    qtbot.mouseClick(chip, LEFT)
    qtbot.waitUntil(chip.menu_.isVisible)
    where = chip.menu_.actionGeometry(chip.choices[choice]).center()  # type: ignore[index]
    qtbot.mouseClick(chip.menu_, LEFT, pos=where)
    qtbot.waitUntil(lambda: not chip.menu_.isVisible())


def test_before_anything_is_learnt_it_says_so(
    qtbot: QtBot, open_window: Open, made_project: tuple[Path, Project]
) -> None:
    window = open_window(made_project[0])
    chip = chip_of(window)
    assert chip.text() == "as made"
    assert "Train" in chip.toolTip()
    assert [action.isEnabled() for action in chip.choices.values()] == [False, False, True]
    give_finish(made_project[0])
    window.project.edit("Name release", name_release, "Another", "Band")  # as the end of an epoch would
    assert chip.text() == "as the album"
    assert chip.choices["album"].isChecked()


def test_it_is_chosen_taken_back_and_heard(qtbot: QtBot, open_window: Open, made_project: tuple[Path, Project]) -> None:
    folder, _ = made_project
    give_finish(folder)
    window = open_window(folder)
    window.workspace.go("arrange")
    screen = window.workspace.screens["arrange"]
    assert isinstance(screen, ArrangeScreen)

    def width() -> float:
        source = window.workspace.player.source
        assert source is not None
        sound = source.read(0, 3 * source.rate)
        return float(np.abs(sound[:, 0] - sound[:, 1]).mean())

    qtbot.waitUntil(lambda: window.workspace.player.source is not None)
    chip = chip_of(window)
    qtbot.waitUntil(lambda: not screen.sound._sounds.is_behind, timeout=MINUTE)
    wide = width()
    pick(qtbot, chip, "made")
    assert window.project.value.release.finish == "made"
    assert chip.text() == "as made"
    qtbot.waitUntil(lambda: width() != wide, timeout=MINUTE)
    window.actions_.undo.trigger()
    assert window.project.value.release.finish == "album"
    assert chip.text() == "as the album"
    qtbot.waitUntil(lambda: width() == wide, timeout=MINUTE)
    assert "finish" in window.actions_.redo.text()


def test_it_is_reached_by_keys_and_by_name(qtbot: QtBot, open_window: Open, made_project: tuple[Path, Project]) -> None:
    give_finish(made_project[0])
    window = open_window(made_project[0])
    chip = chip_of(window)
    chip.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(chip, Qt.Key.Key_Return)
    qtbot.waitUntil(chip.menu_.isVisible)
    qtbot.keyClick(chip.menu_, Qt.Key.Key_Down, NO_KEYS)
    qtbot.keyClick(chip.menu_, Qt.Key.Key_Return, NO_KEYS)
    assert window.project.value.release.finish == "air"
    assert chip.text() == "air only"
    window.actions_.finish.trigger()
    qtbot.waitUntil(chip.menu_.isVisible)
    chip.menu_.close()


def test_songs_to_be_exported_are_measured_anew(
    qtbot: QtBot, open_window: Open, made_project: tuple[Path, Project]
) -> None:
    folder, project = made_project
    give_finish(folder, width_db=6.0)
    save_project(folder, set_finish(project, "made"))
    window = open_window(folder)
    window.workspace.go("export")
    screen = window.workspace.screens["export"]
    assert isinstance(screen, ExportScreen)

    def measured() -> list[float]:
        return [summary.measured.lufs for summary in screen.summaries.known.values()]

    qtbot.waitUntil(lambda: len(measured()) == 2, timeout=MINUTE)
    before = measured()
    pick(qtbot, chip_of(window), "album")
    qtbot.waitUntil(lambda: len(measured()) == 2 and measured() != before, timeout=MINUTE)
    screen.play()
    qtbot.waitUntil(lambda: screen.sound.is_loaded)
    screen.player.pause()


def test_a_mono_album_has_nothing_to_put_on(qtbot: QtBot) -> None:
    chip = FinishChip()
    qtbot.addWidget(chip)
    chip.show_finish("album", (False, False))
    assert chip.text() == "as made"
    assert "mono" in chip.toolTip()
    chip.show_finish("air", (True, False))
    assert chip.text() == "air only"
    chip.show_finish("air", (False, True))
    assert chip.text() == "as made"
    assert not chip.choices["air"].isEnabled()
    assert chip.choices["album"].isEnabled()
