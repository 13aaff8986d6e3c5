"""Recordings known by what is in their files, wherever they lie and whatever they are called."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from samplernn.stretch import file_of, stretch_of

_PIECES = 64
_PIECE = 4096
"""Bytes."""


def fingerprint(path: Path) -> str:
    """Names the content of a file: a hash of its length and of pieces spread over all of it, a moment's work; and which
    stretch of it is meant, where that is not all.

    Raises:
        OSError: it cannot be read.
    """
    stretch = stretch_of(path)
    part = f" from {stretch.start:.6f} to {stretch.end:.6f}" if stretch.is_part else ""
    with stretch.file.open("rb") as file:
        size = file.seek(0, 2)
        digest = hashlib.sha256(f"{size}{part}".encode())
        for piece in range(_PIECES):
            file.seek(max(size - _PIECE, 0) * piece // (_PIECES - 1))
            digest.update(file.read(_PIECE))
    return digest.hexdigest()[:32]


def fingerprints(paths: Sequence[Path]) -> tuple[str, ...]:
    """One for each file, "" for what is not there or cannot be read."""
    found = []
    for path in paths:
        try:
            found.append(fingerprint(path) if file_of(path).is_file() else "")
        except OSError:
            found.append("")
    return tuple(found)


def are_same(known: Sequence[tuple[str, str]], paths: Sequence[Path], prints: Sequence[str]) -> bool:
    """Whether files are the recordings that were known by (path, fingerprint), in that order.

    What is not there any more is taken for what was known to lie there.
    """
    if len(known) != len(paths):
        return False
    pairs = zip(known, paths, prints, strict=True)
    return all(now == before if now and before else str(path) == place for (place, before), path, now in pairs)
