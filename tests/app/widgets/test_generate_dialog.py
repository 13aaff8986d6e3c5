"""What is asked before clips are generated."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.document.model import Run
from app.widgets.checkpoint_choice import KeptRun
from app.widgets.generate_dialog import GenerateDialog, Wish
from samplernn.steering import TEMPERATURE

OLD = KeptRun(Run(id="run-1", preset="sketch", epoch=4, best_epoch=2), (1, 2, 4))
NEW = KeptRun(Run(id="run-2", preset="paper", epoch=9, best_epoch=9), (8, 9))


def choices(dialog: GenerateDialog) -> list[str]:
    return [dialog.checkpoint.itemText(place) for place in range(dialog.checkpoint.count())]


def test_the_newest_checkpoint_comes_first_then_the_best_then_all_that_are_kept(qtbot: QtBot) -> None:
    dialog = GenerateDialog([OLD], seed=77)
    qtbot.addWidget(dialog)
    assert choices(dialog) == ["Newest · epoch 4", "Best · epoch 2", "epoch 4", "epoch 2", "epoch 1"]
    assert dialog.wish() == Wish("run-1", 4, 8, 30.0, TEMPERATURE, 77, escape=True)


def test_several_runs_are_told_apart(qtbot: QtBot) -> None:
    dialog = GenerateDialog([OLD, NEW], seed=1)
    qtbot.addWidget(dialog)
    assert choices(dialog)[:3] == ["Newest of run-2 · epoch 9", "Newest of run-1 · epoch 4", "Best of run-1 · epoch 2"]
    dialog.checkpoint.setCurrentIndex(choices(dialog).index("run-1 · epoch 1"))
    wish = dialog.wish()
    assert (wish.run, wish.epoch) == ("run-1", 1)


def test_what_is_typed_is_what_is_wished_for(qtbot: QtBot) -> None:
    dialog = GenerateDialog([OLD], seed=77, before=Wish("run-1", 4, 3, 12.0, 0.8, 5))
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.wish() == Wish("run-1", 4, 3, 12.0, 0.8, 77)
    dialog.count.setValue(20)
    dialog.temperature.slider.setValue(110)
    QTest.keyClicks(dialog.seed, "42")
    assert dialog.wish() == Wish("run-1", 4, 20, 12.0, 1.1, 42)
    QTest.mouseClick(dialog.silence, Qt.MouseButton.LeftButton, pos=QPoint(8, dialog.silence.height() // 2))
    assert dialog.wish() == Wish("run-1", 4, 20, 12.0, 1.1, 42, in_silence=True)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.result() == GenerateDialog.DialogCode.Accepted
