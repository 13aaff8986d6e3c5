"""Layering takes into stereo and keeping them aligned, on documents whose clips are made drums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soxr
from msgspec.structs import replace

from app.document.edits.layers import put_apart, takes_of_clips, takes_of_sections
from app.document.edits.made import add_clips
from app.document.edits.markers import add_marker
from app.document.edits.sections import place_clip, split_section
from app.document.edits.songs import add_song, set_lane_gain, set_lane_pan, solo_lane
from app.document.edits.tempo import set_tempo
from app.document.errors import UserError
from app.document.model import SONG_RATE, Clip, Lane, Project, Section, Song, Tempo
from app.document.tree import section_of
from app.studio.alignment.kept_aligned import bar_lines, layer_kept_aligned
from app.studio.alignment.layering import align_accents, layer_to_stereo
from app.studio.analysis.accents import Accents, accents_of_strength, listen_to
from app.studio.analysis.onsets import onset_strength
from app.studio.audio.mix import mix
from samplernn.audio.reading import write_sound
from tests.app.drums import Sound, at_listening_rate, beat, moved, strokes

_LATE = round(0.731 * SONG_RATE)
_EXACT = 0.005 * SONG_RATE


class Band:
    """A document with clips, and all that is known of them."""

    def __init__(self, sounds: Mapping[str, Sound]) -> None:
        self.sounds = sounds
        clips = [
            Clip(
                id=id, run="r", epoch=1, file=f"{id}.flac", rate=SONG_RATE, samples=len(sound), seed=0, temperature=1.0
            )
            for id, sound in sounds.items()
        ]
        self.project = add_song(add_clips(Project(), clips), lanes=3)
        self.heard: dict[str, Accents] = {
            id: accents_of_strength(onset_strength(at_listening_rate(sound))) for id, sound in sounds.items()
        }

    def place(self, lane: int, clip: str, start: int, offset: int = 0, length: int | None = None) -> str:
        goal = self.project.songs[0].lanes[lane].id
        self.project = place_clip(self.project, goal, clip, start, offset=offset, length=length)
        parts = [part for row in self.project.songs[0].lanes for part in row.sections]
        return max(parts, key=lambda part: int(part.id[1:])).id

    def likeness(self, one: Lane, other: Lane, start: int, end: int) -> float:
        """Correlation of the onset strengths of two lanes as they sound."""
        strengths = [
            onset_strength(at_listening_rate(mix(Song(id="s", lanes=(lane,)), self.sounds, start, end - start).sum(1)))
            for lane in (one, other)
        ]
        return float(np.corrcoef(*strengths)[0, 1])


@pytest.fixture
def copies() -> Band:
    """Drums; the same, begun later and quieter; other drums."""
    first = strokes(np.cumsum(np.random.default_rng(7).uniform(0.1, 0.5, 44)), 14.0)
    second = 0.2 * moved(first, -_LATE, len(first))
    return Band({"c1": first, "c2": second, "c3": beat(101.0, 9.0, seed=3)})


def drift(section: Section) -> int:
    """Which frame of its clip sounds at the start of the song."""
    return section.offset - section.start


def sections_on(project: Project, lane: int) -> tuple[Section, ...]:
    return project.songs[0].lanes[lane].sections


def layered(band: Band, ids: Sequence[str], *, keep: bool = False) -> Project:
    takes = takes_of_sections(band.project.songs[0], ids)
    layer = layer_kept_aligned if keep else layer_to_stereo
    return layer(band.project, "s1", takes, band.heard)


def test_two_sections_of_one_lane_become_a_pair_panned_apart_with_accents_aligned(copies: Band) -> None:
    one = copies.place(0, "c1", 0, length=5 * SONG_RATE)
    other = copies.place(0, "c2", 6 * SONG_RATE, offset=2 * SONG_RATE, length=5 * SONG_RATE)
    project = layered(copies, [one, other])
    left, right, rest = project.songs[0].lanes
    assert [part.id for part in left.sections] == [one]
    assert [part.id for part in right.sections] == [other]
    assert (left.pan, right.pan, rest.pan) == (0.0, 0.0, 0.0)
    assert section_of(project, one)[2] == replace(section_of(copies.project, one)[2], pan=-0.7)
    moved_part = section_of(project, other)[2]
    assert moved_part.pan == 0.7
    assert moved_part.end == section_of(project, one)[2].end
    # the clip goes back further than its section did, so both begin together
    assert moved_part.start == 0
    assert abs(drift(moved_part) - _LATE) < _EXACT


def test_both_begin_together_where_the_earlier_began_with_what_both_have(copies: Band) -> None:
    """The first has its accents later: what it has before is trimmed away, and no silence comes in its place."""
    one = copies.place(0, "c2", SONG_RATE, offset=0, length=6 * SONG_RATE)
    other = copies.place(1, "c1", SONG_RATE, offset=0, length=6 * SONG_RATE)
    for ids in ([one, other], [other, one]):
        project = layered(copies, ids)
        first, second = (section_of(project, id)[2] for id in (one, other))
        assert first.start == second.start == SONG_RATE
        assert abs(drift(first) - drift(second) - _LATE) < _EXACT
        assert second.offset == 0
        assert first.end == second.end
        assert first.length == pytest.approx(6 * SONG_RATE - _LATE, abs=_EXACT)


def test_what_begins_too_early_is_trimmed(copies: Band) -> None:
    one = copies.place(0, "c2", SONG_RATE, offset=0, length=6 * SONG_RATE)
    first = copies.place(2, "c1", SONG_RATE // 2, length=6 * SONG_RATE)
    project = layered(copies, [first, one])
    late, still = section_of(project, one)[2], section_of(project, first)[2]
    assert late.start == SONG_RATE // 2
    assert abs(drift(late) - (_LATE - SONG_RATE // 2)) < _EXACT
    assert late.end == still.end == SONG_RATE // 2 + 6 * SONG_RATE


def sounding(project: Project) -> list[tuple[int, int]]:
    """The stretches of the song in which anything sounds."""
    spans: list[tuple[int, int]] = []
    parts = (part for lane in project.songs[0].lanes for part in lane.sections)
    for part in sorted(parts, key=lambda part: part.start):
        if spans and part.start <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(spans[-1][1], part.end)
        else:
            spans.append((part.start, part.end))
    return spans


@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize("clips", [("c1", "c2"), ("c2", "c1"), ("c1", "c3")])
def test_neighbours_that_are_layered_leave_no_hole(copies: Band, clips: tuple[str, str], keep: bool) -> None:
    one = copies.place(0, clips[0], 0, length=5 * SONG_RATE)
    other = copies.place(0, clips[1], 5 * SONG_RATE, length=5 * SONG_RATE)
    rest = copies.place(0, "c3", 10 * SONG_RATE, length=4 * SONG_RATE)
    below = copies.place(1, "c3", 11 * SONG_RATE, length=2 * SONG_RATE)
    copies.project = add_marker(copies.project, "s1", 11 * SONG_RATE)
    project = layered(copies, [one, other], keep=keep)
    ((start, end),) = sounding(project)
    assert start == 0
    pair, after = section_of(project, one)[2], section_of(project, rest)[2]
    assert after.start == pair.end
    assert end == after.end
    assert section_of(project, below)[2].start - after.start == SONG_RATE
    assert project.songs[0].markers[0].frame - after.start == SONG_RATE


def test_silence_that_was_there_stays(copies: Band) -> None:
    one = copies.place(0, "c1", 0, length=5 * SONG_RATE)
    other = copies.place(1, "c2", 0, length=5 * SONG_RATE)
    rest = copies.place(0, "c3", 8 * SONG_RATE)
    project = layered(copies, [other, one])
    pair = section_of(project, one)[2]
    assert section_of(project, rest)[2].start - pair.end == 3 * SONG_RATE


def test_takes_of_another_length_by_far_stay_so(copies: Band) -> None:
    one = copies.place(0, "c1", 0, length=10 * SONG_RATE)
    other = copies.place(1, "c2", 0, length=4 * SONG_RATE)
    project = layered(copies, [one, other])
    first, second = section_of(project, one)[2], section_of(project, other)[2]
    assert first.start == second.start == 0
    assert first.length == 10 * SONG_RATE
    assert second.length < 5 * SONG_RATE


def test_what_is_at_the_right_already_stays_there_and_on_its_lane(copies: Band) -> None:
    one = copies.place(0, "c1", 0, length=4 * SONG_RATE)
    other = copies.place(1, "c2", 0, length=4 * SONG_RATE)
    copies.project = set_lane_pan(copies.project, "l1", 0.7)
    project = layered(copies, [one, other])
    assert [[part.id for part in lane.sections] for lane in project.songs[0].lanes] == [[one], [other], []]
    assert [lane.pan for lane in project.songs[0].lanes] == [0.7, 0.0, 0.0]
    assert (section_of(project, one)[2].pan, section_of(project, other)[2].pan) == (0.0, -0.7)
    copies.project = project
    again = layered(copies, [other, one])
    assert [section_of(again, id)[2].pan for id in (one, other)] == [0.0, -0.7]


def test_takes_that_move_to_other_lanes_are_heard_as_loud_as_before(copies: Band) -> None:
    one = copies.place(0, "c1", 0, length=4 * SONG_RATE)
    other = copies.place(0, "c2", 4 * SONG_RATE, length=4 * SONG_RATE)
    project = solo_lane(set_lane_gain(copies.project, "l1", -6.0), "l1", True)
    copies.project = set_lane_gain(project, "l2", 3.0)
    project = layered(copies, [one, other])
    for id in (one, other):
        _, lane, part = section_of(project, id)
        assert lane.gain_db + part.gain_db == -6.0
        assert lane.solo


def test_lanes_of_a_selection_are_takes_that_move_as_one(copies: Band) -> None:
    one = copies.place(0, "c1", 0, length=8 * SONG_RATE)
    other = copies.place(1, "c2", 0, offset=SONG_RATE, length=6 * SONG_RATE)
    copies.project = split_section(copies.project, other, 3 * SONG_RATE)
    parts = [part.id for part in sections_on(copies.project, 1)]
    project = layered(copies, [one, *parts])
    first, second = sections_on(project, 1)
    assert first.offset + first.length == second.offset
    assert first.end == second.start
    assert abs(drift(second) - _LATE) < _EXACT


def test_other_sections_stay_as_they_sound(copies: Band) -> None:
    one = copies.place(0, "c1", 0, length=4 * SONG_RATE)
    other = copies.place(0, "c2", 5 * SONG_RATE, length=4 * SONG_RATE)
    rest = copies.place(0, "c3", 10 * SONG_RATE)
    busy = copies.place(1, "c3", SONG_RATE)
    copies.project = set_lane_pan(copies.project, "l1", 0.25)
    before = copies.project.songs[0]
    after = layered(copies, [one, other]).songs[0]
    parts = {part.id: part for lane in before.lanes for part in lane.sections}
    assert [replace(lane, sections=()) for lane in after.lanes] == [replace(lane, sections=()) for lane in before.lanes]
    for id in (rest, busy):
        assert section_of(layered(copies, [one, other]), id)[2] == parts[id]
    pans = {part.id: lane.pan + part.pan for lane in after.lanes for part in lane.sections}
    assert (pans[one], pans[other]) == pytest.approx((-0.7, 0.7))
    assert pans[rest] == 0.25


def test_clips_come_in_at_the_playhead(copies: Band) -> None:
    takes = takes_of_clips(copies.project, ["c1", "c2", "c3"], 2 * SONG_RATE)
    lanes = layer_to_stereo(copies.project, "s1", takes, copies.heard).songs[0].lanes
    parts = [part for lane in lanes for part in lane.sections]
    assert [part.pan for part in parts] == [-0.7, 0.0, 0.7]
    assert [part.clip for part in parts] == ["c1", "c2", "c3"]
    assert {part.start for part in parts} == {2 * SONG_RATE}


def test_one_take_is_not_layered(copies: Band) -> None:
    one = copies.place(0, "c1", 0)
    with pytest.raises(UserError):
        layered(copies, [one])
    assert (
        put_apart(copies.project, "s1", takes_of_sections(copies.project.songs[0], [one])).songs[0].lanes
        == copies.project.songs[0].lanes
    )


@pytest.mark.parametrize("start", [0.4, 1.1, 3.0])
def test_align_accents_moves_the_lower_lane_onto_the_upper(copies: Band, start: float) -> None:
    one = copies.place(0, "c1", SONG_RATE)
    other = copies.place(1, "c2", round(start * SONG_RATE), offset=round(start * SONG_RATE), length=4 * SONG_RATE)
    project = align_accents(copies.project, "s1", [one, other], copies.heard)
    part = section_of(project, other)[2]
    assert abs(drift(part) - (_LATE - SONG_RATE)) < _EXACT
    assert section_of(project, one)[2] == section_of(copies.project, one)[2]


def test_one_section_is_aligned_to_what_sounds_with_it(copies: Band) -> None:
    copies.place(0, "c1", 0)
    other = copies.place(1, "c2", 3 * SONG_RATE, offset=3 * SONG_RATE, length=5 * SONG_RATE)
    part = section_of(align_accents(copies.project, "s1", [other], copies.heard), other)[2]
    assert abs(drift(part) - _LATE) < _EXACT
    assert part.length == 5 * SONG_RATE


def test_a_split_stays_inaudible_when_both_halves_are_aligned(copies: Band) -> None:
    copies.place(0, "c1", 0)
    other = copies.place(1, "c2", 3 * SONG_RATE, offset=3 * SONG_RATE, length=5 * SONG_RATE)
    copies.project = split_section(copies.project, other, 5 * SONG_RATE)
    halves = [part.id for part in sections_on(copies.project, 1)]
    first, second = sections_on(align_accents(copies.project, "s1", halves, copies.heard), 1)
    assert (first.end, first.offset + first.length) == (second.start, second.offset)


def test_what_sounds_alone_cannot_be_aligned(copies: Band) -> None:
    one = copies.place(0, "c1", 0, length=SONG_RATE)
    other = copies.place(1, "c2", 4 * SONG_RATE)
    for chosen in ([one], [one, other]):
        with pytest.raises(UserError):
            align_accents(copies.project, "s1", chosen, copies.heard)


@pytest.fixture(scope="module")
def drifting() -> Band:
    """A beat, and the same played 1.5 % slower."""
    first = beat(138.5, 24.0, first=0.4, seed=5)
    slower = soxr.resample(beat(138.5, 24.0, first=0.4, seed=6), 1000, 1015).astype(np.float32)
    return Band({"c1": first, "c2": slower})


@pytest.fixture
def drifting_pair(drifting: Band) -> tuple[Band, list[str]]:
    drifting.project = add_song(replace(drifting.project, songs=()), lanes=2)
    return drifting, [drifting.place(0, "c1", 0), drifting.place(1, "c2", 0, length=24 * SONG_RATE)]


def test_takes_drift_apart_or_are_kept_aligned(drifting_pair: tuple[Band, list[str]]) -> None:
    band, ids = drifting_pair
    free, kept = layered(band, ids).songs[0].lanes, layered(band, ids, keep=True).songs[0].lanes
    assert len(free[1].sections) == 1
    assert band.likeness(*free[:2], 0, 3 * SONG_RATE) > 0.25
    assert band.likeness(*free[:2], 18 * SONG_RATE, 23 * SONG_RATE) < 0.1
    for second in range(0, 20, 4):
        assert band.likeness(*kept[:2], second * SONG_RATE, (second + 4) * SONG_RATE) > 0.35
    assert kept[0].sections == free[0].sections


def test_what_is_kept_aligned_is_cut_once_a_bar_at_accents_and_stays_within_its_clip(
    drifting_pair: tuple[Band, list[str]],
) -> None:
    band, ids = drifting_pair
    project = layered(band, ids, keep=True)
    pieces = sections_on(project, 1)
    lines = np.array(bar_lines(project, sections_on(project, 0), band.heard))
    assert 8 <= len(pieces) <= len(lines) + 1
    assert pieces[0].id == ids[1]
    assert len({part.id for part in pieces}) == len(pieces)
    frames = len(band.sounds["c2"])
    accents = band.heard["c2"].frames
    for before, after in pairwise(pieces):
        assert after.offset >= 0
        assert after.offset + after.length <= frames
        assert 0 < before.end - after.start < SONG_RATE // 50
        assert np.abs(lines - after.start).min() < SONG_RATE // 4
        # the first thing heard of a piece is an accent
        assert 0 <= (accents - after.offset)[accents >= after.offset].min() < SONG_RATE // 20


def test_takes_that_do_not_drift_are_not_cut(copies: Band) -> None:
    ids = [copies.place(0, "c1", 0), copies.place(1, "c2", 0)]
    assert layered(copies, ids, keep=True) == layered(copies, ids)


def test_bars_follow_the_tempo_that_was_corrected(copies: Band) -> None:
    id = copies.place(0, "c1", SONG_RATE, offset=SONG_RATE)
    project = set_tempo(copies.project, "c1", Tempo(bpm=60.0, first_beat=0.5))
    take = (section_of(project, id)[2],)
    assert bar_lines(project, take, copies.heard) == [round(at * SONG_RATE) for at in (4.5, 8.5, 12.5)]
    silent = {"c1": accents_of_strength(np.zeros(2000, np.float32))}
    assert bar_lines(copies.project, take, silent) == [2 * second * SONG_RATE for second in range(1, 7)]


def test_clips_are_listened_to_where_they_lie(copies: Band, tmp_path: Path) -> None:
    for id, sound in copies.sounds.items():
        write_sound(tmp_path / f"{id}.flac", sound, SONG_RATE)
    told: list[float] = []
    heard = listen_to(tmp_path, copies.project.clips, lambda fraction, words: told.append(fraction))
    assert set(heard) == {"c1", "c2", "c3"}
    assert told == sorted(told)
    assert np.corrcoef(heard["c1"].strength, copies.heard["c1"].strength)[0, 1] > 0.99
