"""The random recipe fills songs exactly, stays inside its clips, and passes over what is dead."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.document.errors import UserError
from app.document.model import SONG_RATE, Clip, Cover, Project, Tempo, Title
from app.studio.analysis.liveliness import WINDOW, Liveliness, liveliness
from app.studio.audio.mix import mix
from app.studio.recipes.by_lot import random_recipe
from app.studio.recipes.planned import PlannedBlock, PlannedSong


def clip(number: int, seconds: float, **more: bool) -> Clip:
    return Clip(
        id=f"c{number:04}", run="r1", epoch=1, file="", rate=16_000, samples=max(int(seconds * 16_000), 3),
        seed=number, temperature=1.0, **more,
    )  # fmt: skip


def project_of(*clips: Clip) -> Project:
    return Project(clips=clips, titles=tuple(Title(text=f"Title {number}") for number in range(20)))


def alive(clip: Clip, loudness_db: float = -20.0, share: float = 1.0) -> Liveliness:
    windows = max(clip.frames // WINDOW, 1)
    return Liveliness(loudness_db, np.arange(windows) < share * windows)


@given(
    st.lists(st.floats(0.5, 60), min_size=1, max_size=6),
    st.floats(1, 60),
    st.integers(1, 3),
    st.integers(0, 10**6),
)
@settings(max_examples=80, deadline=None)
def test_songs_are_filled_to_the_frame(lengths: list[float], seconds: float, songs: int, seed: int) -> None:
    project = project_of(*(clip(number, length) for number, length in enumerate(lengths, start=1)))
    made = random_recipe(project, songs=songs, song_seconds=seconds, seed=seed)
    frames = {one.id: one.frames for one in made.clips}
    assert len(made.songs) == songs
    for song in made.songs:
        assert song.frames == round(seconds * SONG_RATE)
        assert sorted(lane.pan for lane in song.lanes) == [-0.7, 0.7]
        for lane in song.lanes:
            ends = 0
            for part in lane.sections:
                assert part.start <= ends < part.end
                assert 0 <= part.offset <= part.offset + part.length <= frames[part.clip]
                assert part.fade_in + part.fade_out <= part.length
                ends = part.end
            assert ends == song.frames
            assert lane.sections[0].start == 0


def test_the_same_seed_makes_the_same_album_and_another_another() -> None:
    project = project_of(*(clip(number, 30) for number in range(1, 9)))
    first, again, other = (random_recipe(project, songs=3, song_seconds=40, seed=seed) for seed in (1, 1, 2))
    assert first == again != other
    assert project.songs == ()


def test_titles_and_covers_are_drawn_by_lot_and_stars_go_first() -> None:
    covers = tuple(Cover(id=f"a{number}", file="", method="self") for number in range(3))
    project = replace(project_of(clip(1, 30)), covers=covers)
    made = random_recipe(project, songs=4, song_seconds=10, seed=1)
    assert len({song.title for song in made.songs}) == 4
    drawn = {random_recipe(project, songs=1, song_seconds=10, seed=seed).release.cover for seed in range(20)}
    assert drawn == {"a0", "a1", "a2"}
    starred = replace(project, titles=(*project.titles, Title(text="Mine", starred=True)))
    assert random_recipe(starred, songs=1, song_seconds=10, seed=3).songs[0].title == "Mine"
    untitled = random_recipe(replace(project, titles=()), songs=2, song_seconds=10, seed=3)
    assert [song.title for song in untitled.songs] == ["", ""]


def test_dead_rejected_and_preview_clips_stay_out() -> None:
    clips = (clip(1, 30), clip(2, 30), clip(3, 30, rejected=True), clip(4, 30, preview=True), clip(5, 30))
    heard = {"c0001": alive(clips[0]), "c0002": alive(clips[1], share=0.0), "c0005": alive(clips[4], share=0.5)}
    made = random_recipe(project_of(*clips), songs=4, song_seconds=60, seed=1, heard=heard)
    parts = [part for song in made.songs for lane in song.lanes for part in lane.sections]
    assert {part.clip for part in parts} == {"c0001", "c0005"}
    short = [part for part in parts if part.clip == "c0005" and part.length < 9 * SONG_RATE]
    assert all(heard["c0005"].share_of(part.offset, part.length) > 0 for part in short)
    with pytest.raises(UserError, match="Nothing goes on"):
        random_recipe(project_of(clips[1]), songs=1, song_seconds=10, seed=1, heard=heard)
    with pytest.raises(UserError, match="no clips"):
        random_recipe(project_of(clip(6, 0.1)), songs=1, song_seconds=10, seed=1)
    with pytest.raises(UserError, match="no clips"):
        random_recipe(project_of(clips[2]), songs=1, song_seconds=10, seed=1)


def test_clips_are_brought_to_one_loudness_and_all_of_them_are_used() -> None:
    clips = [clip(number, 20) for number in range(1, 6)]
    heard = {one.id: alive(one, loudness_db=-30.0 + 4 * place) for place, one in enumerate(clips)}
    made = random_recipe(project_of(*clips), songs=2, song_seconds=90, seed=5, heard=heard)
    gains = {part.clip: part.gain_db for song in made.songs for lane in song.lanes for part in lane.sections}
    assert gains == {"c0001": 6.0, "c0002": 4.0, "c0003": 0.0, "c0004": -4.0, "c0005": -6.0}


def test_there_is_sound_from_start_to_end_and_it_fades() -> None:
    noise = np.random.default_rng(1).normal(0, 0.2, 30 * SONG_RATE).astype(np.float32)
    made = random_recipe(project_of(clip(1, 30), clip(2, 30)), songs=1, song_seconds=45, seed=2)
    song = made.songs[0]
    sound = mix(song, {"c0001": noise, "c0002": noise}, 0, song.frames)
    power = np.mean(np.square(sound[: 45 * SONG_RATE].reshape(-1, SONG_RATE // 10, 2)), axis=1)
    assert power[5:-35].min() > 0.002
    assert power[-1].max() < 0.1 * power[5:-35].mean()


def test_liveliness_tells_silence_and_drones_from_music() -> None:
    t = np.arange(4 * SONG_RATE) / SONG_RATE
    noise = np.random.default_rng(2).normal(0, 0.3, len(t))
    beats = (noise * np.exp(-((t * 4) % 1) * 8)).astype(np.float32)
    drone = (0.5 * np.sin(2 * np.pi * 110 * t)).astype(np.float32)
    silence = np.zeros(len(t), np.float32)
    assert liveliness(beats).share == 1.0
    assert liveliness(drone).share == 0.0
    assert liveliness(silence).share == 0.0
    assert liveliness(silence).loudness_db == float("-inf")
    half = liveliness(np.concatenate([silence, beats]))
    assert half.share == 0.5
    assert half.share_of(0, 4 * SONG_RATE) == 0.0
    assert half.share_of(4 * SONG_RATE, 4 * SONG_RATE) == 1.0
    assert liveliness(drone).loudness_db == pytest.approx(-9, abs=0.1)
    assert liveliness(beats[:100]).share == 0.0
    assert liveliness(beats[:5000]).share == 1.0


def test_takes_of_one_guide_are_heard_at_the_same_moment() -> None:
    """Each pair plays along to a guide of its own: left and right are two takes of it, cut on its bars."""
    tempo = Tempo(bpm=120.0)
    clips = [replace(clip(number, 30), guide=f"no. {number // 2}", tempo=tempo) for number in range(8)]
    made = random_recipe(project_of(*clips), songs=3, song_seconds=40, seed=1)
    guide_of = {one.id: one.guide for one in clips}
    bar = 2 * SONG_RATE
    for song in made.songs:
        left, right = (lane.sections for lane in song.lanes)
        assert len({part.id for part in (*left, *right)}) == len(left) + len(right)
        for one, other in zip(left, right, strict=True):
            assert one.clip != other.clip
            assert guide_of[one.clip] == guide_of[other.clip]
            assert (one.start, one.offset, one.length) == (other.start, other.offset, other.length)
            assert one.offset % bar == 0


def test_a_guide_with_one_take_is_layered_as_before() -> None:
    alone = [replace(clip(number, 30), guide=f"no. {number}") for number in range(4)]
    made = random_recipe(project_of(*alone), songs=1, song_seconds=40, seed=1)
    plain = random_recipe(project_of(*(clip(number, 30) for number in range(4))), songs=1, song_seconds=40, seed=1)
    assert made.songs == plain.songs


_FORM = (("intro", "i"), ("A", "A"), ("B", "B"), ("A", "A"), ("end", "A"))


def planned(seconds: float, takes: int) -> tuple[list[Clip], PlannedSong]:
    """A song of five blocks of even length, with so many takes of each of its three parts; and the clips."""
    length = round(seconds * SONG_RATE) // len(_FORM)
    clips = [clip(number, length / SONG_RATE + 0.1) for number in range(3 * takes)]
    of_part = {part: tuple(one.id for one in clips[first::3]) for first, part in enumerate("iAB")}
    return clips, tuple(
        PlannedBlock(name, place * length, length, of_part[part]) for place, (name, part) in enumerate(_FORM)
    )


def test_a_planned_song_has_its_blocks_on_both_sides() -> None:
    """Each begins with its clips, at the same moment left and right; what comes back is heard in other takes."""
    clips, plan = planned(50, takes=4)
    made = random_recipe(project_of(*clips), songs=2, song_seconds=50, seed=1, planned=[plan])
    song = made.songs[0]
    assert [(marker.name, marker.frame) for marker in song.markers] == [(one.name, one.start) for one in plan]
    left, right = (lane.sections for lane in song.lanes)
    assert song.frames == plan[-1].start + plan[-1].length
    heard: list[tuple[str, str]] = []
    for one, other, block in zip(left, right, plan, strict=True):
        assert one.start == other.start == block.start
        assert one.offset == other.offset == 0
        assert 0 <= one.end - (block.start + block.length) <= SONG_RATE // 50
        assert one.clip != other.clip
        assert {one.clip, other.clip} <= set(block.takes) == set(one.alternatives)
        heard.append((one.clip, other.clip))
    assert not set(heard[1]) & set(heard[3])
    assert (left[0].fade_in, left[-1].end, right[-1].fade_out > 0) == (0, song.frames, True)
    assert not made.songs[1].markers  # that one was not planned
    assert made.songs[1].frames == 50 * SONG_RATE


def test_dead_takes_of_a_planned_song_are_passed_over() -> None:
    clips, plan = planned(50, takes=4)
    dead = {one.id: alive(one, share=float(number not in (1, 4))) for number, one in enumerate(clips)}
    made = random_recipe(project_of(*clips), songs=1, song_seconds=50, seed=1, heard=dead, planned=[plan])
    used = {part.clip for lane in made.songs[0].lanes for part in lane.sections}
    assert not used & {clips[1].id, clips[4].id}
    # one left: it is heard on both sides; none: the song is filled by lot
    for count, is_planned in ((3, True), (4, False)):
        of_a = [number for number in range(len(clips)) if number % 3 == 1][:count]
        dead = {one.id: alive(one, share=float(number not in of_a)) for number, one in enumerate(clips)}
        made = random_recipe(project_of(*clips), songs=1, song_seconds=50, seed=1, heard=dead, planned=[plan])
        assert bool(made.songs[0].markers) == is_planned
        assert made.songs[0].frames == 50 * SONG_RATE
