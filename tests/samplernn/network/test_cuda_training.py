"""The way a GPU computes the network when it learns is the network; on a GPU where there is one, else on the CPU."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from samplernn.cuda import compiler
from samplernn.network.cuda.embedding_lookup import look_up
from samplernn.network.cuda.hidden import hidden
from samplernn.network.cuda.loss import bits_and_gradient
from samplernn.network.loss import mean_bits
from samplernn.network.model import SampleRNN
from samplernn.network.prior import LearnedPrior

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
LANES = 4


@pytest.fixture(autouse=True)
def _all_digits(monkeypatch) -> None:
    """cuDNN multiplies float32 with fewer digits where it may."""
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", False)


class Plain(SampleRNN):
    """Computes everything as written in `model`, on every device."""

    def plainly(self, codes, state):
        first, prior_inputs, after = self._first(codes, state, None)
        return self.sample(first), prior_inputs, after


def taught(model, way, codes, state):
    """The loss, the gradients and the states after, by one of two ways."""
    model.zero_grad()
    last, prior_inputs, after = way(codes, state)
    bits = mean_bits(
        *model._logits_and_prior(last, prior_inputs), target=codes[:, model.config.context_length :].reshape(-1)
    )
    bits.backward()
    gradients = {name: value.grad.clone() for name, value in model.named_parameters() if value.grad is not None}
    return bits.detach(), gradients, after


def plain_model(small, config):
    model = Plain(config)
    model.load_state_dict(small.model_of(config).state_dict())
    return model.to(DEVICE).train()


def some_codes(config, time):
    generator = torch.Generator().manual_seed(3)
    return torch.randint(config.levels, (LANES, config.context_length + time), generator=generator).to(DEVICE)


@pytest.mark.parametrize("time", [32, 512], ids=["second layer apart", "second layer together"])
def test_loss_gradients_and_states_are_the_same(small, config, time) -> None:
    model = plain_model(small, config)
    codes = some_codes(config, time)
    first = model.first_state(LANES, torch.Generator().manual_seed(0))
    state = [(h.detach() + 0.1, c.detach() - 0.1) for h, c in first]
    bits, gradients, after = taught(model, model.plainly, codes, state)
    ours, found, then = taught(model, lambda codes, state: hidden(model, codes, state), codes, state)
    torch.testing.assert_close(ours, bits, rtol=1e-5, atol=1e-5)
    for name, gradient in gradients.items():
        size = float(gradient.norm()) + 1e-4
        assert float((found[name] - gradient).norm()) <= 2e-3 * size, name
    for (h, c), (h_after, c_after) in zip(then, after, strict=True):
        torch.testing.assert_close(h, h_after, rtol=1e-3, atol=1e-4)
        torch.testing.assert_close(c, c_after, rtol=1e-3, atol=1e-4)


def test_a_learned_first_state_is_learnt(small) -> None:
    config = replace(small.configs["as in the paper"], first_state="learned")
    model = plain_model(small, config)
    codes = some_codes(config, 64)
    both = [
        taught(model, way, codes, model.first_state(LANES))[1]["tiers.0.first"]
        for way in (model.plainly, lambda codes, state: hidden(model, codes, state))
    ]
    assert float(both[0].norm()) > 0
    assert float((both[0] - both[1]).norm()) <= 1e-3 * float(both[0].norm())


def test_bf16_is_near(small, config) -> None:
    model = plain_model(small, config)
    codes, state = some_codes(config, 512), model.first_state(LANES, torch.Generator().manual_seed(0))
    exact, _, _ = taught(model, model.plainly, codes, state)
    model.compute = torch.bfloat16
    rough, _, _ = taught(model, lambda codes, state: hidden(model, codes, state), codes, state)
    assert float((rough - exact).abs()) <= 0.01 * float(exact)


@pytest.mark.parametrize("bend", [False, True])
def test_every_code_finds_its_row(bend) -> None:
    levels, look, units, time = 12, 5, 16, 40
    generator = torch.Generator().manual_seed(0)
    tables = torch.randn(look * levels, units, generator=generator).to(DEVICE).requires_grad_()
    addend = torch.randn(LANES * time, units, generator=generator).to(DEVICE).requires_grad_()
    codes = torch.randint(levels, (LANES, look + 2 + time), generator=generator).to(DEVICE)
    out = look_up(addend, tables, codes, levels, bend=bend)
    before = codes.shape[1] - time - look + 1
    wanted = addend.view(LANES, time, units)
    for k in range(look):
        wanted = wanted + tables[k * levels + codes[:, before + k : before + k + time]]
    wanted = wanted.relu() if bend else wanted
    torch.testing.assert_close(out, wanted.view(-1, units))
    above = torch.randn(out.shape, generator=generator).to(DEVICE)
    found = torch.autograd.grad(out, (addend, tables), above)
    for ours, theirs in zip(found, torch.autograd.grad(wanted.view(-1, units), (addend, tables), above), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-4)


@pytest.mark.skipif(DEVICE.type == "cpu", reason="the kernel needs a GPU")
@pytest.mark.parametrize("with_prior", [False, True])
def test_the_kernel_of_the_loss_is_the_loss(with_prior) -> None:
    rows, levels = 300, 260
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(rows, levels, generator=generator)
    target = torch.randint(levels, (rows,), generator=generator)
    prior = None
    if with_prior:
        values = torch.linspace(-1, 1, levels)
        prior = LearnedPrior(
            values, torch.randn(rows, generator=generator), torch.rand(rows, generator=generator) + 0.5
        )
        for part in prior[1:]:
            part.requires_grad_()
    logits.requires_grad_()
    bits = mean_bits(logits, prior, target)
    bits.backward()
    empty = torch.zeros(0)
    parts = [part.detach().to(DEVICE) for part in (prior or (empty, empty, empty))]
    found = bits_and_gradient(logits.detach().to(DEVICE), target.to(DEVICE), *parts)
    assert found is not None
    wanted = [bits.detach(), logits.grad, *([part.grad for part in prior[1:]] if prior else [])]
    for ours, theirs in zip(found, wanted, strict=False):
        torch.testing.assert_close(ours.cpu(), theirs, rtol=1e-3, atol=1e-6)


def test_every_kernel_that_is_asked_for_is_there() -> None:
    folder = Path(compiler.__file__).parent
    asked = {
        name for path in folder.parent.rglob("*.py") for name in re.findall(r'"(\w+\.cu)"', path.read_text("utf-8"))
    }
    assert asked == {path.name for path in folder.glob("*.cu")}
