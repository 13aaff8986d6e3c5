"""The mix is the same however it is cut, splits cannot be heard, and levels, pans and fades do what they say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.document.edits import sections as edits
from app.document.edits.songs import add_song
from app.document.model import Clip, Lane, Project, Section, Song
from app.studio.audio.mix import DECLICK, Mixer, mix

FRAMES = 6000
CLIPS = ("c1", "c2", "c3")
SOUNDS = {
    name: np.random.default_rng(place).uniform(-1, 1, FRAMES).astype(np.float32) for place, name in enumerate(CLIPS)
}
ONES = {"c1": np.ones(FRAMES, np.float32), "c2": np.ones(FRAMES, np.float32)}
HALF = np.float32(np.sqrt(0.5))


@st.composite
def section(draw: st.DrawFn, id: str) -> Section:
    offset = draw(st.integers(0, FRAMES - 1))
    length = draw(st.integers(1, FRAMES - offset))
    fade_in = draw(st.one_of(st.just(0), st.integers(0, length)))
    return Section(
        id=id,
        clip=draw(st.sampled_from([*CLIPS, "gone"])),
        start=draw(st.integers(0, 9000)),
        offset=offset,
        length=length,
        gain_db=draw(st.sampled_from([0.0, -6.0, 3.0])),
        pan=draw(st.sampled_from([0.0, -1.0, 0.4])),
        fade_in=fade_in,
        fade_out=draw(st.one_of(st.just(0), st.integers(0, length - fade_in))),
    )


@st.composite
def songs(draw: st.DrawFn) -> Song:
    lanes = []
    for row in range(draw(st.integers(1, 3))):
        parts = [draw(section(f"x{row}{place}")) for place in range(draw(st.integers(0, 4)))]
        lanes.append(
            Lane(
                id=f"l{row}",
                sections=tuple(sorted(parts, key=lambda part: part.start)),
                gain_db=draw(st.sampled_from([0.0, -3.0])),
                pan=draw(st.sampled_from([0.0, 0.7])),
                mute=draw(st.booleans()),
                solo=draw(st.booleans()),
            )
        )
    return Song(id="s1", lanes=tuple(lanes))


@given(songs(), st.lists(st.integers(1, 5000), max_size=12))
@settings(max_examples=60, deadline=None)
def test_blocks_of_any_length_give_the_same_bits(song: Song, lengths: list[int]) -> None:
    whole = mix(song, SOUNDS, 0, song.frames)
    mixer = Mixer(song, SOUNDS)
    parts, start = [np.zeros((0, 2), np.float32)], 0
    for length in [*lengths, song.frames]:
        parts.append(mixer.read(start, length))
        start += len(parts[-1])
    assert np.concatenate(parts).tobytes() == whole.tobytes()


@given(songs(), st.data())
@settings(max_examples=100, deadline=None)
def test_a_split_cannot_be_heard(song: Song, data: st.DataObject) -> None:
    before = mix(song, SOUNDS, 0, song.frames)
    clips = tuple(
        Clip(id=name, run="r1", epoch=1, file="", rate=44_100, samples=FRAMES, seed=0, temperature=1.0)
        for name in (*CLIPS, "gone")
    )
    project = Project(clips=clips, songs=(song,))
    for _ in range(3):
        parts = [part for lane in project.songs[0].lanes for part in lane.sections]
        long = [part for part in parts if part.length > 1]
        if not long:
            break
        part = data.draw(st.sampled_from(long))
        project = edits.split_section(project, part.id, data.draw(st.integers(part.start + 1, part.end - 1)))
    assert mix(project.songs[0], SOUNDS, 0, song.frames).tobytes() == before.tobytes()


def test_a_split_within_a_fade_keeps_the_fade() -> None:
    """Each part says how much of the fade is its own."""
    whole = Section(id="x1", clip="c1", start=100, offset=10, length=5000, fade_in=1000, fade_out=2000)
    left = replace(whole, length=400, fade_out=0)
    middle = replace(whole, id="x2", start=500, offset=410, length=4000, fade_in_cut=400, fade_out_cut=600)
    right = replace(whole, id="x3", start=4500, offset=4410, length=600, fade_in=0)
    before = mix(song_of(whole), SOUNDS, 0, 6000)
    assert mix(song_of(left, middle, right), SOUNDS, 0, 6000).tobytes() == before.tobytes()


def song_of(*sections: Section, **lane: float | bool) -> Song:
    return Song(id="s1", lanes=(Lane(id="l1", sections=sections, **lane),))  # type: ignore[arg-type]


def test_gain_and_pan_of_section_and_lane_add_up() -> None:
    part = Section(id="x1", clip="c1", start=0, offset=0, length=2000, gain_db=6.0, pan=0.5)
    out = mix(song_of(part, gain_db=-12.0, pan=-1.0), ONES, 1000, 1)[0]
    angle = 0.5 * np.pi / 4
    np.testing.assert_allclose(out, 10 ** (-6 / 20) * np.array([np.cos(angle), np.sin(angle)]), rtol=1e-6)


@pytest.mark.parametrize(("pan", "sides"), [(-1.0, (1, 0)), (0.0, (HALF, HALF)), (1.0, (0, 1))])
def test_pan_keeps_the_power(pan: float, sides: tuple[float, float]) -> None:
    part = Section(id="x1", clip="c1", start=0, offset=0, length=2000, pan=pan)
    np.testing.assert_allclose(mix(song_of(part), ONES, 1000, 1)[0], sides, atol=1e-7)


def test_mute_wins_over_solo_and_solo_over_the_rest() -> None:
    def lane(id: str, **switches: bool) -> Lane:
        return Lane(id=id, sections=(Section(id=id, clip="c1", start=0, offset=0, length=2000, pan=-1.0),), **switches)

    def left(*lanes: Lane) -> float:
        return float(mix(Song(id="s1", lanes=lanes), ONES, 1000, 1)[0, 0])

    assert left(lane("a"), lane("b")) == 2
    assert left(lane("a"), lane("b", mute=True)) == 1
    assert left(lane("a"), lane("b", solo=True), lane("c")) == 1
    assert left(lane("a", solo=True, mute=True), lane("b")) == 0


def test_edges_are_declicked_and_unbroken_neighbours_are_not() -> None:
    first = Section(id="x1", clip="c1", start=500, offset=0, length=1000, pan=-1.0)
    then = replace(first, id="x2", start=1500, offset=1000)
    broken = replace(then, offset=1300)
    level = mix(song_of(first, then), ONES, 0, 3000)[:, 0]
    assert level[499] == 0 < level[500] < 0.02
    assert np.all(np.diff(level[500 : 500 + DECLICK]) > 0)
    assert np.all(level[500 + DECLICK : 2500 - DECLICK] == 1)
    dip = mix(song_of(first, broken), ONES, 0, 3000)[:, 0]
    assert dip[1500] < 0.02 > dip[1499]
    assert np.abs(np.diff(dip)).max() < 0.02


def test_a_change_of_gain_within_unbroken_sound_does_not_click() -> None:
    first = Section(id="x1", clip="c1", start=0, offset=0, length=1000, pan=-1.0)
    then = replace(first, id="x2", start=1000, offset=1000, gain_db=-20.0)
    level = mix(song_of(first, then), ONES, 0, 2000)[:, 0]
    assert level[900] == 1
    assert level[1100] == pytest.approx(0.1)
    assert np.abs(np.diff(level)).max() < 0.02


def test_overlap_keeps_the_power_of_different_sounds_and_the_level_of_the_same() -> None:
    noise = {
        name: np.random.default_rng(seed).normal(0, 0.1, 400_000).astype(np.float32)
        for seed, name in enumerate(("c1", "c2"))
    }
    first = Section(id="x1", clip="c1", start=0, offset=0, length=300_000, pan=-1.0)
    other = Section(id="x2", clip="c2", start=100_000, offset=0, length=300_000, pan=-1.0)
    out = mix(song_of(first, other), noise, 0, 400_000)[:, 0]
    powers = [np.mean(np.square(out[at : at + 20_000])) for at in range(80_000, 320_000, 20_000)]
    np.testing.assert_allclose(powers, 0.01, rtol=0.06)
    same = replace(other, clip="c1", offset=100_000)
    again = mix(song_of(first, same), noise, 0, 400_000)[DECLICK:-DECLICK, 0]
    np.testing.assert_allclose(again, noise["c1"][DECLICK:-DECLICK], atol=1e-6)


def test_a_section_within_another_is_heard_with_it() -> None:
    outer = Section(id="x1", clip="c1", start=0, offset=0, length=5000, pan=-1.0)
    inner = Section(id="x2", clip="c2", start=1000, offset=0, length=2000, pan=-1.0)
    level = mix(song_of(outer, inner), ONES, 0, 5000)[:, 0]
    assert level[800] == level[4000] == 1
    assert level[2000] == 2


def test_fades_fall_to_nothing_by_a_quarter_sine() -> None:
    part = Section(id="x1", clip="c1", start=0, offset=0, length=5000, pan=-1.0, fade_in=1000, fade_out=2000)
    level = mix(song_of(part), ONES, 0, 5000)[:, 0]
    np.testing.assert_allclose(level[:1000], np.sin((np.arange(1000) + 0.5) / 1000 * np.pi / 2), atol=1e-6)
    np.testing.assert_allclose(level[3000:], np.cos((np.arange(2000) + 0.5) / 2000 * np.pi / 2), atol=1e-6)


def test_nothing_sounds_before_after_and_where_a_clip_is_short() -> None:
    part = Section(id="x1", clip="c1", start=100, offset=0, length=9000)
    out = mix(song_of(part), ONES, -50, 10_000)
    assert out.shape == (10_000, 2)
    assert not out[:150].any()
    assert out[3000].all()
    assert not out[150 + FRAMES :].any()
    assert mix(song_of(part), {}, 0, 100).shape == (100, 2)


def test_an_empty_song_has_no_frames() -> None:
    song = add_song(Project()).songs[0]
    assert Mixer(song, {}).read(0, 100).shape == (0, 2)
    assert list(Mixer(song, {}).blocks()) == []


def wide(pan: float, gain_db: float = 0.0) -> tuple[Song, dict[str, np.ndarray]]:
    """One section of a clip in stereo, and the clip."""
    sound = np.random.default_rng(5).uniform(-1, 1, (FRAMES, 2)).astype(np.float32)
    part = Section(id="x1", clip="c1", start=0, offset=0, length=FRAMES, pan=pan, gain_db=gain_db)
    return Song(id="s1", lanes=(Lane(id="l1", sections=(part,)),)), {"c1": sound}


@pytest.mark.parametrize("pan", [0.0, 0.4, -0.4, 1.0, -1.0])
def test_a_clip_in_stereo_is_narrower_the_further_it_is_panned(pan: float) -> None:
    song, sounds = wide(pan)
    middle, apart = sounds["c1"].mean(axis=1), (sounds["c1"][:, 0] - sounds["c1"][:, 1]) / 2
    angle = (pan + 1) * np.pi / 4
    width = 1 - abs(pan)
    wanted = [np.cos(angle) * (middle + width * apart), np.sin(angle) * (middle - width * apart)]
    inner = slice(DECLICK, FRAMES - DECLICK)
    np.testing.assert_allclose(mix(song, sounds, 0, FRAMES)[inner], np.stack(wanted, axis=1)[inner], atol=1e-6)


@given(songs(), st.lists(st.integers(1, 7000), min_size=1, max_size=5))
def test_stereo_of_two_equal_sides_is_the_mono_mix_however_it_is_cut(song: Song, lengths: list[int]) -> None:
    stereo = {name: np.stack([sound, sound], axis=1) for name, sound in SOUNDS.items()}
    starts = np.cumsum([0, *lengths])
    parts = [mix(song, stereo, int(at), frames) for at, frames in zip(starts, lengths, strict=False)]
    assert np.array_equal(np.concatenate(parts), mix(song, SOUNDS, 0, sum(lengths)))
