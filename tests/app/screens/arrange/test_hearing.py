"""What plays while one arranges."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.document.edits.songs import mute_lane
from app.document.model import SONG_RATE
from app.screens.arrange.screen import ArrangeScreen


def test_the_song_plays_from_the_playhead_and_an_edit_is_heard(screen: ArrangeScreen, qtbot: QtBot) -> None:
    screen.sound.seek(SONG_RATE)
    screen.play()
    qtbot.waitUntil(lambda: screen.timeline.state.playhead > SONG_RATE, timeout=10_000)
    before = screen.player.source
    screen.timeline.headers.headers[0].mute.click()
    assert screen.player.source is not before
    assert screen.player.is_playing
    screen.player.pause()


def test_a_clip_plays_and_stops_with_space(screen: ArrangeScreen, qtbot: QtBot) -> None:
    clips = screen.clips.list
    clips.setFocus()
    clips.setCurrentIndex(clips.clips.index(0))
    QTest.keyClick(clips, Qt.Key.Key_Space)
    assert screen.player.is_playing
    assert screen.player.length == pytest.approx(9.0, abs=0.01)
    QTest.keyClick(clips, Qt.Key.Key_Space)
    assert not screen.player.is_playing
    screen.timeline.setFocus()
    screen.play()
    assert screen.player.length == pytest.approx(7.0, abs=0.01)
    screen.player.pause()


def test_a_clip_whose_file_is_gone_is_told_and_the_rest_goes_on(screen: ArrangeScreen, qtbot: QtBot) -> None:
    (screen.project.folder / "clips/c0003.flac").unlink()
    with qtbot.waitSignal(screen.say) as said:
        screen.sound.play_clip("c0003")
    assert "c0003" in said.args[0]
    screen.play()
    assert screen.player.is_playing
    screen.player.pause()


def test_the_song_goes_on_with_an_edit_made_elsewhere_and_stops_when_it_is_deleted(
    screen: ArrangeScreen, qtbot: QtBot
) -> None:
    screen.play()
    qtbot.waitUntil(lambda: screen.timeline.state.playhead > 0, timeout=10_000)
    screen.left()
    before = screen.player.source
    screen.project.edit("Mute", mute_lane, "l1", True)
    assert screen.player.source is not before
    assert screen.player.is_playing
    screen.project.put("Delete Songs", replace(screen.project.value, songs=()))
    assert not screen.player.is_playing
