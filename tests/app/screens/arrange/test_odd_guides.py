"""Odd files dropped onto the Generate dialog, quickly one after the other, and files that go while they are chosen."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.document.model import SONG_RATE
from app.screens.arrange.screen import ArrangeScreen
from app.widgets.clips.generate_dialog import GenerateDialog
from tests.app.conftest import MINUTE
from tests.app.drums import beat
from tests.app.screens.arrange.hand import LEFT
from tests.app.screens.arrange.test_generating import Answer, ask, loop

__all__ = ["ask", "loop"]


def drop(dialog: GenerateDialog, *urls: QUrl) -> bool:
    """Drops these with the mouse; whether the dialog wants them."""
    data = QMimeData()
    data.setUrls(list(urls))
    place, copy, none = QPointF(dialog.rect().center()), Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place.toPoint(), copy, data, LEFT, none)
    QApplication.sendEvent(dialog, enter)
    if enter.isAccepted():
        QApplication.sendEvent(dialog, QDropEvent(place, copy, data, LEFT, none))
    return enter.isAccepted()


def local(path: Path) -> QUrl:
    return QUrl.fromLocalFile(str(path))


@pytest.mark.skipif(os.name != "posix", reason="pipes, devices and links as Linux and macOS have them")
def test_whatever_is_dropped_gets_a_sentence_and_the_next_one_plays(
    screen: ArrangeScreen, qtbot: QtBot, ask: Callable[[Answer], None], loop: Path, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    (tmp_path / "zero.wav").symlink_to("/dev/zero")
    (tmp_path / "circle.wav").symlink_to(tmp_path / "circle.wav")
    (tmp_path / "folder.mid").mkdir()
    (tmp_path / "\u202egnp.wav").write_bytes(b"RIFF" + bytes(100))
    (tmp_path / ("x" * 240 + ".wav")).write_bytes(b"")
    (tmp_path / "of a project.json").write_bytes((screen.project.folder / "project.json").read_bytes())
    soundfile.write(tmp_path / "one frame.wav", np.zeros(1), SONG_RATE)
    odd = [path for path in sorted(tmp_path.iterdir()) if path not in (loop, screen.project.folder)]
    assert len(odd) >= 8

    def answer(dialog: GenerateDialog) -> None:
        assert not drop(dialog, QUrl("https://example.org/loop.wav"))
        assert not drop(dialog)
        for path in [*odd, tmp_path / "gone.wav"]:
            assert drop(dialog, local(path))
            qtbot.waitUntil(lambda: bool(dialog.sources.view.words.text()) and not dialog.generate.isEnabled())
            qtbot.waitUntil(lambda: not screen.jobs.running, timeout=MINUTE)
            assert "\n" not in dialog.sources.view.words.text()
            assert not dialog.generate.isEnabled()
        for path in odd * 3:  # faster than they can be looked at
            drop(dialog, local(path))
        drop(dialog, local(loop), local(odd[0]))
        qtbot.waitUntil(lambda: dialog.guide.hear.isEnabled(), timeout=MINUTE)
        assert dialog.guide.name.whole == "loop.wav"
        drop(dialog, local(odd[0]))
        dialog.reject()

    ask(answer)


def test_a_recording_that_is_gone_by_then_makes_no_clips_and_says_so(
    screen: ArrangeScreen, qtbot: QtBot, ask: Callable[[Answer], None], loop: Path
) -> None:
    said: list[tuple[str, str]] = []
    screen.say.connect(lambda words, kind: said.append((words, kind)))
    before = screen.project.value.clips

    def answer(dialog: GenerateDialog) -> None:
        drop(dialog, local(loop))
        qtbot.waitUntil(lambda: dialog.guide.hear.isEnabled(), timeout=MINUTE)
        loop.unlink()
        QTest.mouseClick(dialog.generate, LEFT)

    ask(answer)
    qtbot.waitUntil(lambda: any("loop.wav" in words for words, _ in said), timeout=MINUTE)
    assert screen.project.value.clips == before


def test_a_recording_that_is_another_one_by_then_is_played_as_it_is(
    screen: ArrangeScreen, qtbot: QtBot, ask: Callable[[Answer], None], loop: Path
) -> None:
    def answer(dialog: GenerateDialog) -> None:
        drop(dialog, local(loop))
        qtbot.waitUntil(lambda: dialog.guide.hear.isEnabled(), timeout=MINUTE)
        soundfile.write(loop, beat(90, 3), SONG_RATE)
        QTest.mouseClick(dialog.generate, LEFT)

    ask(answer)
    qtbot.waitUntil(lambda: len(screen.project.value.clips) == 8, timeout=MINUTE)
