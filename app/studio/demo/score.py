"""The demo band's score: who plays what at which step.

A piece is a form of parts. Drums are tabs, one sign per step (`x` a stroke, `.` none, `|` only for the eye), repeated
until the part is full. Guitar, bass and lead are words `NOTE[m]:STEPS` (`m` palm-muted, `r` a rest), also repeated.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

_SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_NOTE = re.compile(r"([A-G])([#b]?)(\d)(m?)")
_BEATS_PER_BAR = 4


@dataclass(frozen=True, slots=True)
class Note:
    """A note of the demo band, in steps from the beginning of its piece."""

    step: int
    steps: int
    key: int
    """MIDI key number."""
    muted: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A stroke on a drum, in steps from the beginning of its piece."""

    step: int
    drum: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the demo band, as its instruments play it."""

    title: str
    seed: int
    step_seconds: float
    bar_steps: int
    steps: int
    strokes: tuple[Stroke, ...]
    guitar: tuple[Note, ...]
    bass: tuple[Note, ...]
    lead: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """All that the demo band plays."""

    band: str
    album: str
    year: str
    pieces: tuple[Piece, ...]


def read_score() -> Score:
    """The score that comes with the program."""
    raw = json.loads(files("resources").joinpath("demo_band/score.json").read_text("utf-8"))
    pieces = tuple(_piece(piece) for piece in raw["pieces"])
    return Score(raw["band"], raw["album"], raw["year"], pieces)


def _piece(raw: dict[str, Any]) -> Piece:
    bar = _BEATS_PER_BAR * int(raw["steps_per_beat"])
    strokes: list[Stroke] = []
    voices: dict[str, list[Note]] = {"guitar": [], "bass": [], "lead": []}
    at = 0
    for name in raw["form"]:
        part = raw["parts"][name]
        steps = bar * int(part["bars"])
        for drum, tab in part.get("drums", {}).items():
            strokes += _strokes(drum, tab, at, steps)
        for voice, notes in voices.items():
            words = part.get(voice) or (part.get("guitar") if voice == "bass" else None)
            if words:
                notes += _notes(words, at, steps)
        at += steps
    return Piece(
        title=raw["title"],
        seed=int(raw["seed"]),
        step_seconds=60 / raw["tempo"] / raw["steps_per_beat"],
        bar_steps=bar,
        steps=at,
        strokes=tuple(sorted(strokes, key=lambda stroke: stroke.step)),
        guitar=tuple(voices["guitar"]),
        bass=tuple(voices["bass"]),
        lead=tuple(voices["lead"]),
    )


def _strokes(drum: str, tab: str, at: int, steps: int) -> list[Stroke]:
    signs = tab.replace("|", "")
    return [Stroke(at + step, drum) for step in range(steps) if signs[step % len(signs)] == "x"]


def _notes(words: str, at: int, steps: int) -> list[Note]:
    phrase = [_word(word) for word in words.replace("|", " ").split()]
    notes: list[Note] = []
    step = 0
    while step < steps:
        for key, muted, length in phrase:
            if key is not None and step < steps:
                notes.append(Note(at + step, min(length, steps - step), key, muted))
            step += length
    return notes


def _word(word: str) -> tuple[int | None, bool, int]:
    name, _, length = word.partition(":")
    if name == "r":
        return None, False, int(length)
    match = _NOTE.fullmatch(name)
    if match is None:
        raise ValueError(f"not a note: {word}")
    letter, sign, octave, muted = match.groups()
    key = 12 * (int(octave) + 1) + _SEMITONES[letter] + {"": 0, "#": 1, "b": -1}[sign]
    return key, bool(muted), int(length)
