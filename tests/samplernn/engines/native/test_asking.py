"""Odd and hostile requests: what does not fit is refused before the library sees it, the rest never leaves bounds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from samplernn.engines.folded import fold
from samplernn.engines.native_engine import NativeEngine
from samplernn.engines.recurrent_state import RecurrentState
from samplernn.errors import SoundError
from samplernn.generation.priming import silence


@pytest.fixture
def model(small):
    return small.model_of(small.configs["everything"]).eval()


def test_states_that_do_not_fit_are_refused(model):
    folded, state = fold(model), silence(model, [1, 2])
    (hidden, cell), *_ = state.tiers
    wrong = [
        RecurrentState(((hidden[:, :, 1:], cell),), state.past),
        RecurrentState(((hidden, cell.astype(np.float64)),), state.past),
        RecurrentState(((hidden, cell), (hidden, cell)), state.past),
        RecurrentState(((hidden, cell),), state.past[:, 1:]),
        RecurrentState(((hidden, cell),), state.past.astype(np.int32)),
        RecurrentState(((hidden, cell),), np.full_like(state.past, 256)),
        RecurrentState(((hidden, cell),), np.full_like(state.past, -1)),
    ]
    engine = NativeEngine(folded, state)
    for other in wrong:
        with pytest.raises(ValueError, match=r"not|codes|state"):
            engine.load_state(other)
        with pytest.raises(ValueError, match=r"not|codes|state"):
            NativeEngine(folded, other)


def test_draws_that_do_not_fit_are_refused(model, requests):
    engine, request = NativeEngine(fold(model), silence(model, [1, 2])), requests.asked(2, 16)
    wrong = [
        requests.asked(3, 16),
        requests.asked(2, 12),
        replace(request, temperature=request.temperature[:, 1:]),
        replace(request, chances=request.chances.astype(np.float64)),
        replace(request, top_k=request.top_k[:1]),
        replace(request, top_p=request.top_p.astype(np.float64)),
    ]
    for other in wrong:
        with pytest.raises(ValueError, match=r"not|whole"):
            engine.make(other)
    with pytest.raises(ValueError, match="broadcast"):
        engine.make(request, np.empty((2, 16, 100), dtype=np.float32))


def test_arrays_that_are_not_in_one_piece(model, requests):
    folded, state, request = fold(model), silence(model, [1, 2]), requests.asked(2, 32)
    right = np.empty((2, 32, 256), dtype=np.float32)
    codes = NativeEngine(folded, state).make(request, right)
    loose = replace(
        request, chances=np.asfortranarray(request.chances), temperature=np.repeat(request.temperature, 2, 0)[::2]
    )
    states = tuple((np.asfortranarray(hidden), np.asfortranarray(cell)) for hidden, cell in state.tiers)
    odds = np.zeros((256, 2, 32), dtype=np.float32).transpose(1, 2, 0)
    again = NativeEngine(folded, RecurrentState(states, np.asfortranarray(state.past))).make(loose, odds)
    assert np.array_equal(again, codes)
    assert np.array_equal(odds, right)


@pytest.mark.parametrize("precision", ["float32", "bfloat16", "int8"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3e38])
def test_weights_and_states_beyond_all_bounds(model, requests, instructions, precision, value):
    state = silence(model, range(9))
    state.tiers[0][0][0, 3] = value
    for asked in (
        requests.asked(9, 32),
        requests.asked(9, 32, top_k=7, top_p=0.9),
        requests.asked(9, 32, temperature=1e-30),
    ):
        codes = NativeEngine(fold(model), state, precision=precision, instructions=instructions).make(asked)
        assert codes.min() >= 0
        assert codes.max() < 256
    with torch.no_grad():
        model.sample.output.matrix.direction[::3] = value
        model.tiers[0].upsample.matrix.direction[5] = value
    codes = NativeEngine(fold(model), state, precision=precision, instructions=instructions).make(requests.asked(9, 32))
    assert codes.min() >= 0
    assert codes.max() < 256


def test_chances_beyond_all_bounds(model, requests):
    engine, request = NativeEngine(fold(model), silence(model, range(6))), requests.asked(6, 32)
    request.chances[:] = np.array([[np.nan], [np.inf], [-1.0], [1.0], [0.0], [2.0]], dtype=np.float32)
    for top_k in (0, 5):
        request.top_k[:] = top_k
        codes = engine.make(request)
        assert codes.min() >= 0
        assert codes.max() < 256


def test_a_state_that_is_no_number_stays_with_its_clip(model, requests):
    folded, state, request = fold(model), silence(model, range(3)), requests.asked(3, 64)
    alone = NativeEngine(folded, state.select([2])).make(requests.part(request, [2], slice(None)))
    state.tiers[0][0][:, 0] = np.nan
    state.tiers[0][1][:, 1] = np.inf
    assert np.array_equal(NativeEngine(folded, state).make(request)[2:], alone)


def test_what_the_computer_does_not_have_is_refused(model):
    with pytest.raises(SoundError, match="native generator"):
        NativeEngine(fold(model), silence(model, [1]), instructions="abacus")


def test_nothing_to_make(model, requests):
    engine = NativeEngine(fold(model), silence(model, [1]))
    assert engine.make(requests.asked(1, 0)).shape == (1, 0)
