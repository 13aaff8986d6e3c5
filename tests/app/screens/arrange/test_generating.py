"""Clips that play along to something: chosen in the dialog, worked out and generated in threads of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.document.model import SONG_RATE, Clip
from app.document.store import ProjectFolder
from app.screens.arrange.screen import ArrangeScreen
from app.studio.guides.bars import Bars, bars_of
from app.widgets.clips.clip_model import ClipModel
from app.widgets.clips.generate_dialog import GenerateDialog
from resources.progress import Cancelled, Report, no_report
from samplernn.data.build import build_dataset
from samplernn.data.dataset import Dataset
from tests.app.conftest import MINUTE, add_checkpoints
from tests.app.drums import beat
from tests.app.screens.arrange.hand import LEFT, generate_by

Answer = Callable[[GenerateDialog], None]


@pytest.fixture
def ask(screen: ArrangeScreen) -> Callable[[Answer], None]:
    """Opens the dialog and answers it; what goes wrong in the answer is raised here, and the dialog is closed."""
    add_checkpoints(screen.project.folder, 5)

    def ask(answer: Answer) -> None:
        def give(dialog: GenerateDialog) -> None:
            dialog.count.setValue(2)
            dialog.seconds.setValue(2)
            answer(dialog)

        generate_by(screen, give)

    return ask


@pytest.fixture
def loop(tmp_path: Path) -> Path:
    path = tmp_path / "loop.wav"
    soundfile.write(path, beat(120, 2), SONG_RATE)
    return path


def with_album(folder: Path) -> None:
    track = folder / "drums.wav"
    soundfile.write(track, beat(120, 40), SONG_RATE)
    build_dataset([track], ProjectFolder(folder).dataset, 16_000)


def made(screen: ArrangeScreen, qtbot: QtBot) -> tuple[Clip, ...]:
    qtbot.waitUntil(lambda: len(screen.project.value.clips) == 8, timeout=MINUTE)
    return screen.project.value.clips[6:]


def test_clips_play_along_to_the_album_which_is_seen_and_heard_before(
    screen: ArrangeScreen, qtbot: QtBot, ask: Callable[[Answer], None]
) -> None:
    with_album(screen.project.folder)

    def answer(dialog: GenerateDialog) -> None:
        qtbot.waitUntil(lambda: dialog.guide.hear.isEnabled() and dialog.guide.facts.text() != "", timeout=MINUTE)
        assert dialog.guide.picture.isVisible()
        assert "bpm" in dialog.guide.facts.text()
        QTest.mouseClick(dialog.guide.hear, LEFT)
        assert screen.player.is_playing
        assert dialog.guide.hear.text() == "Stop"
        qtbot.waitUntil(lambda: screen.player.position > 0.2, timeout=MINUTE)
        QTest.mouseClick(dialog.guide.hear, LEFT)
        assert not screen.player.is_playing
        QTest.mouseClick(dialog.guide.hear, LEFT)
        QTest.mouseClick(dialog.generate, LEFT)

    ask(answer)
    assert not screen.player.is_playing
    assert screen.player.length > 2.0  # the song is what the transport plays again
    clips = made(screen, qtbot)
    assert [clip.guide for clip in clips] == ["the album, cut anew"] * 2
    assert all(clip.tempo is not None for clip in clips)
    index = screen.clips.list.clips.index(0)
    assert "plays along to the album, cut anew" in index.data(Qt.ItemDataRole.ToolTipRole)
    assert "plays along to" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert screen.clips.list.clips.index(7).data(Qt.ItemDataRole.ToolTipRole) is None
    assert index.data(ClipModel.ClipRole) == clips[-1]
    screen.placing.place_at_playhead([clips[-1].id])
    assert screen.panel.guide.isVisible()
    assert screen.panel.guide.name.whole == "the album, cut anew"
    screen.timeline.state.select({"x5"})
    assert not screen.panel.guide.isVisible()


def test_clips_play_along_to_a_recording_which_is_remembered(
    screen: ArrangeScreen,
    qtbot: QtBot,
    ask: Callable[[Answer], None],
    loop: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.widgets.clips.guide_chooser.ask_open_file", lambda *_, **__: loop)

    def choose(dialog: GenerateDialog) -> None:
        QTest.mouseClick(dialog.cards.card("recording"), LEFT)
        dialog.follow.slider.setValue(80)
        qtbot.waitUntil(lambda: dialog.guide.hear.isEnabled(), timeout=MINUTE)
        assert dialog.guide.name.whole == "loop.wav"
        assert dialog.guide.facts.text() == "0:02"
        QTest.keyClick(dialog, Qt.Key.Key_Return)

    def look(dialog: GenerateDialog) -> None:
        assert dialog.cards.key == "recording"
        assert dialog.sources.recording == loop
        assert dialog.follow.value == 80
        QTest.keyClick(dialog, Qt.Key.Key_Escape)

    ask(choose)
    assert [clip.guide for clip in made(screen, qtbot)] == ["loop.wav"] * 2
    ask(look)
    assert len(screen.project.value.clips) == 8


def test_clips_play_along_to_a_beat_that_was_drawn_and_to_a_midi_file(
    screen: ArrangeScreen, qtbot: QtBot, ask: Callable[[Answer], None], tmp_path: Path
) -> None:
    midi = tmp_path / "kick.mid"
    drums = mido.MidiFile(tracks=[mido.MidiTrack([mido.Message("note_on", channel=9, note=36, time=96)])])
    drums.save(midi)
    broken = tmp_path / "broken.mid"
    broken.write_bytes(midi.read_bytes()[:-9])

    def draw(dialog: GenerateDialog) -> None:
        QTest.mouseClick(dialog.cards.card("pattern"), LEFT)
        grid = dialog.guide.beat.grid
        for stroke, step in (("low", 0), ("mid", 4), ("low", 8), ("mid", 12)):
            QTest.mouseClick(grid, LEFT, pos=grid.cell(stroke, step).center().toPoint())
        qtbot.waitUntil(lambda: dialog.guide.hear.isEnabled(), timeout=MINUTE)
        assert dialog.guide.facts.text() == "0:02 · 120 bpm"
        QTest.mouseClick(dialog.guide.hear, LEFT)
        assert screen.player.is_playing
        QTest.mouseClick(grid, LEFT, pos=grid.cell("high", 2).center().toPoint())
        qtbot.waitUntil(lambda: not screen.player.is_playing, timeout=MINUTE)  # it is another beat now
        QTest.mouseClick(dialog.generate, LEFT)

    ask(draw)
    clips = made(screen, qtbot)
    assert [clip.guide for clip in clips] == ["the beat you drew"] * 2
    assert [clip.tempo.bpm for clip in clips if clip.tempo] == [120.0] * 2

    def choose(dialog: GenerateDialog) -> None:
        assert dialog.cards.key == "pattern"
        assert dialog.guide.beat.value.rows[2][2] == 1.0
        dialog.sources.take_file(broken)
        qtbot.waitUntil(lambda: "is damaged" in dialog.guide.words.text(), timeout=MINUTE)
        assert not dialog.generate.isEnabled()
        dialog.sources.take_file(midi)
        qtbot.waitUntil(lambda: dialog.guide.hear.isEnabled(), timeout=MINUTE)
        assert dialog.guide.name.whole == "kick.mid"
        QTest.mouseClick(dialog.generate, LEFT)

    ask(choose)
    qtbot.waitUntil(lambda: len(screen.project.value.clips) == 10, timeout=MINUTE)
    assert [clip.guide for clip in screen.project.value.clips[8:]] == ["kick.mid"] * 2


def test_a_silent_file_gets_a_sentence(
    screen: ArrangeScreen, qtbot: QtBot, ask: Callable[[Answer], None], loop: Path, tmp_path: Path
) -> None:
    silent, broken = tmp_path / "silent.wav", tmp_path / "broken.wav"
    soundfile.write(silent, np.zeros(2 * SONG_RATE), SONG_RATE)
    broken.write_bytes(b"not a sound" * 100)

    def answer(dialog: GenerateDialog) -> None:
        dialog.sources.take_file(silent)
        qtbot.waitUntil(lambda: "is silent" in dialog.guide.words.text(), timeout=MINUTE)
        assert not dialog.generate.isEnabled()
        dialog.sources.take_file(broken)
        qtbot.waitUntil(lambda: "broken.wav" in dialog.guide.words.text(), timeout=MINUTE)
        dialog.sources.take_file(tmp_path)
        qtbot.waitUntil(lambda: tmp_path.name in dialog.guide.words.text(), timeout=MINUTE)
        assert not dialog.generate.isEnabled()
        dialog.sources.take_file(silent)
        dialog.sources.take_file(loop)  # the last choice is the one that counts
        qtbot.waitUntil(lambda: dialog.guide.hear.isEnabled(), timeout=MINUTE)
        assert dialog.guide.name.whole == "loop.wav"
        dialog.reject()

    ask(answer)
    qtbot.waitUntil(lambda: not screen.jobs.running, timeout=MINUTE)
    assert len(screen.project.value.clips) == 6


def test_without_an_album_it_says_why_and_clips_wander(
    screen: ArrangeScreen, qtbot: QtBot, ask: Callable[[Answer], None]
) -> None:
    def answer(dialog: GenerateDialog) -> None:
        qtbot.waitUntil(lambda: "not prepared" in dialog.guide.words.text(), timeout=MINUTE)
        assert dialog.cards.key == "none"
        QTest.mouseClick(dialog.generate, LEFT)

    ask(answer)
    assert [clip.guide for clip in made(screen, qtbot)] == ["", ""]


def test_the_bars_are_found_once_whatever_is_asked_meanwhile(
    screen: ArrangeScreen,
    qtbot: QtBot,
    ask: Callable[[Answer], None],
    loop: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_album(screen.project.folder)
    found, may_go_on = [], threading.Event()

    def slowly(dataset: Dataset, report: Report, cancelled: Cancelled) -> Bars:
        found.append(dataset)
        report(0.3, "Finding the album's bars")
        assert may_go_on.wait(60)
        return bars_of(dataset, no_report, cancelled)

    monkeypatch.setattr("app.studio.guides.bars.bars_of", slowly)

    def answer(dialog: GenerateDialog) -> None:
        qtbot.waitUntil(lambda: "Finding" in dialog.guide.words.text(), timeout=MINUTE)
        dialog.sources.take_file(loop)
        QTest.mouseClick(dialog.cards.card("album"), LEFT)
        dialog.sources.take_file(loop)
        assert len(screen.jobs.running) == 1
        may_go_on.set()
        qtbot.waitUntil(lambda: dialog.guide.hear.isEnabled(), timeout=MINUTE)
        assert dialog.guide.name.whole == "loop.wav"
        assert dialog.guide.facts.text() == "0:02"
        dialog.reject()

    ask(answer)
    assert len(found) == 1


def test_the_work_ends_with_the_dialog(screen: ArrangeScreen, qtbot: QtBot, ask: Callable[[Answer], None]) -> None:
    with_album(screen.project.folder)

    def answer(dialog: GenerateDialog) -> None:
        qtbot.waitUntil(lambda: bool(screen.jobs.running), timeout=MINUTE)
        dialog.reject()

    ask(answer)
    assert all(job.is_asked_to_stop for job in screen.jobs.running)
    qtbot.waitUntil(lambda: not screen.jobs.running, timeout=MINUTE)
