"""What clips play along to, as it is chosen before they are generated."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.document.guide_choice import GuideChoice
from app.widgets import theme
from app.widgets.clips.checkpoint_choice import KeptRun
from app.widgets.clips.generate_dialog import GenerateDialog
from app.widgets.clips.generate_settings import GenerateSettings, GuideQuestion
from app.widgets.clips.guide_picture import GuidePicture, shares_of
from app.widgets.clips.guide_view import ShownGuide
from tests.app.screens.dropping import drop, files, words

LEFT = Qt.MouseButton.LeftButton
LOOP, OTHER = Path("/music/loop.wav"), Path("/music/other.wav")
SHOWN = ShownGuide(np.full((500, 20), -40.0, np.float32), 2.0, 11.0, 124.0)
Open = Callable[..., GenerateDialog]


def asked(dialog: GenerateDialog) -> list[GuideQuestion | None]:
    questions: list[GuideQuestion | None] = []
    dialog.guide_asked.connect(questions.append)
    return questions


def click(dialog: GenerateDialog, key: str) -> None:
    QTest.mouseClick(dialog.cards.card(key), LEFT)


def test_the_album_is_asked_for_at_first(qtbot: QtBot, runs: list[KeptRun]) -> None:
    dialog = GenerateDialog(runs, 77)
    qtbot.addWidget(dialog)
    questions = asked(dialog)
    dialog.show()
    assert questions == [GuideQuestion(GuideChoice("album"), 30.0, 77)]
    dialog.show_guide_progress(0.4, "Finding the album's bars")
    assert dialog.guide.words.text() == "Finding the album's bars"
    assert not dialog.guide.hear.isEnabled()
    assert dialog.generate.isEnabled()
    dialog.show_guide(SHOWN)
    assert dialog.guide.facts.text() == "0:11 · 124 bpm"
    assert dialog.guide.picture.isVisible()
    with qtbot.waitSignal(dialog.hear_asked):
        QTest.mouseClick(dialog.guide.hear, LEFT)
    dialog.show_heard(True)
    assert dialog.guide.hear.text() == "Stop"


def test_a_guide_is_chosen_by_click(opened: Open, file_dialog: list[Path | None]) -> None:
    dialog = opened()
    questions = asked(dialog)
    click(dialog, "none")
    assert dialog.settings().guide == GuideChoice("none")
    assert not dialog.follow.isEnabled()
    file_dialog.append(LOOP)
    click(dialog, "recording")
    assert dialog.settings().guide == GuideChoice("recording", LOOP)
    assert dialog.follow.isEnabled()
    dialog.follow.slider.setValue(60)
    file_dialog.append(OTHER)
    click(dialog, "recording")
    assert dialog.settings().guide == GuideChoice("recording", OTHER, 0.6)
    click(dialog, "album")
    assert dialog.settings().guide.source == "album"
    assert [None if each is None else (each.guide.source, each.guide.recording) for each in questions] == [
        None,
        ("recording", LOOP),
        ("recording", OTHER),
        ("album", OTHER),
    ]


def test_a_guide_is_chosen_by_key(opened: Open, file_dialog: list[Path | None]) -> None:
    dialog = opened()
    assert dialog.focusWidget() is dialog.cards.card("album")
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Down)
    assert dialog.focusWidget() is dialog.cards.card("recording")
    assert dialog.settings().guide == GuideChoice("recording")
    assert dialog.guide.file.isVisible()
    assert not dialog.generate.isEnabled()
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    assert dialog.isVisible()
    file_dialog.append(LOOP)
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Space)
    assert dialog.settings().guide == GuideChoice("recording", LOOP)
    assert dialog.generate.isEnabled()
    for _ in range(3):
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Up)
    assert dialog.settings().guide.source == "none"
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    assert dialog.result() == GenerateDialog.DialogCode.Accepted


def test_escape_closes(opened: Open) -> None:
    dialog = opened()
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert dialog.result() == GenerateDialog.DialogCode.Rejected


def test_the_tab_key_goes_from_the_top_to_the_bottom(opened: Open) -> None:
    dialog = opened(GenerateSettings("run-1", 4, 3, 12.0, 0.8, 5, last_temperature=1.0, guide=GuideChoice("album")))
    dialog.show_guide(SHOWN)
    fields: list[QWidget] = [
        dialog.guide.hear, dialog.follow.slider, dialog.temperature.slider, dialog.last_temperature.slider,
        dialog.likeliest.slider, dialog.custom.toggle, dialog.count, dialog.seconds, dialog.seed,
        dialog.changing, dialog.escape,
        dialog.silence, dialog.cancel, dialog.generate, dialog.checkpoint, dialog.cards.card("album"),
    ]  # fmt: skip
    for field in fields:
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        focus = dialog.focusWidget()
        assert focus is field, f"{focus} {focus.accessibleName()}"


def test_who_chooses_no_file_has_what_was_chosen_before(opened: Open, file_dialog: list[Path | None]) -> None:
    dialog = opened()
    file_dialog.append(None)
    click(dialog, "recording")
    assert dialog.cards.key == dialog.settings().guide.source == "album"
    file_dialog.extend([LOOP, None])
    click(dialog, "recording")
    click(dialog, "recording")
    assert dialog.settings().guide == GuideChoice("recording", LOOP)
    assert dialog.cards.key == "recording"


def test_a_file_is_dropped(opened: Open) -> None:
    dialog = opened()
    assert not drop(dialog, words("no file"))
    assert drop(dialog, files(LOOP, OTHER))
    assert dialog.settings().guide == GuideChoice("recording", LOOP)
    assert dialog.cards.key == "recording"


def test_an_album_that_cannot_be_cut_is_left_and_it_is_said_why(opened: Open) -> None:
    dialog = opened()
    dialog.show_guide_problem("Too few bars are found in the album to cut it anew.")
    assert dialog.cards.key == dialog.settings().guide.source == "none"
    assert not dialog.cards.card("album").isEnabled()
    assert dialog.focusWidget() is dialog.cards.card("none")
    assert "Too few bars" in dialog.guide.words.text()
    assert dialog.generate.isEnabled()
    assert dialog.to_remember().guide.source == "album"  # next time it may be another album
    click(dialog, "none")
    assert dialog.to_remember() == dialog.settings()


def test_a_dream_is_chosen_shown_and_left_where_the_album_has_no_bars(opened: Open) -> None:
    dialog = opened()
    questions = asked(dialog)
    click(dialog, "dream")
    assert questions == [GuideQuestion(GuideChoice("dream"), 30.0, 77)]
    assert dialog.settings().guide == GuideChoice("dream")
    assert dialog.follow.isEnabled()
    dialog.show_guide(SHOWN)
    assert "a dream of its own" in dialog.guide.caption.whole
    dialog.show_guide_problem("Too few bars are found in the album to dream of it.")
    assert dialog.settings().guide.source == dialog.cards.key == "none"
    assert not dialog.cards.card("dream").isEnabled()
    assert not dialog.cards.card("album").isEnabled()
    assert dialog.to_remember().guide.source == "dream"


def test_a_recording_that_cannot_be_taken_is_not_generated_to(opened: Open, file_dialog: list[Path | None]) -> None:
    dialog = opened()
    dialog.sources.take_file(LOOP)
    dialog.show_guide_problem("“loop.wav” is silent: there is nothing to play along to. Choose another file.")
    assert "is silent" in dialog.guide.words.text()
    assert not dialog.generate.isEnabled()
    file_dialog.append(OTHER)
    QTest.mouseClick(dialog.guide.file, LEFT)
    assert dialog.generate.isEnabled()
    assert dialog.settings().guide.recording == OTHER
    dialog.show_guide_problem("“other.wav” is silent.")
    click(dialog, "none")
    assert dialog.generate.isEnabled()


def test_another_length_or_seed_is_another_guide(qtbot: QtBot, opened: Open) -> None:
    dialog = opened()
    questions = asked(dialog)
    dialog.seconds.setValue(40)
    dialog.seconds.setValue(41)
    QTest.keyClicks(dialog.seed, "123")
    qtbot.waitUntil(lambda: bool(questions), timeout=10_000)
    assert questions == [GuideQuestion(GuideChoice("album"), 41.0, 123)]
    dialog.count.setValue(3)
    dialog.follow.slider.setValue(40)
    qtbot.wait(500)
    assert len(questions) == 1


def test_a_guide_of_another_length_is_neither_shown_nor_heard(qtbot: QtBot, opened: Open) -> None:
    dialog = opened()
    questions = asked(dialog)
    guide = ShownGuide(np.full((1000, 20), -60.0, np.float32), 10.0, None, 120.0)
    dialog.show_guide(guide)
    assert dialog.guide.hear.isEnabled()
    dialog.seconds.setValue(2)
    assert not dialog.guide.hear.isEnabled()
    dialog.show_guide(guide)  # the one that was being worked out is ready only now
    assert not dialog.guide.hear.isEnabled()
    qtbot.waitUntil(lambda: bool(questions), timeout=10_000)
    dialog.show_guide(guide)
    assert dialog.guide.hear.isEnabled()


def test_the_parts_of_a_guide_are_blocks_below_its_picture(opened: Open) -> None:
    """As wide as they last, with their names; what goes on after the picture is cut off."""
    dialog, strokes = opened(), np.full((2500, 20), -40.0, np.float32)
    dialog.show_guide(ShownGuide(strokes, 10.0, None, 240.0, (("A", 4.0), ("B", 4.0), ("A", 4.0), ("C", 4.0))))
    parts = dialog.guide.parts
    assert parts.isVisible()
    assert parts.blocks() == [("A", 0.0, 0.4), ("B", 0.4, 0.8), ("A", 0.8, 1.0)]
    assert parts.accessibleName().endswith("A, B, A")
    below = dialog.guide.picture.mapTo(dialog.guide, dialog.guide.picture.rect().bottomLeft())
    above = parts.mapTo(dialog.guide, QPoint())
    assert above.y() > below.y()
    assert above.x() == below.x()
    assert parts.width() == dialog.guide.picture.width()
    picture = parts.grab().toImage()
    between, inside = (picture.pixelColor(round(x * picture.width()), 2) for x in (0.4 - 1 / parts.width(), 0.2))
    assert inside == QColor(theme.PRESSED) != between
    height = dialog.guide.height()
    dialog.show_guide(ShownGuide(strokes, 10.0, None, 240.0))  # a guide without parts
    assert not parts.isVisible()
    assert dialog.guide.height() == height


def test_what_was_chosen_last_time_is_chosen_again(opened: Open) -> None:
    guide = GuideChoice("recording", LOOP, 0.4)
    dialog = opened(GenerateSettings("run-1", 4, 3, 12.0, 0.8, 5, guide=guide))
    assert dialog.settings().guide == guide
    assert dialog.guide.name.whole == "loop.wav"


def test_strokes_are_bright_and_what_lies_between_is_dark() -> None:
    strokes = np.full((1000, 20), -60.0, np.float32)
    strokes[::100, :10] = -20.0  # ten strokes below
    strokes[50::100, 10:] = -40.0  # ten fainter ones above
    shares = shares_of(strokes, 100)
    assert shares.shape == (100, 20)
    assert (shares[::10, :10] > 0.95).all()
    assert (shares[5::10, :10] < 0.05).all()
    assert (shares[5::10, 10:] > 0.4).all()
    assert (shares[5::10, 10:] < 0.95).all()
    assert shares_of(strokes[:7], 100).shape == (7, 20)
    assert np.isfinite(shares_of(np.zeros((50, 20), np.float32), 10)).all()


def test_low_bands_are_at_the_bottom(qtbot: QtBot) -> None:
    picture = GuidePicture()
    qtbot.addWidget(picture)
    picture.resize(100, 80)
    strokes = np.full((1000, 20), -90.0, np.float32)
    strokes[::50, :3] = -20.0
    picture.show_strokes(strokes)
    image = picture.grab().toImage()
    brightest = [max(QColor(image.pixel(QPoint(x, y))).red() for x in range(100)) for y in (1, 40, 77)]
    assert brightest[2] > 240
    assert brightest[0] < 80
