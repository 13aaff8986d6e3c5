"""Two threads learn half a batch each: to the last bit as one after the other, and what the whole batch says."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import replace

import pytest
import torch

from samplernn.data.batches import StreamConfig, Streams
from samplernn.network.model import SampleRNN
from samplernn.presets import PRESETS
from samplernn.training.batch_halves import BatchHalves, worth_halving
from samplernn.training.train_step import TrainStep


@pytest.fixture
def two_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    assert torch.get_num_threads() == 2
    torch.set_num_threads(before)


@pytest.fixture
def halves(config, small):
    model = small.model_of(config)
    found = BatchHalves(model.loss, list(model.parameters()))
    yield model, found
    found.close()


def _batch(model, batch):
    config = model.config
    generator = torch.Generator().manual_seed(1)
    length = config.context_length + 4 * config.frame_sizes[0]
    return torch.randint(config.levels, (batch, length), generator=generator), model.first_state(batch, generator)


@pytest.mark.parametrize("batch", [2, 5])
def test_gradients_are_those_of_the_whole_batch(halves, batch):
    model, in_halves = halves
    codes, state = _batch(model, batch)
    found = in_halves.gradients(codes, state, 1)
    loss, after = model.loss(codes, state)
    wanted = torch.autograd.grad(loss, list(model.parameters()), allow_unused=True)
    torch.testing.assert_close(found.loss, loss.detach(), atol=1e-5, rtol=1e-5)
    for mine, whole in zip(found.of_parameters, wanted, strict=True):
        torch.testing.assert_close(mine, whole, atol=1e-5, rtol=1e-4)
    for mine, whole in zip(found.state, after, strict=True):
        torch.testing.assert_close(mine, whole, atol=1e-5, rtol=1e-5)


def test_at_the_same_time_they_are_the_same_bits(halves, two_threads):
    model, in_halves = halves
    codes, state = _batch(model, 4)
    with in_halves.threads() as at_once:
        assert at_once == 2
        assert torch.get_num_threads() == 1
        apart = in_halves.gradients(codes, state, 1)
        together = in_halves.gradients(codes, state, at_once)
    assert torch.equal(apart.loss, together.loss)
    assert all(map(torch.equal, apart.of_parameters, together.of_parameters))
    for (hidden, cell), (h, c) in zip(apart.state, together.state, strict=True):
        assert torch.equal(hidden, h)
        assert torch.equal(cell, c)


def _step(small, dataset):
    preset = small.preset_of(small.configs["as in sketch"], batch=6)
    model = small.model_of(preset.model)
    model.fit_lpc(dataset.sound, dataset.train)
    streams = Streams(dataset.sound, dataset.train, StreamConfig.of(preset), seed=0)
    return TrainStep(model.train(), streams, preset, seed=0)


def test_steps_do_not_depend_on_the_threads_and_resume_with_others(small, dataset, two_threads):
    alone, both, resumed = (_step(small, dataset) for _ in range(3))
    losses = [both.run(0.5) for _ in range(6)]
    saved, facts = None, None
    torch.set_num_threads(1)
    for number in range(6):
        assert torch.equal(alone.run(0.5), losses[number])
        if number == 2:
            saved, facts = alone.state_dict()
            saved = {name: values.clone() for name, values in saved.items()}  # as they lie on the disk
            facts = json.loads(json.dumps(facts))
    torch.set_num_threads(2)
    resumed.load_state_dict(saved, facts)
    for number in range(3, 6):
        assert torch.equal(resumed.run(0.5), losses[number])
    ends = [step.state_dict()[0] for step in (alone, both, resumed)]
    for name, values in ends[0].items():
        assert torch.equal(values, ends[1][name])
        assert torch.equal(values, ends[2][name])
    for step in (alone, both, resumed):
        step.close()


def test_threads_that_begin_meanwhile_get_all_of_them(small, two_threads):
    model = small.model_of(small.configs["as in sketch"])
    in_halves = BatchHalves(model.loss, list(model.parameters()))
    seen = []
    with in_halves.threads():
        until = time.monotonic() + 10.0
        while seen[-1:] != [2] and time.monotonic() < until:
            beginning = threading.Thread(target=lambda: seen.append(torch.get_num_threads()))
            beginning.start()
            beginning.join()
    assert seen[-1] == 2
    in_halves.close()


def test_what_fails_is_told_and_leaves_no_thread(small, config, two_threads):
    def fails(codes, state, conditioning):
        if threading.current_thread() is not threading.main_thread():
            raise ValueError("half of it")
        return model.loss(codes, state, conditioning)

    model = small.model_of(config)
    in_halves = BatchHalves(fails, list(model.parameters()))
    with pytest.raises(ValueError, match="half of it"), in_halves.threads() as at_once:
        in_halves.gradients(*_batch(model, 4), at_once)
    in_halves.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("half a batch")]


def test_who_is_halved():
    sketch = SampleRNN(PRESETS["sketch"].model)
    assert worth_halving(sketch, 2)
    assert not worth_halving(sketch, 1)
    sketch.compute = torch.bfloat16
    assert not worth_halving(sketch, 2)
    assert not worth_halving(SampleRNN(replace(PRESETS["sketch"].model, width=1024)), 2)
