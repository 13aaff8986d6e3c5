"""Takes that play part of a song again: in its place where that is one lane, else on a lane below it; one step."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.document.edits.continuing import choice_of, choose_alternatives
from app.document.edits.playing_again import place_takes
from app.document.edits.sections import move_sections, remove_sections, split_section, trim_start
from app.document.model import MOST_ALTERNATIVES, SONG_RATE, Clip, Project, Section
from app.document.song_part import SongPart, sections_alone, whole_song
from app.document.tree import change_section, section_of
from tests.app.conftest import build_project

TAKES = ("c0101", "c0102")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return build_project(tmp_path_factory.mktemp("again") / "Again.deepcuts")


def with_takes(project: Project, part: SongPart, ids: tuple[str, ...] = TAKES) -> Project:
    """With clips as long as the part."""
    samples = -(-part.frames * 16_000 // SONG_RATE)
    made = (
        Clip(id=id, run="run-1", epoch=1, file=f"clips/{id}.flac", rate=16_000, samples=samples, seed=0, temperature=1)
        for id in ids
    )
    return replace(project, clips=(*project.clips, *made))


def of(project: Project, id: str) -> Section:
    return section_of(project, id)[2]


def test_sections_of_one_lane_go_over_to_the_take_each_where_it_is(project: Project) -> None:
    part = sections_alone(project, ["x1", "x2"])  # 3 s from 0.5 s of its clip on, then 3.5 s
    after, placed = place_takes(with_takes(project, part), part, TAKES)
    assert set(placed) == {"x1", "x2"}
    first, second = of(after, "x1"), of(after, "x2")
    assert [(each.clip, each.start, each.offset) for each in (first, second)] == [
        ("c0101", 0, 0),
        ("c0101", 3 * SONG_RATE, 3 * SONG_RATE),
    ]
    assert (first.length, second.length) == (of(project, "x1").length, of(project, "x2").length)
    assert [choice_of(after, each) for each in (first, second)] == [(2, 3)] * 2
    back = choose_alternatives(after, ["x1", "x2"], -1)
    for id in ("x1", "x2"):
        assert replace(of(back, id), alternatives=(), alternative_offsets=()) == of(project, id)


@settings(max_examples=60, deadline=None)
@given(trimmed=st.floats(0, 2.5), moved=st.floats(0, 5), cut=st.floats(0.01, 0.99), steps=st.integers(-4, 4))
def test_whatever_is_cut_later_stays_in_time(
    project: Project, trimmed: float, moved: float, cut: float, steps: int
) -> None:
    """What is heard at a place of the part is the same moment of it, whichever alternative plays."""
    part = sections_alone(project, ["x1"])
    value, _ = place_takes(with_takes(project, part), part, TAKES)
    value = trim_start(value, "x1", round(trimmed * SONG_RATE))
    value = move_sections(value, ["x1"], round(moved * SONG_RATE))
    now = of(value, "x1")
    value = split_section(value, "x1", now.start + round(cut * now.length))
    names = [each.id for lane in value.songs[0].lanes for each in lane.sections if each.alternatives]
    for id in names:
        here = of(value, id)
        for by in range(steps, steps + 3):
            other = of(choose_alternatives(value, [id], by), id)
            if other.clip == "c0006":
                assert other.offset == here.offset + SONG_RATE // 2
            else:
                assert other.offset == here.offset
            assert (other.start, other.length) == (here.start, here.length)


def test_what_the_take_does_not_have_begins_later(project: Project) -> None:
    """The section was pulled out to before the part that the take plays."""
    part = sections_alone(project, ["x1"])
    moved = move_sections(with_takes(project, part), ["x1"], 10 * SONG_RATE)
    value, _ = place_takes(trim_start(moved, "x1", round(9.8 * SONG_RATE)), part, TAKES)
    now = of(value, "x1")
    assert (now.clip, now.start, now.offset) == ("c0101", 10 * SONG_RATE, 0)
    back = of(choose_alternatives(value, ["x1"], -1), "x1")
    assert (back.clip, back.start, back.offset) == ("c0006", 10 * SONG_RATE, SONG_RATE // 2)


def test_a_section_that_is_another_clip_by_now_gets_a_lane_below(project: Project) -> None:
    part = sections_alone(project, ["x1"])
    value = change_section(with_takes(project, part), "x1", lambda now: replace(now, clip="c0002"))
    after, (fresh,) = place_takes(value, part, TAKES)
    assert of(after, "x1") == of(value, "x1")
    assert section_of(after, fresh)[1] == after.songs[0].lanes[1]


def test_a_whole_song_is_played_again_on_a_lane_of_its_own_alone_at_first(project: Project) -> None:
    part = whole_song(project, "s1")
    after, (fresh,) = place_takes(with_takes(project, part), part, TAKES)
    song, lane, section = section_of(after, fresh)
    assert song.lanes[:-1] == project.songs[0].lanes
    assert (song.lanes[-1], lane.solo) == (lane, True)
    assert (section.start, section.length, section.clip) == (0, part.frames, "c0101")
    assert choice_of(after, section) == (1, 2)


def test_sections_of_several_lanes_get_a_lane_below_them(project: Project) -> None:
    part = sections_alone(project, ["x1", "x3"])
    after, (fresh,) = place_takes(with_takes(project, part), part, TAKES[:1])
    lanes = after.songs[0].lanes
    assert [lane for lane in lanes if lane.id in {each.id for each in project.songs[0].lanes}] == [
        *project.songs[0].lanes
    ]
    assert section_of(after, fresh)[1] == lanes[2]
    assert not lanes[2].solo
    assert of(after, fresh).alternatives == ()


def test_what_is_gone_stays_gone(project: Project) -> None:
    part = sections_alone(project, ["x1"])
    value = remove_sections(with_takes(project, part), ["x1"])
    assert place_takes(value, part, TAKES) == (value, ())
    without = replace(with_takes(project, part), songs=project.songs[1:])
    assert place_takes(without, part, TAKES) == (without, ())
    assert place_takes(project, part, ()) == (project, ())


def test_there_are_never_too_many(project: Project) -> None:
    ids = tuple(f"c{number:04}" for number in range(200, 290))
    part = sections_alone(project, ["x1"])
    value, _ = place_takes(with_takes(project, part, ids), part, ids)
    again, _ = place_takes(value, sections_alone(value, ["x1"]), ids)
    for each in (of(value, "x1"), of(again, "x1")):
        assert len(each.alternatives) == len(each.alternative_offsets) == MOST_ALTERNATIVES
        assert each.clip in each.alternatives


def test_an_older_document_begins_all_alternatives_alike(tmp_path: Path, project: Project) -> None:
    part = sections_alone(project, ["x2"])
    value = with_takes(project, part)
    value = change_section(value, "x2", lambda now: replace(now, alternatives=("c0004", *TAKES), offset=100))
    assert of(choose_alternatives(value, ["x2"], 1), "x2").offset == 100
