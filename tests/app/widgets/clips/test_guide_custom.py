"""How else than closely a guide is followed: fields that count while they are shown, in the question for clips."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from app.document.guide_choice import GuideChoice
from app.document.model import Clip
from app.widgets.clips.clip_model import ClipModel
from app.widgets.clips.generate_dialog import GenerateDialog
from app.widgets.clips.generate_settings import GenerateSettings, GuideQuestion

LEFT = Qt.MouseButton.LeftButton
SETTINGS = GenerateSettings(
    run="run-1", epoch=2, count=3, seconds=12.0, temperature=0.9, seed=5, guide=GuideChoice("album")
)
Opened = Callable[..., GenerateDialog]


def choose(field: QComboBox, words: str) -> None:
    """As by hand: the list tells that something was chosen."""
    field.setCurrentIndex(field.findText(words))
    field.activated.emit(field.currentIndex())


def test_the_fields_count_while_they_are_shown(qtbot: QtBot, opened: Opened) -> None:
    dialog = opened()
    asked: list[GuideQuestion] = []
    dialog.guide_asked.connect(asked.append)
    custom = dialog.custom
    assert not custom.isVisible()
    assert dialog.settings().guide.manner == ""
    QTest.mouseClick(custom.toggle, LEFT)
    assert custom.isVisible()
    choose(custom.parts, "notes only")
    choose(custom.fineness, "coarse notes")
    QTest.mouseClick(custom.in_a_row, LEFT)
    assert dialog.settings().guide.manner == "notes only, coarse notes, bars may follow as on the album"
    qtbot.waitUntil(lambda: bool(asked))  # the picture is made anew
    assert asked[-1].guide == dialog.settings().guide
    QTest.mouseClick(custom.toggle, LEFT)
    assert not custom.isVisible()
    assert dialog.settings().guide.manner == ""


def test_what_means_nothing_is_out_of_reach(qtbot: QtBot, opened: Opened) -> None:
    dialog = opened()
    custom = dialog.custom
    QTest.mouseClick(custom.toggle, LEFT)
    choose(custom.parts, "strokes only")
    assert not custom.fineness.isEnabled()
    choose(custom.parts, "both")
    assert custom.fineness.isEnabled()
    assert custom.in_a_row.isEnabled()
    dialog.sources.choose("dream")
    assert not custom.in_a_row.isEnabled()
    dialog.sources.choose("none")
    assert not custom.toggle.isEnabled()
    assert not custom.isEnabled()


def test_what_was_chosen_last_time_is_chosen_again(opened: Opened) -> None:
    guide = GuideChoice("album", follow=0.5, heed="strokes", in_a_row=True)
    dialog = opened(before=replace(SETTINGS, guide=guide))
    assert dialog.custom.isVisible()
    assert dialog.settings().guide.manner == guide.manner
    assert not opened(before=SETTINGS).custom.isVisible()


def test_a_clip_tells_how_it_was_followed(qtbot: QtBot) -> None:
    clip = Clip(
        id="c0001", run="r", epoch=1, file="clips/c0001.flac", rate=16_000, samples=16_000, seed=0, temperature=1.0,
        guide="loop.wav", manner="strokes only",
    )  # fmt: skip
    model = ClipModel()
    model.put((clip,), {})
    index = model.index(0, 0)
    tip, spoken = (index.data(role) for role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole))
    assert "loop.wav" in tip
    assert tip.partition("\n")[0].endswith("strokes only")
    assert "strokes only" in spoken
