"""release.json: the figures of a release for programs, and what was not as it should be when it was written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import msgspec
import numpy as np

from app.document.model import SONG_RATE
from app.studio.audio.limiter import Mastering
from app.studio.audio.loudness import Measured, decibels, integrated

_NAME = "release.json"


class _Facts(msgspec.Struct, frozen=True):
    """What is read again of release.json."""

    problems: tuple[str, ...] = ()


def problems_of(release: Path) -> tuple[str, ...]:
    """What was not as it should be when a release was written, in plain sentences; none where that is not known."""
    try:
        return msgspec.json.decode((release / _NAME).read_bytes(), type=_Facts).problems
    except (OSError, UnicodeError, msgspec.MsgspecError, RecursionError):
        return ()


def write_record(
    place: Path,
    title: str,
    artist: str,
    mastering: Mastering,
    measured: Mapping[str, Sequence[Measured]],
    problems: Iterable[str],
) -> None:
    """Writes the record into the folder of a release.

    Args:
        measured: what each song's file measures, in the order of the album, by format.
        problems: plain sentences.

    Raises:
        OSError: it cannot be written.
    """
    facts = {
        "title": title,
        "artist": artist,
        "made": date.today().isoformat(),
        "gain_db": round(mastering.gain_db, 2),
        "limited": mastering.limited,
        "problems": list(problems),
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
