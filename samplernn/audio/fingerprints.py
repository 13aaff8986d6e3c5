"""Recordings known by what is in their files, wherever they lie and whatever they are called."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from resources.files import open_regular
from resources.progress import Cancelled, never, stop_if
from samplernn.audio.media_fragment import MediaFragment, fragment_of

_PIECE = 2**20
"""Bytes; a millisecond's work."""


def fingerprint(path: Path) -> str:
    """Names the content of a file, every byte of it; and which fragment of it is meant, where that is not all.

    Raises:
        OSError: it cannot be read.
    """
    fragment = fragment_of(path)
    return _fingerprint_of(fragment, _hash(fragment.file, never))


def fingerprints(paths: Sequence[Path], cancelled: Cancelled = never) -> tuple[str, ...]:
    """One for each path, "" for what is not there or cannot be read; a file of many fragments is read once.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    hashes: dict[Path, bytes] = {}
    found = []
    for path in paths:
        fragment = fragment_of(path)
        if fragment.file not in hashes:
            try:
                hashes[fragment.file] = _hash(fragment.file, cancelled)
            except (OSError, ValueError):
                hashes[fragment.file] = b""
        content = hashes[fragment.file]
        found.append(_fingerprint_of(fragment, content) if content else "")
    return tuple(found)


def _hash(file: Path, cancelled: Cancelled) -> bytes:
    digest = hashlib.blake2b()
    with open_regular(file) as opened:
        while piece := opened.read(_PIECE):
            stop_if(cancelled)
            digest.update(piece)
    return digest.digest()


def _fingerprint_of(fragment: MediaFragment, content: bytes) -> str:
    part = f" from {fragment.start:.6f} to {fragment.end:.6f}" if fragment.is_part else ""
    return hashlib.blake2b(content + part.encode(), digest_size=16).hexdigest()


def are_same_recordings(known: Sequence[tuple[str, str]], paths: Sequence[Path], prints: Sequence[str]) -> bool:
    """Whether files are the recordings that were known by (path, fingerprint), in that order.

    What is not there any more is taken for what was known to lie there.
    """
    if len(known) != len(paths):
        return False
    pairs = zip(known, paths, prints, strict=True)
    return all(now == before if now and before else str(path) == place for (place, before), path, now in pairs)
