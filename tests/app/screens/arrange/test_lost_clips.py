"""Clips whose files are gone or damaged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.document.clip_names import DAMAGED, MISSING
from app.document.model import SONG_RATE
from app.screens.arrange import lost as arrange_lost
from app.screens.arrange.screen import ArrangeScreen
from app.widgets.clips.clip_model import ClipModel
from tests.app.screens.arrange.hand import CTRL, LEFT, SHIFT


def flaw_in_list(screen: ArrangeScreen, clip: str) -> str:
    model = screen.clips.list.clips
    return model.index(model.place_of(clip)).data(ClipModel.FlawRole)


def lose(screen: ArrangeScreen, clip: str, to: Path, qtbot: QtBot) -> Path:
    """Its file goes elsewhere while the artist is on another screen."""
    (screen.project.folder / f"clips/{clip}.flac").rename(to / "elsewhere.flac")
    qtbot.waitUntil(lambda: clip in screen.waves._peaks, timeout=20_000)
    screen.left()
    screen.entered()
    qtbot.waitUntil(lambda: screen.waves.flaws.get(clip) == MISSING, timeout=20_000)
    qtbot.waitUntil(lambda: flaw_in_list(screen, clip) == MISSING, timeout=20_000)
    return to / "elsewhere.flac"


def test_a_lost_clip_is_shown_located_and_heard_again(
    screen: ArrangeScreen, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = lose(screen, "c0001", tmp_path, qtbot)
    screen.timeline.state.select({"x5"})
    assert screen.panel.lost.isVisible()
    assert "missing" in screen.panel.lost.words.text()
    assert "file missing" in screen.timeline.voice.accessibleName()
    screen.timeline.state.select({"x1"})
    assert not screen.panel.lost.isVisible()

    screen.timeline.state.select({"x5"})
    screen.timeline.headers.headers[2].solo.click()
    clips = {part.clip for lane in screen.timeline.state.song.lanes for part in lane.sections}
    qtbot.waitUntil(lambda: clips <= screen.sound._sounds._open, timeout=20_000)
    source = screen.sound._source
    assert source is not None
    assert not source.read(4 * SONG_RATE, SONG_RATE).any()

    monkeypatch.setattr(arrange_lost, "ask_open_file", lambda *_: found)
    whole = [lambda *said: said == ("The clip e1 · 0001 is whole again.", "good")]
    with qtbot.waitSignals([screen.say], check_params_cbs=whole, timeout=20_000):
        qtbot.mouseClick(screen.panel.lost.locate, LEFT)
    qtbot.waitUntil(lambda: not screen.waves.flaws, timeout=20_000)
    qtbot.waitUntil(lambda: not screen.panel.lost.isVisible(), timeout=20_000)
    assert flaw_in_list(screen, "c0001") == ""
    qtbot.waitUntil(lambda: bool(np.any(source.read(4 * SONG_RATE, SONG_RATE))), timeout=20_000)


def test_a_file_that_does_not_fit_is_refused_in_plain_words(
    screen: ArrangeScreen, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose(screen, "c0001", tmp_path, qtbot)
    monkeypatch.setattr(arrange_lost, "ask_open_file", lambda *_: screen.project.folder / "clips/c0002.flac")
    refused = [lambda words, kind: "is not this clip" in words and kind == "bad"]
    with qtbot.waitSignals([screen.say], check_params_cbs=refused, timeout=20_000):
        QTest.keyClick(screen.timeline, Qt.Key.Key_O, CTRL | SHIFT)
    assert screen.waves.flaws == {"c0001": MISSING}


def test_a_clip_that_comes_back_by_itself_is_whole_again(screen: ArrangeScreen, qtbot: QtBot, tmp_path: Path) -> None:
    found = lose(screen, "c0001", tmp_path, qtbot)
    found.rename(screen.project.folder / "clips/c0001.flac")
    screen.entered()
    qtbot.waitUntil(lambda: not screen.waves.flaws, timeout=20_000)


def test_a_clip_that_is_cut_off_is_damaged_and_the_others_are_not(screen: ArrangeScreen, qtbot: QtBot) -> None:
    path = screen.project.folder / "clips/c0006.flac"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    clip = next(clip for clip in screen.project.value.clips if clip.id == "c0006")
    screen.waves.forget(clip)
    qtbot.waitUntil(lambda: screen.waves.flaws == {"c0006": DAMAGED}, timeout=20_000)
    screen.timeline.state.select({"x1"})
    assert "damaged" in screen.panel.lost.words.text()


def test_with_nothing_lost_there_is_nothing_to_locate(screen: ArrangeScreen, qtbot: QtBot) -> None:
    with qtbot.waitSignal(screen.say, timeout=20_000) as said:
        screen.lost.find.trigger()
    assert said.args[0] == "No clip is lost."
