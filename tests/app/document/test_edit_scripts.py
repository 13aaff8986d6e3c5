"""Whatever is edited, in whatever order."""

from __future__ import annotations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.document.edits.copies import copy_sections, duplicate_sections, paste_sections
from app.document.edits.made import add_clips
from app.document.edits.sections import (
    heal_splits,
    join_row,
    join_sections,
    move_sections,
    place_clip,
    set_fade_in,
    set_fade_in_curve,
    set_fade_out,
    set_fade_out_curve,
    split_section,
    trim_end,
    trim_start,
)
from app.document.history import History
from app.document.model import Clip, Project
from app.document.tree import clip_of, section_of
from tests.app.document.strategies import SCRIPTS, apply, lanes_of, sections_of, start

MANY = settings(max_examples=120, deadline=None)


def assert_sound(project: Project) -> None:
    """Every rule that the screen, the mix and the file rely on."""
    for part in sections_of(project):
        assert part.start >= 0
        assert part.length >= 1
        assert part.offset >= 0
        assert part.offset + part.length <= clip_of(project, part.clip).frames
        assert part.fade_in >= 0
        assert part.fade_out >= 0
        assert -1 <= part.pan <= 1
    for lane in lanes_of(project):
        assert list(lane.sections) == sorted(lane.sections, key=lambda part: (part.start, part.id))
    ids = [part.id for part in sections_of(project)]
    assert len(set(ids)) == len(ids)
    lanes = [lane.id for lane in lanes_of(project)]
    assert len(set(lanes)) == len(lanes)
    assert len({song.id for song in project.songs}) == len(project.songs)
    for song in project.songs:
        assert list(song.markers) == sorted(song.markers, key=lambda marker: (marker.frame, marker.id))
        assert all(marker.frame >= 0 for marker in song.markers)
        assert song.gap_seconds is None or 0 <= song.gap_seconds <= 30
    markers = [marker.id for song in project.songs for marker in song.markers]
    assert len(set(markers)) == len(markers)


@MANY
@given(SCRIPTS)
def test_no_edit_breaks_a_rule(script: list) -> None:
    project = start()
    for command in script:
        project = apply(project, command)
        assert_sound(project)


@MANY
@given(SCRIPTS)
def test_undoing_all_gives_the_very_same_document_and_redoing_all_the_same_end(script: list) -> None:
    history = History(start())
    before = []
    for command in script:
        value = history.value
        if history.edit(command[0], apply(value, command)):
            before.append(value)
    end = history.value
    for value in reversed(before):
        assert history.undo()
        assert history.value == value
    assert history.value == start()
    assert not history.undo()
    while history.redo():
        pass
    assert history.value == end


@MANY
@given(SCRIPTS, st.data())
def test_what_a_job_made_survives_any_undo(script: list, data: st.DataObject) -> None:
    history = History(start())
    clip = Clip(id="c9", run="r", epoch=1, file="c9.flac", rate=16_000, samples=16_000, seed=0, temperature=1.0)
    at = data.draw(st.integers(0, len(script)))
    for place, command in enumerate(script):
        if place == at:
            history.update(lambda value: add_clips(value, [clip]))
        history.edit(command[0], apply(history.value, command))
    if at < len(script):
        while history.undo():
            assert clip in history.value.clips
        assert history.value == add_clips(start(), [clip])


@MANY
@given(SCRIPTS)
def test_saving_and_loading_changes_nothing(script: list) -> None:
    project = start()
    for command in script:
        project = apply(project, command)
    assert msgspec.json.decode(msgspec.json.encode(project), type=Project) == project


def placed(start_frame: int = 1000, length: int = 20_000) -> tuple[Project, str]:
    project = start()
    project = place_clip(project, project.songs[0].lanes[0].id, "c0", start_frame, offset=500, length=length)
    return project, sections_of(project)[0].id


@MANY
@given(st.integers(0, 30_000), st.integers(0, 3000), st.integers(0, 3000))
def test_split_then_join_is_the_same_section(at: int, fade_in: int, fade_out: int) -> None:
    project, id = placed()
    project = set_fade_out(set_fade_in(project, [id], fade_in), [id], fade_out)
    project = set_fade_out_curve(set_fade_in_curve(project, [id], "slow"), [id], "straight")
    _, _, part = section_of(project, id)
    split = split_section(project, id, at)
    if not part.start < at < part.end:
        assert split is project
        return
    left, right = sections_of(split)
    assert (left.start, right.end, left.end) == (part.start, part.end, at)
    assert right.offset == left.offset + left.length
    assert join_sections(split, left.id, right.id) == project
    assert join_row(split, [left.id, right.id]) == project
    assert heal_splits(split, [left.id]) == project
    assert heal_splits(split, [right.id]) == project


@MANY
@given(st.lists(st.integers(1001, 20_999), min_size=1, max_size=6))
def test_many_splits_join_to_one(cuts: list[int]) -> None:
    project, _ = placed()
    split = project
    for at in cuts:
        for part in sections_of(split):
            split = split_section(split, part.id, at)
    assert len(sections_of(split)) == len(set(cuts)) + 1
    assert join_row(split, [part.id for part in sections_of(split)]) == project
    for part in sections_of(split):
        assert heal_splits(split, [part.id]) == project


def test_sections_that_do_not_go_on_unbroken_are_not_joined() -> None:
    project, id = placed()
    split = split_section(project, id, 9000)
    left, right = sections_of(split)
    apart = move_sections(split, [right.id], 1)
    assert join_sections(apart, left.id, right.id) is apart


@MANY
@given(st.integers(-9000, 90_000), st.integers(-9000, 90_000))
def test_what_is_trimmed_away_can_be_pulled_out_again(to_start: int, to_end: int) -> None:
    project, id = placed()
    trimmed = trim_end(trim_start(project, id, to_start), id, to_end)
    _, _, part = section_of(trimmed, id)
    _, _, before = section_of(project, id)
    assert part.offset - part.start == before.offset - before.start
    assert trim_start(trim_end(trimmed, id, before.end), id, before.start) == project


@MANY
@given(SCRIPTS, st.integers(-300_000, 300_000), st.integers(-5, 5))
def test_moved_sections_keep_their_distances(script: list, by: int, lanes: int) -> None:
    project = start()
    for command in script:
        project = apply(project, command)
    song = project.songs[0].id if project.songs else ""
    before = {part.id: part for lane in lanes_of(project) for part in lane.sections if song}
    after = {part.id: part for part in sections_of(move_sections(project, before, by, lanes=lanes))}
    shifts = {after[id].start - before[id].start for id in before}
    assert len(shifts) <= 1
    assert after.keys() == before.keys()
    for shift in shifts:
        assert shift == max(by, -min(part.start for part in before.values()))


def test_copies_come_to_lie_right_behind_what_was_copied() -> None:
    project, id = placed()
    copied, ids = duplicate_sections(project, [id])
    _, _, part = section_of(project, id)
    _, _, copy = section_of(copied, ids[0])
    assert replace(copy, id=id, start=part.start) == part
    assert copy.start == part.end


def test_pasting_makes_the_lanes_that_are_missing() -> None:
    project, id = placed()
    project = move_sections(project, [id], 0, lanes=1)
    copied = copy_sections(project, [id])
    pasted, ids = paste_sections(project, project.songs[0].id, copied, 50_000, lane=3)
    song, lane, part = section_of(pasted, ids[0])
    assert song.lanes.index(lane) == 3
    assert part.start == 50_000
    gone = replace(project, clips=())
    assert paste_sections(gone, gone.songs[0].id, copied, 0) == (gone, ())


def test_a_drag_that_ends_where_it_began_leaves_no_step() -> None:
    project, id = placed()
    history = History(project)
    for by in (500, 900, 0):
        history.edit("Move", move_sections(project, [id], by), gesture="drag")
    assert history.value == project
    assert history.names == []
    history.edit("Move", move_sections(project, [id], 300), gesture="drag")
    assert history.names == ["Move"]
