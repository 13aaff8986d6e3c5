"""Patterns out of MIDI files: drums by the General MIDI map as strokes, all else as notes.

Of files whose tempo stays the same, empty bars at the beginning are left out, and the pattern is whole bars long, so
that it comes again in time.
"""

from __future__ import annotations

import io
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.document.errors import UserError
from app.document.model import BEATS_PER_BAR, FASTEST_BPM, SLOWEST_BPM
from app.document.pattern import LONGEST_SECONDS, Pattern, PatternEvent, Stroke

if TYPE_CHECKING:
    from mido import MidiFile

LARGEST = 2**20
"""Bytes: songs take a tenth of it."""
_DRUMS = 9
"""The channel of General MIDI that has drums, counted from 0."""
_LOW = frozenset((35, 36, 41, 43))
"""Kicks and floor toms; hi-hats, cymbals and what else rings or hisses; all others lie between."""
_HIGH = frozenset((42, 44, 46, 49, 51, 52, 53, 54, 55, 57, 59, 69, 70, 71, 72, 80, 81))
_HOURS_OF_TICKS = 2**31
_NO_NUMBER = re.compile(rb"[\x80-\xff]{4096}")
"""Numbers in MIDI files go on while bytes are that high; one of such a length would be read for minutes."""
_USUAL_TEMPO = 500_000
"""Microseconds to a beat where a file says nothing."""
_LAST_SECONDS = 0.25
"""A pattern without bars ends at least so long after its last event begins."""
_NEAR = 0.02
"""By so much of a bar an event may lie before it and count as in it, and a note may reach over its end."""


@dataclass(frozen=True, slots=True)
class _Timed:
    seconds: float
    message: Any
    """Of mido."""


def pattern_of_midi(raw: bytes, name: str) -> Pattern:
    """The notes and strokes of a MIDI file of format 0, 1 or 2, up to ten minutes; `name` is what the file is called.

    Of format 2, whose tracks are pieces of their own, the first one that has notes is taken.

    Raises:
        UserError: it is damaged, too large, empty, or goes at no tempo that there is.
    """
    other = "Choose another file."
    if len(raw) > LARGEST:
        raise UserError(f"“{name}” is larger than any song in MIDI, which takes up to 1 MB.", other)
    try:
        file = _read(raw)
        tracks = [_with_ticks(track) for track in file.tracks]
    except Exception:  # mido raises whatever comes of damaged bytes
        raise UserError(f"“{name}” is damaged, or no MIDI file.", other) from None
    if file.type == 2:
        tracks = [next((track for track in tracks if any(_is_note(each) for _, each in track)), [])]
    messages = sorted((each for track in tracks for each in track), key=lambda each: each[0])
    tempos = _tempos(messages)
    if any(not SLOWEST_BPM <= 6e7 / max(tempo, 1) <= FASTEST_BPM for tempo in tempos) and file.ticks_per_beat > 0:
        raise UserError(
            f"“{name}” goes at a tempo that no music has: it must lie between {SLOWEST_BPM:.0f} and "
            f"{FASTEST_BPM:.0f} beats a minute.",
            other,
        )
    try:
        timed = list(_timed(messages, file.ticks_per_beat))
    except (ArithmeticError, ValueError):
        raise UserError(f"“{name}” is damaged: nobody can tell when its notes are.", other) from None
    events = _events(timed)
    if not events:
        raise UserError(f"“{name}” has no notes and no strokes.", other)
    steady = tempos[0] if len(tempos) == 1 and file.ticks_per_beat > 0 else None
    try:
        return _pattern(name, events, None if steady is None else 6e7 / steady, _beats_per_bar(timed))
    except ValueError:
        raise UserError(f"“{name}” has more notes than a guide can take.", other) from None


def _read(raw: bytes) -> MidiFile:
    from mido import MidiFile

    if _NO_NUMBER.search(raw):
        raise ValueError("a number without end")
    return MidiFile(file=io.BytesIO(raw), clip=True)


def _with_ticks(track: Iterable[Any]) -> list[tuple[int, Any]]:
    """Messages with the ticks at which they come."""
    ticks, found = 0, []
    for message in track:
        ticks += message.time
        if ticks > _HOURS_OF_TICKS:
            break
        found.append((ticks, message))
    return found


def _is_note(message: Any) -> bool:
    return bool(message.type == "note_on" and message.velocity > 0)


def _tempos(messages: list[tuple[int, Any]]) -> list[int]:
    """All tempos at which there are notes, in microseconds to a beat, without repeats."""
    now, found = _USUAL_TEMPO, []
    for _, message in messages:
        if message.type == "set_tempo":
            now = message.tempo
        elif _is_note(message):
            found.append(now)
    return list(dict.fromkeys(found)) or [_USUAL_TEMPO]


def _timed(messages: list[tuple[int, Any]], ticks_per_beat: int) -> Iterator[_Timed]:
    """Messages with the seconds at which they come, up to the longest time that is taken.

    A negative number of ticks says how many frames a second there are, and how many ticks to each (SMPTE).

    Raises:
        ValueError: the file has no ticks.
    """
    per_second = 0.0
    if ticks_per_beat < 0:
        frames = -(ticks_per_beat >> 8)
        per_second = (30 / 1.001 if frames == 29 else frames) * (ticks_per_beat & 0xFF)
    if not per_second and ticks_per_beat <= 0:
        raise ValueError("no ticks")
    tempo, seconds, before = _USUAL_TEMPO, 0.0, 0
    for ticks, message in messages:
        passed = ticks - before
        seconds += passed / per_second if per_second else passed * tempo / (1e6 * ticks_per_beat)
        before = ticks
        if seconds >= LONGEST_SECONDS:
            return
        yield _Timed(seconds, message)
        if message.type == "set_tempo":
            tempo = message.tempo


def _events(timed: list[_Timed]) -> list[PatternEvent]:
    """Strokes and notes in the order of their times; a note that is never ended sounds until the last message."""
    events: list[PatternEvent] = []
    sounding: defaultdict[tuple[int, int], list[_Timed]] = defaultdict(list)

    def end(key: tuple[int, int], at: float) -> None:
        begun = sounding[key].pop(0)
        events.append(_note(begun, at))

    for each in timed:
        message = each.message
        if message.type not in ("note_on", "note_off"):
            continue
        key = (message.channel, message.note)
        if not _is_note(message):
            if sounding[key]:
                end(key, each.seconds)
        elif message.channel == _DRUMS:
            events.append(PatternEvent(at=each.seconds, stroke=_stroke(message.note), strength=message.velocity / 127))
        else:
            sounding[key].append(each)
    for key, left in sounding.items():
        while left:
            end(key, timed[-1].seconds)
    return sorted(events, key=lambda event: event.at)


def _note(begun: _Timed, end: float) -> PatternEvent:
    message = begun.message
    return PatternEvent(
        at=begun.seconds, pitch=message.note, seconds=end - begun.seconds, strength=message.velocity / 127
    )


def _stroke(drum: int) -> Stroke:
    return "low" if drum in _LOW else "high" if drum in _HIGH else "mid"


def _beats_per_bar(timed: list[_Timed]) -> float:
    """By the first time signature, in quarter notes; what is shorter than one of them is none."""
    for each in timed:
        if each.message.type == "time_signature":
            beats = float(4 * each.message.numerator / each.message.denominator)
            if beats >= 1:
                return beats
    return float(BEATS_PER_BAR)


def _pattern(name: str, events: list[PatternEvent], bpm: float | None, beats_per_bar: float) -> Pattern:
    first, last = events[0].at, events[-1].at
    end = max(event.at + event.seconds for event in events)
    if bpm is None:
        start, length = first, max(end, last + _LAST_SECONDS) - first
    else:
        bar = beats_per_bar * 60 / bpm
        start = math.floor(first / bar + _NEAR) * bar
        length = max(math.floor((last - start) / bar + _NEAR) + 1, math.ceil((end - start) / bar - _NEAR)) * bar
    length = min(length, LONGEST_SECONDS)
    moved = tuple(_moved(event, start) for event in events if event.at - start < length)
    return Pattern(name=name, seconds=length, events=moved, bpm=bpm)


def _moved(event: PatternEvent, start: float) -> PatternEvent:
    return PatternEvent(
        at=max(event.at - start, 0.0),
        stroke=event.stroke,
        pitch=event.pitch,
        seconds=event.seconds,
        strength=event.strength,
    )
