"""Measures of clips: how many times faster than they play, what memory they take, and how often known cases are ranked
right on a real album.

DEEPCUTS_SHARED is where the music is.
"""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import soundfile
import soxr

from app.studio.measures.album import AlbumReference, reference_of
from app.studio.measures.clip import measure_sound
from app.studio.measures.measured import ClipMeasures
from app.studio.measures.spectra import RATE
from samplernn.audio.reading import read_mono
from samplernn.data.build import build_dataset
from samplernn.data.dataset import Dataset
from tests.bench.measuring import Figure, rate, seconds_of

_SECONDS = 8
_MEASURED_SECONDS = 296
_CHANGES = {"exact": 1.0, "faster": 1.02, "slower": 1 / 1.02, "semitone": 2 ** (1 / 12)}
"""How many times as fast, and as high."""


def measure() -> Iterator[tuple[str, Figure]]:
    music = Path(os.environ.get("DEEPCUTS_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "music"
    if not music.is_dir():
        return
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "dataset"
        build_dataset(sorted((music / "obsidian-shell").glob("*.ogg")), folder, RATE)
        dataset = Dataset.open(folder)
        taken: list[AlbumReference] = []
        seconds = seconds_of(lambda: taken.append(reference_of(dataset)))
        yield "measure.album.realtime", Figure(dataset.report.seconds / seconds, "x real time")
        (album,) = taken
        clips = np.array(dataset.sound[: _MEASURED_SECONDS * RATE]).reshape(-1, _SECONDS * RATE)
        yield (
            "measure.realtime",
            rate(
                lambda: [measure_sound([clip], album) for clip in clips],
                _MEASURED_SECONDS,
                "x real time",
                repeats=3,
                clock=time.process_time,
            ),
        )
        yield "measure.memory", Figure(_memory(folder), "MB", note="of a process that measures, all of it")
        others = [read_mono(path, RATE) * dataset.gain for path in sorted((music / "singles").glob("*.ogg"))]
        yield from _ranked(album, dataset, [clip for other in others for clip in _cut(other)[::3]])
        yield from _copies(album, dataset)
        yield from _stuck(album, dataset)


def _memory(dataset: Path) -> float:
    """Megabytes at most of a process that takes the album and measures five minutes of clips."""
    code = f"import tests.bench.measures as m; from pathlib import Path; m.in_a_process(Path({str(dataset)!r}))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(told.stdout)


def in_a_process(folder: Path) -> None:
    """Measures, and says how much memory that took at most."""
    dataset = Dataset.open(folder)
    album = reference_of(dataset)
    for clip in np.array(dataset.sound[: _MEASURED_SECONDS * RATE]).reshape(-1, _SECONDS * RATE):
        measure_sound([clip], album)
    sys.stdout.write(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.1f}\n")


def _cut(sound: np.ndarray) -> list[np.ndarray]:
    length = _SECONDS * RATE
    return [sound[k : k + length] for k in range(0, len(sound) - length + 1, length)]


def _held_out(dataset: Dataset) -> list[np.ndarray]:
    spans = [span for part in (dataset.valid, dataset.test) for span in part]
    return [clip for span in spans for clip in _cut(np.array(dataset.sound[span.start : span.stop]))]


def _measured(sounds: Sequence[np.ndarray], album: AlbumReference) -> list[ClipMeasures]:
    return [measure_sound([np.asarray(sound, np.float32)], album) for sound in sounds]


def _ranked(album: AlbumReference, dataset: Dataset, others: Sequence[np.ndarray]) -> Iterator[tuple[str, Figure]]:
    """Of all pairs, the share in which held-out music is closer; and what of it is flagged."""
    noise = np.random.default_rng(1).normal(0, 0.1, (10, _SECONDS * RATE)).astype(np.float32)
    own, theirs, of_noise = (_measured(sounds, album) for sounds in (_held_out(dataset), others, list(noise)))
    closeness = [np.array([each.closeness for each in measures]) for measures in (own, theirs, of_noise)]
    yield "measure.close.other_band", Figure(_above(closeness[0], closeness[1]), "of pairs")
    yield "measure.close.noise", Figure(_above(closeness[0], closeness[2]), "of pairs")
    for name, measures in (("held_out", own), ("other_band", theirs)):
        yield f"measure.{name}.copied", Figure(float(np.mean([each.copied is not None for each in measures])), "of 1")
        yield f"measure.{name}.stuck", Figure(float(np.mean([each.stuck is not None for each in measures])), "of 1")


def _above(one: np.ndarray, other: np.ndarray) -> float:
    return float((one[:, None] > other).mean())


def _copies(album: AlbumReference, dataset: Dataset) -> Iterator[tuple[str, Figure]]:
    """The share of copies that are flagged, of music that is learnt."""
    noise = np.random.default_rng(0)
    length = _SECONDS * RATE
    clips = [
        np.array(dataset.sound[start : start + length])
        for span in dataset.train
        for start in noise.integers(span.start, span.stop - 2 * length, 4)
    ]
    for name, ratio in _CHANGES.items():
        yield f"measure.copied.{name}", _flagged([soxr.resample(clip, RATE * ratio, RATE) for clip in clips], album)
    yield "measure.copied.quieter", _flagged([clip * 10 ** (-3 / 20) for clip in clips], album)
    noisy = [clip + noise.normal(0, 0.1 * clip.std(), length) for clip in clips]
    yield "measure.copied.noise", _flagged(noisy, album)
    yield "measure.copied.mp3", _flagged([_through_mp3(clip) for clip in clips], album)


def _through_mp3(clip: np.ndarray) -> np.ndarray:
    file = io.BytesIO()
    soundfile.write(file, clip, RATE, format="MP3")
    file.seek(0)
    return np.asarray(soundfile.read(file, dtype="float32")[0])


def _stuck(album: AlbumReference, dataset: Dataset) -> Iterator[tuple[str, Figure]]:
    """The share of clips that get stuck at some second, of which that is told to two seconds."""
    noise = np.random.default_rng(2)
    length = 2 * _SECONDS * RATE
    for kind in ("loop", "hum", "silence"):
        told = []
        for span in dataset.train:
            for start in noise.integers(span.start, span.stop - 2 * length, 4):
                clip = np.array(dataset.sound[start : start + length])
                second = float(noise.uniform(3, 11))
                at = round(second * RATE)
                clip[at:] = _stuck_end(kind, clip[:at], len(clip) - at, noise)
                stuck = measure_sound([clip], album).stuck
                told.append(stuck is not None and stuck.kind == kind and abs(stuck.from_seconds - second) <= 2)
        yield f"measure.stuck.{kind}", Figure(float(np.mean(told)), "of 1", note=f"{len(told)} clips")


def _stuck_end(kind: str, before: np.ndarray, length: int, noise: np.random.Generator) -> np.ndarray:
    if kind == "loop":
        period = round(noise.uniform(0.25, 2.0) * RATE)
        return np.resize(before[-period:], length) + noise.normal(0, 0.02 * before.std(), length)
    if kind == "hum":
        t = np.arange(length) / RATE
        tone = noise.uniform(50, 300)
        return 0.2 * np.sin(2 * np.pi * tone * t) + 0.1 * np.sin(4 * np.pi * tone * t) + noise.normal(0, 1e-3, length)
    return noise.normal(0, 1e-4, length)


def _flagged(clips: Sequence[np.ndarray], album: AlbumReference) -> Figure:
    return Figure(float(np.mean([each.copied is not None for each in _measured(clips, album)])), "of 1")
