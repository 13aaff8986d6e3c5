"""Writing sound files that are whole or not there at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from resources.files import replacing
from resources.progress import Cancelled, never, stop_if
from samplernn.errors import SoundError

_BLOCK_FRAMES = 65_536
_FORMATS = MappingProxyType(
    {
        "wav": ("WAV", "PCM_16"),
        "flac": ("FLAC", "PCM_16"),
        "aiff": ("AIFF", "PCM_16"),
        "ogg": ("OGG", "VORBIS"),
        "opus": ("OGG", "OPUS"),
        "mp3": ("MP3", "MPEG_LAYER_III"),
    }
)


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a sound file is written.

    Attributes:
        format: "wav", "flac", "aiff", "ogg" (Vorbis), "opus" or "mp3".
        subtype: as soundfile names it; 16 bit, or what the format has, where it is not given.
        compression_level: see soundfile; for MP3 0.0 is 320 kb/s with a constant rate.
        bitrate_mode: "CONSTANT", "AVERAGE" or "VARIABLE", for MP3.
    """

    format: str = "flac"
    subtype: str | None = None
    compression_level: float | None = None
    bitrate_mode: str | None = None


def write_sound(
    path: Path,
    samples: NDArray[np.floating],
    rate: int,
    *,
    format: str | Encoding = "flac",  # noqa: A002
    cancelled: Cancelled = never,
) -> None:
    """Writes float samples [n] or [frames, channels] to a file that is never half-written.

    Args:
        path: takes the place of what was there, once all is written.
        samples: full scale at 1.0; what goes beyond is clipped in integer formats.
        rate: in Hz; Opus takes 8, 12, 16, 24 and 48 kHz only, MP3 at most 48 kHz.
        format: the name of a format stands for `Encoding` with that name.
        cancelled: polled every 65 536 frames.

    Raises:
        SoundError: where the file cannot be written.
        concurrent.futures.CancelledError: once `cancelled()`; nothing is left behind.
    """
    block = samples[:, None] if samples.ndim == 1 else samples
    blocks = (block[start : start + _BLOCK_FRAMES] for start in range(0, len(block), _BLOCK_FRAMES))
    write_blocks(path, blocks, rate, block.shape[1], format=format, cancelled=cancelled)


def write_blocks(
    path: Path,
    blocks: Iterable[NDArray[np.floating]],
    rate: int,
    channels: int,
    *,
    format: str | Encoding = "flac",  # noqa: A002
    cancelled: Cancelled = never,
) -> None:
    """Writes blocks of float samples [frames, channels] as they come; else as `write_sound`."""
    encoding = Encoding(format) if isinstance(format, str) else format
    container, usual = _FORMATS[encoding.format]
    try:
        with (
            replacing(path) as fresh,
            sound_file(
                fresh, rate, channels, container, encoding.subtype or usual,
                compression_level=encoding.compression_level, bitrate_mode=encoding.bitrate_mode,
            ) as file,
        ):  # fmt: skip
            for block in blocks:
                # in one call, a long Ogg Vorbis crashes libsndfile
                for start in range(0, len(block), _BLOCK_FRAMES):
                    stop_if(cancelled)
                    file.write(np.nan_to_num(block[start : start + _BLOCK_FRAMES]))
    except OSError as error:
        raise SoundError.from_os_error(f"“{path.name}” could not be written", error) from error
    except (soundfile.SoundFileError, ValueError) as error:
        raise SoundError(
            f"“{path.name}” cannot be a {encoding.format} file with {channels} channels at {rate} Hz.",
            "Choose another format or sample rate.",
        ) from error


@contextmanager
def sound_file(
    path: Path, rate: int, channels: int, container: str, subtype: str, **coded: Any
) -> Iterator[SoundFileWriter]:
    """A new sound file, to be written block by block; all of it is written at the end.

    Raises:
        OSError: what the disk refuses, which libsndfile does not tell.
        soundfile.SoundFileError, ValueError: there is no such kind of file.
    """
    with path.open("wb", buffering=0) as raw:
        place = _CheckedFile(raw)
        with soundfile.SoundFile(
            place, "w", samplerate=rate, channels=channels, format=container, subtype=subtype, **coded
        ) as file:
            yield SoundFileWriter(file, place)
        place.check()


class SoundFileWriter:
    """See `sound_file`."""

    def __init__(self, file: soundfile.SoundFile, place: _CheckedFile) -> None:
        self._file, self._place = file, place

    def write(self, block: NDArray[np.floating]) -> None:
        """Float samples [n] or [frames, channels]; raises OSError once the disk has refused something."""
        self._place.check()
        self._file.write(block)


class _CheckedFile:
    """Where libsndfile writes to; keeps the fault of the disk that libsndfile itself loses when it closes a file."""

    def __init__(self, file: RawIOBase) -> None:
        self._file = file
        self._fault: OSError | None = None

    def write(self, data: bytes) -> int:
        left = memoryview(data)
        try:
            while len(left) and self._fault is None:
                left = left[self._file.write(left) or 0 :]
        except OSError as error:
            self._fault = error
        return len(data)  # soundfile takes anything less for a bug of its own

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def check(self) -> None:
        """Raises the fault that was met, if any."""
        if self._fault is not None:
            raise self._fault
