"""Preparing an album: how many minutes of it a second, decoded, resampled and written; and the baselines."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from app.studio.demo.demo import render_demo_band
from samplernn.data.build import build_dataset
from samplernn.data.dataset import Dataset
from samplernn.training.baselines import baseline_bits
from tests.bench.measuring import Figure, seconds_of


def measure() -> Iterator[tuple[str, Figure]]:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        tracks: list[Path] = []
        yield "demo_band.render.seconds", Figure(seconds_of(lambda: tracks.extend(render_demo_band(folder))), "s")
        taken = seconds_of(lambda: build_dataset(tracks, folder / "dataset", 16_000))
        dataset = Dataset.open(folder / "dataset")
        yield "dataset.realtime", Figure(dataset.report.seconds / taken, "x real time")
        taken = seconds_of(lambda: baseline_bits(dataset, 256, "mu-law"))
        yield "predictors.seconds", Figure(taken, "s", note=f"on {dataset.report.seconds:.0f} s of sound")
