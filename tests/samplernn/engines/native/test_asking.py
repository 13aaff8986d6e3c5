"""Odd and hostile requests: what does not fit is refused before the library sees it, the rest never leaves bounds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from samplernn.engines.folded import fold
from samplernn.engines.native_engine import NativeSampler
from samplernn.engines.state import Moment
from samplernn.errors import SoundError
from samplernn.generation.priming import silence


@pytest.fixture
def model(small):
    return small.model_of(small.configs["everything"]).eval()


def test_moments_that_do_not_fit_are_refused(model):
    folded, moment = fold(model), silence(model, [1, 2])
    (hidden, cell), *_ = moment.states
    wrong = [
        Moment(((hidden[:, :, 1:], cell),), moment.past),
        Moment(((hidden, cell.astype(np.float64)),), moment.past),
        Moment(((hidden, cell), (hidden, cell)), moment.past),
        Moment(((hidden, cell),), moment.past[:, 1:]),
        Moment(((hidden, cell),), moment.past.astype(np.int32)),
        Moment(((hidden, cell),), np.full_like(moment.past, 256)),
        Moment(((hidden, cell),), np.full_like(moment.past, -1)),
    ]
    sampler = NativeSampler(folded, moment)
    for other in wrong:
        with pytest.raises(ValueError, match=r"not|codes|state"):
            sampler.go_to(other)
        with pytest.raises(ValueError, match=r"not|codes|state"):
            NativeSampler(folded, other)


def test_draws_that_do_not_fit_are_refused(model, draws):
    sampler, draw = NativeSampler(fold(model), silence(model, [1, 2])), draws.asked(2, 16)
    wrong = [
        draws.asked(3, 16),
        draws.asked(2, 12),
        replace(draw, temperature=draw.temperature[:, 1:]),
        replace(draw, chances=draw.chances.astype(np.float64)),
        replace(draw, top_k=draw.top_k[:1]),
        replace(draw, top_p=draw.top_p.astype(np.float64)),
    ]
    for other in wrong:
        with pytest.raises(ValueError, match=r"not|whole"):
            sampler.make(other)
    with pytest.raises(ValueError, match="broadcast"):
        sampler.make(draw, np.empty((2, 16, 100), dtype=np.float32))


def test_arrays_that_are_not_in_one_piece(model, draws):
    folded, moment, draw = fold(model), silence(model, [1, 2]), draws.asked(2, 32)
    right = np.empty((2, 32, 256), dtype=np.float32)
    codes = NativeSampler(folded, moment).make(draw, right)
    loose = replace(draw, chances=np.asfortranarray(draw.chances), temperature=np.repeat(draw.temperature, 2, 0)[::2])
    states = tuple((np.asfortranarray(hidden), np.asfortranarray(cell)) for hidden, cell in moment.states)
    odds = np.zeros((256, 2, 32), dtype=np.float32).transpose(1, 2, 0)
    again = NativeSampler(folded, Moment(states, np.asfortranarray(moment.past))).make(loose, odds)
    assert np.array_equal(again, codes)
    assert np.array_equal(odds, right)


@pytest.mark.parametrize("precision", ["float32", "bfloat16", "int8"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3e38])
def test_weights_and_states_beyond_all_bounds(model, draws, instructions, precision, value):
    moment = silence(model, range(9))
    moment.states[0][0][0, 3] = value
    for asked in (draws.asked(9, 32), draws.asked(9, 32, top_k=7, top_p=0.9), draws.asked(9, 32, temperature=1e-30)):
        codes = NativeSampler(fold(model), moment, precision=precision, instructions=instructions).make(asked)
        assert codes.min() >= 0
        assert codes.max() < 256
    with torch.no_grad():
        model.sample.output.matrix.direction[::3] = value
        model.tiers[0].upsample.matrix.direction[5] = value
    codes = NativeSampler(fold(model), moment, precision=precision, instructions=instructions).make(draws.asked(9, 32))
    assert codes.min() >= 0
    assert codes.max() < 256


def test_chances_beyond_all_bounds(model, draws):
    sampler, draw = NativeSampler(fold(model), silence(model, range(6))), draws.asked(6, 32)
    draw.chances[:] = np.array([[np.nan], [np.inf], [-1.0], [1.0], [0.0], [2.0]], dtype=np.float32)
    for top_k in (0, 5):
        draw.top_k[:] = top_k
        codes = sampler.make(draw)
        assert codes.min() >= 0
        assert codes.max() < 256


def test_a_state_that_is_no_number_stays_with_its_clip(model, draws):
    folded, moment, draw = fold(model), silence(model, range(3)), draws.asked(3, 64)
    alone = NativeSampler(folded, moment.take([2])).make(draws.part(draw, [2], slice(None)))
    moment.states[0][0][:, 0] = np.nan
    moment.states[0][1][:, 1] = np.inf
    assert np.array_equal(NativeSampler(folded, moment).make(draw)[2:], alone)


def test_what_the_computer_does_not_have_is_refused(model):
    with pytest.raises(SoundError, match="native generator"):
        NativeSampler(fold(model), silence(model, [1]), instructions="abacus")


def test_nothing_to_make(model, draws):
    sampler = NativeSampler(fold(model), silence(model, [1]))
    assert sampler.make(draws.asked(1, 0)).shape == (1, 0)
