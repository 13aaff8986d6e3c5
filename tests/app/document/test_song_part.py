"""Parts of songs: what they hold, what they are called, and how they are found by name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.document.edits.made import add_clips
from app.document.edits.sections import place_clip
from app.document.edits.songs import add_song, mute_lane, solo_lane, title_song
from app.document.model import SONG_RATE, Clip, Project, Tempo
from app.document.song_part import lanes_alone, lanes_beside, part_named, sections_alone, whole_song


def two_songs() -> Project:
    """Two songs: “Slow Rust” has sections at 0, 2 and 3 s on its first lane and at 2 and 9 s on its second."""
    clips = [
        Clip(
            id=f"c{number}", run="r", epoch=1, file=f"clips/c{number}.flac", rate=16_000, samples=160_000, seed=0,
            temperature=1.0, tempo=Tempo(bpm=120.0, first_beat=0.5) if number == 1 else None,
        )
        for number in (1, 2, 3)
    ]  # fmt: skip
    made = add_song(add_song(add_clips(Project(), clips)))
    made = title_song(made, "s1", "Slow Rust")
    for lane, clip, start, offset in (
        (0, "c1", 0, 0),
        (0, "c2", 2, 0),
        (0, "c1", 3, 2.5),
        (1, "c2", 2, 1),
        (1, "c3", 9, 0),
    ):
        id = made.songs[0].lanes[lane].id
        made = place_clip(made, id, clip, start * SONG_RATE, offset=round(offset * SONG_RATE), length=SONG_RATE)
    return place_clip(made, made.songs[1].lanes[0].id, "c3", 0)


@pytest.fixture
def project() -> Project:
    return two_songs()


def held(project: Project, name: str) -> tuple[str, list[str], list[str], float, float]:
    part = part_named(project, name)
    assert part is not None
    sections = [section.id for lane in part.song.lanes for section in lane.sections]
    return part.name, sections, [clip.id for clip in part.clips], part.start / SONG_RATE, part.seconds


def test_parts_hold_what_they_name_and_nothing_else(project: Project) -> None:
    all_clips = ["c1", "c2", "c3"]
    assert held(project, "slow rust") == ("Slow Rust", ["x1", "x2", "x3", "x4", "x5"], all_clips, 0.0, 10.0)
    assert held(project, "Song 1") == held(project, "Slow Rust")
    assert held(project, "Song 2") == ("Song 2", ["x6"], ["c3"], 0.0, 10.0)
    # by their starts, the upper lane first
    assert held(project, "Slow Rust, section 2") == ("Slow Rust, section 2", ["x2"], ["c2"], 2.0, 1.0)
    assert held(project, "song 1,  SECTION 3") == ("Slow Rust, section 3", ["x4"], ["c2"], 2.0, 1.0)
    assert held(project, "Slow Rust, section 4") == ("Slow Rust, section 4", ["x3"], ["c1"], 3.0, 1.0)
    assert held(project, "Slow Rust, lane 2") == ("Slow Rust, lane 2", ["x4", "x5"], ["c2", "c3"], 0.0, 10.0)


@pytest.mark.parametrize(
    "name",
    ["", "Song 3", "Song 0", "Slow", "Slow Rust, section 6", "Slow Rust, section 0", "Song 2, lane 9", ", section 1"],
)
def test_what_is_not_there_is_not_found(project: Project, name: str) -> None:
    assert part_named(project, name) is None


def test_a_title_that_looks_like_a_part_is_the_song(project: Project) -> None:
    titled = title_song(project, "s2", "Slow Rust, section 2")
    part = part_named(titled, "slow rust, Section 2")
    assert part is not None
    assert part.song.id == "s2"


def test_several_sections_and_lanes_have_one_name(project: Project) -> None:
    assert sections_alone(project, ["x2", "x1", "x4"]).name == "Slow Rust, sections 1 to 3"
    both = sections_alone(project, ["x5", "x1"])
    assert (both.name, both.start, both.seconds) == ("Slow Rust, sections 1 and 5", 0, 10.0)
    lanes = [lane.id for lane in project.songs[0].lanes]
    part = lanes_alone(project, lanes, SONG_RATE, 4 * SONG_RATE)
    assert (part.name, part.start, part.frames) == ("Slow Rust, lanes 1 and 2", SONG_RATE, 3 * SONG_RATE)


def test_sections_of_muted_lanes_are_heard_alone_but_not_in_the_song(project: Project) -> None:
    muted = mute_lane(project, project.songs[0].lanes[0].id, True)
    assert not any(lane.mute for lane in sections_alone(muted, ["x1"]).song.lanes)
    assert whole_song(muted, "s1").song.lanes[0].mute


def test_what_other_lanes_play_meanwhile(project: Project) -> None:
    part = lanes_beside(project, ["x1", "x2"])
    assert part is not None
    assert (part.name, part.start, part.seconds) == ("Slow Rust, lane 2", 0, 3.0)
    assert [section.id for lane in part.song.lanes for section in lane.sections] == ["x4", "x5"]
    assert lanes_beside(project, ["x1"]) is None
    assert lanes_beside(project, ["x2", "x4"]) is None
    own, other = (lane.id for lane in project.songs[0].lanes)
    assert lanes_beside(mute_lane(project, other, True), ["x2"]) is None
    assert lanes_beside(solo_lane(project, own, True), ["x2"]) is None
    assert lanes_beside(solo_lane(project, other, True), ["x2"]) is not None


def test_what_is_of_several_songs_or_of_none_is_refused(project: Project) -> None:
    for ids in (["x1", "x6"], []):
        with pytest.raises(ValueError, match="one song"):
            sections_alone(project, ids)
    with pytest.raises(KeyError):
        sections_alone(project, ["x99"])


def test_the_tempo_is_known_where_a_bar_begins_with_the_part(project: Project) -> None:
    assert sections_alone(project, ["x3"]).bpm == 120.0  # 2.5 s into a clip whose bars of 2 s begin at 0.5 s
    assert sections_alone(project, ["x1"]).bpm is None  # half a second before a bar
    assert sections_alone(project, ["x2"]).bpm is None  # nothing is known of that clip


def test_a_clip_that_is_gone_from_the_project_is_left_out(project: Project) -> None:
    without = replace(project, clips=project.clips[1:])
    assert [clip.id for clip in sections_alone(without, ["x1", "x2"]).clips] == ["c2"]


@settings(max_examples=60, deadline=None)
@given(ids=st.sets(st.sampled_from(["x1", "x2", "x3", "x4", "x5"]), min_size=1))
def test_any_choice_has_a_name_and_spans_what_was_chosen(ids: set[str]) -> None:
    value = two_songs()
    part = sections_alone(value, ids)
    chosen = [each for lane in value.songs[0].lanes for each in lane.sections if each.id in ids]
    assert {each.id for lane in part.song.lanes for each in lane.sections} == ids
    assert part.start == min(each.start for each in chosen)
    assert part.start + part.frames == max(each.end for each in chosen)
    assert part_named(value, part.name) is None or len(ids) == 1
