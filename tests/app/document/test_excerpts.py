"""Excerpts of clips placed on lanes, and a song of the excerpts along a path."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from app.document.edits.excerpts import PATH_CROSSFADE, add_song_of, place_excerpts
from app.document.edits.made import add_clips
from app.document.edits.songs import add_song
from app.document.excerpt import Excerpt
from app.document.model import SONG_RATE, Clip, Project

SECONDS = {"c1": 9, "c2": 4, "c3": 1}
EXCERPTS = st.lists(
    st.builds(
        Excerpt,
        st.sampled_from([*SECONDS, "gone"]),
        st.integers(0, 10 * SONG_RATE),
        st.integers(1, 8 * SONG_RATE),
        st.booleans(),
    ),
    max_size=8,
)


def with_clips() -> Project:
    clips = [
        Clip(id=id, run="r", epoch=1, file=f"{id}.flac", rate=SONG_RATE, samples=seconds * SONG_RATE, seed=0,
             temperature=1.0)
        for id, seconds in SECONDS.items()
    ]  # fmt: skip
    return add_clips(Project(), clips)


def usable(excerpt: Excerpt) -> bool:
    return not excerpt.is_album and excerpt.offset < SECONDS.get(excerpt.source, 0) * SONG_RATE


@given(EXCERPTS)
def test_the_song_of_a_path_has_its_excerpts_in_order_each_over_the_end_of_the_one_before(
    excerpts: list[Excerpt],
) -> None:
    before = with_clips()
    value = add_song_of(before, excerpts)
    assert value.songs[:-1] == before.songs
    parts = value.songs[-1].lanes[0].sections
    wanted = [excerpt for excerpt in excerpts if usable(excerpt)]
    assert [(part.clip, part.offset) for part in sorted(parts, key=lambda part: part.id.rjust(9))] == [
        (excerpt.source, excerpt.offset) for excerpt in wanted
    ]
    ordered = sorted(parts, key=lambda part: part.id.rjust(9))
    for part in ordered:
        assert part.offset + part.length <= SECONDS[part.clip] * SONG_RATE
    for one, other in itertools.pairwise(ordered):
        assert one.end - other.start == min(PATH_CROSSFADE, one.length // 2)
    assert not parts or ordered[0].start == 0


@given(EXCERPTS, st.integers(0, SONG_RATE))
def test_excerpts_are_placed_one_behind_the_other(excerpts: list[Excerpt], start: int) -> None:
    value = add_song(with_clips())
    lane = value.songs[0].lanes[0].id
    parts = place_excerpts(value, lane, excerpts, start).songs[0].lanes[0].sections
    assert len(parts) == sum(map(usable, excerpts))
    for one, other in itertools.pairwise(parts):
        assert one.end == other.start
    assert all(part.length <= excerpt.length for part, excerpt in zip(parts, filter(usable, excerpts), strict=True))
