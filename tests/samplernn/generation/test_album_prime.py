"""Clips that begin amid the music of the album."""

from __future__ import annotations

import functools
import json

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from samplernn.audio.reading import write_sound
from samplernn.data.build import build_dataset
from samplernn.data.dataset import Dataset
from samplernn.data.quantise import amplitudes
from samplernn.generation.generate import GenerationRequest, generate, generate_to_files
from samplernn.generation.priming import AlbumPrime, begin
from samplernn.generation.sampling import SamplingParameters
from samplernn.generation.stream import Start, Stream
from samplernn.native.library import instruction_sets

RATE = 2000
SEEDS = st.integers(0, 2**40)


@pytest.fixture(scope="module")
def noise(tmp_path_factory) -> Dataset:
    """Two tracks, of which no second is like another."""
    folder = tmp_path_factory.mktemp("noise")
    draw = np.random.default_rng(3)
    for name, seconds in (("a.wav", 30), ("b.wav", 60)):
        write_sound(folder / name, draw.uniform(-0.5, 0.5, seconds * RATE).astype(np.float32), RATE, format="wav")
    build_dataset([folder / "a.wav", folder / "b.wav"], folder / "dataset", RATE)
    return Dataset.open(folder / "dataset")


def place_of(sound: np.ndarray, dataset: Dataset) -> int:
    places = np.flatnonzero(dataset.sound == sound[0])
    (found,) = (place for place in places if np.array_equal(dataset.sound[place : place + len(sound)], sound))
    return int(found)


@given(seed=SEEDS)
def test_it_is_a_second_that_was_held_out(noise, seed):
    sound = AlbumPrime(noise).sound_for(seed, RATE)
    place = place_of(sound, noise)
    assert len(sound) == RATE
    assert any(start <= place and place + RATE <= stop for start, stop in noise.valid)


def test_every_place_has_its_chance(noise):
    places = {place_of(AlbumPrime(noise).sound_for(seed, RATE), noise) for seed in range(200)}
    assert len(places) > 150
    assert all(any(start <= place < stop for place in places) for start, stop in noise.valid)


def test_at_another_rate_it_is_the_same_second(noise):
    prime = AlbumPrime(noise)
    assert len(prime.sound_for(1, 2 * RATE)) == 2 * RATE
    # half of the band is kept, so of noise half of the power
    assert np.square(prime.sound_for(1, RATE // 2)).mean() == pytest.approx(
        np.square(prime.sound_for(1, RATE)).mean() / 2, rel=0.3
    )


@pytest.mark.parametrize(("tracks", "seconds", "length"), [(1, 14.0, RATE), (20, 0.7, 0)])
def test_a_short_album_lends_what_was_learnt_or_nothing(tmp_path, tracks, seconds, length):
    draw = np.random.default_rng(4)
    paths = [tmp_path / f"{number}.wav" for number in range(tracks)]
    for path in paths:
        write_sound(path, draw.uniform(-0.5, 0.5, round(seconds * RATE)).astype(np.float32), RATE, format="wav")
    build_dataset(paths, tmp_path / "dataset", RATE)
    dataset = Dataset.open(tmp_path / "dataset")
    assert all(stop - start < RATE for start, stop in dataset.valid)
    assert len(AlbumPrime(dataset).sound_for(1, RATE)) == length


@pytest.mark.parametrize("engine", ["torch", "native"] if instruction_sets() else ["torch"])
def test_a_clip_begins_in_the_same_place_in_any_company(checkpoint, dataset, engine):
    request = functools.partial(GenerationRequest, checkpoint, 0.2, device="cpu", engine=engine)
    prime = AlbumPrime(dataset)
    alone, among = generate(request([5], prime=prime))[0], generate(request([4, 5, 6], prime=prime))[1]
    if engine == "native":
        assert np.array_equal(alone, among)
    else:
        assert np.array_equal(alone[:16], among[:16])
    silent = generate(request([5]))[0]
    assert not np.array_equal(alone[:64], silent[:64])


def test_the_file_of_a_clip_tells_it(checkpoint, dataset, tmp_path):
    paths = generate_to_files(GenerationRequest(checkpoint, 0.1, [1], prime=AlbumPrime(dataset)), tmp_path, ["a"])
    assert json.loads(paths[0].with_suffix(".json").read_text())["prime"] == "album"


def test_a_clip_that_nothing_helps_begins_elsewhere_in_the_album(small, dataset):
    model = small.model_of(small.configs["linear codes"]).eval()
    with torch.no_grad():  # it can only say one thing
        model.sample.output.matrix.length.zero_()
        model.sample.output.bias.fill_(-1e4)
        model.sample.output.bias[200] = 0.0
    asked: list[tuple[int, ...]] = []

    def fresh(seeds):
        asked.append(tuple(seeds))
        return begin(model, seeds, AlbumPrime(dataset), rate=small.rate)

    stream = Stream(
        model,
        [1, 2],
        [SamplingParameters(escape=True), SamplingParameters()],
        rate=small.rate,
        start=Start(renewed=fresh),
    )
    for _ in range(16 * small.rate // 512):
        sound = next(stream)
    assert np.unique(sound).tolist() == [amplitudes(256, "linear")[200]]
    assert asked[0] == (1, 2)
    assert len(asked) > 1
    assert all(len(seeds) == 1 and seeds[0] > 1 for seeds in asked[1:])
