"""In no dialog does the wheel turn a number that the person is not at work on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QDoubleSpinBox, QSlider, QSpinBox
from pytestqt.qtbot import QtBot

from app.document.model import Project, Run
from app.jobs.job import JobList
from app.jobs.peaks import ClipWaves
from app.jobs.train import PRESETS
from app.screens.train.custom_model import CustomModelDialog
from app.screens.window.make_for_me import MakeForMe
from app.session.open_project import OpenProject
from app.widgets.clips.checkpoint_choice import KeptRun
from app.widgets.clips.generate_dialog import GenerateDialog
from app.widgets.songs.tempo_dialog import TempoDialog

Field = QSpinBox | QDoubleSpinBox | QComboBox | QSlider
KINDS: tuple[type[Field], ...] = (QSpinBox, QDoubleSpinBox, QComboBox, QSlider)


def generate(project: OpenProject) -> QDialog:
    return GenerateDialog([KeptRun(Run(id="run-1", preset="sketch", epoch=4, best_epoch=2), (1, 2, 4))], seed=1)


def make_for_me(project: OpenProject) -> QDialog:
    return MakeForMe(project, JobList())


def custom(project: OpenProject) -> QDialog:
    return CustomModelDialog(PRESETS["sketch"])


def tempo(project: OpenProject) -> QDialog:
    waves = ClipWaves(project.folder)
    dialog = TempoDialog(project.value.clips[0], None, (), waves, QColor("white"))
    dialog.destroyed.connect(waves.close)
    return dialog


def turn(field: Field) -> None:
    at = QPointF(field.rect().center())
    none = (Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase)
    for notch in (-120, 120, 120):
        event = QWheelEvent(at, field.mapToGlobal(at), QPoint(), QPoint(0, notch), *none, False)
        QApplication.sendEvent(field, event)


def value(field: Field) -> object:
    return field.currentIndex() if isinstance(field, QComboBox) else field.value()


@pytest.mark.parametrize("make", [generate, make_for_me, custom, tempo])
def test_the_wheel_turns_no_field_that_has_no_focus(
    qtbot: QtBot, made_project: tuple[Path, Project], make: Callable[[OpenProject], QDialog]
) -> None:
    project = OpenProject(*made_project)
    dialog = make(project)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    fields = [field for kind in KINDS for field in dialog.findChildren(kind) if field.isVisible()]
    before = [value(field) for field in fields]
    for field in fields:
        field.clearFocus()
        turn(field)
    assert len(fields) >= 2
    assert [value(field) for field in fields] == before
    number = next(field for field in fields if isinstance(field, QSpinBox | QDoubleSpinBox | QSlider))
    dialog.activateWindow()
    number.setFocus()
    qtbot.waitUntil(number.hasFocus)
    turn(number)
    assert value(number) != before[fields.index(number)]
    project.close()
