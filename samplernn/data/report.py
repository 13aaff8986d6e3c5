"""What became of an album when it was prepared for the model."""

from __future__ import annotations

from pathlib import Path

import msgspec

from samplernn.audio.media_fragment import shown_name
from samplernn.data.split import Part


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
    """What became of the album."""

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
        return tuple((shown_name(Path(track.path)), warning) for track in self.tracks for warning in track.warnings)
