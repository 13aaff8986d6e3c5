"""The network: causality, loss, weight norm, skip connections, sizes, and models that are refused."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from samplernn.config import ModelConfig, model_from_dict, preset_from_dict, preset_to_dict
from samplernn.data.quantise import decode, encode
from samplernn.errors import SoundError
from samplernn.network.layers import FORGET_BIAS, Matrix, RecurrentLayer, Stack
from samplernn.network.linear_prediction import LinearPrediction
from samplernn.network.loss import each_bits, mean_bits
from samplernn.network.model import SampleRNN, parameter_count
from samplernn.network.prior import LearnedPrior
from samplernn.presets import PRESETS, preset_named


def _codes(config, batch=3, time=64, seed=0):
    drawn = torch.randint(
        0, config.levels, (batch, config.context_length + time), generator=torch.Generator().manual_seed(seed)
    )
    return (drawn - config.levels // 2) // 4 + config.levels // 2


def _logits(model, codes):
    model.eval()
    state = model.first_state(len(codes), torch.Generator().manual_seed(1))
    with torch.inference_mode():
        return model(codes, state)


def test_nothing_moves_before_the_change(config, small):
    model = small.model_of(config)
    codes = _codes(config)
    changed = codes.clone()
    at = config.context_length + 29
    changed[:, at] += 9
    moved = (_logits(model, codes)[0] - _logits(model, changed)[0]).abs().amax(dim=(0, 2))
    assert moved[:30].max() < 1e-4
    assert moved[30] > 1e-3


def test_one_long_pass_is_many_short_ones(config, small):
    model = small.model_of(config)
    codes = _codes(config)
    whole, _ = _logits(model, codes)
    state = model.first_state(3, torch.Generator().manual_seed(1))
    parts = []
    with torch.inference_mode():
        for begin in range(0, 64, 16):
            logits, state = model(codes[:, begin : begin + config.context_length + 16], state)
            parts.append(logits)
    assert torch.allclose(torch.cat(parts, dim=1), whole, atol=2e-4)


def test_loss_and_scores_are_cross_entropy_in_bits(config, small):
    model = small.model_of(config)
    codes = _codes(config)
    logits, _ = _logits(model, codes)
    target = codes[:, config.context_length :]
    right = cross_entropy(logits.flatten(0, 1), target.flatten(), reduction="none").view(3, 64) / math.log(2)
    state = model.first_state(3, torch.Generator().manual_seed(1))
    assert torch.allclose(model.score(codes, state)[0], right, atol=1e-3)
    assert torch.allclose(model.loss(codes, state)[0], right.mean(), atol=1e-4)


def test_everything_learns(config, small):
    model = small.model_of(config)
    model.loss(_codes(config), model.first_state(3))[0].backward()
    still = [name for name, value in model.named_parameters() if value.grad is None or not value.grad.any()]
    assert still == []


def test_parameters_can_be_counted_without_making_them(config):
    assert parameter_count(config) == sum(value.numel() for value in SampleRNN(config).parameters())


def test_the_paper_has_its_size():
    """66.8 million without the gains of weight norm, as derived from the published sizes."""
    gains = 5 * 8 * 1024 + 5 * 1024 + 16 * 1024 + 3 * 1024 + 256
    assert round((parameter_count(PRESETS["paper"].model) - gains) / 1e6, 1) == 66.8


def test_the_best_two_tiers_have_their_size():
    """39.2 million, as derived from the published settings of Mehri et al., with the gains of weight norm."""
    assert round(parameter_count(PRESETS["two-tier-iclr"].model) / 1e6, 1) == 39.2


def test_frame_sizes_may_be_given_in_any_order():
    assert ModelConfig(frame_sizes=(2, 8, 64)) == ModelConfig(frame_sizes=(64, 8, 2))


@pytest.mark.parametrize("prior", [False, True])
def test_gradients_of_the_loss(prior):
    draw = torch.Generator().manual_seed(0)
    logits = torch.randn(1500, 32, generator=draw, requires_grad=True)
    target = torch.randint(0, 32, (1500,), generator=draw)
    values = torch.linspace(-1, 1, 32)
    centre = (torch.randn(1500, generator=draw) * 0.3).requires_grad_()
    slope = (torch.rand(1500, generator=draw) * 5 + 2).requires_grad_()
    prior = LearnedPrior(values, centre, slope) if prior else None
    with_prior = logits if prior is None else prior.add_to(logits)
    learnt = (logits, centre, slope) if prior else (logits,)
    right = cross_entropy(with_prior, target) / math.log(2)
    ours = mean_bits(logits, prior, target)
    assert torch.allclose(ours, right)
    for ours_of, right_of in zip(torch.autograd.grad(ours, learnt), torch.autograd.grad(right, learnt), strict=True):
        assert torch.allclose(ours_of, right_of, atol=1e-8, rtol=1e-4)
    assert torch.allclose(each_bits(logits.detach(), prior, target).mean(), right, atol=1e-5)


def test_weight_norm_holds_the_length_of_every_unit():
    matrix = Matrix(7, 5, init_std=0.3, normed=True)
    assert torch.allclose(matrix.folded(), matrix.direction)
    with torch.no_grad():
        matrix.direction.mul_(3.0)
        matrix.length.copy_(torch.arange(1.0, 6.0))
    assert torch.allclose(matrix.folded().norm(dim=1), torch.arange(1.0, 6.0))


def test_the_lstm_starts_by_remembering():
    layer = RecurrentLayer(4, 6, cell="lstm", normed=True)
    gates = layer.bias.view(4, 6)
    assert gates[1].tolist() == [FORGET_BIAS] * 6
    assert not gates[[0, 2, 3]].any()


def test_the_gru_is_that_of_cudnn():
    """Its reset gate scales what the recurrent product says; its candidate starts orthogonal."""
    torch.manual_seed(1)
    layer = RecurrentLayer(4, 6, cell="gru", normed=True)
    candidate = layer.recurrent.folded()[12:]
    assert torch.allclose(candidate @ candidate.t(), torch.eye(6), atol=1e-5)
    with torch.no_grad():
        layer.bias.normal_()
    x, hidden = torch.randn(2, 5, 4), torch.randn(1, 2, 6)
    out, after, _ = layer(x, hidden, hidden)
    state = hidden[0]
    for step in range(5):
        reset, update, new = (x[:, step] @ layer.inward.folded().t() + layer.bias).chunk(3, dim=1)
        again, kept, old = (state @ layer.recurrent.folded().t()).chunk(3, dim=1)
        share = torch.sigmoid(update + kept)
        state = (1 - share) * torch.tanh(new + torch.sigmoid(reset + again) * old) + share * state
        assert torch.allclose(out[:, step], state, atol=1e-5)
    assert torch.allclose(after[0], state, atol=1e-5)


def test_weight_norm_covers_every_matrix_recurrent_ones_too():
    model = SampleRNN(ModelConfig(frame_sizes=(8, 2), layers=2, width=8, embedding=4, lookback=2))
    matrices = [module for module in model.modules() if isinstance(module, Matrix)]
    others = ("bias", "length", "sample.embedding")
    weights = {name for name, _ in model.named_parameters() if not name.endswith(others)}
    assert all(matrix.length is not None for matrix in matrices)
    assert len(weights) == len(matrices)
    assert {"tiers.0.stack.layers.1.recurrent.direction", "sample.first.direction"} <= weights


def test_the_sample_tier_sees_just_what_it_looks_back_at(small):
    """With the frames silenced, a changed code moves the next `lookback` logits and no others."""
    config = ModelConfig(frame_sizes=(8,), width=16, embedding=8, lookback=5)
    model = small.model_of(config).eval()
    with torch.no_grad():
        for value in model.tiers[0].upsample.parameters():
            value.zero_()
        model.tiers[0].upsample.matrix.direction.fill_(1.0)
    codes = _codes(config, batch=1)
    changed = codes.clone()
    place = config.context_length + 11
    changed[0, place] = (changed[0, place] + 100) % config.levels
    state = model.first_state(1)
    with torch.inference_mode():
        moved = (model(codes, state)[0] - model(changed, state)[0]).abs().amax(2)[0] > 1e-6
    assert torch.nonzero(moved)[:, 0].tolist() == list(range(12, 12 + config.lookback))


def test_skip_connections_are_those_of_graves():
    stack = Stack(5, 8, 3, cell="lstm", skip=True, normed=False)
    assert [layer.inward.direction.shape[1] for layer in stack.layers] == [5, 13, 13]
    assert [linear.bias is not None for linear in stack.heard] == [True, False, False]
    x, state = torch.randn(2, 4, 5), (torch.zeros(3, 2, 8), torch.zeros(3, 2, 8))
    total, below = 0.0, x
    for k, layer in enumerate(stack.layers):
        below, _, _ = layer(below if k == 0 else torch.cat([below, x], 2), state[0][:1], state[1][:1])
        total = total + stack.heard[k](below)
    assert torch.allclose(stack(x, state)[0], total, atol=1e-6)


def test_a_random_first_state_is_used_and_repeatable(small):
    model = small.model_of(small.configs["everything"])
    draws = [model.first_state(2, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2)]
    assert torch.equal(draws[0][0][0], draws[1][0][0])
    assert not torch.equal(draws[0][0][0], draws[2][0][0])
    codes = _codes(model.config, batch=2)
    first, other = (model(codes, draw)[0] for draw in (draws[0], draws[2]))
    assert (first - other).abs().max() > 1e-4


def test_the_filter_knows_a_chord(small):
    model = small.model_of(small.configs["as in sketch"])
    sound = torch.from_numpy(small.music(1.0, seed=5))
    order = model.config.predictor
    predicted = model.prediction.predict(sound[None, :-1])[0]
    assert (sound[order:] - predicted).std() < 0.2 * sound.std()


@pytest.mark.parametrize("name", PRESETS)
def test_presets_survive_json(name):
    preset = preset_named(name)
    assert preset_from_dict(json.loads(json.dumps(preset_to_dict(preset)))) == preset


@pytest.mark.parametrize(
    "change",
    [{"width": 0}, {"width": "big"}, {"levels": 1}, {"law": "a-law"}, {"frame_sizes": [6, 16]}, {"frame_sizes": []},
     {"lookback": 0}, {"predictor": 8}, {"layers": 10**9}, {"skip": 1}, {"surprise": 3}, {"first_state": None}],
)  # fmt: skip
def test_nonsense_models_are_refused(change):
    with pytest.raises(SoundError):
        model_from_dict(json.loads(json.dumps(preset_to_dict(PRESETS["paper"])["model"])) | change)


def test_unknown_presets_are_refused():
    with pytest.raises(SoundError, match="sketch"):
        preset_named("nothing")
    with pytest.raises(SoundError):
        preset_from_dict({"name": "x"})


@pytest.mark.parametrize(
    "change",
    [{"rate": "fast"}, {"name": 3}, {"train": {"batch": 0}}, {"train": {"window": 100}}, {"train": {"betas": [0.9]}},
     {"train": {"clip_by": "luck"}}, {"train": None}, {"rate": 0}],
)  # fmt: skip
def test_nonsense_presets_are_refused(change):
    raw = json.loads(json.dumps(preset_to_dict(PRESETS["paper"])))
    if isinstance(change.get("train"), dict):
        change = {"train": raw["train"] | change["train"]}
    with pytest.raises(SoundError):
        preset_from_dict(raw | change)


def test_a_filter_is_fitted_to_short_pieces_too():
    """An album of single notes, none as long as what it is usually fitted to."""
    prediction = LinearPrediction(PRESETS["sketch"].model)
    notes = [np.sin(np.arange(6000) * pitch).astype(np.float32) for pitch in (0.05, 0.06, 0.08)]
    prediction.fit(notes)
    assert 0.0 < prediction.scale < 0.1
    prediction.fit(notes[:1])
    assert prediction.scale == 1.0


def test_a_filter_does_not_multiply_the_noise_of_codes():
    """Music that holds nothing near the highest frequency, as resampled music does, foretold from its codes."""
    random = np.random.default_rng(0)
    spectrum = np.fft.rfft(random.standard_normal(2**18)) / np.arange(1, 2**17 + 2) ** 0.5
    spectrum[int(0.95 * len(spectrum)) :] *= 1e-6
    sound = np.fft.irfft(spectrum)
    swell = 0.3 + 0.7 * np.abs(np.sin(np.arange(len(sound)) / 3e4))
    sound = (0.5 * sound * swell / np.abs(sound).max()).astype(np.float32)
    prediction = LinearPrediction(PRESETS["sketch"].model)
    prediction.fit([sound])
    heard = decode(encode(sound, 256, "mu-law"), 256, "mu-law")
    wrong = heard[1024:] - prediction.predict(torch.from_numpy(heard[None, :-1]))[0].numpy()
    assert np.sqrt(np.mean(wrong**2)) < 1.1 * prediction.scale
