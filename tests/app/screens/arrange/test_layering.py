"""Layering to stereo, aligning accents, and the tempo, by mouse and keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.document.edits.made import add_clips, put_run
from app.document.edits.sections import place_clip
from app.document.edits.songs import add_song, set_lane_pan
from app.document.model import SONG_RATE, Clip, Project, Run
from app.document.store import create_project, load_project, save_project
from app.screens.arrange.screen import ArrangeScreen
from app.session.open_project import OpenProject
from app.widgets.songs.song_head import KeyButton
from app.widgets.songs.tempo_dialog import TempoDialog
from samplernn.audio.reading import write_sound
from tests.app.conftest import OpenFolder
from tests.app.drums import beat, moved
from tests.app.screens.arrange.hand import CTRL, LEFT, SHIFT, drag, place, section

RATE = 44_100
BPM = 126.0
LATE = round(0.3 * RATE)
MILLISECONDS_5 = 0.005 * SONG_RATE


def _project(path: Path) -> Project:
    """Drums; the same, begun later and quieter; the same, played slower; silence. A song of the first two."""
    project = put_run(create_project(path), Run(id="r", preset="sketch", epoch=4))
    drums = beat(BPM, 10.0, first=0.2, seed=2)
    sounds = (drums, 0.3 * moved(drums, -LATE, len(drums)), beat(BPM * 0.98, 10.0, first=0.2, seed=3), 0 * drums)
    clips = []
    for number, sound in enumerate(sounds, start=1):
        id = f"c{number:04}"
        write_sound(path / f"clips/{id}.flac", sound, RATE)
        clips.append(
            Clip(
                id=id, run="r", epoch=number, file=f"clips/{id}.flac", rate=RATE, samples=len(sound), seed=number,
                temperature=1.0,
            )
        )  # fmt: skip
    project = add_song(add_clips(project, clips), lanes=3)
    project = place_clip(project, "l1", "c0001", 0, length=9 * SONG_RATE)
    project = place_clip(project, "l2", "c0002", SONG_RATE // 5, length=9 * SONG_RATE)
    save_project(path, project)
    return project


@pytest.fixture
def project(open_project: OpenFolder, tmp_path: Path) -> OpenProject:
    path = tmp_path / "Layers.deepcuts"
    return open_project(path, _project(path))


def button(screen: ArrangeScreen, name: str) -> KeyButton:
    return next(made for made in screen.head.findChildren(KeyButton) if made.accessibleName() == name)


def drift(screen: ArrangeScreen, id: str) -> int:
    part = section(screen, id)
    return part.offset - part.start


def select_both(screen: ArrangeScreen) -> None:
    view = screen.timeline.viewport()
    QTest.mouseClick(view, LEFT, pos=place(screen, 4.0, 0))
    QTest.mouseClick(view, LEFT, CTRL, place(screen, 4.0, 1))
    assert screen.timeline.state.selection == {"x1", "x2"}


def is_done(screen: ArrangeScreen) -> bool:
    return not screen.jobs.asked_for


def test_two_sections_become_a_stereo_pair_by_the_mouse_in_one_step(screen: ArrangeScreen, qtbot: QtBot) -> None:
    before = screen.project.value
    assert not button(screen, "Layer to stereo").isEnabled()
    select_both(screen)
    QTest.mouseClick(button(screen, "Layer to stereo"), LEFT)
    assert not button(screen, "Layer to stereo").isEnabled()
    qtbot.waitUntil(lambda: is_done(screen) and screen.project.value != before, timeout=30_000)
    left, right, rest = screen.timeline.state.song.lanes
    assert (left.pan, right.pan, rest.pan) == (0.0, 0.0, 0.0)
    assert section(screen, "x1") == replace(before.songs[0].lanes[0].sections[0], pan=-0.7)
    assert section(screen, "x2").pan == 0.7
    assert abs(drift(screen, "x2") - LATE) < MILLISECONDS_5
    assert section(screen, "x2").start == 0
    assert screen.timeline.state.selection == {"x1", "x2"}
    assert screen.project.undo_name == "Layer to stereo"
    qtbot.waitUntil(lambda: screen.analysis.facts.facts.value("Width") not in ("–", "0 %"), timeout=30_000)
    assert screen.analysis.facts.heading.text() == "Stereo of what is selected"
    after = screen.project.value
    screen.project.undo()
    assert screen.project.value == before
    screen.project.redo()
    assert screen.project.value == after


def test_sections_are_layered_and_kept_aligned_by_a_key(screen: ArrangeScreen, qtbot: QtBot) -> None:
    screen.project.put("Other clip", place_clip(screen.project.value, "l3", "c0003", 0))
    before = screen.project.value
    view = screen.timeline.viewport()
    QTest.mouseClick(view, LEFT, pos=place(screen, 4.0, 0))
    QTest.mouseClick(view, LEFT, CTRL, place(screen, 4.0, 2))
    QTest.keyClick(screen.timeline, Qt.Key.Key_T, SHIFT)
    qtbot.waitUntil(lambda: is_done(screen) and screen.project.value != before, timeout=30_000)
    lanes = screen.timeline.state.song.lanes
    pieces = lanes[2].sections
    assert len(pieces) >= 3
    assert {part.clip for part in pieces} == {"c0003"}
    assert screen.timeline.state.selection == {"x1", *(part.id for part in pieces)}
    screen.project.undo()
    assert screen.project.value == before


def test_clips_of_the_list_are_layered_at_the_playhead_even_where_there_is_no_song(
    screen: ArrangeScreen, qtbot: QtBot
) -> None:
    screen.project.put("No songs", replace(screen.project.value, songs=()))
    clips = screen.clips.list
    clips.setFocus()
    rows = {clips.clips.id_at(clips.clips.index(row)): clips.clips.index(row) for row in range(4)}
    QTest.mouseClick(clips.viewport(), LEFT, pos=clips.visualRect(rows["c0001"]).center())
    QTest.mouseClick(clips.viewport(), LEFT, CTRL, clips.visualRect(rows["c0002"]).center())
    assert clips.chosen() in (["c0002", "c0001"], ["c0001", "c0002"])
    QTest.keyClick(clips, Qt.Key.Key_T)
    qtbot.waitUntil(lambda: is_done(screen) and screen.timeline.state.song.frames > 0, timeout=30_000)
    first, second, _ = screen.timeline.state.song.lanes
    assert {first.sections[0].clip, second.sections[0].clip} == {"c0001", "c0002"}
    assert (first.sections[0].pan, second.sections[0].pan) == (-0.7, 0.7)
    assert first.sections[0].start == second.sections[0].start == 0
    drifts = {part.clip: part.offset - part.start for lane in (first, second) for part in lane.sections}
    assert abs(drifts["c0002"] - drifts["c0001"] - LATE) < MILLISECONDS_5


def test_accents_are_aligned_by_a_key_and_undone(screen: ArrangeScreen, qtbot: QtBot) -> None:
    before = screen.project.value
    QTest.mouseClick(screen.timeline.viewport(), LEFT, pos=place(screen, 4.0, 1))
    QTest.keyClick(screen.timeline, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: is_done(screen) and screen.project.value != before, timeout=30_000)
    assert abs(drift(screen, "x2") - LATE) < MILLISECONDS_5
    assert screen.project.undo_name == "Align accents"
    said: list[str] = []
    screen.say.connect(lambda words, _: said.append(words))
    QTest.keyClick(screen.timeline, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: is_done(screen) and bool(said), timeout=30_000)
    assert said == ["Their accents meet already."]
    screen.project.undo()
    assert screen.project.value == before


def test_what_cannot_be_done_is_said(screen: ArrangeScreen, qtbot: QtBot) -> None:
    said: list[str] = []
    screen.say.connect(lambda words, _: said.append(words))
    screen.project.put("Alone", place_clip(screen.project.value, "l3", "c0003", 20 * SONG_RATE))
    before = screen.project.value
    screen.timeline.state.select({"x3"})
    QTest.keyClick(screen.timeline, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: is_done(screen) and bool(said), timeout=30_000)
    assert said == ["Nothing sounds together with what you chose. Lay sections over each other first."]
    said.clear()
    (screen.project.folder / "clips/c0002.flac").unlink()
    select_both(screen)
    QTest.keyClick(screen.timeline, Qt.Key.Key_T)
    # others may say something of the clip that is gone, too, as soon as they look for it
    gone = "The clip e2 · 0002 is missing. Locate it in Arrange, or put its file back."
    qtbot.waitUntil(lambda: is_done(screen) and gone in said, timeout=30_000)
    assert screen.project.value == before


def test_a_song_that_is_changed_meanwhile_is_left_as_it_is(screen: ArrangeScreen, qtbot: QtBot) -> None:
    said: list[str] = []
    screen.say.connect(lambda words, _: said.append(words))
    select_both(screen)
    QTest.keyClick(screen.timeline, Qt.Key.Key_T)
    QTest.keyClick(screen.timeline, Qt.Key.Key_Right)
    changed = screen.project.value
    qtbot.waitUntil(lambda: is_done(screen) and bool(said), timeout=30_000)
    assert said == ["The song was changed meanwhile. Do it again."]
    assert screen.project.value == changed


def test_accents_are_marked_and_a_dragged_section_falls_onto_them(screen: ArrangeScreen, qtbot: QtBot) -> None:
    timeline = screen.timeline
    qtbot.waitUntil(lambda: {"c0001", "c0002"} <= set(timeline.state.accents), timeout=30_000)
    timeline.state.zoom(4.0, 0)
    accents = timeline.state.accents
    QTest.mouseClick(timeline.viewport(), LEFT, pos=place(screen, 1.0, 0))
    first = next(frame for frame in accents["c0001"] if frame > SONG_RATE)
    picture = timeline.viewport().grab().toImage()
    assert picture.pixelColor(timeline.state.x(first), 1).name() == "#36c5b0"
    # drawn so near that accents of the one come beside those of the other, it falls into place
    start = place(screen, 1.0, 0)
    drag(screen, start, start + QPoint(round(0.48 * SONG_RATE / timeline.state.scale.frames_per_pixel), 0))
    assert abs(section(screen, "x1").start - LATE - SONG_RATE // 5) < MILLISECONDS_5
    assert screen.project.undo_name == "Move section"


def test_the_tempo_is_shown_corrected_kept_and_undone(screen: ArrangeScreen, qtbot: QtBot) -> None:
    chip = screen.head.tempo
    screen.resize(1500, 800)
    qtbot.waitUntil(chip.isVisible, timeout=30_000)
    assert chip.text() == f"{BPM:.1f} bpm"
    asked: list[TempoDialog] = []

    def correct() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, TempoDialog)
        asked.append(dialog)
        QTest.mouseClick(dialog.half, LEFT)
        QTest.mouseClick(dialog.use, LEFT)

    QTimer.singleShot(0, correct)
    QTest.mouseClick(chip, LEFT)
    assert asked
    assert chip.text() == "63.0 bpm"
    tempo = screen.project.value.clips[0].tempo
    assert tempo is not None
    assert tempo.bpm == pytest.approx(BPM / 2, rel=0.001)
    qtbot.waitUntil(lambda: load_project(screen.project.folder).clips[0].tempo == tempo, timeout=20_000)
    assert screen.project.undo_name == "Correct tempo"
    screen.project.undo()
    assert chip.text() == f"{BPM:.1f} bpm"
    QTest.mouseClick(screen.timeline.viewport(), LEFT, pos=place(screen, 4.0, 1))
    assert "0002" in chip.toolTip()


def test_the_stereo_of_the_song_is_measured_anew_after_each_edit(screen: ArrangeScreen, qtbot: QtBot) -> None:
    facts = screen.analysis.facts
    qtbot.waitUntil(lambda: facts.facts.value("Width") == "0 %", timeout=30_000)
    assert facts.heading.text() == "Stereo of the whole song"
    assert (facts.facts.value("In mono"), facts.facts.value("Mono-safe")) == ("0.0 dB", "yes")
    screen.levels.set_lane("Lane pan", set_lane_pan, "l1", -1.0)
    qtbot.waitUntil(lambda: facts.facts.value("Width") not in ("0 %", "–"), timeout=30_000)
    screen.project.put("Nothing", replace(screen.project.value, songs=()))
    assert facts.isHidden()
