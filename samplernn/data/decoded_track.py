"""Decoding the tracks of an album into scratch files, from which a dataset is put together.

The import has decoded every track before, for its peaks and its warnings. It keeps no samples for this second time:
the rate that a dataset wants is not known before a preset is chosen, so they would have to be kept at the track's own,
635 MB for an hour of music at 44.1 kHz, also for those who never train. What that would save is, measured on one core,
6 seconds for an hour of FLAC, 10 for Ogg Vorbis and 13 for MP3, once for each dataset.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from resources.progress import Cancelled, Report
from samplernn.audio.media_fragment import display_name
from samplernn.audio.reading import MonoSound, at_rate, heard_in_mono
from samplernn.audio.signal_statistics import AmplitudeMeter, ClippingMeter, Span
from samplernn.data.consistency import WidthMeter

_PIECE = 2**20


@dataclass(frozen=True)
class DecodedTrack:
    """A track, mono and at the rate of the dataset, in a scratch file of raw float32 samples."""

    path: Path
    scratch: Path
    amplitude: AmplitudeMeter
    clipped: float
    """Share of the samples at full scale."""
    width: float
    """Of the stereo picture, see `WidthMeter`."""
    notes: tuple[str, ...]
    """What the decoder remarked."""

    def pieces(self, spans: Sequence[Span]) -> Iterator[NDArray[np.float32]]:
        """The samples of `spans` without their DC offset, float32, at most 2**20 at a time."""
        offset = np.float32(self.amplitude.offset)
        with self.scratch.open("rb") as file:
            for start, stop in spans:
                file.seek(start * 4)
                for begin in range(start, stop, _PIECE):
                    yield np.fromfile(file, np.float32, min(_PIECE, stop - begin)) - offset


def decode_track(path: Path, scratch: Path, rate: int, report: Report, cancelled: Cancelled) -> DecodedTrack:
    """Decodes a track into the file `scratch`, and measures it on the way.

    Raises:
        SoundError: it cannot be read.
        OSError: `scratch` cannot be written.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    doing = f"Listening to {display_name(path)}"
    report(0.0, doing)

    def measure(sound: MonoSound) -> DecodedTrack:
        amplitude = AmplitudeMeter(rate)
        clipping, width = ClippingMeter(), WidthMeter()
        expected = sound.info.seconds

        def measured() -> Iterator[NDArray[np.float32]]:
            for block, mono in sound.blocks(cancelled):
                clipping.add(block)
                width.add(block)
                yield mono

        with scratch.open("wb") as file:
            for mono in at_rate(measured(), sound.info.rate, rate):
                amplitude.add(mono)
                append_samples(file, mono)
                if expected:
                    report(min(1.0, amplitude.seconds / expected), doing)
        return DecodedTrack(path, scratch, amplitude, clipping.fraction, width.width, sound.notes)

    return heard_in_mono(path, measure, cancelled)


def append_samples(file: BinaryIO, samples: NDArray[np.float32]) -> None:
    """Writes float32 [n]; unlike `ndarray.tofile` it raises an OSError with its errno."""
    file.write(np.ascontiguousarray(samples).data)
