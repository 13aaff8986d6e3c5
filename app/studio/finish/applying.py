"""Applies the finish to mono sound: a pure function of the position, so that the result does not depend on blocks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from app.studio.finish.finish import Finish
from app.studio.finish.spectra import (
    AIR_BEGIN,
    AIR_END,
    CONTEXT,
    FLOOR,
    HOP,
    WIDTH_EDGES,
    WINDOW,
    Floats,
    air_bands,
    copied_up,
    decibels,
    features,
    heard_bands,
    power,
    spectra,
    spread_over_air,
    spread_over_width,
    width_bands,
    window,
)

TAKES_PAN = 0.7
"""Where recipes pan the two takes of a song. Two sounds that are as loud and have nothing in common are as wide as the
album when they are panned so far to both sides."""
_AROUND_DB = 1.6
"""Side over mid lies some 3.8 dB (RMS) around what is predicted, so that its mean power is higher by so much:
0.115 times the square, as of a normal distribution."""
_ECHO = 1024
"""Length of the decorrelator in samples: 23 ms, too short to be heard as an echo."""
_MOST_GAIN_DB, _MOST_COPY_GAIN_DB = 12.0, 60.0
_LOW_BINS = math.ceil(WIDTH_EDGES[0])
"""Up to 120 Hz."""
_MIDDLE_BINS = _LOW_BINS + 1
"""One more, that their sound leaks into."""
_SILENT_DB, _HEARD_DB = -66.0, -56.0
"""Below the first, a window gets no air and no width; from the second on, all of it."""
_WINDOWS_AT_ONCE = 1024
_DRAWS = 4
"""Random numbers that one count of the generator gives."""
_BEFORE = 4 * WINDOW
"""Frames before the first that have noise, too: windows begin there. A multiple of `_DRAWS`."""


REACH = 2 * WINDOW
"""Frames of context, before and after, that the output at a frame depends on."""


def apply_finish(
    sound: Floats, finish: Finish, start: int, frames: int, *, seed: int = 0, width: bool = True
) -> Floats:
    """Stereo [frames, 2] of mono `sound` [n] at `SONG_RATE` from the frame `start` on; silence beyond its ends.

    The mean of both sides is the sound with its air; width adds to one side what it takes from the other.
    However it is cut into blocks, every frame comes out the same up to rounding.

    Args:
        seed: of the noise within the air.
    """
    return FinishProcessor(finish, seed, width).process(sound, 0, start, frames)


@dataclass(frozen=True, eq=False)
class FinishProcessor:
    """Adds a finish to one sound.

    Attributes:
        channels: of what `parts` gives.
    """

    finish: Finish
    seed: int = 0
    """Of the noise within the air."""
    width: bool = True

    @property
    def channels(self) -> int:
        """Two, or three where there is width."""
        return 3 if self.finish.has_width and self.width else 2

    def process(self, sound: Floats, begin: int, start: int, frames: int) -> Floats:
        """As `apply_finish`, where only a part of the sound is at hand, [n] from the frame `begin` on.

        What comes out is as from the whole where the part reaches `REACH` further on both sides, or to the end.
        """
        return self._put_on(_Part(sound, begin), start, frames, 2)

    def parts(self, sound: Floats, begin: int, start: int, frames: int) -> Floats:
        """As `process`, [frames, channels]; the third channel is what of the middle leans to a side where the sound is
        panned: of each band as much as makes two takes as wide as the album (see `TAKES_PAN`), of the lowest nothing.
        """
        return self._put_on(_Part(sound, begin), start, frames, self.channels)

    def _put_on(self, sound: _Part, start: int, frames: int, channels: int) -> Floats:
        out = np.zeros((frames, channels), np.float32)
        first, last = start // HOP - 1, -(-(start + frames) // HOP)
        for low in range(first, last, _WINDOWS_AT_ONCE):
            high = min(low + _WINDOWS_AT_ONCE, last)
            piece = self._windows(sound, low, high, channels)
            at = low * HOP
            since, until = max(at, start), min(at + len(piece), start + frames)
            if since < until:
                out[since - start : until - start] += piece[since - at : until - at]
        out[:, :2] += sound.between(start, start + frames)[:, None]
        return out

    def _windows(self, sound: _Part, begin: int, end: int, channels: int) -> Floats:
        """What the windows from `begin` to `end` add (window k starts at frame k * HOP), [frames, channels]."""
        finish = self.finish
        spectrum = spectra(sound.between((begin - CONTEXT) * HOP, (end - 1 + CONTEXT) * HOP + WINDOW))
        squares = power(spectrum)
        heard = decibels(squares @ heard_bands())
        inputs = features(heard)
        spectrum, squares = spectrum[CONTEXT:-CONTEXT], squares[CONTEXT:-CONTEXT]
        loudness = heard[CONTEXT:-CONTEXT].max(axis=1, keepdims=True)
        presence = np.clip((loudness - _SILENT_DB) / (_HEARD_DB - _SILENT_DB), 0, 1).astype(np.float32)
        middle = np.zeros_like(spectrum)
        levels = np.clip(inputs @ finish.air, *finish.air_limits)
        if finish.has_air:
            noise = spectra(_noise(begin * HOP, len(spectrum), 2 * self.seed))
            middle[:, AIR_BEGIN:AIR_END] = _air(spectrum, noise, levels, finish.copied) * presence
        if finish.has_width and self.width:
            ratios = np.clip(inputs @ finish.width, *finish.width_limits)
            apart = spectra(_decorrelated(sound, begin * HOP, (end - 1) * HOP + WINDOW))
            if finish.has_air:
                noise = spectra(_noise(begin * HOP, len(spectrum), 2 * self.seed + 1))
                apart[:, AIR_BEGIN:AIR_END] = _air(apart, noise, levels, finish.copied)
            whole = spectrum + middle
            side = _levelled(apart, power(whole), ratios) * presence
            parts = [_joined(middle + side), _joined(middle - side)]
            if channels > 2:
                parts.append(_joined(whole * _leaning(ratios)))
            return np.stack(parts, axis=1)
        return np.repeat(_joined(middle)[:, None], 2, axis=1)


@dataclass(frozen=True, eq=False)
class _Part:
    """Sound [n] from the frame `begin` on; silence around it."""

    sound: Floats
    begin: int

    def between(self, start: int, end: int) -> Floats:
        """The frames from `start` to `end`."""
        start, end = start - self.begin, end - self.begin
        low, high = max(start, 0), max(min(end, len(self.sound)), 0)
        if low >= high:
            return np.zeros(end - start, np.float32)
        return np.pad(self.sound[low:high], (low - start, end - high))


def _air(
    spectrum: NDArray[np.complex64], noise: NDArray[np.complex64], levels: Floats, copied: Floats
) -> NDArray[np.complex64]:
    """The air's bins with bands of these levels [windows, 10]: copies of what sounds below, and noise."""
    spread = spread_over_air()[:, AIR_BEGIN:AIR_END]
    copy = copied_up(spectrum)
    found = 10 * np.log10(power(copy) @ air_bands()[AIR_BEGIN:AIR_END] + FLOOR * 1e-3)
    share = copied @ spread
    copy_gain = np.sqrt(share) * 10 ** ((np.minimum(levels - found, _MOST_COPY_GAIN_DB) @ spread) / 20)
    noise_gain = np.sqrt(1 - share) * 10 ** ((levels @ spread) / 20)
    air: NDArray[np.complex64] = copy_gain * copy + noise_gain * noise[:, AIR_BEGIN:AIR_END]
    return air


def _levelled(apart: NDArray[np.complex64], whole: Floats, ratios: Floats) -> NDArray[np.complex64]:
    """The decorrelated sound with bands that stand at these ratios [windows, 9], in dB, to those of the whole."""
    wanted = ratios + decibels(whole @ width_bands()) - decibels(power(apart) @ width_bands())
    gain = 10 ** ((np.minimum(wanted, _MOST_GAIN_DB) @ spread_over_width()) / 20)
    gain[:, :_MIDDLE_BINS] = 0
    gain[:, AIR_END:] = 0
    side: NDArray[np.complex64] = apart * gain.astype(np.float32)
    return side


def _leaning(ratios: Floats) -> Floats:
    """Gains of bins with which two takes that have nothing in common stand at these ratios [windows, 9], in dB, panned
    apart by `TAKES_PAN`; beside their own width, of which so much is left as the mix leaves."""
    tilt, own = np.tan(TAKES_PAN * np.pi / 4), 1 - TAKES_PAN
    wanted = np.minimum(ratios + np.float32(_AROUND_DB + 10 * np.log10(1 - own**2) - 20 * np.log10(tilt)), 0)
    gain: Floats = (10 ** ((wanted @ spread_over_width()) / 20)).astype(np.float32)
    gain[:, :_LOW_BINS] = 0
    return gain


def _joined(spectrum: NDArray[np.complex64]) -> Floats:
    """The sound [(windows + 1) * HOP] of spectra [windows, BINS], overlapped and added."""
    frames = fft.irfft(spectrum, WINDOW, axis=1) * window()
    sound = np.zeros((len(frames) + 1, HOP), np.float32)
    sound[:-1] += frames[:, :HOP]
    sound[1:] += frames[:, HOP:]
    return sound.ravel()


def _decorrelated(sound: _Part, start: int, end: int) -> Floats:
    """The sound with every frequency turned to another phase and as loud as before."""
    before = sound.between(start - _ECHO + 1, end)
    size = fft.next_fast_len(len(before), real=True)
    turned: Floats = fft.irfft(fft.rfft(before, size) * fft.rfft(_decorrelator(), size), size)
    return turned[_ECHO - 1 : len(before)]


@cache
def _decorrelator() -> Floats:
    """Noise that dies away, made level at every frequency: its energy comes soon, so that strokes stay strokes."""
    random = np.random.default_rng(2018)
    noise = random.standard_normal(_ECHO) * np.exp(-np.arange(_ECHO) / (_ECHO / 6))
    for _ in range(20):  # between level in frequency and short in time
        spectrum = fft.rfft(noise, 2 * _ECHO)
        noise = fft.irfft(spectrum / np.abs(spectrum), 2 * _ECHO)[:_ECHO]
    return noise.astype(np.float32)


def _noise(start: int, windows: int, seed: int) -> Floats:
    """White noise of mean square 1 under so many windows: each sample is a function of seed and place alone."""
    frames = (windows - 1) * HOP + WINDOW
    generator = np.random.Philox(key=seed)
    generator.advance((start + _BEFORE) // _DRAWS)
    uniform = np.random.Generator(generator).random(frames)
    return ((uniform - 0.5) * math.sqrt(12)).astype(np.float32)
