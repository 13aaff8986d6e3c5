"""Clips of a network that takes guides: they follow before any equaliser, never explode, and play without, too."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samplernn.checkpoint import CheckpointMetadata, save_checkpoint
from samplernn.config import ModelConfig
from samplernn.generation.generate import GenerationRequest, generate
from samplernn.generation.priming import AlbumPrime, begin
from samplernn.generation.sampling import DEFAULT_PARAMETERS
from samplernn.generation.stream import Start, Stream
from samplernn.guides.equaliser import GuideEqualiser
from samplernn.guides.guide import Guide
from samplernn.guides.live_equaliser import LoopedGuide
from samplernn.guides.notes import PLACE, SEMITONES, notes_of
from samplernn.guides.strokes import BANDS, PER_SECOND, strokes_of
from samplernn.native.library import knows_guides, library

GUIDED = ModelConfig(
    frame_sizes=(16,), width=16, sample_width=16, lookback=0, predictor=64, surprises=4, weight_norm=False,
    guide_predictor=48,
)  # fmt: skip


@pytest.fixture(scope="module")
def guided(small, tmp_path_factory):
    model = small.model_of(GUIDED)
    metadata = CheckpointMetadata(
        run="run-1", preset="", model=GUIDED, rate=small.rate, epoch=1, step=1, train_bits=5.0, held_out_bits=5.0,
        seconds=1.0,
    )  # fmt: skip
    path = tmp_path_factory.mktemp("guided") / "epoch-0001.safetensors"
    save_checkpoint(path, model.state_dict(), metadata)
    return path


def beat(seconds: float, rate: int) -> np.ndarray:
    time = np.arange(round(seconds * rate)) / rate
    noise = np.random.default_rng(0).standard_normal(len(time))
    return (0.3 * noise * np.exp(-20 * (time % 0.25)) + 0.001 * noise).astype(np.float32)


def played(small, guides, seconds: float, seeds=(1,)) -> np.ndarray:
    model = small.model_of(GUIDED).eval()
    each = [DEFAULT_PARAMETERS] * len(seeds)
    stream = Stream(model, seeds, each, rate=small.rate, start=Start(guides=guides))
    blocks = [next(stream) for _ in range(-(-round(seconds * small.rate) // 512))]
    return np.concatenate(blocks, axis=1)


def test_the_network_itself_follows(small):
    """An untrained one: its filters do."""
    music = beat(0.8, small.rate)
    guide = Guide(strokes_of([music], small.rate), "beat")
    [clip] = played(small, [guide], 0.8)
    length = len(music)
    wanted, heard = (strokes_of([each[:length]], small.rate)[:, :12].mean(axis=1) for each in (music, clip))
    assert np.corrcoef(wanted, heard)[0, 1] > 0.7
    [without] = played(small, [], 0.8)
    assert np.corrcoef(wanted, strokes_of([without[:length]], small.rate)[:, :12].mean(axis=1))[0, 1] < 0.3


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**31), st.floats(-90, 40), st.floats(0, 40), st.booleans())
def test_no_clip_explodes_whatever_the_guide(small, seed, level, spread, with_notes):
    random = np.random.default_rng(seed)
    strokes = (level + spread * random.standard_normal((PER_SECOND // 2, BANDS))).astype(np.float32)
    notes = None
    if with_notes:
        notes = (level + spread * random.standard_normal((8, SEMITONES, 3))).astype(np.float32)
        notes[..., PLACE] = random.uniform(0, 4000, notes.shape[:2])
    [clip] = played(small, [Guide(strokes, "any", notes)], 0.12)
    assert np.isfinite(clip).all()
    assert np.abs(clip).max() <= 1.0


def test_a_clip_is_as_loud_as_its_guide(small):
    """Noise of three levels, and a clip that plays along to each."""
    noise = np.random.default_rng(0).standard_normal(small.rate).astype(np.float32)
    for level in (0.02, 0.1):
        music = level * noise
        [clip] = played(small, [Guide(strokes_of([music], small.rate), "noise")], 0.5)
        assert abs(20 * np.log10(np.std(clip) / np.std(music))) < 3


def test_followed_not_at_all_it_is_the_clip_of_its_seed(small):
    guide = Guide(strokes_of([beat(0.5, small.rate)], small.rate), "beat", follow=0.0)
    without, at_zero, along = (played(small, guides, 0.2) for guides in ([], [guide], [replace(guide, follow=1.0)]))
    assert np.array_equal(without, at_zero)
    assert np.abs(without - along).max() > 0.01


def test_each_clip_follows_a_guide_of_its_own(small, guided, dataset):
    """Beginning amid the album, whose own guide is heard before."""
    music = beat(0.6, small.rate)
    guides = tuple(Guide(strokes_of([each], small.rate), "beat") for each in (music, music[::-1]))
    clips = generate(GenerationRequest(guided, 0.6, (1, 2), prime=AlbumPrime(dataset), device="cpu", guides=guides))
    for clip, guide in zip(clips, guides, strict=True):
        heard = strokes_of([clip], small.rate)[:, :12].mean(axis=1)
        assert np.corrcoef(heard, guide.strokes[: len(heard), :12].mean(axis=1))[0, 1] > 0.8


def test_a_stream_goes_on_exactly_along_its_guide(small):
    music = beat(1.0, small.rate)
    guide = Guide(strokes_of([music], small.rate), "beat", notes_of([music], small.rate))
    model = small.model_of(GUIDED).eval()

    def stream():
        return Stream(model, [3], [DEFAULT_PARAMETERS], rate=small.rate, start=Start(guides=[guide]))

    first, again = stream(), stream()
    for _ in range(3):
        next(first)
    again.load_state_dict(first.state_dict())
    for _ in range(3):
        assert np.array_equal(next(first), next(again))


def test_what_begins_anew_amid_the_music_hears_its_guide(small, dataset):
    model = small.model_of(GUIDED).eval()
    states = [begin(model, [5], AlbumPrime(dataset), rate=small.rate, guided=guided) for guided in (False, True)]
    assert np.array_equal(states[0].past, states[1].past)
    assert not np.allclose(states[0].tiers[0][0], states[1].tiers[0][0])
    Stream(model, [5], [DEFAULT_PARAMETERS], rate=small.rate, start=Start(states[1]))


def test_a_guide_that_is_set_while_it_plays_is_followed_from_the_next_block_on(small):
    """From its beginning it is what a clip would be; then another one, and none."""
    music = beat(1.0, small.rate)
    guide = Guide(strokes_of([music], small.rate), "beat", notes_of([music], small.rate))
    model = small.model_of(GUIDED).eval()

    def stream(*guides):
        return Stream(model, [3], [DEFAULT_PARAMETERS], rate=small.rate, start=Start(guides=guides))

    for follow in (1.0, 0.6):
        live, clip = stream(), stream(replace(guide, follow=follow))
        live.set_guide(LoopedGuide(guide), 0, follow)
        for _ in range(2):
            np.testing.assert_array_equal(next(live), next(clip))
    live, free = stream(), stream()
    np.testing.assert_array_equal(next(live), next(free))
    live.set_guide(LoopedGuide(Guide(np.full((100, BANDS), -70, np.float32), "soft")), live.samples, 1.0)
    soft = next(live)
    live.set_guide(LoopedGuide(Guide(np.full((100, BANDS), -20, np.float32), "loud")), live.samples, 1.0)
    loud = next(live)
    assert np.std(loud) > 20 * np.std(soft[:, 256:])
    live.set_guide(None, 0, 1.0)
    state = live.state_dict()
    after = next(live)
    free.load_state_dict(state)
    np.testing.assert_array_equal(after, next(free))


def test_the_level_holds_for_minutes(small):
    """Of the network alone, and of what is heard."""
    seconds = 60.0 if knows_guides(library()) else 8.0  # PyTorch takes a minute for one
    guide = Guide(np.tile(strokes_of([beat(2.0, small.rate)], small.rate), (30, 1)), "beat")
    [clip] = played(small, [guide], seconds)
    equaliser = GuideEqualiser([guide], small.rate)
    heard = np.concatenate([equaliser.push(clip[None]), equaliser.end()], axis=1)[0][: len(clip)]
    for sound in (clip, heard):
        levels = [20 * np.log10(np.std(part)) for part in np.array_split(sound, 4)]
        assert max(levels) - min(levels) < 1.0
