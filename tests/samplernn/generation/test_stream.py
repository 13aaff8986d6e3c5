"""A stream of clips: the same bits however it is cut, temperatures over time, states kept, mixed and refused."""

from __future__ import annotations

import itertools
import tracemalloc

import numpy as np
import pytest
import torch

from samplernn.data.quantise import amplitudes
from samplernn.engines.recurrent_state import RecurrentState
from samplernn.errors import SoundError
from samplernn.generation.priming import after, silence
from samplernn.generation.sampling import SamplingParameters
from samplernn.generation.stream import Start, Stream


def begun(model, small, seeds, *parameters, state=None) -> Stream:
    each = list(parameters) or [SamplingParameters(1.0)]
    return Stream(model, seeds, each * (len(seeds) // len(each)), rate=small.rate, start=Start(state))


def blocks(stream: Stream, count: int) -> np.ndarray:
    return np.concatenate(list(itertools.islice(stream, count)), axis=1)


def test_a_clip_is_the_same_alone_and_in_company(config, small):
    model = small.model_of(config).eval()
    together = next(begun(model, small, [7, 8, 9]))
    alone = next(begun(model, small, [8]))
    assert np.array_equal(alone[0], together[1])
    assert not np.array_equal(together[0], together[1])


def test_a_stream_goes_on_exactly_from_a_position(config, small):
    model = small.model_of(config).eval()
    parameters = SamplingParameters(((0.0, 0.9), (0.2, 1.1)), escape=True)
    whole = begun(model, small, [1, 2], parameters)
    blocks(whole, 2)
    state = whole.state_dict()
    expected = blocks(whole, 2)
    other = begun(model, small, [3, 4], parameters)
    other.load_state_dict(state)
    assert np.array_equal(blocks(other, 2), expected)


def test_temperature_can_be_changed_between_blocks(small):
    model = small.model_of(small.configs["as in the paper"]).eval()
    steady, changed = begun(model, small, [1]), begun(model, small, [1])
    assert np.array_equal(next(steady), next(changed))
    changed.set_parameters(0, SamplingParameters(0.05))
    assert not np.array_equal(next(steady), next(changed))


def test_an_envelope_is_a_line_between_its_points():
    parameters = SamplingParameters(((1.0, 0.8), (2.0, 1.2)))
    drawn = parameters.temperatures(0, 300, 100)
    assert np.allclose(drawn[[0, 100, 150, 200, 299]], [0.8, 0.8, 1.0, 1.2, 1.2])
    assert np.array_equal(parameters.temperatures(120, 50, 100), drawn[120:170])


@pytest.mark.parametrize(
    "settings",
    [{"temperature": 0.0}, {"temperature": float("nan")}, {"temperature": ()},
     {"temperature": ((1.0, 1.0), (1.0, 2.0))}, {"temperature": ((-1.0, 1.0),)}, {"top_k": -1}, {"top_k": 2**31},
     {"top_p": 0.0}, {"top_p": 1.5}],
)  # fmt: skip
def test_nonsense_is_refused(settings):
    with pytest.raises(SoundError):
        SamplingParameters(**settings)


def test_memory_does_not_grow(small):
    model = small.model_of(small.configs["as in sketch"]).eval()
    stream = begun(model, small, [1], SamplingParameters(1.0, escape=True))
    blocks(stream, 90)  # more than is ever heard back
    tracemalloc.start()
    try:
        blocks(stream, 4)
        early = tracemalloc.get_traced_memory()[0]
        blocks(stream, 60)
        late = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert late - early < 64 * 1024


def test_a_clip_that_hums_is_kicked_and_then_renewed(small):
    """A model that can only say one thing is stuck for ever; one that may speak again once it is warmer gets out."""
    model = small.model_of(small.configs["linear codes"]).eval()
    with torch.no_grad():
        model.sample.output.matrix.length.zero_()
        model.sample.output.bias.fill_(-1e4)
        model.sample.output.bias[200] = 0.0
    watched = begun(model, small, [1, 2], SamplingParameters(1.0, escape=True), SamplingParameters(1.0))
    for _ in range(16 * small.rate // 512):
        sound = next(watched)
    assert np.unique(sound).tolist() == [amplitudes(256, "linear")[200]]
    assert {each.clip for each in watched.degenerations} == {0}
    assert [each.help for each in watched.degenerations][:3] == ["temperature", "temperature", "state"]
    assert watched.degenerations[0].kind == "loop"
    assert watched.degenerations[0].seconds == pytest.approx(4.5, abs=0.6)


def test_a_clip_that_moves_is_left_alone(small):
    """Noise at the level of the music comes and goes with the frames: none is found, and it sounds as if unwatched."""
    model = small.model_of(small.configs["as in sketch"]).eval()
    watched = begun(model, small, [1], SamplingParameters(1.0, escape=True))
    plain = begun(model, small, [1], SamplingParameters(1.0))
    count = 6 * small.rate // 512
    sound = blocks(watched, count)
    if not watched.degenerations:
        assert np.array_equal(sound, blocks(plain, count))
    else:
        first = round(watched.degenerations[0].seconds * small.rate)
        assert np.array_equal(sound[:, :first], blocks(plain, count)[:, :first])


def states_of(model) -> tuple[RecurrentState, RecurrentState]:
    config = model.config
    sound = np.random.default_rng(1).uniform(-0.5, 0.5, (2, 8 * config.top)).astype(np.float32)
    return after(model, sound[0], silence(model, [1, 2])), after(model, sound[1], silence(model, [1, 2]))


def same(one: RecurrentState, other: RecurrentState) -> bool:
    mine, others = ([*itertools.chain(*state.tiers), state.past] for state in (one, other))
    return all(np.array_equal(a, b) for a, b in zip(mine, others, strict=True))


def test_states_are_branched_and_mixed(config, small):
    model = small.model_of(config).eval()
    one, other = states_of(model)
    branched = begun(model, small, [5, 5, 6], state=one.select([0, 0, 0]))
    sound = next(branched)
    assert np.array_equal(sound[0], sound[1])
    assert not np.array_equal(sound[0], sound[2])
    assert same(one.interpolate(other, 0.0), one)
    assert same(one.interpolate(other, 1.0), RecurrentState(one.interpolate(other, 1.0).tiers, other.past))
    half = one.interpolate(other, 0.5)
    for mixed, mine, others in zip(half.tiers, one.tiers, other.tiers, strict=True):
        assert np.allclose(mixed[0], (mine[0] + others[0]) / 2, atol=1e-6)
    assert np.isfinite(next(begun(model, small, [1, 2], state=half))).all()
    swapped = one.with_replaced([1], other.select([0]))
    assert same(swapped.select([0]), one.select([0]))
    assert same(swapped.select([1]), other.select([0]))
