"""Clips that play along: how well they follow held-out music, other music, the album re-cut and dreams of it, after
five minutes."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from app.document.store import ProjectFolder
from app.studio.guides.bars import Bars, kept_bars
from app.studio.guides.dream import dreamt_bars, learn_to_dream
from app.studio.guides.recut import recut, recut_song
from app.studio.guides.sources import guide_of_recording
from app.studio.measures.landmarks import LandmarkIndex
from samplernn.audio.reading import read_mono, write_sound
from samplernn.checkpoint_paths import checkpoint_paths
from samplernn.data.build import build_dataset
from samplernn.data.dataset import Dataset
from samplernn.generation.generate import GenerationRequest, generate
from samplernn.generation.priming import AlbumPrime
from samplernn.guides.equaliser import GuideEqualiser
from samplernn.guides.guide import Guide
from samplernn.guides.live_equaliser import LiveEqualiser, LoopedGuide
from samplernn.guides.notes import notes_of
from samplernn.guides.strokes import BANDS, strokes_of
from samplernn.guides.strokes import PER_SECOND as STROKES_PER_SECOND
from samplernn.presets import PRESETS
from samplernn.training.options import TrainOptions
from samplernn.training.trainer import train
from tests.bench.measuring import Figure, rate
from tests.bench.rhythm import FOLLOWING, RATE, lines, pulse

_SECONDS, _CLIPS = 8, 8
_LEARNING_SECONDS = float(os.environ.get("DEEPCUTS_BENCH_LEARNING", "300"))
_NOISE_LINES = 7.7
_SONGS, _SONG_SECONDS = 3, 30


def measure() -> Iterator[tuple[str, Figure]]:
    yield from _speeds()
    music = Path(os.environ.get("DEEPCUTS_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "music"
    if not music.is_dir():
        return
    with tempfile.TemporaryDirectory() as folder:
        yield from _on_an_album(
            sorted((music / "obsidian-shell").glob("*.ogg")), sorted((music / "singles").glob("*.ogg")), Path(folder)
        )


def _speeds() -> Iterator[tuple[str, Figure]]:
    """Of one clip on one core: playing along to a guide, and taking a guide from a recording."""
    sound = np.random.default_rng(0).standard_normal((1, 20 * RATE)).astype(np.float32) * 0.1
    guide = _guide_of(sound[0])

    def follow() -> None:
        follower = GuideEqualiser([guide], RATE)
        for block in np.split(sound, 80, axis=1):
            follower.push(block)

    yield "guide.realtime", rate(follow, 20, "x real time", clock=time.process_time)
    taken = rate(lambda: _guide_of(sound[0]), 20, "x real time", clock=time.process_time)
    yield "guide.taken.realtime", taken
    yield from _live(sound[0])


def _live(sound: np.ndarray) -> Iterator[tuple[str, Figure]]:
    """Of live sound that is read in blocks of 10 ms: how long another guide takes to be heard, and the speed."""
    ahead, block = LiveEqualiser.ahead_at(RATE), RATE // 100
    soft, loud = (
        LoopedGuide(Guide(np.full((500, BANDS), level, np.float32), "flat", notes_of([sound[: 2 * RATE] * gain], RATE)))
        for level, gain in ((-50.0, 0.03), (-20.0, 1.0))
    )
    live, parts = LiveEqualiser(soft, RATE, 0), []
    live.push(sound[:ahead])
    began = time.process_time()
    for start in range(0, 8 * RATE, block):
        if start == 4 * RATE:
            live.guide = loud
        live.push(sound[start + ahead : start + ahead + block])
        parts.append(live.take(block))
    spent = time.process_time() - began
    levels = 10 * np.log10(np.mean(np.concatenate(parts).reshape(-1, RATE // 200) ** 2, axis=1) + 1e-12)
    after = levels[4 * 200 :]
    there = int(np.argmax(np.abs(after - after[100:].mean()) < 3.0))
    note = "until it is within 3 dB, in what is read next"
    yield "guide.live.heard", Figure((there + 1) * 5.0, "ms", note=note)
    yield "guide.live.realtime", Figure(8 / spent, "x real time")


def _on_an_album(album: Sequence[Path], singles: Sequence[Path], folder: Path) -> Iterator[tuple[str, Figure]]:
    place = ProjectFolder(folder)
    build_dataset(album, place.dataset, RATE)
    dataset = Dataset.open(place.dataset)
    checkpoint = _learnt(place, dataset)
    bars = kept_bars(place)
    length = _SECONDS * RATE
    held_out = [span for span in dataset.valid if span.length >= length][:_CLIPS]
    music = [np.array(dataset.sound[span.start : span.start + length]) for span in held_out]
    note = f"{_LEARNING_SECONDS:.0f} s of learning, {len(music)} held-out guides"
    clips = _played(checkpoint, dataset, [_guide_of(each) for each in music])
    pairs = list(zip(clips, music, strict=True))
    for name, measure_of in FOLLOWING.items():
        yield f"guide.follow.{name}", _mean([measure_of(*pair) for pair in pairs], note)
    yield "guide.pulse.ratio", Figure(_of(pulse, clips) / _of(pulse, music), "", note=note)
    yield (
        "guide.lines.ratio",
        Figure((_of(lines, clips) - _NOISE_LINES) / (_of(lines, music) - _NOISE_LINES), "", note=note),
    )
    free = generate(GenerationRequest(checkpoint, _SECONDS, range(_CLIPS), prime=AlbumPrime(dataset), device="cpu"))
    yield "guide.none.pulse.ratio", Figure(_of(pulse, free) / _of(pulse, music), "", note="without a guide")
    guides, others = [], []
    for number, single in enumerate(singles):
        cut = folder / f"other{number}.wav"
        others.append(read_mono(single, RATE)[40 * RATE : 40 * RATE + length])
        write_sound(cut, others[-1], RATE, format="wav")
        guides.append(guide_of_recording(cut, _SECONDS, bars))
    clips = _played(checkpoint, dataset, guides)
    for name, measure_of in FOLLOWING.items():
        figures = [measure_of(clip, other) for clip, other in zip(clips, others, strict=True)]
        yield f"guide.other.{name}", _mean(figures, "songs of another band")
    cuts = [recut(bars, _SECONDS, seed) for seed in range(2 * _CLIPS)]
    clips = _played(checkpoint, dataset, [Guide(each.strokes, "cut anew", each.notes) for each in cuts if each])
    starts = [start for start, stop in dataset.tracks for start in range(start, stop - length, length)]
    whole = [np.array(dataset.sound[start : start + length]) for start in starts]
    yield "guide.recut.pulse_ratio", Figure(_of(pulse, clips) / _of(pulse, whole), "", note="over the whole album's")
    songs = [_song(checkpoint, dataset, bars, seed) for seed in range(_SONGS)]
    ratios = [pulse(song) / _of(pulse, whole) for song in songs]
    note = f"the least of {_SONGS} whole songs of {_SONG_SECONDS} s, two takes each, over the album's"
    yield "guide.song.pulse_ratio", Figure(min(ratios), "", max(ratios) - min(ratios), note)
    fingerprints = LandmarkIndex.of_sounds(np.array(dataset.sound[start:stop]) for start, stop in dataset.tracks)
    yield "guide.copied", _mean([fingerprints.standing(clip) for clip in clips], "share of landmark hashes, cut anew")
    dreamer = learn_to_dream(bars)
    if dreamer is not None:
        dreams = [recut(dreamt_bars(dreamer, bars, seed), _SECONDS, seed) for seed in range(2 * _CLIPS)]
        clips = _played(checkpoint, dataset, [Guide(each.strokes, "dreamt", each.notes) for each in dreams if each])
        yield (
            "guide.dream.pulse_ratio",
            Figure(_of(pulse, clips) / _of(pulse, whole), "", note="over the whole album's"),
        )
        copied = [fingerprints.standing(clip) for clip in clips]
        yield "guide.dream.copied", _mean(copied, "share of landmark hashes, dreamt")
    itself = LandmarkIndex.of_sounds(np.array(dataset.sound[span.start : span.stop]) for span in dataset.train)
    yield "guide.copied.music", _mean([itself.standing(each) for each in music], "of held-out music in the rest")


def _guide_of(music: np.ndarray) -> Guide:
    return Guide(strokes_of([music], RATE), "music", notes_of([music], RATE))


def _learnt(place: ProjectFolder, dataset: Dataset) -> Path:
    run = place.runs / "r1"
    for _ in train(run, dataset, PRESETS["sketch"], TrainOptions(seconds=_LEARNING_SECONDS, device="cpu")):
        pass
    return checkpoint_paths(run)[-1][1]


def _song(checkpoint: Path, dataset: Dataset, bars: Bars, seed: int) -> np.ndarray:
    """A planned song in mono: two takes of each part, one block behind the other."""
    song = recut_song(bars, _SONG_SECONDS, seed)
    assert song is not None
    guides = [Guide(part.strokes, name, part.notes) for name, part in song.parts.items() for _ in range(2)]
    seconds = max(len(guide.strokes) for guide in guides) / STROKES_PER_SECOND
    both = _played(checkpoint, dataset, guides, seconds).reshape(len(song.parts), 2, -1).sum(axis=1)
    takes = dict(zip(song.parts, both, strict=True))
    bar = song.bar_seconds * RATE
    return np.concatenate([takes[block.part][: round(block.bars * bar)] for block in song.blocks])


def _played(checkpoint: Path, dataset: Dataset, guides: Sequence[Guide], seconds: float = _SECONDS) -> np.ndarray:
    seeds = range(len(guides))
    return generate(
        GenerationRequest(checkpoint, seconds, seeds, prime=AlbumPrime(dataset), device="cpu", guides=guides)
    )


def _of(measure_of: Callable[[np.ndarray], float], sounds: Iterable[np.ndarray]) -> float:
    return float(np.mean([measure_of(sound) for sound in sounds]))


def _mean(values: Sequence[float], note: str) -> Figure:
    return Figure(float(np.mean(values)), "", (max(values) - min(values)), note)
