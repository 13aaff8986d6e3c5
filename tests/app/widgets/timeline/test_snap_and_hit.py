"""What falls onto what, and what lies under the pointer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.document.model import SONG_RATE, Clip, Lane, Section, Song, Tempo
from app.widgets.timeline.geometry import Rows, TimeScale
from app.widgets.timeline.hit import Part, grips, hit
from app.widgets.timeline.snap import snapped, targets


def section(id: str, start: int, length: int, **more: int) -> Section:
    return Section(id=id, clip="c1", start=start, offset=0, length=length, **more)


SONG = Song(
    id="s1",
    lanes=(
        Lane(id="l1", sections=(section("x1", 0, 10_000), section("x2", 9_000, 10_000, fade_in=2000))),
        Lane(id="l2"),
        Lane(id="l3", sections=(section("x3", 5_000, 1_000),)),
    ),
)
SCALE, ROWS = TimeScale(0.0, 100.0), Rows(height=100, gap=8)


def test_edges_playhead_and_start_are_targets_and_what_moves_is_not() -> None:
    assert targets(SONG, 777) == (0, 777, 5_000, 6_000, 9_000, 10_000, 19_000)
    assert targets(SONG, 777, without={"x1", "x2"}) == (0, 777, 5_000, 6_000)


def test_bars_are_targets_where_clips_tell_of_them() -> None:
    """At 120 beats a minute bars are two seconds long; those of what moves count no more than its edges."""
    clip = Clip(
        id="c1", run="r", epoch=1, file="", rate=16_000, samples=16_000 * 10, seed=0, temperature=1.0,
        tempo=Tempo(bpm=120.0, first_beat=0.5),
    )  # fmt: skip
    parts = section("x1", 1000, 5 * SONG_RATE), section("x2", 7, 3 * SONG_RATE)
    song = Song(id="s1", lanes=(Lane(id="l1", sections=parts[:1]), Lane(id="l2", sections=parts[1:])))
    half = SONG_RATE // 2
    bars = [1000 + half, 1000 + 5 * half, 1000 + 9 * half]
    assert targets(song, None, kinds=("bars",), without={"x2"}, clips={"c1": clip}) == tuple(bars)
    assert targets(song, None, kinds=("bars",), clips={"c1": clip}) == tuple(sorted([*bars, 7 + half, 7 + 5 * half]))
    assert targets(song, None, kinds=("bars",), clips={}) == ()
    assert not set(targets(song, None, kinds=("edges",), clips={"c1": clip})) & set(bars)


def test_the_nearest_target_wins_and_is_what_the_guide_shows() -> None:
    assert snapped([5_090, 8_000], targets(SONG, 777), 200).guide == 5_000
    near = snapped([5_150, 8_990], targets(SONG, 777), 200)
    assert (near.by, near.guide) == (10, 9_000)
    assert snapped([7_500], targets(SONG, 777), 200).guide is None


def test_a_whole_second_pulls_only_where_no_edge_does() -> None:
    edge = 2 * SONG_RATE + 50
    assert snapped([edge], (edge + 90,), 100, 100).by == 90
    assert snapped([edge], (), 100, 100).by == -50
    assert snapped([edge], (), 100).by == 0


@given(
    st.lists(st.integers(0, 10**6), min_size=1, max_size=4),
    st.lists(st.integers(0, 10**6), max_size=30),
    st.integers(0, 5_000),
)
def test_snapping_is_what_trying_every_target_finds(edges: list[int], onto: list[int], reach: int) -> None:
    found = snapped(edges, sorted(set(onto)), reach)
    near = [target - edge for edge in edges for target in onto if abs(target - edge) <= reach]
    assert abs(found.by) == min((abs(shift) for shift in near), default=0)
    assert (found.guide is None) == (not near)
    if found.guide is not None:
        assert any(edge + found.by == found.guide for edge in edges)


def test_bodies_edges_and_empty_places_are_told_apart() -> None:
    def at(x: float, y: float) -> tuple[Part, str, int]:
        found = hit(SONG, SCALE, ROWS, x, y)
        return found.part, found.section.id if found.section else "", found.lane

    middle = ROWS.top(0) + 50
    assert at(50, middle) == (Part.BODY, "x1", 0)
    assert at(2, middle) == (Part.START, "x1", 0)
    assert at(188, middle) == (Part.END, "x2", 0)
    assert at(98, middle) == (Part.BODY, "x2", 0)  # the later one is on top
    assert at(400, middle) == (Part.NOTHING, "", 0)
    assert at(50, ROWS.top(1) + 50) == (Part.NOTHING, "", 1)
    assert at(50, 3) == (Part.NOTHING, "", -1)
    assert at(50, ROWS.top(5)) == (Part.NOTHING, "", 5)


def test_a_narrow_section_can_still_be_moved_and_has_no_grips() -> None:
    middle = ROWS.top(2) + 50
    assert hit(SONG, SCALE, ROWS, 55, middle).part is Part.BODY
    assert hit(SONG, SCALE, ROWS, 51, middle).part is Part.START
    assert grips(SONG.lanes[2].sections[0], SCALE) is None


def test_the_grips_are_where_the_fades_end() -> None:
    faded = SONG.lanes[0].sections[1]
    left, right = grips(faded, SCALE) or (0.0, 0.0)
    assert left == 90 + 20
    assert right < 190
    top = ROWS.top(0) + 4
    assert hit(SONG, SCALE, ROWS, left, top).part is Part.FADE_IN
    assert hit(SONG, SCALE, ROWS, right, top).part is Part.FADE_OUT
