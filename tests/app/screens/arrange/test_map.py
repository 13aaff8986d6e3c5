"""The map on the Arrange screen: heard, starred, placed, made a song of; sections like another one; measures told."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
import soundfile
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.document.edits.excerpts import PATH_CROSSFADE
from app.document.edits.tempo import set_tempo
from app.document.excerpt import Excerpt
from app.document.model import SONG_RATE, Project, Tempo
from app.document.store import ProjectFolder
from app.jobs.clip_measures import ClipMeasures, CopiedStretch
from app.screens.arrange.screen import ArrangeScreen
from app.session.open_project import OpenProject
from app.widgets.clips.clip_model import ALIKE, BY_FIGURES
from app.widgets.map.view import MapView
from app.widgets.timeline.mouse import EXCERPT_MIME, excerpt_words
from samplernn.data.build import build_dataset
from tests.app.conftest import MINUTE, OpenFolder
from tests.app.drums import beat
from tests.app.screens.arrange.hand import LEFT, NONE, place

NO = Qt.MouseButton.NoButton


@pytest.fixture
def project(open_project: OpenFolder, made_project: tuple[Path, Project]) -> OpenProject:
    """With a prepared album."""
    folder, value = made_project
    track = folder / "drums.wav"
    soundfile.write(track, beat(120, 24), SONG_RATE)
    build_dataset([track], ProjectFolder(folder).dataset, 16_000)
    return open_project(folder, value)


@pytest.fixture
def view(screen: ArrangeScreen, qtbot: QtBot) -> MapView:
    """The map, opened by its key and laid out."""
    QTest.keyClick(screen.timeline, Qt.Key.Key_V)
    assert screen.map.isVisible()
    made = screen.map.view
    qtbot.waitUntil(lambda: len(made.points) > 0 and made.isVisible(), timeout=2 * MINUTE)
    qtbot.waitUntil(made.hasFocus, timeout=MINUTE)
    return made


def of_clips(view: MapView) -> list[Excerpt]:
    return [excerpt for excerpt in view.points.excerpts if not excerpt.is_album]


def point(view: MapView, excerpt: Excerpt) -> QPoint:
    return view.pixel_of(excerpt).toPoint()


def move(view: MapView, at: QPoint, buttons: Qt.MouseButton = NO) -> None:
    event = QMouseEvent(QEvent.Type.MouseMove, QPointF(at), view.mapToGlobal(QPointF(at)), NO, buttons, NONE)
    QApplication.sendEvent(view, event)


def alone(view: MapView) -> Excerpt:
    """A section of a clip that is under the pointer where it is painted."""
    return next(each for each in of_clips(view) if _is_found(view, each))


def _is_found(view: MapView, excerpt: Excerpt) -> bool:
    move(view, point(view, excerpt))
    return view.under_pointer == excerpt


def test_all_sections_are_there_and_what_is_under_the_pointer_plays(
    screen: ArrangeScreen, view: MapView, qtbot: QtBot
) -> None:
    clips = screen.project.value.clips
    assert {excerpt.source for excerpt in of_clips(view)} == {clip.id for clip in clips}
    for clip in clips:
        parts = [excerpt for excerpt in of_clips(view) if excerpt.source == clip.id]
        assert sum(excerpt.length for excerpt in parts) == pytest.approx(clip.frames, abs=len(parts))
    assert any(excerpt.is_album for excerpt in view.points.excerpts)
    assert screen.timeline.isVisible()  # something to drag onto
    assert screen.clips.map.isChecked()
    excerpt = alone(view)
    qtbot.waitUntil(lambda: screen.excerpts.playing == excerpt, timeout=MINUTE)
    assert screen.player.position == pytest.approx(excerpt.seconds[0], abs=2.0)
    assert "close" in screen.map.what.whole
    move(view, QPoint(2, 2))
    assert not screen.player.is_playing
    QTest.keyClick(view, Qt.Key.Key_V)
    assert not screen.map.isVisible()
    assert screen.timeline.hasFocus()


def test_keys_play_star_and_reject_what_is_chosen(screen: ArrangeScreen, view: MapView) -> None:
    excerpt = alone(view)
    QTest.mouseClick(view, LEFT, pos=point(view, excerpt))
    move(view, QPoint(2, 2))
    assert view.current == excerpt
    screen.excerpts.stop()
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert screen.excerpts.playing == excerpt
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert screen.excerpts.playing is None
    screen.play()
    assert screen.excerpts.playing == excerpt
    QTest.keyClick(view, Qt.Key.Key_4)
    clips = {clip.id: clip for clip in screen.project.value.clips}
    assert clips[excerpt.source].stars == 4
    assert view.points.stars[view.points.place_of(excerpt)] == 4
    QTest.keyClick(view, Qt.Key.Key_X)
    clips = {clip.id: clip for clip in screen.project.value.clips}
    assert clips[excerpt.source].rejected
    assert not view.points.shown[view.points.place_of(excerpt)]  # as the list leaves it out


def test_a_section_is_placed_by_a_drop_and_a_button_but_none_of_the_album(screen: ArrangeScreen, view: MapView) -> None:
    own = next(excerpt for excerpt in view.points.excerpts if excerpt.is_album)
    view.choose(own)
    assert not screen.map.place.isEnabled()
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert screen.excerpts.playing == own
    assert "the album itself" in screen.map.what.whole
    excerpt = of_clips(view)[1]
    mime = QMimeData()
    mime.setData(EXCERPT_MIME, excerpt_words([excerpt]))
    onto, at, copy = screen.timeline.viewport(), place(screen, 7.5, 1), Qt.DropAction.CopyAction
    QApplication.sendEvent(onto, QDragEnterEvent(at, copy, mime, LEFT, NONE))
    QApplication.sendEvent(onto, QDragMoveEvent(at, copy, mime, LEFT, NONE))
    QApplication.sendEvent(onto, QDropEvent(QPointF(at), copy, mime, LEFT, NONE))
    assert screen.project.steps[-1] == "Place clip"
    placed = screen.project.value.songs[0].lanes[1].sections[-1]
    assert (placed.clip, placed.offset, placed.length) == (excerpt.source, excerpt.offset, excerpt.length)
    there = times_placed(screen, excerpt)
    view.choose(excerpt)
    QTest.mouseClick(screen.map.place, LEFT)
    assert screen.project.steps[-1] == "Place clip"
    assert times_placed(screen, excerpt) == there + 1
    # what is copied is heard beside the place on the album, by turns
    stretch = CopiedStretch(own.source, track_seconds=2.0, clip_seconds=1.0, seconds=2.0)
    section = replace(screen.measures.known["c0003"].sections[0], copied=stretch)
    screen.measures.known = {"c0003": ClipMeasures((section,))}
    screen.clips.list.setFocus()
    screen.clips.list.choose("c0003")
    here = Excerpt("c0003", SONG_RATE, 2 * SONG_RATE)
    album = Excerpt(own.source, 2 * SONG_RATE, 2 * SONG_RATE, is_album=True)
    for heard in (here, album, here):
        QTest.keyClick(screen.clips.list, Qt.Key.Key_K)
        assert screen.excerpts.playing == heard


def times_placed(screen: ArrangeScreen, excerpt: Excerpt) -> int:
    parts = [part for lane in screen.project.value.songs[0].lanes for part in lane.sections]
    return sum((part.clip, part.offset) == (excerpt.source, excerpt.offset) for part in parts)


def test_a_path_is_heard_and_made_a_song_of_in_one_step(screen: ArrangeScreen, view: MapView) -> None:
    assert not screen.map.song.isEnabled()
    QTest.mousePress(view, LEFT, Qt.KeyboardModifier.ShiftModifier, QPoint(8, 8))
    for excerpt in of_clips(view)[:4]:
        move(view, point(view, excerpt), LEFT)
    QTest.mouseRelease(view, LEFT, Qt.KeyboardModifier.ShiftModifier, point(view, of_clips(view)[3]))
    path = view.path
    assert len(path) > 1
    QTest.mouseClick(screen.map.play_path, LEFT)
    assert screen.excerpts.is_playing
    before, steps = screen.project.value, len(screen.project.steps)
    QTest.mouseClick(screen.map.song, LEFT)
    song = screen.project.value.songs[-1]
    assert screen.song == song.id
    assert len(screen.project.steps) == steps + 1
    parts = song.lanes[0].sections
    assert [(part.clip, part.offset) for part in parts] == [(excerpt.source, excerpt.offset) for excerpt in path]
    for one, other in itertools.pairwise(parts):
        assert one.end - other.start == min(PATH_CROSSFADE, one.length // 2)
    screen.project.undo()
    assert screen.project.value == before


def test_sections_like_this_are_found_and_clips_ordered_and_told_by_their_measures(
    screen: ArrangeScreen, view: MapView
) -> None:
    QTest.mouseClick(screen.timeline.viewport(), LEFT, pos=place(screen, 1.0, 0))
    view.choose(None)
    QTest.keyClick(screen.timeline, Qt.Key.Key_I)
    assert screen.clips.order.currentText() == ALIKE
    model = screen.clips.list.clips
    assert model.id_at(model.index(0)) == "c0006"  # the clip itself sounds most like it
    assert 1 < len(view.alike) <= 25
    assert all(not excerpt.is_album for excerpt in view.alike)
    for order, key in BY_FIGURES.items():
        screen.clips.order.setCurrentText(order)
        ids = [model.id_at(model.index(row)) for row in range(model.rowCount())]
        values = [key(figures) for figures in map(model.figures_of, ids) if figures is not None]
        assert len(values) == 6
        assert values == sorted(values, reverse=True), order
    QTest.mouseClick(screen.timeline.viewport(), LEFT, pos=place(screen, 1.0, 0))
    assert screen.measures.bars.isVisible()
    tip = model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert "Close to the album" in tip


def test_old_points_stay_when_the_map_is_opened_again(
    screen: ArrangeScreen, view: MapView, qtbot: QtBot, project: OpenProject
) -> None:
    before = dict(zip(view.points.excerpts, view.points.places.tolist(), strict=True))
    fresh = type(screen)(project, screen.jobs, screen.player)
    qtbot.addWidget(fresh)
    fresh.resize(1272, 800)
    fresh.show()
    fresh.mapping.switch.setChecked(True)
    qtbot.waitUntil(lambda: len(fresh.map.view.points) > 0, timeout=2 * MINUTE)
    shown = fresh.map.view.points
    assert dict(zip(shown.excerpts, shown.places.tolist(), strict=True)) == before
    qtbot.waitUntil(lambda: not screen.jobs.running, timeout=MINUTE)
    fresh.shut()


def test_a_clip_that_keeps_a_tempo_says_that_one(screen: ArrangeScreen, view: MapView, qtbot: QtBot) -> None:
    clip, model = screen.project.value.clips[0].id, screen.clips.list.clips

    def told() -> float | None:
        figures = model.figures_of(clip)
        return None if figures is None else figures.bpm

    qtbot.waitUntil(lambda: model.figures_of(clip) is not None, timeout=MINUTE)
    assert told() != 108.5
    screen.project.edit("Correct tempo", set_tempo, clip, Tempo(bpm=108.5))
    qtbot.waitUntil(lambda: told() == 108.5, timeout=MINUTE)
    screen.project.undo()
    qtbot.waitUntil(lambda: told() != 108.5, timeout=MINUTE)
