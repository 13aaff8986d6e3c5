"""The state of a timeline by itself, without a widget: what it tells, what it keeps, what a drag does to it."""

from __future__ import annotations

import pytest

from app.document.edits.sections import place_clips_on_new_lane, remove_sections
from app.document.edits.songs import add_song
from app.document.model import SONG_RATE, Clip, Project
from app.widgets.timeline.geometry import TimeScale
from app.widgets.timeline.gestures import Move
from app.widgets.timeline.state import Change, Edit, TimelineState

WIDTH = 1000
CLIP = Clip(id="c0001", run="r", epoch=1, file="c.flac", rate=16_000, samples=64_000, seed=1, temperature=1.0)


@pytest.fixture
def project() -> Project:
    value = add_song(Project(clips=(CLIP,)), lanes=0)
    return place_clips_on_new_lane(value, value.songs[0].id, [CLIP.id], SONG_RATE)


@pytest.fixture
def state(project: Project) -> TimelineState:
    made = TimelineState(lambda: WIDTH)
    made.show_song(project, project.songs[0].id, {})
    return made


def told(state: TimelineState) -> list[Change]:
    """What it tells from now on."""
    changes: list[Change] = []
    state.on_change(changes.append)
    return changes


def test_only_what_changes_is_told(state: TimelineState) -> None:
    changes = told(state)
    part = state.song.lanes[0].sections[0]
    for _ in range(2):
        state.select([part.id])
        state.set_playhead(5)
        state.set_loop((0, 10))
        state.set_hovered(part.id)
    assert changes == ["selection", "playhead", "loop", "marks"]
    assert state.chosen() == [part]


def test_a_selection_loses_sections_that_are_gone(state: TimelineState, project: Project) -> None:
    part = state.song.lanes[0].sections[0]
    state.select([part.id])
    state.show_song(remove_sections(project, [part.id]), state.song.id, {})
    assert not state.selection


def test_a_drag_is_shown_and_becomes_one_edit(state: TimelineState, project: Project) -> None:
    part = state.song.lanes[0].sections[0]
    state.set_scale(TimeScale(0.0, 100.0))
    state.begin(Move(state.song, frozenset([part.id]), part, part.start, 0))
    state.drag((part.start + 4_000) / 100, state.rows.top(0), None)
    assert state.shown_song.lanes[0].sections[0].start == part.start + 4_000
    assert state.song.lanes[0].sections[0] == part
    edits: list[tuple[str, Edit]] = []
    state.drop(lambda name, edit: edits.append((name, edit)))
    ((name, edit),) = edits
    assert name == "Move section"
    assert edit(project).songs[0].lanes[0].sections[0].start == part.start + 4_000
    assert not state.is_dragging
    assert state.shown_song == state.song  # until the edit is made


def test_a_drag_that_is_given_up_changes_nothing(state: TimelineState) -> None:
    part = state.song.lanes[0].sections[0]
    state.begin(Move(state.song, frozenset([part.id]), part, part.start, 0))
    state.drag(900, state.rows.top(0), None)
    changes = told(state)
    state.cancel()
    assert changes[0] == "cancelled"
    assert state.shown_song == state.song
    state.drop(lambda name, edit: pytest.fail("there was nothing to drop"))


def test_a_drag_of_a_section_that_is_deleted_ends(state: TimelineState, project: Project) -> None:
    part = state.song.lanes[0].sections[0]
    state.begin(Move(state.song, frozenset([part.id]), part, part.start, 0))
    state.show_song(remove_sections(project, [part.id]), state.song.id, {})
    assert not state.is_dragging


def test_the_view_follows_a_playhead_that_plays(state: TimelineState) -> None:
    state.set_scale(TimeScale(0.0, 10.0))
    changes = told(state)
    state.set_playhead(9_500)
    assert state.scale.start == 0
    state.set_playhead(9_501, playing=True)
    assert state.x(9_501) == WIDTH * 0.1
    state.follow = False
    state.set_playhead(900_000, playing=True)
    assert changes == ["playhead", "scale", "playhead"]


def test_zoom_keeps_the_playhead_where_it_is(state: TimelineState) -> None:
    state.fit()
    state.set_playhead(2 * SONG_RATE)
    before = state.x(state.playhead)
    state.zoom_in()
    assert abs(state.x(state.playhead) - before) <= 1
    state.zoom_out()
    state.fit()
    assert state.scale.start == 0
    assert state.x(state.song.frames) < WIDTH
