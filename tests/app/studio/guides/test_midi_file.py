"""MIDI files as patterns: formats 0 to 2, running status, tempos; and whatever is damaged gets a sentence."""

from __future__ import annotations

import io
import random
import struct
from collections.abc import Sequence
from pathlib import Path

import mido
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.document.errors import UserError
from app.document.pattern import Pattern, decoded_pattern, encoded_pattern
from app.studio.guides.midi_file import LARGEST, pattern_of_midi
from app.studio.guides.pattern_guide import pattern_of_file

Heard = list[tuple[float, str | int | None, float]]
META = mido.MetaMessage
TICKS = 480


def note(channel: int, pitch: int, time: int = 0, velocity: int = 127) -> mido.Message:
    return mido.Message("note_on", channel=channel, note=pitch, velocity=velocity, time=time)


def off(channel: int, pitch: int, time: int = 0) -> mido.Message:
    return mido.Message("note_off", channel=channel, note=pitch, time=time)


def written(*tracks: Sequence[mido.Message], kind: int = 1, ticks: int = TICKS) -> bytes:
    file = mido.MidiFile(type=kind, ticks_per_beat=ticks)
    for messages in tracks:
        file.tracks.append(mido.MidiTrack(messages))
    into = io.BytesIO()
    file.save(file=into)
    return into.getvalue()


def heard(pattern: Pattern) -> Heard:
    return [(round(event.at, 4), event.stroke or event.pitch, round(event.seconds, 4)) for event in pattern.events]


def beat(bpm: float = 120.0, before: int = 0) -> list[mido.Message]:
    """A bar of kick, hi-hat, snare and hi-hat, on each beat."""
    made = [META("set_tempo", tempo=round(6e7 / bpm))]
    for number, drum in enumerate((36, 42, 38, 46)):
        made += [note(9, drum, before if not number else TICKS // 2), off(9, drum, TICKS // 2)]
    return made


RIFF = [note(0, 40, 0), off(0, 40, TICKS), note(0, 43, 0, 64), note(0, 43, TICKS, 0)]
BEAT: Heard = [(0.0, "low", 0.0), (0.5, "high", 0.0), (1.0, "mid", 0.0), (1.5, "high", 0.0)]


def test_drums_are_strokes_and_the_rest_notes() -> None:
    pattern = pattern_of_midi(written(beat(), RIFF), "kick.mid")
    assert (pattern.name, pattern.seconds, pattern.bpm) == ("kick.mid", 2.0, 120.0)
    assert heard(pattern) == sorted([*BEAT, (0.0, 40, 0.5), (0.5, 43, 0.5)], key=lambda each: each[0])
    assert [round(event.strength * 127) for event in pattern.events if event.pitch] == [127, 64]


@pytest.mark.parametrize("kind", [0, 1, 2])
def test_all_three_formats(kind: int) -> None:
    tracks = [[META("track_name", name="ü")], beat(), RIFF] if kind == 2 else [beat()]
    assert heard(pattern_of_midi(written(*tracks, kind=kind), "x.mid")) == BEAT


def test_running_status() -> None:
    """Bytes by hand: a note, and its end and another one without a status byte of their own."""
    track = b"\x00\x99\x24\x7f" + b"\x60\x24\x00" + b"\x00\x26\x40" + b"\x60\x26\x00" + b"\x00\xff\x2f\x00"
    raw = b"MThd" + struct.pack(">Lhhh", 6, 0, 1, 96) + b"MTrk" + struct.pack(">L", len(track)) + track
    assert heard(pattern_of_midi(raw, "x.mid")) == [(0.0, "low", 0.0), (0.5, "mid", 0.0)]


def test_empty_bars_are_left_out_and_the_rest_is_whole_bars() -> None:
    pattern = pattern_of_midi(written(beat(90.0, before=9 * TICKS)), "x.mid")
    assert pattern.bpm == pytest.approx(90.0, abs=0.01)
    assert pattern.seconds == pytest.approx(8 * 60 / 90, abs=0.001)  # it begins on the second beat of the third bar
    assert pattern.events[0].at == pytest.approx(60 / 90, abs=0.001)


@settings(max_examples=60, deadline=None)
@given(
    struck=st.lists(st.tuples(st.integers(0, 7 * TICKS), st.integers(35, 81)), min_size=1, max_size=30, unique=True),
    bpm=st.integers(40, 240), kind=st.integers(0, 2), split=st.integers(1, 3),
)  # fmt: skip
def test_any_strokes_are_where_they_were_written(
    struck: list[tuple[int, int]], bpm: int, kind: int, split: int
) -> None:
    struck = sorted([(0, 36), *struck] if (0, 36) not in struck else struck)
    tracks = []
    for part in range(split if kind == 1 else 1):
        before, messages = 0, [META("set_tempo", tempo=round(6e7 / bpm))]
        for ticks, drum in struck[part :: split if kind == 1 else 1]:
            messages.append(note(9, drum, ticks - before))
            before = ticks
        tracks.append(messages)
    pattern = pattern_of_midi(written(*tracks, kind=kind), "x.mid")
    times = [event.at * bpm / 60 * TICKS for event in pattern.events]
    assert times == pytest.approx([ticks for ticks, _ in struck], abs=0.5)
    assert pattern.bpm == pytest.approx(bpm, rel=1e-4)
    bars = pattern.seconds * bpm / 60 / 4
    assert bars == pytest.approx(round(bars), abs=0.01)


def test_a_bar_may_have_three_beats() -> None:
    pattern = pattern_of_midi(written([META("time_signature", numerator=3, denominator=4), *RIFF]), "x.mid")
    assert pattern.seconds == pytest.approx(1.5)


def test_a_tempo_that_changes_is_followed() -> None:
    track = [*beat(120.0), META("set_tempo", tempo=1_000_000), note(9, 36, 0), note(9, 36, TICKS)]
    pattern = pattern_of_midi(written(track), "x.mid")
    assert pattern.bpm is None
    assert [event.at for event in pattern.events[-2:]] == [
        1.75,
        2.75,
    ]  # the last stroke ends half a beat before the bar


def test_frames_instead_of_beats() -> None:
    """25 frames of 40 ticks a second: a tick is a millisecond, whatever the tempo."""
    raw = bytearray(written([META("set_tempo", tempo=1), note(9, 36, 250), note(9, 38, 1000)]))
    raw[12:14] = struct.pack(">bB", -25, 40)
    pattern = pattern_of_midi(bytes(raw), "x.mid")
    assert (heard(pattern), pattern.bpm) == ([(0.0, "low", 0.0), (1.0, "mid", 0.0)], None)


def test_notes_without_an_end_sound_to_the_end() -> None:
    pattern = pattern_of_midi(written([note(0, 60), note(0, 64, TICKS), off(0, 64, TICKS)]), "x.mid")
    assert heard(pattern) == [(0.0, 60, 1.0), (0.5, 64, 0.5)]


def test_what_begins_after_ten_minutes_is_left_out() -> None:
    pattern = pattern_of_midi(
        written([note(9, 36), note(9, 36, 2 * 590 * TICKS), note(9, 36, 2 * 90 * TICKS)]), "x.mid"
    )
    assert len(pattern.events) == 2


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "damaged"),
        (b"RIFF" + b"\x00" * 100, "damaged"),
        (written([]), "no notes"),
        (written([note(9, 36, 0, 0)]), "no notes"),
        (written([note(9, 36, 2 * 700 * TICKS)]), "no notes"),
        (written([note(9, 36)], ticks=0), "nobody can tell"),
        (written(beat(3.6)), "tempo"),
        (written([META("set_tempo", tempo=0), *RIFF]), "tempo"),
        (written([META("set_tempo", tempo=1), *RIFF]), "tempo"),
        (written([note(9, 36, 1 if place % 100 == 0 else 0) for place in range(60_000)]), "more notes"),
        (b"\x00" * (LARGEST + 1), "1 MB"),
        (b"MThd" + struct.pack(">Lhhh", 6, 0, 1, 96) + b"MTrk\x00\x0f\xff\xff" + b"\xff" * (LARGEST - 64), "damaged"),
    ],
    ids=["empty", "no MIDI", "no track", "only ends", "too late", "no ticks", "slow", "endless", "fast", "too many",
         "large", "a number without end"],
)  # fmt: skip
def test_what_cannot_be_taken_gets_a_sentence(raw: bytes, says: str) -> None:
    with pytest.raises(UserError, match=says) as problem:
        pattern_of_midi(raw, "x.mid")
    assert "\n" not in str(problem.value)
    assert "x.mid" in str(problem.value)


def test_files_are_taken_by_their_ending(tmp_path: Path) -> None:
    midi, plain = tmp_path / "Kick.MID", tmp_path / "kick.json"
    midi.write_bytes(written(beat()))
    pattern = pattern_of_file(midi)
    plain.write_bytes(encoded_pattern(pattern))
    assert pattern_of_file(plain) == pattern == decoded_pattern(plain.read_bytes(), "x")
    (tmp_path / "folder.mid").mkdir()
    (tmp_path / "large.mid").write_bytes(b"MThd" + bytes(10 * 2**20))
    for name, says in (
        ("gone.mid", "gone.mid"), ("folder.mid", "is no file"), ("large.mid", "too large"), ("Kick.MID", "no pattern")
    ):  # fmt: skip
        path = tmp_path / name
        if name == "Kick.MID":
            path = path.rename(tmp_path / "midi.json")
        with pytest.raises(UserError, match=says):
            pattern_of_file(path)


@pytest.mark.parametrize("seed", range(4))
def test_damaged_files_are_patterns_or_get_a_sentence(seed: int) -> None:
    """A hundred each: cut off, bytes changed, put in or taken out."""
    chance = random.Random(seed)
    tracks = [[META("track_name", name="a"), *beat()], RIFF]
    whole = written(*tracks, kind=1 + seed % 2) if seed else written(tracks[0], kind=0)
    refused: list[str] = []
    for _ in range(100):
        raw = bytearray(whole)
        for _ in range(chance.choice((1, 1, 2, 8))):
            place = chance.randrange(len(raw))
            what = chance.choice(("cut", "change", "put in", "take out"))
            if what == "cut":
                del raw[max(place, 1) :]
            elif what == "change":
                raw[place] = chance.choice((0, 0x7F, 0x80, 0xFF, chance.randrange(256)))
            elif what == "put in":
                raw[place:place] = chance.randbytes(chance.choice((1, 4, 40)))
            elif len(raw) > 1:
                del raw[place]
        try:
            pattern = pattern_of_midi(bytes(raw), "x.mid")
        except UserError as problem:
            refused.append(str(problem))
        else:
            assert decoded_pattern(encoded_pattern(pattern), "x.mid") == pattern
    assert 20 < len(refused) < 100
    assert all("x.mid" in words and "\n" not in words for words in refused)
