"""How likely what follows is after what was heard: exact, and least surprising after what truly leads there."""

from __future__ import annotations

from concurrent.futures import CancelledError
from dataclasses import replace

import numpy as np
import pytest
import torch

from samplernn.config import ModelConfig
from samplernn.data.quantise import encode, zero_code
from samplernn.generation.following import bits_of_following
from samplernn.network.model import SampleRNN
from tests.samplernn.generation.loops import loop, model_of_loop

TIERS = ModelConfig(frame_sizes=(16, 4), width=12, sample_width=12, embedding=8, lookback=4, levels=64)


@pytest.mark.parametrize("first_state", ["zero", "learned", "random"])
def test_they_are_the_bits_of_one_pass_over_all_of_it(first_state: str) -> None:
    torch.manual_seed(0)
    model = SampleRNN(replace(TIERS, first_state=first_state))
    noise = np.random.default_rng(0)
    heard = [noise.uniform(-0.5, 0.5, 16 * 300).astype(np.float32) for _ in range(3)]  # more than run through at a time
    following = noise.uniform(-0.5, 0.5, 16 * 20).astype(np.float32)
    bits = bits_of_following(model, heard, following)
    for each, found in zip(heard, bits, strict=True):
        codes = encode(np.concatenate([each, following]), 64, "mu-law")
        past = np.concatenate([np.full(model.config.context_length, zero_code(64)), codes])
        state = model.first_state(1, torch.Generator().manual_seed(0))
        with torch.inference_mode():
            logits, _ = model(torch.from_numpy(past)[None], state)
        odds = torch.log_softmax(logits[0].double(), dim=-1).numpy() / np.log(2)
        exact = -odds[np.arange(len(codes)), codes][-len(following) :].mean()
        assert found == pytest.approx(exact, abs=1e-4)
        assert bits_of_following(model, [each], following)[0] == pytest.approx(found, abs=1e-5)


def test_of_longer_sounds_and_odd_lengths_the_ends_count() -> None:
    torch.manual_seed(0)
    model = SampleRNN(TIERS)
    noise = np.random.default_rng(1)
    short, following = (noise.uniform(-0.5, 0.5, n).astype(np.float32) for n in (321, 77))
    long = np.concatenate([noise.uniform(-0.5, 0.5, 500).astype(np.float32), short])
    both = bits_of_following(model, [short, long], following)
    assert both[0] == pytest.approx(both[1])
    assert bits_of_following(model, [long[-320:]], following)[0] != pytest.approx(both[0], abs=1e-9)


def test_what_truly_leads_there_surprises_least() -> None:
    """A network that knows a loop by heart knows what comes next only after the right place of it."""
    model = model_of_loop()
    following = loop(640, 64)
    noise = np.random.default_rng(2).uniform(-0.8, 0.8, 640).astype(np.float32)
    true, later, half, other = bits_of_following(model, [loop(0, 640), loop(16, 640), loop(32, 640), noise], following)
    assert true < 2.0
    assert min(later, half, other) > true + 0.5


def test_it_is_left_off_when_it_is_no_longer_wanted() -> None:
    with pytest.raises(CancelledError):
        bits_of_following(
            SampleRNN(TIERS), [np.zeros(64, np.float32)], np.zeros(64, np.float32), cancelled=lambda: True
        )
