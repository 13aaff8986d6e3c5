"""The line that asks what to play along to, by mouse and keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.document.guide_choice import NO_GUIDE, GuideChoice
from app.widgets.clips.live_guide_choice import LiveGuideChoice

LOOP = Path("/music/loop.wav")


@pytest.fixture
def chooser(qtbot: QtBot) -> LiveGuideChoice:
    chooser = LiveGuideChoice()
    qtbot.addWidget(chooser)
    chooser.resize(380, 120)
    with qtbot.waitExposed(chooser):
        chooser.show()
    return chooser


@pytest.fixture
def chosen(chooser: LiveGuideChoice) -> list[GuideChoice]:
    choices: list[GuideChoice] = []
    chooser.chosen.connect(choices.append)
    return choices


@pytest.fixture
def file_dialog(monkeypatch: pytest.MonkeyPatch) -> list[Path | None]:
    """What is answered where a file is asked for."""
    answers: list[Path | None] = []
    monkeypatch.setattr("app.widgets.clips.live_guide_choice.ask_open_file", lambda *_, **__: answers.pop(0))
    return answers


def choose(chooser: LiveGuideChoice, line: int) -> None:
    """Opens the list, goes to a line of it and takes that."""
    chooser.sources.setFocus()
    QTest.mouseClick(chooser.sources, Qt.MouseButton.LeftButton, pos=QPoint(20, 8))
    view = chooser.sources.view()
    QTest.keyClick(view, Qt.Key.Key_Home)
    for _ in range(line):
        QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Return)


def test_at_first_nothing_is_played_along_to(chooser: LiveGuideChoice) -> None:
    assert chooser.choice == NO_GUIDE
    assert not chooser.follow.isEnabled()


def test_a_guide_is_chosen_and_chosen_again(chooser: LiveGuideChoice, chosen: list[GuideChoice]) -> None:
    choose(chooser, 1)
    assert chosen == [GuideChoice("dream")]
    assert chooser.follow.isEnabled()
    choose(chooser, 1)
    assert len(chosen) == 2  # another dream
    assert "new bars" in chooser.words.text()
    chooser.show_progress(0.4, "Learning to dream")
    assert chooser.words.text() == "Learning to dream · 40 %"
    chooser.show_guide(123.6)
    assert "124 bpm" in chooser.words.text()
    choose(chooser, 0)
    assert chosen[-1] == NO_GUIDE
    assert not chooser.follow.isEnabled()
    assert "124" not in chooser.words.text()


def test_how_closely_is_told_while_it_moves(chooser: LiveGuideChoice, qtbot: QtBot) -> None:
    choose(chooser, 2)
    with qtbot.waitSignal(chooser.follow_moved) as moved:
        QTest.keyClick(chooser.follow.slider, Qt.Key.Key_Left)
    assert moved.args == [chooser.choice.follow]
    assert chooser.choice == GuideChoice("album", follow=0.99)


def test_a_file_is_asked_for(
    chooser: LiveGuideChoice, chosen: list[GuideChoice], file_dialog: list[Path | None]
) -> None:
    file_dialog += [None, LOOP, None, Path("/music/riff.mid")]
    choose(chooser, 1)
    choose(chooser, 3)  # and not given
    assert chooser.choice.source == "dream"
    choose(chooser, 3)
    assert chosen[-1] == GuideChoice("recording", LOOP)
    assert chooser.sources.currentText() == "loop.wav"
    choose(chooser, 3)
    assert chooser.choice.recording == LOOP
    choose(chooser, 3)
    assert chosen[-1] == GuideChoice("pattern", pattern=Path("/music/riff.mid"))
    assert len(chosen) == 3


def test_what_cannot_be_had_is_left_and_it_is_said_why(chooser: LiveGuideChoice) -> None:
    choose(chooser, 2)
    chooser.show_problem("Too few bars are found in the album to cut it anew.")
    assert chooser.choice.source == "none"
    assert "Too few bars" in chooser.words.text()
    assert not chooser.follow.isEnabled()


def test_long_names_do_not_widen_it(chooser: LiveGuideChoice) -> None:
    before = chooser.sizeHint().width()
    chooser.take_recording(Path("/music") / ("a very long name " * 20 + ".wav"))
    assert chooser.sizeHint().width() < max(before, 600)
