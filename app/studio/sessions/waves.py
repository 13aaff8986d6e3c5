"""The wave files of a session: 32-bit float, so that nothing is rounded and nothing goes beyond full scale."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np

from app.document.model import SONG_RATE
from app.studio.audio.loudness import Block
from app.studio.audio.mix import Sound
from app.studio.sessions.session import Session, Wave
from resources.progress import Cancelled, Report
from samplernn.audio.writing import Encoding, write_blocks

_BLOCK = 1 << 16
BYTES_PER_FRAME = 8


def write_waves(
    session: Session, sounds: Mapping[str, Sound], folder: Path, report: Report, cancelled: Cancelled
) -> Iterator[Path]:
    """Writes the files into a folder that is there; gives each once it is written.

    Raises:
        SoundError: the disk does not take it.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    whole, done = max(wave_frames(session.waves), 1), 0
    for wave in session.waves:

        def blocks(wave: Wave = wave, before: int = done) -> Iterator[Block]:
            for start, block in _blocks(wave, sounds):
                report((before + start) / whole, f"Writing “{wave.file}”")
                yield block

        write_blocks(folder / wave.file, blocks(), SONG_RATE, 2, format=Encoding("wav", "FLOAT"), cancelled=cancelled)
        done += wave.frames
        yield folder / wave.file


def wave_frames(waves: Iterable[Wave]) -> int:
    """Frames of all files together."""
    return sum(wave.frames for wave in waves)


def _blocks(wave: Wave, sounds: Mapping[str, Sound]) -> Iterator[tuple[int, Block]]:
    sound = sounds[wave.sounding.clip]
    for start in range(0, wave.frames, _BLOCK):
        out = np.zeros((2, min(_BLOCK, wave.frames - start)), np.float32)
        wave.sounding.add(out, start, start + out.shape[1], sound)
        yield start, np.ascontiguousarray(out.T)
