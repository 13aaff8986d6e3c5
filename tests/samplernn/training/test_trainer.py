"""The trainer: its events and files, budgets, resuming, evaluation, splitting of batches, loss spikes."""

from __future__ import annotations

import json
import math
import threading
import time
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from samplernn.checkpoint import load_checkpoint, load_state
from samplernn.data.batches import StreamConfig, Streams
from samplernn.data.quantise import encode, zero_code
from samplernn.errors import SoundError
from samplernn.network.tiers import FrameTier
from samplernn.training.control import Control
from samplernn.training.evaluation import Evaluation
from samplernn.training.events import EpochEnd, Finished, Note, Started, Step
from samplernn.training.loss_spikes import LossSpikeDetector
from samplernn.training.options import TrainOptions
from samplernn.training.run_folder import RunFolder
from samplernn.training.train_step import TrainStep
from samplernn.training.trainer import train


def _weights(folder):
    tensors, _ = load_state(folder / "resume.safetensors")
    return tensors


def _of(events, kind):
    return [event for event in events if isinstance(event, kind)]


def _stopping_after(steps, folder, dataset, preset, **settings):
    """Trains until `steps` are made, then stops as the artist would."""
    control, events = Control(), []
    for event in train(folder, dataset, preset, TrainOptions(device="cpu", **settings), control=control):
        events.append(event)
        if isinstance(event, Step) and event.step >= steps:
            control.stop()
    return events


@pytest.fixture
def each_step_told(monkeypatch):
    monkeypatch.setattr("samplernn.training.trainer._STEP_EVENT_EVERY", 0.0)


def test_a_run_tells_what_it_does_and_keeps_it(config, small, dataset, tmp_path):
    preset = small.preset_of(config)
    events = list(train(tmp_path / "run", dataset, preset, TrainOptions(device="cpu")))
    started, finished = events[0], events[-1]
    assert isinstance(started, Started)
    assert (started.batch, started.tbptt_length, started.epochs) == (4, 64, 2)
    assert finished == Finished(2, 40, "done")
    ends = _of(events, EpochEnd)
    assert [(end.epoch, end.step) for end in ends] == [(1, 20), (2, 40)]
    lines = [json.loads(line) for line in (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()]
    assert [line["held_out_bits"] for line in lines] == [end.held_out_bits for end in ends]
    for end in ends:
        model, metadata = load_checkpoint(end.checkpoint)
        assert (metadata.epoch, metadata.held_out_bits, metadata.rate) == (end.epoch, end.held_out_bits, small.rate)
        model.compute = torch.float32
        *_, bits = Evaluation(dataset.sound, dataset.valid, model, dataset.rate).bits()
        assert bits == pytest.approx(end.held_out_bits, rel=0.01)


def test_it_learns(small, dataset, tmp_path):
    preset = small.preset_of(small.configs["as in the paper"], steps_per_epoch=150, rate=1e-2)
    ends = _of(train(tmp_path / "run", dataset, preset, TrainOptions(epochs=2, device="cpu")), EpochEnd)
    assert ends[-1].held_out_bits < ends[0].held_out_bits < 7.5
    assert ends[-1].best


@pytest.mark.parametrize(("name", "stop"), [("as in sketch", 37), ("everything", 37), ("as in sketch", 70)])
def test_going_on_is_the_same_as_never_stopping(name, stop, small, dataset, tmp_path, each_step_told):
    """Also after a stop while the epoch was being scored."""
    preset = small.preset_of(small.configs[name], steps_per_epoch=70, decay=True, lane_seconds=0.1)
    list(train(tmp_path / "straight", dataset, preset, TrainOptions(epochs=2, device="cpu")))
    events = _stopping_after(stop, tmp_path / "halves", dataset, preset, epochs=2)
    assert events[-1] == Finished(1, stop, "stopped")
    events = list(train(tmp_path / "halves", dataset, preset, TrainOptions(epochs=2, device="cpu", resume=True)))
    assert events[-1] == Finished(2, 140, "done")
    straight, halves = _weights(tmp_path / "straight"), _weights(tmp_path / "halves")
    assert straight.keys() == halves.keys()
    assert [name for name in straight if not torch.equal(straight[name], halves[name])] == []


def test_a_budget_is_held_and_ends_with_a_score(small, dataset, tmp_path):
    preset = small.preset_of(small.configs["as in sketch"], steps_per_epoch=10**6, decay=True)
    list(train(tmp_path / "warm", dataset, preset, TrainOptions(seconds=0.5, device="cpu")))
    began = time.monotonic()
    events = list(train(tmp_path / "run", dataset, preset, TrainOptions(seconds=3.0, device="cpu")))
    spent = time.monotonic() - began
    assert isinstance(events[-1], Finished)
    assert events[-1].reason == "budget"
    [end] = _of(events, EpochEnd)
    assert end.step == events[-1].step > 1
    assert 1.0 < spent < 30.0
    fractions = [step.fraction for step in _of(events, Step)]
    assert fractions == sorted(fractions)


def test_a_budget_of_nothing_still_gets_a_few_steps(small, dataset, tmp_path):
    preset = small.preset_of(small.configs["as in sketch"], steps_per_epoch=10**6)
    events = list(train(tmp_path / "run", dataset, preset, TrainOptions(seconds=1e-3, device="cpu")))
    assert events[-1] == Finished(1, 3, "budget")
    [end] = _of(events, EpochEnd)
    assert math.isfinite(end.held_out_bits)


def test_a_long_score_leaves_half_of_a_budget_to_learning(small, dataset, tmp_path):
    """The score of this much held-out music alone takes longer than the budget; it is broken off here."""
    preset = small.preset_of(replace(small.configs["as in the paper"], width=48), steps_per_epoch=10**6, window=16)
    much = SimpleNamespace(
        sound=np.tile(dataset.sound, 60), train=dataset.train, valid=[(0, 60 * len(dataset.sound))],
        rate=dataset.rate, key=dataset.key, overlapping_chunks=dataset.overlapping_chunks,
    )  # fmt: skip
    began = []
    control = Control(lambda: bool(began) and time.monotonic() > began[0] + 5.0)
    steps = 0
    for event in train(tmp_path / "run", much, preset, TrainOptions(seconds=4.0, device="cpu"), control=control):
        began = began or [time.monotonic()]
        steps = event.step if isinstance(event, Step | Finished) else steps
    assert steps > 3


def test_more_of_a_budget_is_learnt_in_too_however_long_the_score_may_take(small, dataset, tmp_path, monkeypatch):
    preset = small.preset_of(small.configs["as in sketch"], steps_per_epoch=10**6)
    first = list(train(tmp_path / "run", dataset, preset, TrainOptions(seconds=2.0, device="cpu")))[-1]
    monkeypatch.setattr("samplernn.training.evaluation.Evaluation.seconds_expected", lambda _: 100.0)
    spent = load_state(tmp_path / "run" / "resume.safetensors")[1]["seconds"]
    last = list(train(tmp_path / "run", dataset, preset, TrainOptions(seconds=1.5 * spent, device="cpu", resume=True)))[
        -1
    ]
    assert last.step > first.step + 3


def test_more_epochs_can_be_asked_for_later(small, dataset, tmp_path):
    preset = small.preset_of(small.configs["as in sketch"])
    list(train(tmp_path / "run", dataset, preset, TrainOptions(epochs=1, device="cpu")))
    events = list(train(tmp_path / "run", dataset, preset, TrainOptions(epochs=3, device="cpu", resume=True)))
    assert [end.epoch for end in _of(events, EpochEnd)] == [2, 3]


def test_a_stopped_run_keeps_a_checkpoint(small, dataset, tmp_path, each_step_told):
    preset = small.preset_of(small.configs["as in sketch"])
    events = _stopping_after(3, tmp_path / "run", dataset, preset)
    assert events[-1] == Finished(1, 3, "stopped")
    _, metadata = load_checkpoint(tmp_path / "run" / "checkpoints" / "epoch-0001.safetensors")
    assert (metadata.epoch, metadata.step, metadata.held_out_bits) == (1, 3, None)


def test_a_run_stopped_before_its_first_step_is_begun_later(small, dataset, tmp_path):
    preset = small.preset_of(small.configs["as in sketch"])
    stopped = Control(lambda: True)
    events = list(train(tmp_path / "late", dataset, preset, TrainOptions(epochs=1, device="cpu"), control=stopped))
    assert [type(event) for event in events] == [Started, Finished]
    assert events[-1] == Finished(1, 0, "stopped")
    (tmp_path / "late" / "checkpoints" / ".epoch-0001.safetensors.1.part").write_bytes(b"cut off")
    list(train(tmp_path / "late", dataset, preset, TrainOptions(epochs=1, device="cpu", resume=True)))
    list(train(tmp_path / "straight", dataset, preset, TrainOptions(epochs=1, device="cpu")))
    late, straight = _weights(tmp_path / "late"), _weights(tmp_path / "straight")
    assert [name for name in straight if not torch.equal(straight[name], late[name])] == []
    assert not list((tmp_path / "late" / "checkpoints").glob(".*"))


def test_a_paused_run_waits_and_is_safe_on_disk(small, dataset, tmp_path):
    preset = small.preset_of(small.configs["as in sketch"], steps_per_epoch=10**6)
    control, steps = Control(), []

    def work():
        events = train(tmp_path / "run", dataset, preset, TrainOptions(epochs=1, device="cpu"), control=control)
        steps.extend(event.step for event in events if isinstance(event, Step))

    thread = threading.Thread(target=work)
    thread.start()
    while len(steps) < 2:
        time.sleep(0.01)
    control.pause()
    state = tmp_path / "run" / "resume.safetensors"
    while not state.exists():
        time.sleep(0.01)
    time.sleep(0.3)
    seen = len(steps)
    time.sleep(0.5)
    assert len(steps) == seen
    control.unpause()
    while len(steps) == seen:
        time.sleep(0.01)
    control.stop()
    thread.join(timeout=60)
    assert not thread.is_alive()
    assert load_state(state)[1]["learner"]["steps"] >= steps[-1]


def test_every_held_out_sample_counts_once(small, dataset):
    """A model that knows nothing gives every code the same odds, whatever the rows are cut like."""
    model = small.model_of(small.configs["as in the paper"])
    with torch.no_grad():
        for value in model.sample.output.parameters():
            value.zero_()
    spans = [(0, 90_001), (100_000, 100_777), (150_000, 150_003)]
    held_out = Evaluation(dataset.sound, spans, model, dataset.rate)
    *_, bits = held_out.bits()
    assert held_out.samples == 90_001 + 777 + 3
    assert bits == pytest.approx(8.0, abs=1e-6)


def test_scoring_in_rows_is_scoring_in_one_go(small, dataset):
    config = small.configs["as in sketch"]
    model = small.model_of(config).eval()
    start, stop = dataset.valid[0]
    stop = min(stop, start + 8000)
    *_, bits = Evaluation(dataset.sound, [(start, stop)], model, dataset.rate).bits()
    codes = encode(dataset.sound[start:stop], config.levels, config.law)
    codes = np.concatenate([np.full(config.context_length, zero_code(config.levels)), codes])
    whole, _ = model.score(torch.from_numpy(codes)[None], model.first_state(1))
    assert bits == pytest.approx(whole.mean().item(), abs=1e-4)


def _train_step(small, dataset, config, **training):
    preset = small.preset_of(config, **training)
    model = small.model_of(config).train()
    streams = Streams(dataset.sound, dataset.train, replace(StreamConfig.of(preset), stretch_length=4000), seed=0)
    return TrainStep(model, streams, preset, seed=0)


@pytest.mark.parametrize(("name", "parts"), [("as in the paper", 4), ("three tiers", 3), ("everything", 8)])
def test_a_batch_in_parts_teaches_the_same(name, parts, small, dataset):
    """Also where there are more micro-batches than streams, of which there are 4."""
    config = small.configs[name]
    whole, parted = (_train_step(small, dataset, config) for _ in range(2))
    parted.micro_batches = parts
    for _ in range(5):
        assert whole.run(0.0).item() == pytest.approx(parted.run(0.0).item(), abs=1e-3)


@pytest.fixture
def little_memory():
    """As on a device that has room for a single stream."""

    def look(module, inputs):
        if isinstance(module, FrameTier) and len(inputs[0]) > 1:
            raise torch.OutOfMemoryError

    handle = torch.nn.modules.module.register_module_forward_pre_hook(look)
    yield
    handle.remove()


def test_a_batch_that_has_no_room_is_learnt_in_parts_and_told(small, dataset, tmp_path, little_memory):
    preset = small.preset_of(small.configs["everything"], steps_per_epoch=3)
    noted = []
    for event in train(tmp_path / "run", dataset, preset, TrainOptions(epochs=1, device="cpu")):
        if isinstance(event, Note):
            noted.append(event.text)
        if isinstance(event, Started):
            learnt = event
        if noted:
            break
    assert learnt.batch == 4
    assert noted == ["The memory is full: every batch is now learnt in 4 parts."]


def test_what_has_no_room_in_parts_teaches_the_same(small, dataset, request):
    config = small.configs["three tiers"]
    parted = _train_step(small, dataset, config)
    parted.micro_batches = 4
    for _ in range(3):
        parted.run(0.0)
    right = {name: value.clone() for name, value in parted.model.state_dict().items()}
    squeezed = _train_step(small, dataset, config)
    request.getfixturevalue("little_memory")
    for _ in range(3):
        squeezed.run(0.0)
    assert squeezed.micro_batches == 4
    assert all(torch.equal(value, right[name]) for name, value in squeezed.model.state_dict().items())


def test_going_back_returns_to_the_good_weights_with_half_the_rate(small, dataset):
    train_step = _train_step(small, dataset, small.configs["as in sketch"])
    train_step.run(0.0)
    train_step.take_snapshot()
    good = {name: value.clone() for name, value in train_step.model.state_dict().items()}
    train_step.run(0.0)
    with torch.no_grad():
        train_step.model.sample.second.matrix.direction.fill_(math.nan)
    assert not math.isfinite(train_step.run(0.0).item())
    train_step.roll_back()
    assert all(torch.equal(value, good[name]) for name, value in train_step.model.state_dict().items())
    assert train_step.lr_scale == 0.5
    assert math.isfinite(train_step.run(0.0).item())


def test_the_rate_climbs_slowly_and_again_when_a_finished_run_goes_on(small, dataset):
    train_step = _train_step(small, dataset, small.configs["as in sketch"], rate=1e-2, warmup=10, decay=True)
    rates = []
    for fraction in [0.0] * 12 + [1.0] + [0.5] * 8:
        train_step.run(fraction)
        rates.append(train_step.lr)
    first, end, again = rates[:12], rates[12], rates[13:]
    assert first == pytest.approx([1e-3 * step for step in range(1, 11)] + [1e-2, 1e-2])
    assert end == pytest.approx(1e-4)
    assert again == pytest.approx([1e-4 + 1e-3 * step for step in range(1, 5)] + [5e-3] * 4)


def test_a_run_that_explodes_goes_back_and_says_so(small, dataset, tmp_path):
    preset = small.preset_of(small.configs["as in sketch"], rate=1e38, steps_per_epoch=200, warmup=0)
    events = []
    with pytest.raises(SoundError, match="hold still"):
        events.extend(train(tmp_path / "run", dataset, preset, TrainOptions(epochs=1, device="cpu")))
    notes = _of(events, Note)
    assert len(notes) >= 2
    assert "went back" in notes[0].text


def test_the_detector_knows_a_spike_from_noise():
    noise = np.random.default_rng(0).normal(5.5, 0.3, 2000)
    detector = LossSpikeDetector()
    assert all(detector.accepts(bits) for bits in noise)
    assert not all(detector.accepts(bits) for bits in [9.0] * 20)
    detector.reset()
    assert detector.accepts(5.5)
    assert not detector.accepts(math.nan)


def test_figures_that_make_no_sense_are_left_out(tmp_path):
    run = RunFolder(tmp_path)
    assert run.metrics.lines() == []
    good = b'{"step": 1}\n'
    (tmp_path / "metrics.jsonl").write_bytes(
        good + b"\xff\xfe\n[1]\n" + b"[" * 100_000 + b'\n{"step": "2"}\n{"step": 3'
    )
    assert run.metrics.lines() == [{"step": 1}, {"step": "2"}]
    run.metrics.rewind(5, 0)
    assert (tmp_path / "metrics.jsonl").read_bytes() == good
    giant = b"1" + b"0" * 400  # no float holds that
    (tmp_path / "metrics.jsonl").write_bytes(
        b'{"epoch": 1, "held_out_bits": 5.5}\n{"epoch": 2, "held_out_bits": ' + giant + b"}\n"
    )
    assert run.metrics.held_out_bits() == {1: 5.5}


def test_what_cannot_be_trained_is_refused(small, dataset, tmp_path):
    preset = small.preset_of(small.configs["as in sketch"])
    with pytest.raises(SoundError, match="no run"):
        next(train(tmp_path / "none", dataset, preset, TrainOptions(resume=True)))
    with pytest.raises(SoundError, match="rate"):
        next(train(tmp_path / "rate", dataset, replace(preset, rate=44_100), TrainOptions()))
    with pytest.raises(SoundError, match="toaster"):
        next(train(tmp_path / "device", dataset, preset, TrainOptions(device="toaster")))
    for false in ({"seed": -1}, {"seed": 2**64}, {"epochs": -1}, {"seconds": -1.0}, {"seconds": math.nan}):
        with pytest.raises(SoundError, match=r"seed|no time"):
            next(train(tmp_path / "false", dataset, preset, TrainOptions(device="cpu", **false)))
    next(train(tmp_path / "twice", dataset, preset, TrainOptions(device="cpu")))
    with pytest.raises(SoundError, match="already"):
        next(train(tmp_path / "twice", dataset, preset, TrainOptions(device="cpu")))
