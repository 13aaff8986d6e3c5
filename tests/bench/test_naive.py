"""What the figures are measured against is the same network."""

from __future__ import annotations

import math

import pytest
import torch

from samplernn.config import ModelConfig
from samplernn.network.model import SampleRNN
from tests.bench.naive import NaiveSampleRNN

_CONFIGS = {
    "as in the paper": ModelConfig(frame_sizes=(8,), layers=3, width=24, embedding=8, lookback=8),
    "three tiers of GRUs": ModelConfig(
        frame_sizes=(16, 4), cell="gru", layers=2, width=16, embedding=8, lookback=4, first_state="learned"
    ),
    "as in sketch": ModelConfig(
        frame_sizes=(8,), width=24, sample_width=16, lookback=0, predictor=40, surprises=6, weight_norm=False
    ),
    "everything": ModelConfig(frame_sizes=(8,), layers=2, width=16, embedding=8, lookback=4, predictor=16, surprises=3),
}


@pytest.fixture(params=_CONFIGS.values(), ids=_CONFIGS.keys())
def model(request) -> SampleRNN:
    torch.manual_seed(0)
    model = SampleRNN(request.param)
    if model.prediction is not None:
        order = request.param.predictor
        model.prediction.lpc.copy_(torch.randn(order) / order)
        model.prediction.scale.fill_(0.05)
    with torch.no_grad():
        for value in model.parameters():
            value += torch.randn_like(value) * 0.05
    return model


def _codes(model):
    return torch.randint(0, 256, (3, model.config.context_length + 64), generator=torch.Generator().manual_seed(0))


def _bits(odds, codes, context_length):
    return -odds.gather(2, codes[:, context_length:, None]).mean() / math.log(2)


def test_its_odds_are_ours(model):
    naive, codes = NaiveSampleRNN(model), _codes(model)
    ours, after = model(codes, model.first_state(3))
    theirs, state = naive(codes, naive.first_state(3))
    assert torch.allclose(theirs, ours.log_softmax(2), atol=1e-4)
    assert torch.allclose(state[0][0][0], after[0][0][:1], atol=1e-4)


def test_its_learning_is_ours(model):
    naive, codes = NaiveSampleRNN(model), _codes(model)
    loss, _ = naive.learn(codes, naive.first_state(3))
    ours, _ = model.loss(codes, model.first_state(3))
    ours.backward()
    assert loss.item() == pytest.approx(ours.item(), abs=1e-4)
    torch.nn.utils.clip_grad_value_(model.parameters(), 1.0)
    right = model.sample.second.matrix.direction.grad
    weights = dict(naive.sample.second.named_parameters())
    [theirs] = [value.grad for value in weights.values() if value.numel() == right.numel()]
    assert torch.allclose(theirs.view_as(right), right, atol=1e-4)


def test_it_makes_what_it_has_learnt(model):
    """The odds that every sample was drawn from are those of the network over all samples before it."""
    naive, config, told = NaiveSampleRNN(model).eval(), model.config, []
    codes = naive.make(2, 32, told)
    silence = torch.full((2, config.context_length), config.levels // 2)
    with torch.no_grad():
        odds, _ = naive(torch.cat([silence, codes], 1), naive.first_state(2))
    assert torch.allclose(torch.stack(told, 1), odds, atol=1e-4)
