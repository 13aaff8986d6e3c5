"""Each recipe does what it says; all fill their songs with stretches of their clips, and tell why."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.document.bars import bar_frames
from app.document.coding import decoded, encoded
from app.document.model import SONG_RATE, Clip, Tempo
from app.document.recipe_book import RECIPE_BOOK
from app.studio.recipes.joining import BEFORE_ACCENT, OVER
from app.studio.recipes.material import HeardClip, Learnt, Wishes
from app.studio.recipes.recipes import RECIPES
from app.studio.recipes.reveal import reveal_order
from tests.app.studio.recipes.heard import (
    TWELVE,
    alive,
    all_heard,
    arranged,
    at_moments,
    epoch_of,
    material_for,
    profile,
    sections_of,
)


def test_all_recipes_are_in_the_book_and_in_the_kitchen() -> None:
    assert set(RECIPES) | {"random"} == set(RECIPE_BOOK)
    assert list(RECIPE_BOOK) == ["reveal", "random", "sections", "stitch", "layers", "motifs", "likeness"]


@given(
    st.sampled_from(sorted(RECIPES)),
    st.integers(1, 4),
    st.one_of(st.floats(5, 90), st.just(300.0)),
    st.integers(1, 14),
    st.integers(0, 10**6),
)
@settings(max_examples=25, deadline=None)
def test_songs_are_filled_with_stretches_of_their_clips(
    recipe: str, songs: int, seconds: float, epochs: int, seed: int
) -> None:
    wishes, learnt = Wishes(songs, seconds, seed), Learnt(tuple(range(1, epochs + 1)), epochs)
    material = material_for(recipe, wishes, learnt)
    project = arranged(recipe, wishes, material)
    assert decoded(encoded(project)) == project
    frames = {one.id: one.frames for one in project.clips}
    assert len(project.songs) == songs
    for song in project.songs:
        assert abs(song.frames / wishes.frames - 1) < 0.2
        assert song.recipe == recipe
        assert song.why.endswith(".")
        assert song.title
        for lane in song.lanes:
            assert lane.sections[0].start <= (SONG_RATE // 12 if recipe == "layers" else 0)
            end = lane.sections[0].start
            for part in lane.sections:
                assert part.start <= end < part.end
                assert 0 <= part.offset <= part.offset + part.length <= frames[part.clip]
                assert part.fade_in + part.fade_out <= part.length
                assert part.why.endswith(".")
                end = part.end
            assert end >= song.frames - 2.5 * SONG_RATE
    assert len({part.id for part in sections_of(project)}) == len(sections_of(project))
    assert project == arranged(recipe, wishes, material)
    assert project.release.cover


@pytest.mark.parametrize("recipe", sorted(RECIPES))
def test_another_seed_makes_another_album(recipe: str) -> None:
    one, other = (arranged(recipe, wishes, material_for(recipe, wishes, TWELVE)) for wishes in map(wishes_of, (1, 2)))
    assert one != other


def wishes_of(seed: int) -> Wishes:
    return Wishes(3, 45.0, seed)


def test_nothing_is_known_and_songs_come_out_nevertheless() -> None:
    for recipe in RECIPES:
        material = material_for(recipe, Wishes(2, 20.0), TWELVE, lambda clip, random: HeardClip(clip))
        project = arranged(recipe, Wishes(2, 20.0), material)
        assert all(abs(song.frames / SONG_RATE - 20) < 4 for song in project.songs)


# what is left out


def with_trouble(clip: Clip, random: np.random.Generator) -> HeardClip:
    """From two thirds of it on it is stuck, and in between it stands in the album for a second."""
    heard = all_heard(clip, random)
    shut = profile(clip, random, [(clip.seconds * 0.67, clip.seconds), (0.2, 0.4)])
    return HeardClip(clip, heard.liveliness, heard.accents, shut)


@pytest.mark.parametrize("recipe", ["sections", "stitch", "layers", "motifs", "likeness"])
def test_what_is_stuck_or_copied_is_left_out(recipe: str) -> None:
    """Of two clips one is in trouble: it is not heard where there is another, nor where it has no sound one."""
    wishes = Wishes(2, 30.0, 5)
    trouble = itertools.count()

    def heard(clip: Clip, random: np.random.Generator) -> HeardClip:
        return with_trouble(clip, random) if next(trouble) % 2 else all_heard(clip, random)

    material = material_for(recipe, wishes, TWELVE, heard)
    by_id = {one.clip.id: one for one in material.clips}
    for part in sections_of(arranged(recipe, wishes, material)):
        assert by_id[part.clip].fit[by_id[part.clip].part(part.offset, part.length)].all(), recipe


def test_reveal_leaves_nothing_out() -> None:
    material = material_for("reveal", Wishes(1, 60.0), TWELVE, with_trouble)
    project = arranged("reveal", Wishes(1, 60.0), material)
    assert {epoch_of(project, part.clip) for part in sections_of(project)} == set(TWELVE.epochs)


# reveal


@given(st.integers(1, 6), st.floats(5, 400), st.integers(1, 60))
@settings(max_examples=100, deadline=None)
def test_reveal_goes_through_the_epochs_in_order(songs: int, seconds: float, epochs: int) -> None:
    wishes, learnt = Wishes(songs, seconds), Learnt(tuple(range(2, 2 * epochs + 1, 2)), 2)
    order = reveal_order(wishes, learnt)
    flat = [epoch for song in order for epoch in song]
    assert flat == sorted(flat)
    assert len({len(song) for song in order}) == 1
    assert seconds / len(order[0]) <= 30.0
    if songs * max(int(seconds / 5), 1) >= epochs:
        assert set(flat) == set(learnt.epochs)
        counts = Counter(flat).values()
        assert max(counts) - min(counts) <= 1 or len(flat) % epochs
    assert flat[-1] == learnt.newest


def test_reveal_plays_each_epoch_from_the_same_moments_and_marks_it() -> None:
    wishes = Wishes(2, 90.0, 7)
    project = arranged("reveal", wishes, material_for("reveal", wishes, Learnt((1, 2, 3), 3)))
    heard = [epoch_of(project, part.clip) for part in sections_of(project)]
    assert heard == [1, 1, 2, 2, 3, 3]
    assert all(part.offset == 0 for part in sections_of(project))
    assert [marker.name for song in project.songs for marker in song.markers] == [
        "epoch 1",
        "epoch 2",
        "epoch 2",
        "epoch 3",
    ]
    seeds = [[clip.seed for clip in project.clips if clip.epoch == epoch] for epoch in (1, 2, 3)]
    assert seeds[0] == seeds[1] == seeds[2]


def test_too_few_epochs_and_too_many_are_told() -> None:
    few, many = Learnt((1, 2), 2), Learnt(tuple(range(1, 41)), 40)
    assert "only 2 checkpoints" in " ".join(RECIPES["reveal"].notes(Wishes(5, 60.0), few))
    assert "12 of the 40 epochs" in " ".join(RECIPES["reveal"].notes(Wishes(1, 60.0), many))
    assert not list(RECIPES["reveal"].notes(Wishes(2, 60.0), Learnt((1, 2, 3, 4), 4)))
    assert "only 1 checkpoint," in " ".join(RECIPES["stitch"].notes(Wishes(1, 60.0), Learnt((3,), 3)))
    assert not list(RECIPES["stitch"].notes(Wishes(1, 60.0), TWELVE))


# stitch


def test_stitch_joins_early_middle_and_late_where_both_strike() -> None:
    wishes = Wishes(4, 60.0, 3)
    material = material_for("stitch", wishes, TWELVE)
    project = arranged("stitch", wishes, material)
    accents = {one.clip.id: one.accents.frames for one in material.clips if one.accents is not None}
    joins = 0
    for song in project.songs:
        (lane,) = song.lanes
        assert {epoch_of(project, part.clip) for part in lane.sections} == {1, 7, 12}
        assert song.frames == wishes.frames
        for before, after in itertools.pairwise(lane.sections):
            strike = before.end + BEFORE_ACCENT
            assert after.start + OVER + BEFORE_ACCENT == strike
            for part in (before, after):
                assert strike - part.start + part.offset in accents[part.clip]
            assert "on a stroke" in after.why
            joins += 1
    assert joins == 16


def test_where_nothing_strikes_clips_fade_into_each_other() -> None:
    def quiet(clip: Clip, random: np.random.Generator) -> HeardClip:
        return HeardClip(clip, alive(clip))

    wishes = Wishes(1, 60.0, 3)
    project = arranged("stitch", wishes, material_for("stitch", wishes, TWELVE, quiet))
    for before, after in itertools.pairwise(project.songs[0].lanes[0].sections):
        assert before.end - after.start == SONG_RATE // 2
        assert "nothing strikes" in after.why


def test_clips_that_tell_of_bars_are_joined_on_bars() -> None:
    tempo = Tempo(bpm=120.0)

    def barred(clip: Clip, random: np.random.Generator) -> HeardClip:
        clip = replace(clip, tempo=tempo)
        return HeardClip(clip, alive(clip), at_moments(clip, np.arange(1, int(clip.seconds * 4)) / 4))

    wishes = Wishes(2, 60.0, 3)
    project = arranged("stitch", wishes, material_for("stitch", wishes, TWELVE, barred))
    bar = bar_frames(tempo)
    for song in project.songs:
        for part in song.lanes[0].sections[1:]:
            begin = (part.offset + OVER + BEFORE_ACCENT) / bar
            assert abs(begin - round(begin)) * bar < 2
