"""Guides out of patterns: strokes around the album's mean levels, and notes where the pattern has any.

A stroke raises the bands that it is made of at once, and they fall again at its own pace; between strokes all bands lie
below the album's mean. A note is a softer stroke that stays until it ends, with partials above its pitch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.document.errors import UserError
from app.document.guide_choice import PATTERN_ENDINGS
from app.document.pattern import Pattern, PatternEvent, Stroke, decoded_pattern
from app.studio.guides.bars import Bars
from app.studio.guides.midi_file import LARGEST, pattern_of_midi
from app.studio.guides.repeating import bpm_repeated
from app.studio.guides.walker import loudness
from resources.files import LARGEST_JSON, read_whole
from resources.progress import Cancelled, never, stop_if
from samplernn.guides.framing import Floats
from samplernn.guides.guide import Guide
from samplernn.guides.notes import PEAK, PLACE, REST, SEMITONES, semitone_frequencies
from samplernn.guides.notes import PER_SECOND as NOTES_PER_SECOND
from samplernn.guides.strokes import BANDS, PER_SECOND, band_centres, over_frequencies

_FLOOR_DB, _STROKE_DB, _NOTE_DB = -14.0, 12.0, 8.0
"""Between strokes, of the strongest stroke, and of the strongest note where it begins, over the album's mean."""
_RISE_DB = 10.0
"""By so much a stroke is softer in the frame before it begins."""
_PICK_DB, _PICK_FALL = 5.0, 60.0
"""A note falls by so much after it begins, in dB, and how fast, in dB a second."""
_HELD_FALL, _ENDED_FALL = 6.0, 150.0
"""How fast a note falls while it is held, and once it has ended, in dB a second."""
_LOUDER_DB = 6.0
"""By so much at most a guide is brought to the album's level."""
_USUAL_DB = (-14.0, -40.0)
"""Mean levels of the lowest and the highest band where nothing is known of the album."""
_PARTIALS, _PARTIAL_DB = 12, 2.0
"""Of a note, and by how much each stands out less than the one below it."""
_PEAK_DB, _BESIDE_DB, _BARE_DB = 14.0, -10.0, -6.0
"""Over the band's level: the loudest partial of a note, what lies beside partials, and semitones without any."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a kind of stroke sounds.

    Bands from `low` to `high` Hz are the loudest. Those further down are softer by `below` dB an octave, those further
    up by `above`, none by more than `most`. All of them fall by `fall` dB a second.
    """

    low: float
    high: float
    below: float
    above: float
    most: float
    fall: float

    def shape(self) -> Floats:
        """Levels of the bands over the loudest one, [20] in dB."""
        centres = band_centres()
        down = self.below * np.log2(np.maximum(self.low / centres, 1)) + self.above * np.log2(
            np.maximum(centres / self.high, 1)
        )
        levels: Floats = -np.minimum(down, self.most).astype(np.float32)
        return levels


_KINDS: dict[Stroke, _Kind] = {
    "low": _Kind(30.0, 150.0, 6.0, 3.0, 13.0, 110.0),
    "mid": _Kind(250.0, 5000.0, 9.0, 3.0, 15.0, 150.0),
    "high": _Kind(5000.0, 8000.0, 6.0, 3.0, 30.0, 280.0),
}


def pattern_of_file(path: Path) -> Pattern:
    """A pattern from a MIDI file, or from JSON.

    Raises:
        UserError: it cannot be read, or is none.
    """
    try:
        raw = read_whole(path, max(LARGEST, LARGEST_JSON))
    except ValueError:
        raise UserError(f"“{path.name}” is no file, or too large for a beat.", "Choose another file.") from None
    except OSError as error:
        raise UserError.from_os_error(f"“{path.name}” cannot be read", error) from error
    if path.suffix.lower() == PATTERN_ENDINGS[-1]:
        return decoded_pattern(raw, path.name)
    return pattern_of_midi(raw, path.name)


def guide_of_pattern(
    pattern: Pattern, seconds: float, album: Bars, follow: float = 1.0, cancelled: Cancelled = never
) -> Guide:
    """A guide in which the pattern comes again and again for `seconds`; without notes where the pattern has none, so
    that the model finds its own.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    frames = max(round(seconds * PER_SECOND), 1)
    raised = np.full((frames, BANDS), _FLOOR_DB, np.float32)
    for at, event in _repeated(pattern, seconds):
        stop_if(cancelled)
        begin = round(at * PER_SECOND)
        levels = _levels(event, min(frames - begin, round(pattern.seconds * PER_SECOND) + 1))
        if begin > 0:
            np.maximum(raised[begin - 1], levels[0] - _RISE_DB, out=raised[begin - 1])
        np.maximum(raised[begin : begin + len(levels)], levels, out=raised[begin : begin + len(levels)])
    mean = album.mean if album.mean is not None else np.linspace(*_USUAL_DB, BANDS, dtype=np.float32)
    strokes: Floats = raised + mean
    if album.mean is not None:
        strokes += np.float32(np.clip(album.loudness - loudness(strokes), -_LOUDER_DB, _LOUDER_DB))
    notes = _notes(pattern, seconds, strokes, cancelled) if pattern.has_notes else None
    return Guide(strokes, pattern.name, notes, follow, bpm_repeated(pattern.bpm, pattern.seconds, seconds))


def _repeated(pattern: Pattern, seconds: float) -> Iterator[tuple[float, PatternEvent]]:
    """All events that begin within so many seconds, and when."""
    for number in range(int(np.ceil(seconds / pattern.seconds))):
        for event in pattern.events:
            at = number * pattern.seconds + event.at
            if round(at * PER_SECOND) < round(seconds * PER_SECOND):
                yield at, event


def _levels(event: PatternEvent, most: int) -> Floats:
    """Levels over the album's mean from the beginning of an event on until it has died away, [up to `most`, 20]."""
    strength = 20 * np.log10(event.strength)
    if event.stroke is not None:
        kind = _KINDS[event.stroke]
        loudest, longest = _STROKE_DB + strength, (_STROKE_DB - _FLOOR_DB) / kind.fall
    else:
        pitch = _frequency(event)
        kind = _Kind(0.9 * pitch, 4 * pitch, 12.0, 4.0, 20.0, 0.0)
        loudest, longest = _NOTE_DB + strength, event.seconds + (_NOTE_DB - _FLOOR_DB) / _ENDED_FALL
    times = np.arange(max(min(most, int(longest * PER_SECOND) + 1), 1), dtype=np.float32) / PER_SECOND
    over_time = loudest - kind.fall * times
    if event.stroke is None:
        over_time -= np.minimum(_PICK_FALL * times, _PICK_DB) + _HELD_FALL * times
        over_time -= _ENDED_FALL * np.maximum(times - event.seconds, 0)
    heard = max(int(np.searchsorted(-over_time, -_FLOOR_DB)), 1)
    levels: Floats = (over_time[:heard, None] + kind.shape()).astype(np.float32)
    return levels


def _frequency(event: PatternEvent) -> float:
    """In Hz."""
    return 440.0 * 2 ** (((event.pitch or 0) - 69) / 12)


def _notes(pattern: Pattern, seconds: float, strokes: Floats, cancelled: Cancelled) -> Floats:
    """Notes [frames, 62, 3] that stand out of the strokes by the same all along."""
    frequencies = semitone_frequencies()
    weights = over_frequencies(frequencies)
    count = max(round(seconds * NOTES_PER_SECOND), 1)
    moments = np.minimum(np.round(np.arange(count) / NOTES_PER_SECOND * PER_SECOND), len(strokes) - 1).astype(int)
    band = strokes[moments] @ weights
    notes = np.empty((count, SEMITONES, 3), np.float32)
    notes[:, :, PLACE] = frequencies
    notes[:, :, PEAK] = band + _BARE_DB
    notes[:, :, REST] = band + 2 * _BARE_DB
    numbers = np.arange(1, _PARTIALS + 1)
    for at, event in _repeated(pattern, seconds):
        stop_if(cancelled)
        if event.pitch is None:
            continue
        begin = min(round(at * NOTES_PER_SECOND), count - 1)
        held = min(event.seconds, pattern.seconds)  # then it begins again
        sounding = slice(begin, max(round((at + held) * NOTES_PER_SECOND), begin + 1))
        partials = numbers * _frequency(event)
        semitones = np.round(12 * np.log2(partials / frequencies[0])).astype(int)
        there = (semitones >= 0) & (semitones < SEMITONES)
        semitones = semitones[there]
        levels = band[sounding, semitones] + (_PEAK_DB - _PARTIAL_DB * (numbers[there] - 1)).astype(np.float32)
        louder = levels > notes[sounding, semitones, PEAK]
        notes[sounding, semitones, PLACE] = np.where(louder, partials[there], notes[sounding, semitones, PLACE])
        notes[sounding, semitones, PEAK] = np.where(louder, levels, notes[sounding, semitones, PEAK])
        notes[sounding, semitones, REST] = band[sounding, semitones] + _BESIDE_DB
    return notes
