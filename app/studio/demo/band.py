"""The demo band in the studio: plays a piece of its score and mixes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import soxr

from app.document.model import SONG_RATE
from app.studio.demo import sounds
from app.studio.demo.score import Note, Piece
from app.studio.demo.sounds import Noise, Sound
from app.studio.torch_import import wait_for_torch

_TAIL_SECONDS = 1.2
_HURRY_SECONDS = 0.004
"""How far players are off the beat, as a standard deviation."""

Pluck = Callable[[Note, float], Sound]


def play(piece: Piece) -> Sound:
    """The whole piece as stereo [frames, 2] at `SONG_RATE`, not yet brought to its final level."""
    frames = int((piece.steps * piece.step_seconds + _TAIL_SECONDS) * SONG_RATE)
    drums = _drums(piece, frames)
    left, right = (_guitar(piece, frames, np.random.default_rng([piece.seed, take])) for take in (1, 2))
    bass = _bass(piece, frames, np.random.default_rng([piece.seed, 3]))
    lead = _lead(piece, frames, np.random.default_rng([piece.seed, 4]))
    mixed = 0.95 * drums
    mixed[:, 0] += 0.36 * left + 0.05 * right + 0.62 * bass
    mixed[:, 1] += 0.36 * right + 0.05 * left + 0.62 * bass
    return mixed + 0.30 * lead


def _drums(piece: Piece, frames: int) -> Sound:
    noise = np.random.default_rng([piece.seed, 0])
    kit = sounds.drum_kit(noise)
    dry = np.zeros((frames, 2))
    for stroke in piece.strokes:
        sound, level, place = kit[stroke.drum]
        at = _frame(piece, stroke.step, noise)
        accent = 1.0 if stroke.step % (piece.bar_steps // 4) == 0 else 0.82
        part = sound[: frames - at] * level * accent * noise.uniform(0.9, 1.05)
        angle = (place + 1) * np.pi / 4
        dry[at : at + len(part), 0] += np.cos(angle) * part
        dry[at : at + len(part), 1] += np.sin(angle) * part
    return dry + 0.22 * _room(dry, noise)


def _room(dry: Sound, noise: Noise) -> Sound:
    """A small bright room: 0.3 s of fading noise, different on each side."""
    from scipy.signal import oaconvolve

    wait_for_torch()
    t = np.arange(int(0.3 * SONG_RATE)) / SONG_RATE
    wet = np.empty_like(dry)
    for side in (0, 1):
        echo = sounds.filtered(noise.normal(0, 1, len(t)) * np.exp(-t / 0.07), sounds.band(180, 9000))
        echo /= np.sqrt(np.sum(echo**2))
        wet[:, side] = oaconvolve(dry[:, side], echo)[: len(dry)]
    return wet


def _guitar(piece: Piece, frames: int, noise: Noise) -> Sound:
    takes: dict[tuple[int, bool], Sound] = {}

    def pluck(note: Note, seconds: float) -> Sound:
        sound = takes.get((note.key, note.muted))
        if sound is None or len(sound) < seconds * SONG_RATE:
            sound = sounds.chord(note.key, max(seconds, 0.5), noise, muted=note.muted)
            takes[note.key, note.muted] = sound
        return sound

    strings = _line(piece, piece.guitar, frames, noise, pluck)
    return _amplified(sounds.filtered(strings, sounds.band(110, 7000)), 14.0)


def _lead(piece: Piece, frames: int, noise: Noise) -> Sound:
    def pluck(note: Note, seconds: float) -> Sound:
        tone = sounds.string(note.key, seconds + 0.1, noise, pick=0.2)
        t = np.arange(int(seconds * SONG_RATE)) / SONG_RATE
        vibrato = 0.0004 * np.sin(2 * np.pi * 5.6 * t) * np.minimum(t / 0.25, 1)
        return np.interp((t + vibrato) * SONG_RATE, np.arange(len(tone)), tone)

    voice = _amplified(_line(piece, piece.lead, frames, noise, pluck), 22.0)
    echo = np.zeros((frames, 2))
    beat = int(piece.step_seconds * piece.bar_steps / 4 * SONG_RATE)
    for side, delay, level in ((0, 0, 0.62), (1, 0, 0.75), (0, 3 * beat // 4, 0.22), (1, beat, 0.2)):
        echo[delay:, side] += level * voice[: frames - delay]
    return echo


def _bass(piece: Piece, frames: int, noise: Noise) -> Sound:
    def pluck(note: Note, seconds: float) -> Sound:
        return sounds.string(note.key - 12, seconds, noise, pick=0.09)

    strings = _line(piece, piece.bass, frames, noise, pluck)
    growl = sounds.filtered(np.tanh(3.5 * strings), sounds.band(300, 2600))
    return sounds.filtered(np.tanh(1.8 * strings), sounds.band(38, 420)) + 0.35 * growl


def _line(piece: Piece, notes: Iterable[Note], frames: int, noise: Noise, pluck: Pluck) -> Sound:
    """The notes one after another; each is damped where the next begins."""
    line = np.zeros(frames)
    rise, fall = int(0.001 * SONG_RATE), int(0.006 * SONG_RATE)
    for note in notes:
        at = _frame(piece, note.step, noise)
        seconds = note.steps * piece.step_seconds
        sound = pluck(note, seconds)[: min(int(seconds * SONG_RATE), frames - at)].copy()
        sound[:rise] *= np.linspace(0, 1, rise)
        sound[-fall:] *= np.linspace(1, 0, fall)
        line[at : at + len(sound)] += sound * noise.uniform(0.92, 1.0)
    return line


def _amplified(strings: Sound, drive: float) -> Sound:
    """Through a driven valve stage (at twice the rate, so that overtones do not fold back) and a cabinet."""
    loud = soxr.resample(strings, SONG_RATE, 2 * SONG_RATE)
    driven = np.tanh(drive * loud + 0.15) - np.tanh(0.15)
    return sounds.filtered(soxr.resample(driven, 2 * SONG_RATE, SONG_RATE)[: len(strings)], sounds.cabinet)


def _frame(piece: Piece, step: int, noise: Noise) -> int:
    late = noise.normal(0, _HURRY_SECONDS) if step else 0.0
    return max(int((step * piece.step_seconds + late) * SONG_RATE), 0)
