"""A song that is mixed once and then written in every format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.studio.audio.loudness import Block
from resources.progress import Cancelled, stop_if

_FRAMES = 1 << 16


@dataclass(frozen=True, slots=True)
class Render:
    """A mix on the disk: stereo float32, as it was mixed to the last bit."""

    path: Path
    frames: int

    def blocks(self) -> Iterator[Block]:
        """The whole of it, as often as it is asked for."""
        with self.path.open("rb") as file:
            while raw := file.read(8 * _FRAMES):
                yield np.frombuffer(raw, np.float32).reshape(-1, 2)


@contextmanager
def rendered(blocks: Iterable[Block], path: Path, cancelled: Cancelled) -> Iterator[Render]:
    """Writes a mix to `path`, where nothing must be yet; it is gone at the end.

    Raises:
        OSError: it cannot be written.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    frames = 0
    try:
        with path.open("xb") as file:
            for block in blocks:
                stop_if(cancelled)
                file.write(np.ascontiguousarray(block, np.float32).data)
                frames += len(block)
        yield Render(path, frames)
    finally:
        path.unlink(missing_ok=True)
