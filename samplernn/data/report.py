"""The report of a dataset: what became of each track, and what the artist should know of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from samplernn.audio.media_fragment import display_name
from samplernn.data.split import Part

MOSTLY_SILENCE = "mostly silence"
VERY_SHORT = "very short"
CLIPPED = "clipped"
VERY_SHORT_SECONDS = 10.0
MUCH_CLIPPED = 0.01
"""Share of samples at full scale from which a track is called clipped."""


class TrackReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one track."""

    path: str
    seconds: float
    """Of sound that was kept."""
    silence_removed: float
    """In seconds."""
    loudness_db: float
    bandwidth: float
    """In Hz."""
    width: float = 0.0
    """Of the stereo picture, 0 for mono; see `WidthMeter`."""
    warnings: tuple[str, ...] = ()
    """Plain remarks, e.g. "mostly silence"."""


class DatasetReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the album; kept in the index of its dataset."""

    rate: int
    seconds: float
    """Of sound that was kept."""
    silence_removed: float
    """In seconds."""
    chunks: dict[Part, int]
    """Number of 8-second chunks in each part."""
    tracks: tuple[TrackReport, ...]
    consistent: bool
    """Whether all tracks seem to be of one production."""
    why: tuple[str, ...] = ()
    """What sets the tracks apart where they are not, in plain sentences."""
    reused: bool = False
    """True where the dataset was there already."""
    missing: tuple[str, ...] = ()
    """Tracks that are not where they were; what was prepared of them is enough."""

    @property
    def warnings(self) -> tuple[tuple[str, str], ...]:
        """(file name, remark) for every remark on a track."""
        return tuple((display_name(Path(track.path)), warning) for track in self.tracks for warning in track.warnings)


def track_warnings(seconds: float, sounding: float, clipped: float) -> Iterator[str]:
    """What the artist should know of a track, in plain words.

    Args:
        seconds: its length.
        sounding: how much of that is not silent.
        clipped: the share of its samples that is at full scale.
    """
    if sounding < 0.5 * seconds:
        yield MOSTLY_SILENCE
    if seconds < VERY_SHORT_SECONDS:
        yield VERY_SHORT
    if clipped > MUCH_CLIPPED:
        yield CLIPPED
