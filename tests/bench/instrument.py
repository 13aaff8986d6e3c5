"""The instrument: samples learnt and made a second, as they are and beside a textbook SampleRNN of the same size."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import torch

from app.studio.demo import render_demo_band
from samplernn.dataset import Dataset, build_dataset
from samplernn.device import fast_dtype, pick_device
from samplernn.lanes import Lanes
from samplernn.learner import Learner
from samplernn.model import SampleRNN
from samplernn.presets import PRESETS
from samplernn.steering import Steering
from samplernn.stream import Stream
from tests.bench.measuring import Figure, rate, ratio
from tests.bench.textbook import TextbookSampleRNN

_STEPS = 20


def measure() -> Iterator[tuple[str, Figure]]:
    torch.set_num_threads(max(os.cpu_count() or 1, 1))
    with tempfile.TemporaryDirectory() as place:
        tracks = render_demo_band(Path(place))
        build_dataset(tracks, Path(place) / "dataset", PRESETS["sketch"].rate)
        yield from _learning(Dataset.open(Path(place) / "dataset"))
    yield from _making()


def _learning(dataset: Dataset) -> Iterator[tuple[str, Figure]]:
    preset, device = PRESETS["sketch"], pick_device("auto")
    model, config = SampleRNN(preset.model), preset.train
    model.listen(dataset.sound, dataset.train)
    model.to(device).train()
    model.compute = fast_dtype(device)
    lanes = Lanes(
        dataset.sound,
        dataset.train,
        batch=config.batch,
        window=config.window,
        reach=preset.model.reach,
        length=round(config.lane_seconds * dataset.rate),
        levels=preset.model.levels,
        law=preset.model.law,
        seed=0,
    )
    learner = Learner(model, lanes, preset, 0)
    textbook = TextbookSampleRNN(preset.model)
    codes = torch.randint(preset.model.levels, (config.batch, preset.model.top + config.window))

    def ours() -> None:
        for _ in range(_STEPS):
            learner.step(0.5)

    def theirs() -> None:
        for _ in range(_STEPS):
            textbook.learn(codes)

    samples = _STEPS * config.batch * config.window
    yield "train.sketch", rate(ours, samples, "samples/s")
    yield "train.sketch.to_textbook", ratio(ours, theirs, repeats=3)


def _making() -> Iterator[tuple[str, Figure]]:
    preset = PRESETS["sketch"]
    model, textbook = SampleRNN(preset.model).eval(), TextbookSampleRNN(preset.model).eval()
    for clips, samples in ((1, 1600), (8, 1600), (64, 480)):

        def ours(clips: int = clips, samples: int = samples) -> None:
            stream = Stream(model, range(clips), [Steering()] * clips, rate=preset.rate)
            while stream.samples < samples:
                next(stream)

        def theirs(clips: int = clips, samples: int = samples) -> None:
            textbook.make(clips, samples)

        yield f"generate.sketch.{clips}", rate(ours, clips * samples, "samples/s", repeats=3)
        yield f"generate.sketch.{clips}.to_textbook", ratio(ours, theirs, repeats=3)
