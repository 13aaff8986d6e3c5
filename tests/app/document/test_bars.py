"""Bars in a song, and repeats that begin on them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.document.bars import bar_frames, bars_of_song, block_frames
from app.document.edits.copies import duplicate_sections
from app.document.edits.made import add_clips
from app.document.edits.motifs import repeat_sections
from app.document.edits.sections import place_clip
from app.document.edits.songs import add_song
from app.document.model import SONG_RATE, Clip, Lane, Project, Section, Song, Tempo

SEAM = 12 * SONG_RATE // 1000
TEMPOS = st.builds(Tempo, bpm=st.floats(20, 400), first_beat=st.floats(0, 10))


def clip(tempo: Tempo | None, id: str = "c1") -> Clip:
    return Clip(
        id=id, run="r", epoch=1, file="", rate=16_000, samples=16_000 * 60, seed=0, temperature=1.0, tempo=tempo
    )


def part(start: int, offset: int, length: int) -> Section:
    return Section(id="x1", clip="c1", start=start, offset=offset, length=length)


@given(TEMPOS, st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 10**6))
def test_bars_lie_where_the_clip_says(tempo: Tempo, start: int, offset: int, length: int) -> None:
    section, bar = part(start, offset, length), bar_frames(tempo)
    song = Song(id="s1", lanes=(Lane(id="l1", sections=(section,)),))
    bars = bars_of_song(song, {"c1": clip(tempo)})
    assert list(bars) == sorted(set(bars))
    assert all(start <= frame <= section.end for frame in bars)
    assert abs(len(bars) - length / bar) <= 1
    for frame in bars:
        number = (frame - start + offset - tempo.first_beat * SONG_RATE) / bar
        assert abs(number - round(number)) * bar <= 1


def test_only_clips_that_know_their_tempo_tell_of_bars() -> None:
    song = Song(id="s1", lanes=(Lane(id="l1", sections=(part(0, 0, SONG_RATE),)),))
    assert bars_of_song(song, {"c1": clip(None)}) == bars_of_song(song, {}) == ()


@given(TEMPOS, st.integers(1, 16), st.integers(-SONG_RATE // 25, SONG_RATE // 25), st.integers(0, 10**6))
def test_what_is_nearly_whole_bars_begins_again_on_one(tempo: Tempo, bars: int, off: int, start: int) -> None:
    whole = round(bars * bar_frames(tempo))
    assert abs(block_frames([part(start, 0, max(whole + off, 1))], {"c1": clip(tempo)}) - whole) <= 1


@pytest.mark.parametrize("tempo", [None, Tempo(bpm=120.0)])
def test_what_is_not_begins_again_where_it_ends(tempo: Tempo | None) -> None:
    sections = [part(0, 0, SONG_RATE), part(SONG_RATE, 0, SONG_RATE // 2)]
    assert block_frames(sections, {"c1": clip(tempo)}) == 3 * SONG_RATE // 2
    assert block_frames([part(0, 0, 100)], {"c1": clip(tempo)}) == 100  # not no bar at all


@pytest.mark.parametrize("again", [duplicate_sections, repeat_sections])
def test_a_block_with_its_seam_keeps_time_when_it_comes_again(again: object) -> None:
    """Four bars of two seconds and twelve milliseconds more, as recipes cut them: no repeat is late."""
    project = add_song(add_clips(Project(), [clip(Tempo(bpm=120.0))]))
    project = place_clip(project, "l1", "c1", 0, length=8 * SONG_RATE + SEAM)
    (section,) = project.songs[0].lanes[0].sections
    ids: tuple[str, ...] = (section.id,)
    for _ in range(3):
        project, ids = again(project, ids)  # type: ignore[operator]
    starts = [each.start for each in project.songs[0].lanes[0].sections]
    assert starts == [number * 8 * SONG_RATE for number in range(4)]
