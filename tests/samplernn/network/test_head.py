"""The loss that learning goes by, and its gradients, are those of the plain network."""

from __future__ import annotations

import math

import pytest
import torch
from torch.nn.functional import cross_entropy


def _learnt(model, loss):
    model.zero_grad()
    loss.backward()
    return loss.item(), {name: value.grad.clone() for name, value in model.named_parameters()}


def _codes(config):
    draw = torch.Generator().manual_seed(2)
    drawn = torch.randint(0, config.levels, (3, config.context_length + 64), generator=draw)
    return (drawn - config.levels // 2) // 4 + config.levels // 2


@pytest.fixture
def model(config, small):
    model = small.model_of(config)
    with torch.no_grad():
        for value in model.parameters():  # as if it had learnt: no bias is 0, no prior at rest
            value += torch.randn_like(value) * 0.05
    return model


def _plain(model, codes):
    logits, _ = model(codes, model.first_state(3, torch.Generator().manual_seed(1)))
    return cross_entropy(logits.flatten(0, 1), codes[:, model.config.context_length :].flatten()) / math.log(2.0)


def _ours(model, codes):
    return model.loss(codes, model.first_state(3, torch.Generator().manual_seed(1)))[0]


@pytest.mark.parametrize("slices", [1, 7, 1000])
def test_gradients_are_those_of_the_plain_network(model, slices, monkeypatch):
    """Also where a slice is not full."""
    for name in ("_SLICE", "_NARROW_SLICE"):
        monkeypatch.setattr(f"samplernn.network.head.{name}", max(192 // slices, 1) * model.config.levels)
    monkeypatch.setattr("samplernn.network.head._LOGITS", 11 * model.config.levels)
    codes = _codes(model.config)
    bits, ours = _learnt(model, _ours(model, codes))
    right, theirs = _learnt(model, _plain(model, codes))
    assert bits == pytest.approx(right, abs=1e-4)
    far = {name: ((ours[name] - theirs[name]).norm() / theirs[name].norm()).item() for name in theirs}
    assert max(far.values()) < 1e-4, far


def test_half_a_loss_has_half_the_gradients(model):
    """As a batch that is learnt in parts needs it."""
    codes = _codes(model.config)
    _, whole = _learnt(model, _ours(model, codes))
    _, half = _learnt(model, _ours(model, codes) * 0.5)
    assert all(torch.allclose(half[name] * 2.0, whole[name], rtol=1e-5, atol=1e-9) for name in whole)


def test_bf16_is_within_the_noise_of_its_rounding(model):
    codes = _codes(model.config)
    right, theirs = _learnt(model, _plain(model, codes))
    model.compute = torch.bfloat16
    bits, ours = _learnt(model, _ours(model, codes))
    assert bits == pytest.approx(right, rel=0.01)
    far = math.sqrt(sum(float((ours[name] - theirs[name]).square().sum()) for name in theirs))
    assert far < 0.1 * math.sqrt(sum(float(value.square().sum()) for value in theirs.values()))
