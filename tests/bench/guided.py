"""A network that is conditioned on its guide: what it learns beyond the filters made from the guide, and how closely
its clips follow.

DEEPCUTS_BENCH_LEARNING is how many seconds it learns, and DEEPCUTS_SHARED where the music is.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch

from samplernn.checkpoint import CheckpointMetadata, load_checkpoint, save_checkpoint
from samplernn.checkpoint_paths import checkpoint_paths
from samplernn.config import ModelConfig
from samplernn.data.build import build_dataset
from samplernn.data.dataset import Dataset
from samplernn.generation.generate import GenerationRequest, generate
from samplernn.generation.priming import AlbumPrime, begin
from samplernn.generation.sampling import DEFAULT_PARAMETERS
from samplernn.generation.stream import Start, Stream
from samplernn.guides.guide import Guide
from samplernn.guides.notes import notes_of
from samplernn.guides.strokes import strokes_of
from samplernn.network.model import SampleRNN
from samplernn.presets import PRESETS
from samplernn.training.evaluation import Evaluation
from samplernn.training.options import TrainOptions
from samplernn.training.trainer import train
from tests.bench.measuring import Figure, rate, ratio
from tests.bench.rhythm import FOLLOWING, RATE, lines, pulse
from tests.bench.told_apart import accuracy

_SECONDS, _CLIPS = 8, 8
_LEARNING_SECONDS = float(os.environ.get("DEEPCUTS_BENCH_LEARNING", "300"))
_PRESET = PRESETS["guided-sketch"]
_SPEED_SECONDS = 4
_TURNS = 3
"""So many takes of all clips are told from the music: of other takes the classifier tells up to 0.05 more or less."""


def measure() -> Iterator[tuple[str, Figure]]:
    music = Path(os.environ.get("DEEPCUTS_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "music"
    if not music.is_dir():
        return
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        build_dataset(sorted((music / "obsidian-shell").glob("*.ogg")), folder / "dataset", RATE)
        dataset = Dataset.open(folder / "dataset")
        for _ in train(folder / "run", dataset, _PRESET, TrainOptions(seconds=_LEARNING_SECONDS, device="cpu")):
            pass
        learnt = checkpoint_paths(folder / "run")[-1][1]
        yield from judged(learnt, dataset, folder, f"{_LEARNING_SECONDS:.0f} s of learning")


def judged(learnt: Path, dataset: Dataset, folder: Path, note: str) -> Iterator[tuple[str, Figure]]:
    """All figures of a checkpoint; `folder` is for the one that has learnt nothing, which they are held against."""
    untrained = _untrained(folder / "epoch-0000.safetensors", dataset, replace(_PRESET.model, adaptive=0))
    adapting = _untrained(folder / "epoch-0001.safetensors", dataset, _PRESET.model)
    model = load_checkpoint(learnt)[0]
    bare, moved, told = (_bits(load_checkpoint(path)[0], dataset) for path in (untrained, adapting, learnt))
    yield "guide.bits", Figure(told, "bits", note=note)
    words = f"the bell around the guide's filters has {bare:.3f}, with the adaptive filter {moved:.3f}"
    yield "guide.learnt_bits", Figure(bare - told, "bits", note=words)
    yield "guide.free.bits", Figure(_bits(model, dataset, guided=False), "bits", note="without a guide")
    pairs = _pairs(dataset)
    guides = [pair.guide for pair in pairs]
    music = [pair.music for pair in pairs]
    clips, noise = ([_played(path, dataset, guides, turn) for turn in range(_TURNS)] for path in (learnt, untrained))
    told = [[accuracy(music, sounds, turn) for turn, sounds in enumerate(turns)] for turns in (clips, noise)]
    yield "guide.told_apart", Figure(float(np.mean(told[0]) / np.mean(told[1])), "", note=_told_words(told))
    for name, sounds in (("", clips[0]), (".noise", noise[0]), (".network", _alone(model, dataset, guides))):
        yield from _following(f"guided{name}", sounds, music)
    yield from _speeds(model, guides[0])


@dataclass(frozen=True)
class _Pair:
    music: np.ndarray
    guide: Guide


def _pairs(dataset: Dataset) -> list[_Pair]:
    """Held-out music and its guide."""
    length = _SECONDS * RATE
    spans = [span for part in (dataset.valid, dataset.test) for span in part if span.length >= length][:_CLIPS]
    music = [np.array(dataset.sound[span.start : span.start + length]) for span in spans]
    return [_Pair(each, Guide(strokes_of([each], RATE), "music", notes_of([each], RATE))) for each in music]


def _told_words(told: Sequence[Sequence[float]]) -> str:
    clips, noise = (f"{np.mean(each):.3f} ({min(each):.3f} to {max(each):.3f})" for each in told)
    return f"{clips} of clips, {noise} of noise"


def _untrained(path: Path, dataset: Dataset, config: ModelConfig) -> Path:
    """The bell around what the guide's filters foretell, and nothing else: the output says nothing yet."""
    torch.manual_seed(0)
    model = SampleRNN(config)
    model.fit_lpc(dataset.sound, dataset.train)
    assert model.prediction is not None
    for layer in (model.sample.output, model.prediction.prior_layer):
        torch.nn.init.zeros_(layer.matrix.direction)
    metadata = CheckpointMetadata(
        run="untrained", preset=_PRESET.name, model=config, rate=RATE, epoch=0, step=0, train_bits=8.0,
        held_out_bits=None, seconds=0.0,
    )  # fmt: skip
    save_checkpoint(path, model.state_dict(), metadata)
    return path


def _bits(model: SampleRNN, dataset: Dataset, *, guided: bool = True) -> float:
    *_, bits = Evaluation(dataset.sound, dataset.valid, model, dataset.rate, guided=guided).bits()
    assert bits is not None
    return bits


def _played(checkpoint: Path, dataset: Dataset, guides: Sequence[Guide], turn: int = 0) -> np.ndarray:
    """Through the equalisers, too, as everywhere; other takes for each turn."""
    seeds = range(turn * len(guides), (turn + 1) * len(guides))
    request = GenerationRequest(checkpoint, _SECONDS, seeds, prime=AlbumPrime(dataset), device="cpu", guides=guides)
    return generate(request)


def _alone(model: SampleRNN, dataset: Dataset, guides: Sequence[Guide]) -> np.ndarray:
    """What the network plays before any equaliser."""
    seeds = range(len(guides))
    start = Start(begin(model, seeds, AlbumPrime(dataset), rate=RATE, guided=True), guides=guides)
    stream = Stream(model, seeds, [DEFAULT_PARAMETERS] * len(guides), rate=RATE, start=start)
    blocks = [next(stream) for _ in range(_SECONDS * RATE // 512)]
    return np.concatenate(blocks, axis=1)


def _following(name: str, clips: np.ndarray, music: Sequence[np.ndarray]) -> Iterator[tuple[str, Figure]]:
    for key, measure_of in FOLLOWING.items():
        values = [measure_of(clip, each) for clip, each in zip(clips, music, strict=True)]
        yield f"{name}.{key}", Figure(float(np.mean(values)), "", max(values) - min(values))
    for key, of in (("pulse", pulse), ("lines", lines)):
        mine, theirs = (float(np.mean([of(each) for each in sounds])) for sounds in (clips, music))
        yield f"{name}.{key}", Figure(mine, "", note=f"the music {theirs:.3g}")


def _speeds(model: SampleRNN, guide: Guide) -> Iterator[tuple[str, Figure]]:
    """Of one clip, and of 64 beside those of Sketch, on one core, with what their guides take."""
    torch.manual_seed(0)
    sketch = SampleRNN(PRESETS["sketch"].model).eval()

    def play(model: SampleRNN, clips: int, blocks: int, guides: Sequence[Guide]) -> None:
        start = Start(guides=[*guides] * clips)
        stream = Stream(model, range(clips), [DEFAULT_PARAMETERS] * clips, rate=RATE, start=start)
        for _ in range(blocks):
            next(stream)

    with _one_thread():
        alone = partial(play, model, 1, _SPEED_SECONDS * RATE // 512, [guide])
        yield "generate.guided.1.realtime", rate(alone, _SPEED_SECONDS, "x real time", clock=time.process_time)
        many, without = (partial(play, each, 64, 16, guides) for each, guides in ((model, [guide]), (sketch, [])))
        yield "generate.guided.64.ratio", ratio(many, without, repeats=3)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Else the other thread of the generator spins while it waits, which counts as time of the process."""
    torch.set_num_threads(1)
    before = os.environ.get("OMP_NUM_THREADS")
    os.environ["OMP_NUM_THREADS"] = "1"
    try:
        yield
    finally:
        del os.environ["OMP_NUM_THREADS"]
        if before is not None:
            os.environ["OMP_NUM_THREADS"] = before
