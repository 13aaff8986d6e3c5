"""The six ways of working of the 2018 albums, by mouse and keys alone; undone, nothing of them is left.

They are: whole takes by chance, the best of many, chopping, stitching from early to late epochs, two takes as a stereo
image, repeated motifs.
"""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.document.model import SONG_RATE, Section
from app.document.tree import clip_of
from app.screens.arrange.screen import ArrangeScreen
from tests.app.screens.arrange.hand import ALT, CTRL, LEFT, SHIFT, drag, drop_clips, place


@pytest.fixture
def song(screen: ArrangeScreen) -> ArrangeScreen:
    """A new song with three empty lanes, wide enough in view for twenty seconds."""
    QTest.keyClick(screen.timeline, Qt.Key.Key_N, CTRL | SHIFT)
    assert screen.song == "s3"
    screen.timeline.state.set_scale(screen.timeline.state.scale.scrolled_to(0).zoomed(0.45, 0))
    return screen


def row(screen: ArrangeScreen, lane: int) -> tuple[Section, ...]:
    return screen.timeline.state.song.lanes[lane].sections


def epochs(screen: ArrangeScreen, lane: int) -> list[int]:
    return [clip_of(screen.project.value, part.clip).epoch for part in row(screen, lane)]


def undo_all(screen: ArrangeScreen) -> None:
    """Back to the first song of the project as it was, and forth again to the same end."""
    end, steps = screen.project.value, len(screen.project.steps)
    screen.project.go_to_step(0)
    assert [song.id for song in screen.project.value.songs] == ["s1", "s2"]
    screen.project.go_to_step(steps)
    assert screen.project.value == end


def choose(screen: ArrangeScreen, row: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    clips = screen.clips.list
    clips.scrollTo(clips.clips.index(row))
    QTest.mouseClick(clips.viewport(), LEFT, keys, clips.visualRect(clips.clips.index(row)).topLeft() + QPoint(30, 8))


def test_whole_takes_by_chance(song: ArrangeScreen) -> None:
    clips = song.clips.list
    ids = [clips.clips.id_at(clips.clips.index(place)) for place in range(clips.clips.rowCount())]
    random.Random(7).shuffle(ids)
    drop_clips(song, " ".join(ids), place(song, 0.0, 0))
    assert [part.clip for part in row(song, 0)] == ids
    assert all(after.start == before.end for before, after in zip(row(song, 0), row(song, 0)[1:], strict=False))
    assert song.timeline.state.song.frames == sum(clip_of(song.project.value, id).frames for id in ids)
    undo_all(song)


def test_the_best_of_many(song: ArrangeScreen) -> None:
    clips = song.clips.list
    for place_in_list, key in ((0, Qt.Key.Key_5), (1, Qt.Key.Key_X), (2, Qt.Key.Key_4)):
        choose(song, place_in_list)
        QTest.keyClick(clips, key)
    QTest.mouseClick(song.clips.starred, LEFT)
    assert clips.clips.rowCount() == 2
    song.clips.order.setFocus()
    QTest.keyClicks(song.clips.order, "stars")
    choose(song, 0)
    QTest.keyClick(clips, Qt.Key.Key_A, CTRL)
    QTest.keyClick(clips, Qt.Key.Key_Return)
    placed = [clip_of(song.project.value, part.clip) for part in row(song, 0)]
    assert [clip.stars for clip in placed] == [5, 4]
    assert not any(clip.rejected for clip in placed)
    undo_all(song)


def test_chopping(song: ArrangeScreen) -> None:
    """The dull seconds go; what is left closes up; one cut was a mistake and heals."""
    drop_clips(song, "c0006", place(song, 0.0, 0))
    timeline = song.timeline
    timeline.setFocus()
    for seconds in (2.0, 4.0, 6.0):
        QTest.mouseClick(timeline.ruler, LEFT, pos=QPoint(place(song, seconds, 0).x(), 10))
        timeline.state.select(())
        QTest.keyClick(timeline, Qt.Key.Key_S)
    cut = row(song, 0)
    assert len(cut) == 4
    QTest.mouseClick(timeline.viewport(), LEFT, pos=place(song, 3.0, 0))
    QTest.keyClick(timeline, Qt.Key.Key_Delete, SHIFT)
    first, second, third = row(song, 0)
    assert (second.start, second.offset) == (first.end, cut[2].offset)
    QTest.mouseClick(timeline.viewport(), LEFT, pos=place(song, 3.0, 0))
    QTest.keyClick(timeline, Qt.Key.Key_J, CTRL | SHIFT)
    assert len(row(song, 0)) == 2
    assert row(song, 0)[1].length == second.length + third.length
    undo_all(song)


def test_stitching_from_early_to_late_epochs(song: ArrangeScreen) -> None:
    """The learning is heard; each take crosses over into the next."""
    at = 0.0
    for clip in ("c0001", "c0003", "c0005"):
        drop_clips(song, clip, place(song, at, 0))
        at += clip_of(song.project.value, clip).seconds
    assert epochs(song, 0) == [1, 5, 9]
    song.timeline.snap.on = False
    for number in (1, 2):
        middle = (row(song, 0)[number].start + row(song, 0)[number].end) / 2 / SONG_RATE
        drag(song, place(song, middle, 0), place(song, middle - 0.7 * number, 0))
    first, second, third = row(song, 0)
    assert first.end > second.start
    assert second.end > third.start
    assert epochs(song, 0) == [1, 5, 9]
    undo_all(song)


def test_two_takes_as_a_stereo_image(song: ArrangeScreen) -> None:
    """By hand: a take on each side, the second a little later; see the tests of layering for what does it by itself."""
    for lane, clip in enumerate(("c0004", "c0005")):
        drop_clips(song, clip, place(song, 0.0, lane))
    heads = song.timeline.headers.headers
    for head, key in ((heads[0], Qt.Key.Key_Down), (heads[1], Qt.Key.Key_Up)):
        head.pan.setFocus()
        for _ in range(14):
            QTest.keyPress(head.pan, key)
        QTest.keyRelease(head.pan, key)
    assert [lane.pan for lane in song.timeline.state.song.lanes[:2]] == [pytest.approx(-0.7), pytest.approx(0.7)]
    song.timeline.setFocus()
    song.timeline.state.select({row(song, 1)[0].id})
    for _ in range(12):
        QTest.keyPress(song.timeline, Qt.Key.Key_Right, SHIFT)
    QTest.keyRelease(song.timeline, Qt.Key.Key_Right, SHIFT)
    assert row(song, 1)[0].start == 12 * (SONG_RATE // 1000)
    assert song.project.steps[-3:] == ["Lane pan", "Lane pan", "Nudge"]
    undo_all(song)


def test_repeated_motifs(song: ArrangeScreen) -> None:
    """A riff of two sections comes back four times, on the lane below as well, and the rest makes room."""
    drop_clips(song, "c0002", place(song, 0.0, 0))
    drop_clips(song, "c0004", place(song, 5.0, 0))
    timeline = song.timeline
    timeline.setFocus()
    song.sound.seek(SONG_RATE)
    timeline.state.select({row(song, 0)[0].id})
    QTest.keyClick(timeline, Qt.Key.Key_BracketRight)
    song.sound.seek(SONG_RATE // 2)
    QTest.keyClick(timeline, Qt.Key.Key_S)
    view = timeline.viewport()
    QTest.mouseClick(view, LEFT, pos=place(song, 0.25, 0))
    QTest.mouseClick(view, LEFT, SHIFT, place(song, 0.75, 0))
    QTest.keyClick(timeline, Qt.Key.Key_G, CTRL)
    for _ in range(3):
        QTest.keyClick(timeline, Qt.Key.Key_R)
    assert [part.start / SONG_RATE for part in row(song, 0)] == [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 8]
    assert [part.clip for part in row(song, 0)] == ["c0002"] * 8 + ["c0004"]
    QTest.mouseClick(view, LEFT, pos=place(song, 0.25, 0))
    QTest.keyClick(timeline, Qt.Key.Key_C, CTRL)
    QTest.mouseClick(view, LEFT, pos=place(song, 6.0, 1))
    QTest.keyClick(timeline, Qt.Key.Key_V, CTRL)
    assert len(row(song, 1)) == 2
    QTest.keyClick(timeline, Qt.Key.Key_Down, ALT)
    assert [len(row(song, lane)) for lane in range(3)] == [9, 0, 2]
    undo_all(song)
