"""Clips of a model that learnt two pieces of the demo band, along to its third piece, a drum loop, a voice, a piano.

The band's album needs no files, so anybody can measure this.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from app.document.store import ProjectFolder
from app.studio.demo.demo import render_demo_band
from app.studio.guides.bars import kept_bars
from app.studio.guides.sources import guide_of_recording
from samplernn.audio.reading import read_mono, write_sound
from samplernn.checkpoint_paths import checkpoint_paths
from samplernn.data.build import build_dataset
from samplernn.data.dataset import Dataset
from samplernn.generation.generate import GenerationRequest, generate
from samplernn.generation.priming import AlbumPrime
from samplernn.guides.equaliser import GuideEqualiser
from samplernn.guides.guide import Guide
from samplernn.presets import PRESETS
from samplernn.training.options import TrainOptions
from samplernn.training.trainer import train
from tests.app.drums import at_listening_rate, beat
from tests.bench.made_voices import piano, voice
from tests.bench.measuring import Figure
from tests.bench.rhythm import FOLLOWING, RATE, lines, pulse

_SECONDS, _CLIPS = 8, 4
_LEARNING_SECONDS = float(os.environ.get("DEEPCUTS_BENCH_LEARNING", "300"))


def measure() -> Iterator[tuple[str, Figure]]:
    with tempfile.TemporaryDirectory() as folder:
        yield from _on_the_demo_band(Path(folder))


def _on_the_demo_band(folder: Path) -> Iterator[tuple[str, Figure]]:
    place = ProjectFolder(folder)
    *learnt, held_out = render_demo_band(folder / "band")
    build_dataset(learnt, place.dataset, RATE)
    dataset = Dataset.open(place.dataset)
    run = place.runs / "r1"
    for _ in train(run, dataset, PRESETS["sketch"], TrainOptions(seconds=_LEARNING_SECONDS, device="cpu")):
        pass
    checkpoint, bars = checkpoint_paths(run)[-1][1], kept_bars(place)
    length, third = _SECONDS * RATE, read_mono(held_out, RATE)
    guides_of: dict[str, list[np.ndarray]] = {
        "held_out": [third[number * length : (number + 1) * length] for number in range(_CLIPS)],
        "drums": [at_listening_rate(beat(bpm, _SECONDS, seed=seed)) for seed, bpm in enumerate((90, 112, 124, 140))],
        "voice": [voice(_SECONDS, seed) for seed in range(_CLIPS)],
        "piano": [piano(_SECONDS, seed) for seed in range(_CLIPS)],
    }
    for name, sounds in guides_of.items():
        guides = []
        for number, sound in enumerate(sounds):
            path = folder / f"{name}{number}.wav"
            write_sound(path, sound, RATE, format="wav")
            guides.append(guide_of_recording(path, _SECONDS, bars))
        clips = generate(
            GenerationRequest(
                checkpoint, _SECONDS, range(len(guides)), prime=AlbumPrime(dataset), device="cpu", guides=tuple(guides)
            )
        )
        note = f"{len(guides)} guides, {_LEARNING_SECONDS:.0f} s of learning"
        yield from _compared(f"guide.demo.{name}", clips, sounds, note)
        noise = np.stack([_noise(guide, number) for number, guide in enumerate(guides)])
        yield from _compared(f"guide.demo.{name}.noise", noise, sounds, "noise in the place of clips")


def _noise(guide: Guide, seed: int) -> np.ndarray:
    """Noise at the level of the guide, brought to it as clips are."""
    level = 10 ** (float(guide.strokes.max() - 15) / 20)
    noise = np.random.default_rng(seed).standard_normal((1, _SECONDS * RATE)).astype(np.float32) * np.float32(level)
    equaliser = GuideEqualiser([guide], RATE)
    sound: np.ndarray = np.concatenate([equaliser.push(noise), equaliser.end()], axis=1)[0, : _SECONDS * RATE]
    return sound


def _compared(
    key: str, clips: Sequence[np.ndarray] | np.ndarray, sounds: Sequence[np.ndarray], note: str
) -> Iterator[tuple[str, Figure]]:
    for name, measure_of in FOLLOWING.items():
        values = [measure_of(clip, sound) for clip, sound in zip(clips, sounds, strict=True)]
        yield f"{key}.{name}", Figure(float(np.mean(values)), "", max(values) - min(values), note)
    for name, of in (("pulse", pulse), ("lines", lines)):
        yield f"{key}.{name}", Figure(_mean(of, clips), "", note=f"of the guide {_mean(of, sounds):.3g}")


def _mean(measure_of: Callable[[np.ndarray], float], sounds: Sequence[np.ndarray] | np.ndarray) -> float:
    return float(np.mean([measure_of(sound) for sound in sounds]))
