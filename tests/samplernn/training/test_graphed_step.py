"""Steps that a GPU repeats by itself are the steps; on a GPU where there is one, else on the CPU."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import torch

from samplernn.data.batches import StreamConfig, Streams
from samplernn.device import fast_dtype
from samplernn.training import graphed_step
from samplernn.training.train_step import TrainStep

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
needs_gpu = pytest.mark.skipif(DEVICE.type == "cpu", reason="there is no GPU")


def train_step_of(small, config, *, batch=8, window=64, width=None):
    config = replace(config, width=width or config.width)
    preset = small.preset_of(config, batch=batch, window=window)
    sound = small.music(6.0)
    streams = Streams(sound, [(0, len(sound))], replace(StreamConfig.of(preset), stretch_length=400), seed=0)
    model = small.model_of(config).to(DEVICE).train()
    return TrainStep(model, streams, preset, seed=0)


@needs_gpu
def test_recorded_steps_learn_what_others_do(small, config, monkeypatch) -> None:
    recorded = train_step_of(small, config)
    ours = [recorded.run(0.0).item() for _ in range(12)]
    monkeypatch.setattr(graphed_step, "_BY_HAND", -1)
    by_hand = train_step_of(small, config)
    assert ours == pytest.approx([by_hand.run(0.0).item() for _ in range(12)], rel=1e-3)
    assert recorded._step._graph is not None
    assert by_hand._step._graph is None


def test_going_on_and_going_back(small, config) -> None:
    """From the middle of recorded steps, the state of the optimiser, the streams and their sound go on as they were."""
    one = train_step_of(small, config)
    for _ in range(6):
        one.run(0.0)
    tensors, facts = one.state_dict()
    other = train_step_of(small, config)
    for _ in range(5):
        other.run(0.0)
    other.load_state_dict(tensors, facts)
    losses = [one.run(0.0).item() for _ in range(4)]
    assert losses == pytest.approx([other.run(0.0).item() for _ in range(4)], rel=1e-3)
    kept = {name: value.clone() for name, value in other._values().items()}
    other.take_snapshot()
    for _ in range(3):
        other.run(0.0)
    other.roll_back()
    for name, value in other._values().items():
        exact = name.startswith("weight.")
        torch.testing.assert_close(value, kept[name], rtol=0.0 if exact else 0.01, atol=0.0 if exact else 1e-6)
    assert other.run(0.0).item() < 2 * losses[-1]


@pytest.fixture
def little_memory() -> Iterator[None]:
    torch.cuda.empty_cache()
    total = torch.cuda.get_device_properties(0).total_memory
    torch.cuda.set_per_process_memory_fraction((torch.cuda.memory_reserved() + 900 * 2**20) / total)
    yield
    torch.cuda.set_per_process_memory_fraction(1.0)
    torch.cuda.empty_cache()


@needs_gpu
def test_a_batch_that_does_not_fit_is_learnt_in_parts(small, little_memory) -> None:
    train_step = train_step_of(small, small.configs["as in the paper"], batch=256, window=512, width=512)
    train_step.model.compute = fast_dtype(DEVICE)
    losses = [train_step.run(0.0).item() for _ in range(8)]
    assert train_step.micro_batches > 1
    assert losses[-1] < losses[0]


def test_elsewhere_the_work_is_called() -> None:
    step = graphed_step.GraphedStep(lambda a, b: a + b, torch.device("cpu"))
    assert [float(step(torch.tensor(k), torch.tensor(1.0))) for k in range(6)] == [1, 2, 3, 4, 5, 6]
