"""The dialog of one's own model, and the words that models are told in."""

from __future__ import annotations

from dataclasses import fields

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from app.jobs.train import PRESETS
from app.screens.train.custom_model import CustomModelDialog
from app.screens.train.custom_words import WORDS
from app.screens.train.model_words import badge_words, model_words

CLICK = Qt.MouseButton.LeftButton


def test_every_number_can_be_reached(qtbot: QtBot) -> None:
    start = PRESETS["paper"]
    dialog = CustomModelDialog(start)
    qtbot.addWidget(dialog)
    for kind, form, record in (("model", dialog.model, start.model), ("train", dialog.train, start.train)):
        assert set(form.values()) == {field.name for field in fields(record)}
        for field in fields(record):
            assert f"{kind}.{field.name}" in WORDS
    known = {f"model.{field.name}" for field in fields(start.model)}
    assert set(WORDS) == known | {f"train.{field.name}" for field in fields(start.train)}
    dialog.accept()
    assert dialog.preset is start


def test_any_preset_can_be_started_from(qtbot: QtBot) -> None:
    dialog = CustomModelDialog(PRESETS["sketch"])
    qtbot.addWidget(dialog)
    dialog.show()
    for preset in PRESETS.values():
        dialog.start.setCurrentText(preset.title)
        dialog.start.activated.emit(dialog.start.currentIndex())
        dialog.accept()
        assert dialog.preset is preset


def test_numbers_of_ones_own_are_taken_or_refused_in_words(qtbot: QtBot) -> None:
    dialog = CustomModelDialog(PRESETS["sketch"])
    qtbot.addWidget(dialog)
    dialog.show()
    width, sizes = dialog.model.editor("width"), dialog.model.editor("frame_sizes")
    assert isinstance(width, QSpinBox)
    assert isinstance(sizes, QLineEdit)
    sizes.setText("16, 3")
    qtbot.mouseClick(dialog.use, CLICK)
    assert dialog.isVisible()
    assert "do not make a model" in dialog.complaint()
    sizes.setText("many")
    qtbot.mouseClick(dialog.use, CLICK)
    assert "not a number" in dialog.complaint()
    sizes.setText("64, 16")
    width.setValue(384)
    dialog.rate.setCurrentText("22050")
    qtbot.mouseClick(dialog.use, CLICK)
    assert not dialog.isVisible()
    assert dialog.preset.name == "custom"
    assert (dialog.preset.model.frame_sizes, dialog.preset.model.width) == ((64, 16), 384)
    assert dialog.preset.rate == 22_050


def test_a_model_is_told_in_a_few_words() -> None:
    assert badge_words(PRESETS["sketch"]) == "sketch · 2-tier LSTM · 256 · 16 kHz"
    assert badge_words(PRESETS["paper"]) == "paper 2018 · 2-tier LSTM ×5 · 1024 · 16 kHz"
    assert badge_words(PRESETS["three-tier-iclr"]) == "3-tier GRU · 1024 · 16 kHz"
    assert model_words(PRESETS["two-tier-iclr"]) == "2-tier GRU ×3 · 1024 · 16 kHz"
