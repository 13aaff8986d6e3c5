"""The measures of a clip: of every four seconds of it, what they are like beside the album."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import sosfilt

from app.studio.analysis.onsets import STEPS_PER_SECOND as ONSETS_PER_SECOND
from app.studio.analysis.onsets import Strength, strength_of_blocks
from app.studio.analysis.tempo import tempo_of
from app.studio.audio.k_weighting import k_weighting, lufs_of
from app.studio.measures.album import SECTION_SECONDS, AlbumReference
from app.studio.measures.features import features_of
from app.studio.measures.measured import ClipMeasures, CopiedStretch, MeasuredSection
from app.studio.measures.rhythm import PER_SECOND, Values, onset_strength, pulse_of
from app.studio.measures.spectra import FRAMES_PER_SECOND, RATE, Floats, Spectra, spectra_of
from app.studio.measures.stuck import STEPS_PER_SECOND, Movement, longest_stretch, movement_of, stuck_kinds
from resources.progress import Cancelled, never, stop_if
from samplernn.audio.reading import mono_blocks, open_sound

SHORTEST_SECONDS = 1.0
"""A clip that is shorter has no measures."""
_STRETCH_SECONDS = 64.0
"""Longer clips are measured in stretches of this length, so that none takes more memory."""
_AROUND_SECONDS = 8.0
"""Pulse and tempo are heard in this much around the middle of a section."""
_QUIETEST = 1e-10


def measure_clip(path: Path, album: AlbumReference, cancelled: Cancelled = never) -> ClipMeasures:
    """Listens to a clip once.

    Raises:
        SoundError: where the file holds no sound that can be read.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    with open_sound(path, cancelled) as stream:
        return measure_sound(mono_blocks(stream.blocks(cancelled), stream.info.rate, RATE), album, cancelled)


def measure_sound(blocks: Iterable[Floats], album: AlbumReference, cancelled: Cancelled = never) -> ClipMeasures:
    """As `measure_clip`, of sound that comes in blocks of any length, float32 [n] at 16 kHz."""
    sections: list[MeasuredSection] = []
    kinds: list[NDArray[np.int8]] = []
    begin = 0.0
    for sound in _in_stretches(blocks):
        stop_if(cancelled)
        stretch = _Stretch(sound, begin, album)
        sections += stretch.sections()
        kinds.append(stretch.kinds)
        begin += len(sound) / RATE
    return ClipMeasures(tuple(sections), longest_stretch(np.concatenate([np.zeros(0, np.int8), *kinds])))


def _in_stretches(blocks: Iterable[Floats]) -> Iterator[Floats]:
    """Of about a minute; the last one has up to half as much again, so that no short rest is left."""
    whole = round(_STRETCH_SECONDS * RATE)
    waiting, held = [np.zeros(0, np.float32)], 0
    for block in blocks:
        waiting.append(block)
        held += len(block)
        while held >= whole * 3 // 2:
            sound = np.concatenate(waiting)
            yield sound[:whole]
            waiting, held = [sound[whole:]], held - whole
    if held >= SHORTEST_SECONDS * RATE:
        yield np.concatenate(waiting)


class _Stretch:
    """Up to a minute and a half of a clip, and all that is looked at in it.

    Args:
        begin: second of the clip at which it begins.
    """

    def __init__(self, sound: Floats, begin: float, album: AlbumReference) -> None:
        self._begin, self._album = begin, album
        self._dc = float(sound.mean(dtype=np.float64))
        self._sound = sound
        self._heard = sound - np.float32(self._dc)
        self._spectra: Spectra = spectra_of(self._heard)
        self._strength: Values = onset_strength(self._heard)
        self._onsets: Strength = strength_of_blocks([self._heard])
        self._weighted = np.square(sosfilt(k_weighting(RATE), self._heard))
        self._movement: Movement = movement_of(self._spectra, self._heard)
        self._copies = album.copies.found(self._heard, self._spectra.tones)
        self.kinds = stuck_kinds(self._movement, album.change_limit, album.spread_limit)

    def sections(self) -> list[MeasuredSection]:
        seconds = len(self._sound) / RATE
        count = max(round(seconds / SECTION_SECONDS), 1)
        edges = np.arange(count + 1) * (seconds / count)
        rows = np.stack([self._features(*ends) for ends in itertools.pairwise(edges)])
        rows = self._album.closeness.standardised(rows)
        closeness = self._album.closeness.of(rows)
        return [self._section(float(edges[k]), float(edges[k + 1]), rows[k], float(closeness[k])) for k in range(count)]

    def _features(self, start: float, end: float) -> Floats:
        part = self._strength[round(start * PER_SECOND) : round(end * PER_SECOND)]
        return features_of(self._spectra.between(start, end), part)

    def _section(self, start: float, end: float, features: Floats, closeness: float) -> MeasuredSection:
        first, last = round(start * RATE), round(end * RATE)
        frames = slice(round(start * FRAMES_PER_SECOND), round(end * FRAMES_PER_SECOND))
        power = (10 ** (self._spectra.mel[frames] / 10)).sum(axis=1)
        power = power + _QUIETEST
        near, far = self._around((start + end) / 2)
        tempo = tempo_of(self._onsets[round(near * ONSETS_PER_SECOND) : round(far * ONSETS_PER_SECOND)])
        return MeasuredSection(
            start_seconds=self._begin + start,
            seconds=end - start,
            features=features,
            closeness=closeness,
            moving=self._moving(start, end),
            copied=self._copied(start, end),
            pulse=max(pulse_of(self._strength[round(near * PER_SECOND) : round(far * PER_SECOND)]), 0.0),
            tempo=None if tempo is None else tempo.bpm,
            loudness=lufs_of(max(float(self._weighted[first:last].mean()), _QUIETEST)),
            brightness=float((self._spectra.centroid[frames] * power).sum() / power.sum()),
            dc=float(self._sound[first:last].mean(dtype=np.float64)),
        )

    def _around(self, middle: float) -> tuple[float, float]:
        """From and to which second pulse and tempo are heard."""
        longest = len(self._sound) / RATE
        start = min(max(middle - _AROUND_SECONDS / 2, 0.0), max(longest - _AROUND_SECONDS, 0.0))
        return start, min(start + _AROUND_SECONDS, longest)

    def _moving(self, start: float, end: float) -> float:
        steps = slice(round(start * STEPS_PER_SECOND), max(round(end * STEPS_PER_SECOND), 1))
        stuck = float((self.kinds[steps] >= 0).mean())
        change = float(np.median(self._movement.change[steps])) / max(self._album.change, 1e-6)
        spread = float(np.median(self._movement.spread[steps])) / max(self._album.spread, 1e-6)
        return (1.0 - stuck) * min(change, spread, 1.0)

    def _copied(self, start: float, end: float) -> CopiedStretch | None:
        """The first of the longest stretches of which a second or a quarter of the section is."""
        for copy in self._copies:
            inside = min(copy.clip_seconds + copy.seconds, end) - max(copy.clip_seconds, start)
            if inside >= min(1.0, (end - start) / 4):
                return replace(copy, clip_seconds=self._begin + copy.clip_seconds)
        return None
