"""Repeats move on what follows; motifs stay together; time comes out of all lanes."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.document.edits.copies import copy_sections, duplicate_sections, move_to_song, paste_sections
from app.document.edits.markers import add_marker
from app.document.edits.motifs import make_motif, repeat_sections, whole_motifs
from app.document.edits.ripple import remove_time
from app.document.edits.sections import place_clip, split_section, trim_ends, trim_starts
from app.document.edits.songs import add_song, duplicate_song, set_song_gap
from app.document.lengths import album_seconds
from app.document.model import Project, Section
from app.document.tree import section_of
from tests.app.document.strategies import SCRIPTS, apply, lanes_of, sections_of, start

SOME = settings(max_examples=80, deadline=None)


def row_of_three() -> Project:
    """On one lane: 0 to 1000, 900 to 2000 (they cross), 5000 to 6000; on the other 0 to 3000."""
    project = start()
    first, second = (lane.id for lane in project.songs[0].lanes)
    for lane, at, length in ((first, 0, 1000), (first, 900, 1100), (first, 5000, 1000), (second, 0, 3000)):
        project = place_clip(project, lane, "c0", at, length=length)
    return project


def starts(project: Project, lane: int) -> list[int]:
    return [part.start for part in lanes_of(project)[lane].sections]


def test_a_repeat_moves_on_what_follows_on_its_lane_and_nothing_else() -> None:
    repeated, ids = repeat_sections(row_of_three(), ["x1"], 2)
    assert starts(repeated, 0) == [0, 1000, 2000, 2900, 7000]
    assert starts(repeated, 1) == [0]
    assert section_of(repeated, ids[0])[2].start == 2000


def test_several_repeat_as_one_block() -> None:
    repeated, ids = repeat_sections(row_of_three(), ["x2", "x4"])
    assert starts(repeated, 0) == [0, 900, 3900, 8000]
    assert starts(repeated, 1) == [0, 3000]
    assert len(ids) == 2


@SOME
@given(SCRIPTS, st.integers(1, 4), st.data())
def test_a_repeat_adds_copies_at_even_distances_and_loses_nothing(
    script: list, times: int, data: st.DataObject
) -> None:
    project = start()
    for command in script[:12]:
        project = apply(project, command)
    song = next((song for song in project.songs if song.frames), None)
    if song is None:
        return
    parts = [part for lane in song.lanes for part in lane.sections]
    chosen = data.draw(st.lists(st.sampled_from(parts), min_size=1, max_size=3, unique_by=lambda part: part.id))
    repeated, last = repeat_sections(project, [part.id for part in chosen], times)
    assert len(sections_of(repeated)) == len(sections_of(project)) + times * len(chosen)
    span = max(part.end for part in chosen) - min(part.start for part in chosen)
    for part, id in zip(chosen, last, strict=True):
        twin = section_of(repeated, id)[2]
        assert twin.start == part.start + times * span
        assert _sound(twin) == _sound(part)
    after = {part.id: part for part in sections_of(repeated)}
    for part in parts:
        assert after[part.id].start - part.start in (0, times * span)


def _sound(part: Section) -> Section:
    return replace(part, id="", start=0, motif="")


def test_a_motif_is_chosen_whole_and_its_copies_are_motifs_of_their_own() -> None:
    project = make_motif(row_of_three(), ["x1", "x2"])
    song = project.songs[0]
    assert whole_motifs(song, ["x2"]) == {"x1", "x2"}
    assert whole_motifs(song, ["x3"]) == {"x3"}
    for copied, ids in (
        repeat_sections(project, ["x1", "x2"]),
        duplicate_sections(project, ["x1", "x2"]),
        paste_sections(project, "s1", copy_sections(project, ["x1", "x2"]), 9000),
    ):
        assert whole_motifs(copied.songs[0], ids[:1]) == set(ids)
        assert whole_motifs(copied.songs[0], ["x1"]) == {"x1", "x2"}
    twin = duplicate_song(project, "s1").songs[1]
    assert len(whole_motifs(twin, [twin.lanes[0].sections[0].id])) == 2
    assert make_motif(row_of_three(), ["x1"]) == row_of_three()


def test_both_halves_of_a_split_stay_in_the_motif() -> None:
    project = split_section(make_motif(row_of_three(), ["x1", "x2"]), "x1", 500)
    assert len(whole_motifs(project.songs[0], ["x2"])) == 3


def test_time_comes_out_of_all_lanes_and_takes_markers_with_it() -> None:
    project = row_of_three()
    for frame in (100, 700, 5500):
        project = add_marker(project, "s1", frame)
    cut = remove_time(project, "s1", 500, 1500)
    assert [(part.start, part.end) for part in lanes_of(cut)[0].sections] == [(0, 500), (500, 1000), (4000, 5000)]
    assert [(part.start, part.end) for part in lanes_of(cut)[1].sections] == [(0, 500), (500, 2000)]
    assert [marker.frame for marker in cut.songs[0].markers] == [100, 4500]
    assert remove_time(project, "s1", 500, 500) is project


def test_sections_go_to_another_song_on_lanes_of_the_same_places() -> None:
    project = add_song(row_of_three(), lanes=1)
    moved = move_to_song(project, ["x3", "x4"], "s2", 200)
    assert [[part.id for part in lane.sections] for lane in moved.songs[1].lanes] == [["x3"], ["x4"]]
    assert [part.start for lane in moved.songs[1].lanes for part in lane.sections] == [5200, 200]
    assert [part.id for lane in moved.songs[0].lanes for part in lane.sections] == ["x1", "x2"]


def test_edges_are_trimmed_to_a_place_where_they_can() -> None:
    project = row_of_three()
    early = trim_starts(project, ["x1", "x2", "x4"], 950)
    assert [(part.start, part.end) for part in sections_of(early)[:2]] == [(950, 1000), (950, 2000)]
    late = trim_ends(project, ["x1", "x3"], 400)
    assert [part.end for part in sections_of(late)] == [400, 2000, 6000, 3000]


def test_the_album_is_as_long_as_its_songs_and_the_gaps_between_them() -> None:
    project = add_song(row_of_three(), lanes=1)
    project = place_clip(add_song(project, lanes=1), project.songs[1].lanes[0].id, "c0", 0, length=6000)
    seconds = 12_000 / 44_100
    assert album_seconds(project) == seconds + 2.0
    assert album_seconds(set_song_gap(project, "s1", 0.5)) == seconds + 0.5
    assert album_seconds(set_song_gap(project, "s2", 9.0)) == seconds + 2.0
    assert set_song_gap(project, "s1", 99.0).songs[0].gap_seconds == 30.0
