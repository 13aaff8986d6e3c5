"""Made music with known times: the demo band's drum kit, and pieces of its score."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import soxr
from numpy.typing import NDArray

from app.document.model import SONG_RATE
from app.studio.analysis.onsets import RATE
from app.studio.demo.band import play
from app.studio.demo.score import read_score
from app.studio.demo.sounds import drum_kit

Sound = NDArray[np.float32]
KIT = drum_kit(np.random.default_rng(1))


def strokes(times: NDArray[np.float64], seconds: float, seed: int = 0) -> Sound:
    """Mono at `SONG_RATE`: a stroke of some drum at each time, some louder than others."""
    noise = np.random.default_rng(seed)
    sound = np.zeros(int(seconds * SONG_RATE))
    for time in times:
        drum, level, _ = KIT[("kick", "snare", "tom_low", "hat")[noise.integers(4)]]
        at = round(time * SONG_RATE)
        part = drum[: len(sound) - at] * level * noise.uniform(0.6, 1.0)
        sound[at : at + len(part)] += part
    return (0.5 * sound).astype(np.float32)


def beat(bpm: float, seconds: float, first: float = 0.0, seed: int = 0) -> Sound:
    """Mono at `SONG_RATE`: kick, hat, snare, hat, in eighths, with a crash on the first beat of each bar."""
    noise = np.random.default_rng(seed)
    sound = np.zeros(int(seconds * SONG_RATE) + 3 * SONG_RATE)
    pattern = (("kick", "crash"), ("hat",), ("snare",), ("hat",), ("kick",), ("hat",), ("snare",), ("hat",))
    for place, time in enumerate(np.arange(first, seconds, 30.0 / bpm)):
        for name in pattern[place % len(pattern)]:
            drum, level, _ = KIT[name]
            at = round(time * SONG_RATE)
            sound[at : at + len(drum)] += drum * level * noise.uniform(0.85, 1.0)
    return (0.4 * sound[: int(seconds * SONG_RATE)]).astype(np.float32)


def band(piece: int, bars: int) -> tuple[Sound, float]:
    """The beginning of a piece of the demo band, mono at `SONG_RATE`, and its tempo."""
    whole = read_score().pieces[piece]
    steps = min(bars * whole.bar_steps, whole.steps)
    short = replace(
        whole,
        steps=steps,
        strokes=tuple(stroke for stroke in whole.strokes if stroke.step < steps),
        guitar=tuple(note for note in whole.guitar if note.step < steps),
        bass=tuple(note for note in whole.bass if note.step < steps),
        lead=tuple(note for note in whole.lead if note.step < steps),
    )
    return play(short).mean(axis=1).astype(np.float32), 240.0 / (whole.step_seconds * whole.bar_steps)


def at_listening_rate(sound: Sound) -> Sound:
    listened: Sound = soxr.resample(sound, SONG_RATE, RATE).astype(np.float32)
    return listened


def moved(sound: Sound, start: int, frames: int) -> Sound:
    """So many frames from `start` on, which may lie before the sound; silence where there is none."""
    part = np.zeros(frames, np.float32)
    first, last = max(start, 0), min(start + frames, len(sound))
    part[first - start : max(last - start, first - start)] = sound[first : max(last, first)]
    return part
