"""release.json: the figures of a release for programs, and what was not as it should be when it was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import msgspec
import numpy as np
from msgspec.structs import asdict

from app.document.model import SONG_RATE, Release
from app.studio.audio.loudness import Measured, decibels, integrated
from app.studio.release.levels import Levels

_NAME = "release.json"


class _Facts(msgspec.Struct, frozen=True):
    """What is read again of release.json."""

    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Told:
    """What is to be said of a release once it is finished, in plain sentences.

    Attributes:
        problems: what is not as it should be.
        notes: what was done to the sound.
    """

    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def problems_of(release: Path) -> tuple[str, ...]:
    """What was not as it should be when a release was written, in plain sentences; none where that is not known."""
    return _facts(release).problems


def notes_of(release: Path) -> tuple[str, ...]:
    """What was done to the sound that its listener may want to know, in plain sentences."""
    return _facts(release).notes


def _facts(release: Path) -> _Facts:
    try:
        return msgspec.json.decode((release / _NAME).read_bytes(), type=_Facts)
    except (OSError, UnicodeError, msgspec.MsgspecError, RecursionError):
        return _Facts()


def write_record(
    place: Path,
    title: str,
    release: Release,
    levels: Levels,
    measured: Mapping[str, Sequence[Measured]],
    told: Told,
) -> None:
    """Writes the record into the folder of a release.

    Args:
        measured: what each song's file measures, in the order of the album, by format.

    Raises:
        OSError: it cannot be written.
    """
    facts = {
        "title": title,
        "artist": release.artist,
        **{name: value for name, value in asdict(release.facts).items() if value and name != "rights"},
        "made": date.today().isoformat(),
        "loudness": release.loudness,
        "each_song": levels.each_song,
        "gain_db": [round(gain, 2) for gain in levels.gains_db] if levels.each_song else round(levels.gains_db[0], 2),
        "limited": levels.limited,
        "notes": told.notes,
        "problems": told.problems,
        "formats": {name: _figures(files) for name, files in measured.items()},
    }
    (place / _NAME).write_bytes(msgspec.json.format(msgspec.json.encode(facts), indent=1))


def _figures(songs: Sequence[Measured]) -> dict[str, object]:
    return {
        "lufs": _rounded(integrated(songs)),
        "true_peak_db": _rounded(decibels(max(song.true_peak for song in songs))),
        "songs": [
            {
                "seconds": round(song.frames / SONG_RATE, 2),
                "lufs": _rounded(song.lufs),
                "true_peak_db": _rounded(decibels(song.true_peak)),
                "offset": round(song.offset, 5),
            }
            for song in songs
        ],
    }


def _rounded(value: float) -> float | None:
    return round(value, 2) if np.isfinite(value) else None
