"""What was recorded, beside what should have been heard."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.playback.sound_server import Stereo

_PROBE = 128
_LONGEST_HOLE = 44_100


@dataclass(frozen=True)
class Hole:
    """Silence where there should have been sound; what follows comes later by as much."""

    at: int
    frames: int


@dataclass(frozen=True)
class Comparison:
    """How a recording compares to a song.

    Attributes:
        same: frames that were recorded to the last bit.
        holes: where the device ran out of sound.
        sound: what was recorded of the song, without the holes.
    """

    same: int
    holes: tuple[Hole, ...]
    sound: Stereo


def compare(recorded: Stereo, song: Stereo) -> Comparison:
    """Looks for the whole song in a recording; it begins where the first sound does."""
    heard = np.flatnonzero(recorded.any(axis=1))
    begin = int(np.flatnonzero(song.any(axis=1))[0])
    at = int(heard[0]) - begin if len(heard) else 0
    pieces, holes, done = [song[:begin]], [], begin
    while done < len(song):
        there = recorded[at + done : at + len(song)]
        differ = np.flatnonzero((there != song[done : done + len(there)]).any(axis=1))
        same = int(differ[0]) if len(differ) else len(there)
        pieces.append(there[:same])
        done += same
        hole = _hole(recorded[at + done :], song[done : done + _PROBE])
        if not hole or done == len(song):
            break
        holes.append(Hole(done, hole))
        at += hole
    return Comparison(done, tuple(holes), np.concatenate(pieces))


def _hole(recorded: Stereo, expected: Stereo) -> int:
    """After how many frames of silence the song goes on as it should; 0 where it never does."""
    silent = recorded[:_LONGEST_HOLE].any(axis=1)
    most = int(np.argmax(silent)) if silent.any() else 0
    for frames in range(most, 0, -1):
        if np.array_equal(recorded[frames : frames + len(expected)], expected):
            return frames
    return 0
