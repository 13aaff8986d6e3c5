"""What layers, motifs, likeness and sections choose, and what they make of it."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.document.bars import bar_frames
from app.document.model import SONG_RATE, Clip, Tempo
from app.studio.recipes.choosing import Stretch
from app.studio.recipes.flow import Sounding, album_order, place_names
from app.studio.recipes.layers import harmonies
from app.studio.recipes.likeness import distances
from app.studio.recipes.material import HeardClip, Profile, Wishes
from app.studio.recipes.motifs import hardness, repeated_share, songs_as_found
from app.studio.recipes.sections import progression
from tests.app.studio.recipes.heard import (
    TWELVE,
    alive,
    arranged,
    at_moments,
    epoch_of,
    material_for,
    profile,
    sections_of,
    strikes,
)

MS = SONG_RATE / 1000


# layers


def test_layers_begin_on_the_same_stroke_and_then_drift() -> None:
    """Within 5 ms of the accents of the first take; takes whose notes go together are chosen."""
    wishes = Wishes(3, 20.0, 11)

    def struck(clip: Clip, random: np.random.Generator) -> HeardClip:
        every = float(random.uniform(0.46, 0.5))  # each in its own time: they drift
        moments = random.uniform(0.1, 0.5) + np.arange(int(clip.seconds / every) - 2) * every
        return HeardClip(clip, alive(clip), at_moments(clip, moments), profile(clip, random))

    material = material_for("layers", wishes, TWELVE, struck)
    by_id = {one.clip.id: one for one in material.clips}
    project = arranged("layers", wishes, material)
    used = [part.clip for part in sections_of(project)]
    assert len(used) == len(set(used))
    for song in project.songs:
        assert len(song.lanes) in (2, 3)
        assert [lane.pan for lane in song.lanes] == ([-0.7, 0.7] if len(song.lanes) == 2 else [-0.7, 0.0, 0.7])
        strokes = []
        for lane in song.lanes:
            (part,) = lane.sections
            frames = by_id[part.clip].accents.frames - part.offset + part.start  # type: ignore[union-attr]
            strokes.append(frames[frames >= part.start])
            assert part.length > 18 * SONG_RATE
        first = strokes[0][:2]
        for other in strokes[1:]:
            nearest = min(abs(int(stroke) - int(one)) for stroke in other[:2] for one in first)
            assert nearest <= 5 * MS
            assert "same stroke" in song.lanes[1].sections[0].why
        assert abs(int(strokes[0][20]) - int(strokes[1][20])) > 5 * MS


def test_takes_whose_notes_go_together_are_layered() -> None:
    wishes = Wishes(2, 10.0, 4)
    keys = itertools.cycle((0, 6))

    def in_key(clip: Clip, random: np.random.Generator) -> HeardClip:
        known = profile(clip, random)
        chroma = np.tile(np.eye(12, dtype=np.float32)[next(keys)], (len(known.shut), 1))
        return HeardClip(
            clip, alive(clip), strikes(clip, random), Profile(known.features, chroma, known.closeness, known.shut)
        )

    material = material_for("layers", wishes, TWELVE, in_key)
    key = {one.clip.id: int(one.profile.chroma[0].argmax()) for one in material.clips if one.profile is not None}
    for song in arranged("layers", wishes, material).songs:
        assert len({key[lane.sections[0].clip] for lane in song.lanes}) == 1
        assert "100 of 100" in song.why
    assert harmonies([]).shape == (0, 0)


def test_takes_of_near_tempos_are_layered() -> None:
    wishes = Wishes(2, 10.0, 4)
    tempos = itertools.cycle((Tempo(bpm=100.0), Tempo(bpm=141.0), Tempo(bpm=200.0), Tempo(bpm=70.5)))

    def in_tempo(clip: Clip, random: np.random.Generator) -> HeardClip:
        return HeardClip(replace(clip, tempo=next(tempos)), alive(clip), strikes(clip, random))

    material = material_for("layers", wishes, TWELVE, in_tempo)
    bpm = {one.clip.id: one.bpm for one in material.clips}
    for song in arranged("layers", wishes, material).songs:
        assert len({round(bpm[lane.sections[0].clip] or 0) % 100 == 0 for lane in song.lanes}) == 1


# motifs


def test_motifs_come_back_and_some_clips_stay_as_found() -> None:
    wishes = Wishes(5, 60.0, 2)
    project = arranged("motifs", wishes, material_for("motifs", wishes, TWELVE))
    found = songs_as_found(wishes)
    assert len(found) == 1
    for place, song in enumerate(project.songs):
        (lane,) = song.lanes
        if place in found:
            (part,) = lane.sections
            assert (part.offset, part.fade_in, part.fade_out) == (0, 0, 0)
            assert part.length == next(clip.frames for clip in project.clips if clip.id == part.clip)
            continue
        assert repeated_share(lane.sections) >= 0.38
        letters = [marker.name for marker in song.markers]
        by_letter = {
            (letter, part.clip, part.offset, part.length) for letter, part in zip(letters, lane.sections, strict=True)
        }
        assert len(by_letter) == len(set(letters)) >= 2
        assert song.why.startswith(" ".join(letters))
    assert not songs_as_found(Wishes(1, 60.0, 2))


def test_motifs_of_clips_with_bars_are_whole_bars() -> None:
    tempo = Tempo(bpm=131.0)

    def barred(clip: Clip, random: np.random.Generator) -> HeardClip:
        clip = replace(clip, tempo=tempo)
        return HeardClip(clip, alive(clip), strikes(clip, random), profile(clip, random))

    wishes = Wishes(1, 60.0, 2)
    project = arranged("motifs", wishes, material_for("motifs", wishes, TWELVE, barred))
    for before, after in itertools.pairwise(project.songs[0].lanes[0].sections):
        bars = (after.start - before.start) / bar_frames(tempo)
        assert abs(bars - round(bars)) * bar_frames(tempo) < 1


def test_the_hardest_title_goes_to_the_song_that_strikes_most() -> None:
    assert hardness("Black Attack") > hardness("Low Moon") == 0.0 == hardness("2012")
    wishes = Wishes(2, 30.0, 2)
    rates = iter([0.25] * 2 + [1.0] * 4)  # clips as found come first

    def at_a_rate(clip: Clip, random: np.random.Generator) -> HeardClip:
        return HeardClip(clip, alive(clip), strikes(clip, random, every=next(rates)))

    material = material_for("motifs", wishes, TWELVE, at_a_rate)
    project = arranged("motifs", wishes, material)
    (found,) = songs_as_found(wishes)
    hard = [hardness(song.title) for song in project.songs]
    assert hard[found] >= hard[1 - found]


# likeness


def test_likeness_chains_what_is_alike() -> None:
    wishes = Wishes(2, 90.0, 6)
    material = material_for("likeness", wishes, TWELVE)
    project = arranged("likeness", wishes, material)
    by_id = {one.clip.id: one for one in material.clips}
    stretches = [Stretch(one, 0, one.clip.frames) for one in material.clips]
    apart = distances(stretches)
    drawn = apart[~np.eye(len(apart), dtype=bool)].mean()
    place = {one.clip.id: number for number, one in enumerate(material.clips)}
    used = [part.clip for part in sections_of(project)]
    assert len(used) == len(set(used))
    for song in project.songs:
        clips = [part.clip for part in song.lanes[0].sections]
        chained = np.mean([apart[place[one], place[other]] for one, other in itertools.pairwise(clips)])
        assert chained < 0.8 * drawn
    first = by_id[used[0]]
    assert first.closeness(0, first.clip.frames) == max(one.closeness(0, one.clip.frames) for one in material.clips)


# sections


def test_sections_are_unbroken_and_lead_somewhere() -> None:
    """Half of the clips never change: none of them is chosen as long as there are others as close to the album."""
    wishes = Wishes(3, 60.0, 8)
    turns = itertools.count()

    def still_or_moving(clip: Clip, random: np.random.Generator) -> HeardClip:
        known = profile(clip, random)
        windows = len(known.shut)
        moving = next(turns) % 2 == 0
        course = np.linspace(0, 4, windows)[:, None] if moving else np.zeros((windows, 1))
        features = np.broadcast_to(course, (windows, 6)).astype(np.float32)
        closeness = np.full(windows, 0.5, np.float32)
        level = -20.0 + float(random.uniform(-6, 6))
        return HeardClip(
            clip, alive(clip, level), strikes(clip, random), Profile(features, known.chroma, closeness, known.shut)
        )

    material = material_for("sections", wishes, TWELVE, still_or_moving)
    project = arranged("sections", wishes, material)
    by_id = {one.clip.id: one for one in material.clips}
    assert {epoch_of(project, part.clip) for part in sections_of(project)} == {12}
    for song in project.songs:
        (part,) = song.lanes[0].sections
        assert part.length == wishes.frames
        assert progression(Stretch(by_id[part.clip], part.offset, part.length)) > 0.5
    levels = [by_id[song.lanes[0].sections[0].clip].loudness_db for song in project.songs]
    assert max(levels) == levels[1]
    assert [song.why.split(".")[0] for song in project.songs] == ["Opening", "Peak", "Closing"]


def test_long_songs_are_made_of_sections_of_at_most_four_minutes() -> None:
    wishes = Wishes(1, 600.0, 8)
    project = arranged("sections", wishes, material_for("sections", wishes, TWELVE))
    lengths = [part.length / SONG_RATE for part in sections_of(project)]
    assert len(lengths) == 3
    assert all(60 <= length <= 240 for length in lengths)


@given(st.lists(st.floats(-40, -5), min_size=1, max_size=9), st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_an_album_rises_to_its_peak_and_ends_quietly(levels: list[float], seed: int) -> None:
    songs = [Sounding(level, None, np.zeros(12)) for level in levels]
    order = album_order(songs, seed)
    assert sorted(order) == list(range(len(levels)))
    assert order == album_order(songs, seed)
    names = place_names(len(levels))
    if len(set(levels)) == len(levels) > 2 and max(levels) - min(levels) < 6:
        by_place = [levels[place] for place in order]
        assert by_place[-1] == min(levels)
        assert abs(by_place.index(max(levels)) - names.index("Peak")) <= 1


def test_neighbours_are_alike_in_key_and_tempo() -> None:
    keys = [np.eye(12)[key] for key in (0, 6, 0, 6, 0, 6)]
    songs = [Sounding(None, 100.0 if number % 2 else 141.0, key) for number, key in enumerate(keys)]
    order = album_order(songs, 1)
    assert sum(order[place] % 2 != order[place + 1] % 2 for place in range(5)) == 1
