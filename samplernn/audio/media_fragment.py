"""A fragment of a sound file, named by its path: "Slow Rust.flac#t=8,16" is from the 8th to the 16th second.

The way of writing is that of W3C Media Fragments (https://www.w3.org/TR/media-frags/#naming-time). So a track that is a
part of a file, as a cue sheet tells, is a path like every other, for whatever reads, keeps or compares tracks.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

from resources.files import is_there

_FRAGMENT = re.compile(r"(?P<name>.+)#t=(?P<start>\d{1,6}(?:\.\d{1,6})?)(?:,(?P<end>\d{1,6}(?:\.\d{1,6})?))?")


@dataclass(frozen=True)
class MediaFragment:
    """Where in which file, in seconds; `end` is infinite where it goes on to the end of the file."""

    file: Path
    start: float = 0.0
    end: float = math.inf

    @property
    def is_part(self) -> bool:
        """Whether this is less than the whole file."""
        return self.start > 0 or self.end < math.inf

    @property
    def path(self) -> Path:
        """As `fragment_of` reads it."""
        if not self.is_part:
            return self.file
        end = f",{_seconds(self.end)}" if self.end < math.inf else ""
        return self.file.with_name(f"{self.file.name}#t={_seconds(self.start)}{end}")


def fragment_of(path: Path) -> MediaFragment:
    """The fragment that a path tells; the whole file where it tells none, or there is a file of that very name."""
    match = _FRAGMENT.fullmatch(path.name)
    if match is None or is_there(path):
        return MediaFragment(path)
    start, end = float(match["start"]), float(match["end"] or "inf")
    return MediaFragment(path.with_name(match["name"]), start, end) if start < end else MediaFragment(path)


def file_of(path: Path) -> Path:
    """The file that a path of a track lies in."""
    return fragment_of(path).file


def display_name(path: Path) -> str:
    """The name of a file, and which part of it, for people."""
    fragment = fragment_of(path)
    if not fragment.is_part:
        return path.name
    end = f" to {_clock(fragment.end)}" if fragment.end < math.inf else ""
    return f"{fragment.file.name}, from {_clock(fragment.start)}{end}"


def display_stem(path: Path) -> str:
    """The same without the ending of a whole file."""
    return display_name(path) if fragment_of(path).is_part else path.stem


def _seconds(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _clock(value: float) -> str:
    return f"{int(value) // 60}:{int(value) % 60:02}"
