"""What is asked before clips are generated."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLineEdit, QPushButton, QVBoxLayout
from pytestqt.qtbot import QtBot

from app.document.guide_choice import GuideChoice
from app.document.model import Marker, Run
from app.widgets.clips.checkpoint_choice import KeptRun
from app.widgets.clips.generate_dialog import GenerateDialog
from app.widgets.clips.generate_settings import GenerateSettings
from app.widgets.controls.drag_number import DragNumber
from app.widgets.controls.editable import EditableText
from app.widgets.controls.value_range import ValueRange
from app.widgets.timeline.marker_name import MarkerName
from samplernn.generation.sampling import TEMPERATURE

OLD = KeptRun(Run(id="run-1", preset="sketch", epoch=4, best_epoch=2), (1, 2, 4))
NEW = KeptRun(Run(id="run-2", preset="paper", epoch=9, best_epoch=9), (8, 9))


def choices(dialog: GenerateDialog) -> list[str]:
    return [dialog.checkpoint.itemText(place) for place in range(dialog.checkpoint.count())]


def test_the_newest_checkpoint_comes_first_then_the_best_then_all_that_are_kept(qtbot: QtBot) -> None:
    dialog = GenerateDialog([OLD], seed=77)
    qtbot.addWidget(dialog)
    assert choices(dialog) == ["Newest · epoch 4", "Best · epoch 2", "epoch 4", "epoch 2", "epoch 1"]
    assert dialog.settings() == GenerateSettings(
        "run-1", 4, 8, 30.0, TEMPERATURE, 77, escape=True, guide=GuideChoice("album")
    )


def test_several_runs_are_told_apart(qtbot: QtBot) -> None:
    dialog = GenerateDialog([OLD, NEW], seed=1)
    qtbot.addWidget(dialog)
    assert choices(dialog)[:3] == ["Newest of run-2 · epoch 9", "Newest of run-1 · epoch 4", "Best of run-1 · epoch 2"]
    dialog.checkpoint.setCurrentIndex(choices(dialog).index("run-1 · epoch 1"))
    settings = dialog.settings()
    assert (settings.run, settings.epoch) == ("run-1", 1)


def test_what_is_typed_is_what_is_wished_for(qtbot: QtBot) -> None:
    dialog = GenerateDialog([OLD], seed=77, before=GenerateSettings("run-1", 4, 3, 12.0, 0.8, 5))
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.settings() == GenerateSettings("run-1", 4, 3, 12.0, 0.8, 77)
    dialog.count.setValue(20)
    dialog.temperature.slider.setValue(110)
    QTest.keyClicks(dialog.seed, "42")
    assert dialog.settings() == GenerateSettings("run-1", 4, 20, 12.0, 1.1, 42)
    QTest.mouseClick(dialog.silence, Qt.MouseButton.LeftButton, pos=QPoint(8, dialog.silence.height() // 2))
    assert dialog.settings() == GenerateSettings("run-1", 4, 20, 12.0, 1.1, 42, in_silence=True)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.result() == GenerateDialog.DialogCode.Accepted


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape])
def test_the_key_that_ends_typing_a_value_does_not_answer_the_dialog(qtbot: QtBot, key: Qt.Key) -> None:
    dialog = GenerateDialog([OLD], seed=77)
    qtbot.addWidget(dialog)
    ended: list[int] = []
    dialog.finished.connect(ended.append)
    with qtbot.waitActive(dialog, timeout=20_000):
        dialog.show()
        dialog.activateWindow()
    before = dialog.temperature.value
    QTest.mouseClick(dialog.temperature.shown, Qt.MouseButton.LeftButton)
    entry = dialog.temperature.entry
    QTest.keyClicks(entry, "1,05")
    QTest.keyClick(entry, key)
    assert entry.isHidden()
    assert ended == []
    assert dialog.isVisible()
    assert dialog.temperature.value == (before if key == Qt.Key.Key_Escape else 105)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape])
@pytest.mark.parametrize("kind", ["number", "name", "marker"])
def test_so_it_is_with_every_field_that_is_there_only_while_one_types(qtbot: QtBot, kind: str, key: Qt.Key) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    default = QPushButton("Go")
    default.setDefault(True)
    default.clicked.connect(dialog.accept)
    number, name = DragNumber("Gain", ValueRange(0.0, 10.0, 5.0, "{:g}".format)), EditableText("Name")
    layout = QVBoxLayout(dialog)
    for widget in (number, name, default):
        layout.addWidget(widget)
    marker = MarkerName(dialog)
    ended: list[int] = []
    dialog.finished.connect(ended.append)
    with qtbot.waitActive(dialog, timeout=20_000):
        dialog.show()
        dialog.activateWindow()
    field: QLineEdit
    if kind == "number":
        number.entry.begin("5", number.rect())
        field = number.entry
    elif kind == "name":
        name.begin()
        field = name.field
    else:
        marker.open_at(Marker(id="k1", frame=0), 0, 2, 200)
        field = marker
    QTest.keyClicks(field, "7")
    QTest.keyClick(field, key)
    assert field.isHidden()
    assert ended == []
