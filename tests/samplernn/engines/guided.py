"""Networks with guides that the tests of the engines share, what they are told, and the odds of the training model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from samplernn.config import GUIDE_FEATURES, GUIDE_HOP, ModelConfig
from samplernn.engines.recurrent_state import RecurrentState
from samplernn.engines.sampling_request import SamplingRequest
from samplernn.network.conditioning import GuideFrames
from samplernn.network.model import SampleRNN
from tests.samplernn.engines.odds import asked

CONFIGS = {
    "as in guided sketch": ModelConfig(
        frame_sizes=(16,), width=24, sample_width=16, lookback=0, predictor=40, surprises=6, weight_norm=False,
        guide_predictor=24,
    ),
    "with an adaptive filter": ModelConfig(
        frame_sizes=(16,), width=24, sample_width=16, lookback=0, predictor=70, surprises=6, weight_norm=False,
        guide_predictor=24, adaptive=64,
    ),
    "three tiers, lookback": ModelConfig(
        frame_sizes=(16, 4), layers=2, width=16, embedding=8, lookback=4, predictor=24, surprises=3, guide_predictor=24,
        first_state="random",
    ),
    "gru": ModelConfig(
        frame_sizes=(8,), cell="gru", layers=2, width=16, embedding=8, lookback=4, predictor=30, surprises=9,
        guide_predictor=17,
    ),
}  # fmt: skip


def guide(config: ModelConfig, clips: int, frames: int, seed: int = 0, without: float = 0.3) -> GuideFrames:
    """Stable filters and features from nowhere; some frames are without a guide."""
    random = np.random.default_rng(seed)
    filters = random.uniform(-1, 1, (clips, frames, config.guide_predictor)) * 0.9 / config.guide_predictor
    scales = random.uniform(0.02, 0.2, (clips, frames)) * (random.random((clips, frames)) > without)
    features = random.uniform(-1, 1, (clips, frames, GUIDE_FEATURES)) * (scales > 0)[..., None]
    return GuideFrames(*(values.astype(np.float32) for values in (filters, scales, features)))


def forced(model: SampleRNN, state: RecurrentState, codes: np.ndarray, frames: GuideFrames) -> np.ndarray:
    """The odds of the training model for `codes` from a state that nothing guided came before."""
    before = GuideFrames.none(len(codes), 1, model.config.guide_predictor)
    conditioning = GuideFrames.one_after_another([before, frames]).tensors(model.device)
    tiers = [(torch.from_numpy(hidden), torch.from_numpy(cell)) for hidden, cell in state.tiers]
    with torch.inference_mode():
        logits, _ = model(torch.from_numpy(np.concatenate([state.past, codes], axis=1)), tiers, conditioning)
    return logits.softmax(-1).numpy()


def request_of(clips: int, frames: GuideFrames, seed: int = 0) -> SamplingRequest:
    return replace(asked(clips, frames.length * GUIDE_HOP, seed), guide=frames)
