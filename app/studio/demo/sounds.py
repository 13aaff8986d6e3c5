"""The demo band's instruments: every sound is computed, none is recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from app.document.model import SONG_RATE
from app.studio.torch_import import wait_for_torch

Sound = NDArray[np.float64]
Noise = np.random.Generator


def frequency(key: float) -> float:
    """Hz of a MIDI key number."""
    return float(440.0 * 2 ** ((key - 69) / 12))


def filtered(sound: Sound, response: Callable[[Sound], Sound]) -> Sound:
    """The sound through a filter given as gain over Hz (no phase shift)."""
    from scipy.fft import irfft, next_fast_len, rfft

    wait_for_torch()
    padded = next_fast_len(len(sound) + SONG_RATE // 20, real=True)
    curve_hz = np.linspace(0, SONG_RATE / 2, 4096)
    gain = np.interp(np.linspace(0, SONG_RATE / 2, padded // 2 + 1), curve_hz, response(curve_hz))
    return np.asarray(irfft(rfft(sound, padded) * gain, padded)[: len(sound)], dtype=np.float64)


def band(low: float, high: float, order: int = 2) -> Callable[[Sound], Sound]:
    """Gain of a Butterworth high-pass at `low` and low-pass at `high`, in Hz."""

    def response(hz: Sound) -> Sound:
        with np.errstate(divide="ignore"):
            rumble = 1 / np.sqrt(1 + (low / np.maximum(hz, 1e-9)) ** (2 * order))
        gain: Sound = rumble / np.sqrt(1 + (hz / high) ** (2 * order))
        return gain

    return response


def cabinet(hz: Sound) -> Sound:
    """A closed 4x12 with a close microphone: thump at 110 Hz, scooped at 450 Hz, gone above 5 kHz."""

    def bell(centre: float, width: float, db: float) -> Sound:
        gain: Sound = 10 ** (db / 20 * np.exp(-((np.log2(np.maximum(hz, 1) / centre) / width) ** 2)))
        return gain

    body: Sound = band(75, 5200, 3)(hz) * bell(110, 0.6, 4) * bell(450, 0.7, -2) * bell(2600, 0.6, 1)
    return body


def string(key: float, seconds: float, noise: Noise, *, muted: bool = False, pick: float = 0.13) -> Sound:
    """A plucked string after Karplus and Strong (1983), computed a period at a time.

    Args:
        pick: where it is struck, as a share of its length; that harmonic is missing.
    """
    period = SONG_RATE / frequency(key)
    samples = int(np.ceil(period))
    wave = noise.uniform(-1, 1, samples)
    wave = wave - np.roll(wave, max(1, round(pick * samples)))
    blur = 3 if muted else 1
    for _ in range(blur):
        wave = (wave + np.roll(wave, 1)) / 2
    keep = 0.5 ** (period / SONG_RATE / (0.07 if muted else 1.6))
    rows = np.empty((int(seconds * SONG_RATE / period) + 2, samples))
    rows[0] = wave
    for turn in range(1, len(rows)):
        before, now = rows[turn - 1], rows[turn]
        for _ in range(blur):
            now[1:] = before[1:] + before[:-1]
            now[0] = before[0] + before[-1]
            before = now * 0.5
        np.multiply(before, keep, out=now)
    times = np.arange(int(seconds * SONG_RATE)) * (samples + blur / 2) / period
    sound: Sound = np.interp(times, np.arange(rows.size), rows.ravel())
    return sound


def chord(key: int, seconds: float, noise: Noise, *, muted: bool) -> Sound:
    """A power chord: root, fifth and octave, struck a few milliseconds apart, each a cent or two off."""
    sound = np.zeros(int(seconds * SONG_RATE))
    for place, (above, level) in enumerate(((0, 1.0), (7, 0.8), (12, 0.55))):
        tone = string(key + above + noise.normal(0, 0.02), seconds, noise, muted=muted)
        late = place * int(0.003 * SONG_RATE)
        sound[late:] += level * tone[: len(sound) - late]
    return sound


def _seconds(length: float) -> Sound:
    return np.arange(int(length * SONG_RATE)) / SONG_RATE


def _sweep(seconds: Sound, low: float, high: float, fall: float) -> Sound:
    """A sine that falls from `high` to `low` Hz."""
    hz = low + (high - low) * np.exp(-seconds / fall)
    return np.sin(2 * np.pi * np.cumsum(hz) / SONG_RATE)


def kick(noise: Noise) -> Sound:
    """A bass drum: a falling tone and a click."""
    t = _seconds(0.32)
    body = np.tanh(2.2 * _sweep(t, 52, 210, 0.022) * np.exp(-t / 0.11))
    click = filtered(noise.normal(0, 1, len(t)) * np.exp(-t / 0.004), band(1800, 7000))
    return 0.9 * body + 0.7 * click


def snare(noise: Noise) -> Sound:
    """A snare drum: two falling tones and the hiss of its wires."""
    t = _seconds(0.35)
    shell = _sweep(t, 178, 300, 0.02) * np.exp(-t / 0.06) + 0.5 * _sweep(t, 331, 400, 0.02) * np.exp(-t / 0.04)
    hiss = noise.normal(0, 1, len(t))
    wires = filtered(hiss * (np.exp(-t / 0.075) + 0.25 * np.exp(-t / 0.16)), band(1300, 9500))
    return np.tanh(1.6 * (0.75 * shell + 0.62 * wires))


def tom(hz: float, noise: Noise) -> Sound:
    """A tom-tom tuned to `hz`."""
    t = _seconds(0.5)
    skin = filtered(noise.normal(0, 1, len(t)) * np.exp(-t / 0.015), band(300, 4000))
    return np.tanh(1.5 * (_sweep(t, hz, hz * 1.9, 0.04) * np.exp(-t / 0.17) + 0.3 * skin))


def cymbal(seconds: float, fall: float, low: float, noise: Noise, *, ping: float = 0.0) -> Sound:
    """Noise and a cluster of tones that share no common pitch, above `low` Hz."""
    t = _seconds(seconds)
    metal = np.zeros(len(t))
    for hz in noise.uniform(3000, 12500, 14):
        metal += np.sign(np.sin(2 * np.pi * hz * t + noise.uniform(0, 6.28)))
    wash = filtered(noise.normal(0, 1, len(t)) + 0.16 * metal, band(low, 15000, 3))
    sound: Sound = wash * np.exp(-t / fall) * (1 - np.exp(-t / 0.0007))
    if ping:
        sound += ping * np.sin(2 * np.pi * 5170 * t) * np.exp(-t / 0.12)
    fade = int(0.02 * SONG_RATE)
    sound[-fade:] *= np.linspace(1, 0, fade)
    return 0.5 * sound


def drum_kit(noise: Noise) -> Mapping[str, tuple[Sound, float, float]]:
    """For each drum its sound, its level and its place from -1 (left) to 1 (right)."""
    return {
        "kick": (kick(noise), 1.0, 0.0),
        "snare": (snare(noise), 0.95, 0.08),
        "tom_high": (tom(142, noise), 0.8, -0.35),
        "tom_low": (tom(88, noise), 0.9, 0.4),
        "hat": (cymbal(0.12, 0.028, 6500, noise), 0.34, -0.4),
        "hat_open": (cymbal(0.5, 0.16, 5500, noise), 0.32, -0.4),
        "ride": (cymbal(0.9, 0.22, 4500, noise, ping=0.5), 0.26, 0.5),
        "crash": (cymbal(2.2, 0.6, 2600, noise), 0.42, 0.3),
    }
