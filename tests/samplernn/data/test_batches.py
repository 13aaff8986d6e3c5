"""Streams of an album: the state that is carried, what is heard how often, augmentation, and resuming."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplernn.config import NO_AUGMENTATION, Augmentation
from samplernn.data.augmentation import augmented_excerpt
from samplernn.data.batches import StreamConfig, Streams, plain_values
from samplernn.data.quantise import encode, zero_code
from samplernn.errors import SoundError

RAMP = np.linspace(-0.9, 0.9, 5000).astype(np.float32)
"""A sound in which every sample tells where it lies."""


def streams_of(sound=RAMP, spans=((0, 5000),), *, chunks=(), seed=1, **how) -> Streams:
    usual = {"batch": 4, "tbptt_length": 50, "context_length": 30, "stretch_length": 300, "levels": 4096}
    return Streams(sound, spans, StreamConfig(**({"law": "linear"} | usual | how)), seed=seed, chunks=chunks)


def test_the_state_in_the_streams_is_carried_and_begun_anew(small, dataset):
    spans, context_length = dataset.train, 20
    streams = streams_of(
        dataset.sound, spans, batch=3, tbptt_length=64, context_length=context_length, stretch_length=256, levels=256,
        law="mu-law", seed=3,
    )  # fmt: skip
    before, starts = None, 0
    for _ in range(40):
        codes, fresh = streams.next()
        assert codes.shape == (3, context_length + 64)
        if before is not None:
            assert np.array_equal(codes[~fresh, :context_length], before[~fresh, -context_length:])
        before, starts = codes, starts + int(fresh.sum())
    assert 3 * 40 / 4 <= starts < 3 * 40


def test_streams_only_hear_what_is_to_be_learnt():
    sound = np.linspace(-0.9, 0.9, 5000).astype(np.float32)
    codes_of = encode(sound, 1024, "linear")
    spans = [(1000, 1800), (3000, 3100)]
    streams = streams_of(sound, spans, batch=8, levels=1024, seed=0)
    allowed = {zero_code(1024)} | set(codes_of[1000:1800].tolist()) | set(codes_of[3000:3100].tolist())
    heard: set[int] = set()
    for _ in range(200):
        heard |= set(streams.next()[0].flatten().tolist())
    assert heard <= allowed
    assert len(heard) > 0.9 * len(allowed)


def test_too_little_music_is_said():
    with pytest.raises(SoundError, match="little"):
        streams_of(np.zeros(9, np.float32), [(0, 9)], tbptt_length=10)


def test_chunks_are_all_heard_once_before_any_is_heard_again():
    chunks = [(start, start + 100) for start in range(0, 4000, 40)]
    streams = streams_of(batch=1, chunks=chunks)
    codes_of = encode(RAMP, 4096, "linear")
    for _ in range(2):
        begun = []
        for _ in range(len(chunks)):
            codes, fresh = streams.next()
            assert fresh.all()
            assert (codes[0, :30] == zero_code(4096)).all()
            begun.append(int(np.flatnonzero(codes_of == codes[0, 30])[0]))
            _, fresh = streams.next()
            assert not fresh.any()
        assert sorted(begun) == pytest.approx([start for start, _ in chunks], abs=2)
        assert begun != sorted(begun)


AUGMENTED = Augmentation(flip=True, gain_db=6.0, stretch=0.05, dither=True)


@pytest.mark.parametrize("augmentation", [NO_AUGMENTATION, AUGMENTED])
@pytest.mark.parametrize("chunks", [(), ((0, 900), (500, 1400), (2000, 2900))])
def test_streams_go_on_exactly(augmentation, chunks):
    one, other = (streams_of(augmentation=augmentation, chunks=chunks) for _ in range(2))
    for _ in range(7):
        one.next()
    other.load_state_dict(json.loads(json.dumps(plain_values(one.state_dict()))))
    for _ in range(30):
        (codes, fresh), (others_codes, others_fresh) = one.next(), other.next()
        assert np.array_equal(codes, others_codes)
        assert np.array_equal(fresh, others_fresh)


def test_augmented_streams_still_hear_nothing_that_is_held_out():
    """Outside the span the sound is at full scale, and inside nearly silent."""
    sound = np.ones(4000, dtype=np.float32)
    sound[1000:2000] = 0.01
    streams = streams_of(sound, [(1000, 2000)], augmentation=Augmentation(flip=True, gain_db=3.0, stretch=0.1))
    for _ in range(100):
        codes, _ = streams.next()
        assert np.abs(codes - zero_code(4096)).max() <= 0.011 * 2048


def test_augmentations_are_what_they_are_called():
    time = np.arange(8000) / 8000
    sound = (0.5 * np.sin(2 * np.pi * 200 * time)).astype(np.float32)
    assert np.array_equal(augmented_excerpt(sound, 100, 50, 1.0, 1.0), sound[100:150])
    assert np.array_equal(augmented_excerpt(sound, 100, 50, -0.5, 1.0), -0.5 * sound[100:150])
    quicker = augmented_excerpt(sound, 100.5, 1000, 1.0, 1.05)
    right = 0.5 * np.sin(2 * np.pi * 200 * (100.5 + 1.05 * np.arange(1000)) / 8000)
    assert np.abs(quicker - right).max() < 1e-3
    assert np.array_equal(augmented_excerpt(sound, -3, 5, 1.0, 1.0), [0, 0, 0, *sound[:2]])
    assert np.array_equal(augmented_excerpt(sound, 7998, 5, 1.0, 1.0), [*sound[-2:], 0, 0, 0])


@given(seed=st.integers(0, 2**32 - 1))
def test_what_is_drawn_stays_within_bounds(seed):
    gain, speed = AUGMENTED.draw(np.random.default_rng(seed))
    assert 10 ** (-6 / 20) - 1e-9 <= abs(gain) <= 1.0
    assert 1 / 1.05 - 1e-9 <= speed <= 1.05 + 1e-9
    assert NO_AUGMENTATION.draw(np.random.default_rng(seed)) == (1.0, 1.0)


def test_dither_says_the_right_level_on_the_average():
    sound = np.full(20_000, 0.3 / 128, dtype=np.float32)
    streams = streams_of(
        sound, [(0, len(sound))], batch=1, tbptt_length=10_000, context_length=4, stretch_length=20_000, levels=256,
        seed=0, augmentation=Augmentation(dither=True),
    )  # fmt: skip
    codes, _ = streams.next()
    assert np.mean(codes[0, 4:]) == pytest.approx(128.3, abs=0.03)
