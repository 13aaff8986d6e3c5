"""Learning with guides: they are those of the music, left out at times, resumed to the same bit, and they help."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from samplernn.checkpoint import load_checkpoint, load_state
from samplernn.config import GUIDE_HOP, ModelConfig, preset_from_dict, preset_to_dict
from samplernn.data.batches import StreamConfig, Streams
from samplernn.errors import SoundError
from samplernn.guides.guide_frames import guide_of_sound
from samplernn.presets import PRESETS
from samplernn.tensor_file import save_tensors
from samplernn.training.batch_halves import BatchHalves
from samplernn.training.cost_estimate import estimate_cost
from samplernn.training.events import EpochEnd
from samplernn.training.options import TrainOptions
from samplernn.training.stream_guides import StreamGuides
from samplernn.training.trainer import train

GUIDED = ModelConfig(
    frame_sizes=(8,), width=24, sample_width=16, lookback=0, predictor=40, surprises=6, weight_norm=False,
    guide_predictor=32,
)  # fmt: skip

ADAPTIVE = replace(GUIDED, predictor=64, adaptive=64)


def preset_of(small, config=GUIDED, **training):
    return small.preset_of(config, **{"window": 2 * GUIDE_HOP, "unguided": 0.2, "steps_per_epoch": 12, **training})


def tensors(folder):
    return load_state(folder / "resume.safetensors")[0]


@pytest.mark.parametrize("config", [GUIDED, ADAPTIVE])
@pytest.mark.parametrize("augmentation", [{}, {"flip": True, "gain_db": 6.0, "stretch": 0.05}])
def test_a_resumed_run_learns_the_same(small, dataset, tmp_path, augmentation, config):
    """Streams begin anew every half second here, so some do before and some after."""
    preset = preset_of(small, config, lane_seconds=0.5, **augmentation)
    list(train(tmp_path / "straight", dataset, preset, TrainOptions(epochs=2, device="cpu")))
    for epochs, resume in ((1, False), (2, True)):
        list(train(tmp_path / "parts", dataset, preset, TrainOptions(epochs=epochs, device="cpu", resume=resume)))
    straight, parts = tensors(tmp_path / "straight"), tensors(tmp_path / "parts")
    assert straight.keys() == parts.keys()
    assert all(torch.equal(straight[name], parts[name]) for name in straight)


def test_a_guide_tells_what_a_network_would_have_to_learn(small, dataset, tmp_path):
    """Held-out bits with the guides of held-out music, and without any guide the checkpoint plays on."""
    bits = {}
    for name, config in (("guided", GUIDED), ("not", replace(GUIDED, guide_predictor=0))):
        preset = preset_of(small, config, steps_per_epoch=30)
        events = list(train(tmp_path / name, dataset, preset, TrainOptions(epochs=1, device="cpu")))
        [end] = [event for event in events if isinstance(event, EpochEnd)]
        bits[name] = end.held_out_bits
    assert bits["guided"] < bits["not"]
    model, metadata = load_checkpoint(tmp_path / "guided" / "checkpoints" / "epoch-0001.safetensors")
    assert metadata.model == model.config == GUIDED


def streams_of(dataset, preset, unguided: float) -> tuple[Streams, StreamGuides]:
    preset = replace(preset, train=replace(preset.train, unguided=unguided))
    config = replace(StreamConfig.of(preset), stretch_length=2000)
    streams = Streams(dataset.sound, dataset.train, config, seed=0)
    lpc = np.zeros(preset.model.predictor, np.float32)
    return streams, StreamGuides(streams, preset, lambda: lpc, seed=0)


def test_the_guides_are_those_of_the_music_in_the_batch(small, dataset):
    preset = preset_of(small)
    model = small.model_of(GUIDED)
    model.prediction.lpc.zero_()
    streams, guides = streams_of(dataset, preset, 0.0)
    for _ in range(20):
        _, fresh = streams.next()
        frames = guides.next(fresh, slice(0, 4))
        assert frames.scales.shape == (4, 1 + preset.train.window // GUIDE_HOP)
    place = int(streams.newest_places[2])
    right = guide_of_sound(model, small.rate, dataset.sound, place).frames(0, frames.length)
    # windows of notes lie elsewhere, as the stream began elsewhere: strokes are the same, filters alike
    assert np.allclose(frames.features[2, :, :60], right.features[0, :, :60], atol=0.1)
    assert np.allclose(np.log(frames.scales[2]), np.log(right.scales[0]), atol=0.3)


def test_so_many_stretches_are_learnt_without(small, dataset):
    for share in (0.0, 0.5, 1.0):
        streams, guides = streams_of(dataset, preset_of(small), share)
        without, stretches = 0, 0
        for _ in range(120):
            _, fresh = streams.next()
            frames = guides.next(fresh, slice(0, 4))
            left_out = ~frames.scales.any(axis=1)
            assert not frames.features[left_out].any()
            stretches += int(fresh.sum())
            without += int(left_out[fresh].sum())
        assert stretches > 40
        assert abs(without / stretches - share) < 0.2
        assert share == 0.5 or without == share * stretches


@pytest.mark.parametrize(
    ("name", "false"),
    [("begun", [0.0]), ("begun", [1e12] * 4), ("begun", [float("nan")] * 4), ("done", [-1] * 4), ("done", None),
     ("left_out", [[True]] * 4), ("random", {"x": 1})],
)  # fmt: skip
def test_where_the_guides_go_on_is_not_trusted(small, dataset, tmp_path, name, false):
    preset = preset_of(small, steps_per_epoch=2)
    list(train(tmp_path / "run", dataset, preset, TrainOptions(epochs=1, device="cpu")))
    path = tmp_path / "run" / "resume.safetensors"
    values, facts = load_state(path)
    facts["learner"]["guides"][name] = false
    save_tensors(path, values, facts)
    with pytest.raises(SoundError, match="cannot be gone on with"):
        list(train(tmp_path / "run", dataset, preset, TrainOptions(device="cpu", epochs=2, resume=True)))


@pytest.mark.parametrize(
    "false",
    [{"guide_predictor": 41}, {"guide_predictor": -1}, {"guide_predictor": 513, "predictor": 1024},
     {"frame_sizes": (48,)}, {"predictor": 0, "surprises": 0, "lookback": 8}],
)  # fmt: skip
def test_networks_that_no_guide_fits_are_refused(false):
    with pytest.raises(SoundError):
        replace(GUIDED, **false)


def test_a_window_has_to_be_whole_frames_of_the_guide(small):
    preset = preset_of(small)
    raw = preset_to_dict(preset)
    assert preset_from_dict(raw) == preset
    with pytest.raises(SoundError, match="whole number of frames"):
        preset_from_dict(raw | {"train": raw["train"] | {"window": 64}})


def test_settings_from_before_there_were_guides_are_those_without():
    raw = preset_to_dict(PRESETS["sketch"])
    del raw["model"]["guide_predictor"], raw["train"]["unguided"], raw["model"]["adaptive"]
    assert preset_from_dict(raw) == PRESETS["sketch"]
    raw = preset_to_dict(PRESETS["guided-sketch"])
    del raw["model"]["adaptive"]
    assert preset_from_dict(raw).model == replace(PRESETS["guided-sketch"].model, adaptive=0)


def test_halves_of_a_batch_hear_their_own_guides(small, dataset):
    """The whole batch has the same loss and gradients."""
    preset = preset_of(small)
    model = small.model_of(GUIDED).train()
    streams, guides = streams_of(dataset, preset, 0.3)
    codes, fresh = streams.next()
    conditioning = guides.next(fresh, slice(0, 4)).tensors(torch.device("cpu"))
    codes, state = torch.from_numpy(codes), model.first_state(4)
    in_halves = BatchHalves(model.loss, list(model.parameters()))
    found = in_halves.gradients(codes, state, 1, conditioning)
    in_halves.close()
    loss, after = model.loss(codes, state, conditioning)
    loss.backward()
    assert found.loss.item() == pytest.approx(loss.item(), abs=1e-5)
    assert torch.allclose(found.state[0][0], after[0][0], atol=1e-5)
    for parameter, gradient in zip(model.parameters(), found.of_parameters, strict=True):
        assert torch.allclose(parameter.grad, gradient, atol=1e-5)


def test_what_it_costs_is_told_before(small):
    cost = estimate_cost(preset_of(small), torch.device("cpu"))
    assert cost.bytes > 0
    assert cost.samples_per_second > 0
