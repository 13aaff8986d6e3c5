"""Patterns: what one can be, and that its JSON gives it back; whatever else comes as JSON is refused in a sentence."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.document.errors import UserError
from app.document.model import FASTEST_BPM, SLOWEST_BPM
from app.document.pattern import (
    LONGEST_SECONDS,
    MOST_EVENTS,
    Pattern,
    PatternEvent,
    decoded_pattern,
    encoded_pattern,
)

STROKES = st.sampled_from(["low", "mid", "high"])
STRENGTHS = st.floats(0.0, 1.0, exclude_min=True)


@st.composite
def patterns(draw: st.DrawFn) -> Pattern:
    seconds = draw(st.floats(0.1, LONGEST_SECONDS))
    times = st.floats(0.0, seconds, exclude_max=True)
    strokes = st.builds(PatternEvent, at=times, stroke=STROKES, strength=STRENGTHS)
    notes = st.builds(
        PatternEvent, at=times, pitch=st.integers(0, 127), seconds=st.floats(0, LONGEST_SECONDS), strength=STRENGTHS
    )
    return Pattern(
        name=draw(st.sampled_from(["the beat you drew", "kick.mid", "Ænima 7"])),
        seconds=seconds,
        events=tuple(draw(st.lists(strokes | notes, min_size=1, max_size=20))),
        bpm=draw(st.none() | st.floats(SLOWEST_BPM, FASTEST_BPM)),
    )


@settings(max_examples=100, deadline=None)
@given(pattern=patterns())
def test_json_gives_it_back(pattern: Pattern) -> None:
    assert decoded_pattern(encoded_pattern(pattern), "x.json") == pattern


def valid() -> dict[str, Any]:
    return {"name": "beat", "seconds": 2.0, "bpm": 120.0, "events": [{"at": 0.0, "stroke": "low"}]}


def test_a_file_without_a_name_has_that_of_the_file() -> None:
    for name in ("", " \n"):
        assert decoded_pattern(json.dumps({**valid(), "name": name}).encode(), "kick.json").name == "kick.json"
    assert decoded_pattern(json.dumps({**valid(), "name": "a\nb"}).encode(), "kick.json").name == "a b"


@pytest.mark.parametrize(
    "change",
    [
        {"seconds": 0.0}, {"seconds": -1.0}, {"seconds": 1e9}, {"seconds": math.nan}, {"seconds": math.inf},
        {"seconds": "2"}, {"bpm": math.nan}, {"bpm": 0.0}, {"bpm": 1e6}, {"events": []}, {"events": None},
        {"events": [{"at": 0.0}]},
        {"events": [{"at": 0.0, "stroke": "low", "pitch": 60}]},
        {"events": [{"at": 0.0, "stroke": "crash"}]},
        {"events": [{"at": 0.0, "pitch": 128}]},
        {"events": [{"at": 0.0, "pitch": -1}]},
        {"events": [{"at": 2.0, "stroke": "low"}]},
        {"events": [{"at": -0.1, "stroke": "low"}]},
        {"events": [{"at": math.nan, "stroke": "low"}]},
        {"events": [{"at": 0.0, "stroke": "low", "strength": 0.0}]},
        {"events": [{"at": 0.0, "stroke": "low", "strength": math.nan}]},
        {"events": [{"at": 0.0, "stroke": "low", "strength": 2}]},
        {"events": [{"at": 0.0, "pitch": 60, "seconds": math.nan}]},
        {"events": [{"at": 0.0, "stroke": "low"}] * (MOST_EVENTS + 1), "seconds": 600.0},
        {"events": [{"at": 0.0, "stroke": "low"}] * 1000},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(UserError, match=r"“x.json” is no pattern"):
        decoded_pattern(json.dumps({**valid(), **change}).encode(), "x.json")


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 100_000])
def test_what_is_no_json_is_refused(raw: bytes) -> None:
    with pytest.raises(UserError, match="no pattern"):
        decoded_pattern(raw, "x.json")


@settings(max_examples=100, deadline=None)
@given(pattern=patterns(), place=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_a_damaged_one_is_a_pattern_or_refused(pattern: Pattern, place: int, byte: int) -> None:
    raw = bytearray(encoded_pattern(pattern))
    raw[place % len(raw)] = byte
    with suppress(UserError):
        found = decoded_pattern(bytes(raw), "x.json")
        assert msgspec.json.decode(encoded_pattern(found), type=Pattern) == found
