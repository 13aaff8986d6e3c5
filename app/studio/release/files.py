"""The sound files of a release: written in their format, then opened again and measured as a listener gets them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr

from app.document.errors import UserError
from app.document.model import FORMAT_TITLES, SONG_RATE
from app.studio.audio.loudness import Block, Measured, measure
from app.studio.release.tags import SongTags, facts_read_back, read_back
from resources.progress import Cancelled, stop_if
from samplernn.audio.reading import Encoding, open_sound, write_blocks


@dataclass(frozen=True, slots=True)
class Format:
    """How a format is written."""

    name: str
    words: str
    container: str = ""
    """As `samplernn.audio.writing.Encoding` names it, which is also how its files end; "" for `name`."""
    subtype: str | None = None
    """As soundfile names it; None for 16 bits, or what the format has."""
    rate: int = SONG_RATE
    lossy: bool = False
    compression: float | None = None
    mode: str | None = None
    """Of the bit rate: see `Encoding`."""
    bytes_per_second: int = 0
    """About, and rather more than less."""
    effort: float = 1.0
    """What writing it takes, see `app.studio.release.effort`; lossy ones are often written twice."""

    @property
    def title(self) -> str:
        """As people write it; the folder of its files in a release of several formats is called so."""
        return FORMAT_TITLES[self.name]

    @property
    def suffix(self) -> str:
        """How its files end, without the dot."""
        return self.container or self.name


FORMATS = {
    form.name: form
    for form in (
        Format("flac", "FLAC, 16 bit, 44.1 kHz", bytes_per_second=150_000, effort=1.2),
        Format("flac24", "FLAC, 24 bit, 44.1 kHz", "flac", "PCM_24", bytes_per_second=265_000, effort=1.2),
        Format("wav", "WAV, 16 bit, 44.1 kHz", bytes_per_second=177_000, effort=1.2),
        Format("wav24", "WAV, 24 bit, 44.1 kHz", "wav", "PCM_24", bytes_per_second=265_000, effort=1.2),
        Format(
            "mp3", "MP3, 320 kb/s", lossy=True, compression=0.0, mode="CONSTANT", bytes_per_second=41_000, effort=4.5
        ),
        Format(
            "mp3v0",
            "MP3, V0, about 260 kb/s",
            "mp3",
            lossy=True,
            compression=0.0,
            mode="VARIABLE",
            bytes_per_second=41_000,
            effort=4.5,
        ),
        Format("ogg", "Ogg Vorbis, about 220 kb/s", lossy=True, compression=0.3, bytes_per_second=34_000, effort=4.5),
        Format(
            "opus",
            "Opus, about 210 kb/s",
            rate=48_000,
            lossy=True,
            compression=0.6,
            bytes_per_second=36_000,
            effort=7.0,
        ),
    )
}

_LONGER_SECONDS = 0.1
"""Lossy encoders add so much at most."""
_SILENT_POWER = 1e-8
_FULL, _FULL_24 = 32_768, 8_388_608
"""What libsndfile multiplies by where it makes 16 or 24 bits of floats."""


def write_song(path: Path, form: Format, blocks: Iterable[Block], seed: int, cancelled: Cancelled) -> None:
    """Encodes stereo at `SONG_RATE`; 16-bit formats are dithered, always alike for the same seed.

    Raises:
        SoundError: where the file cannot be written.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    ready = blocks
    if not form.lossy:
        ready = dithered(blocks, seed) if form.subtype is None else rounded_to_24(blocks)
    if form.rate != SONG_RATE:
        ready = _resampled(ready, SONG_RATE, form.rate)
    encoding = Encoding(form.suffix, form.subtype, form.compression, form.mode)
    write_blocks(path, ready, form.rate, 2, format=encoding, cancelled=cancelled)


def dithered(blocks: Iterable[Block], seed: int) -> Iterator[Block]:
    """Rounded to 16 bits with triangular dither of two steps; digital silence stays silent."""
    noise = np.random.default_rng(seed)
    for block in blocks:
        dither = noise.random(block.shape, np.float32) - noise.random(block.shape, np.float32)
        steps = np.rint(block * np.float32(_FULL) + dither * (block != 0))
        yield np.clip(steps, -_FULL, _FULL - 1).astype(np.float32) / np.float32(_FULL)


def rounded_to_24(blocks: Iterable[Block]) -> Iterator[Block]:
    """Rounded to the nearest of 24 bits: libsndfile itself rounds them in FLAC and cuts them off in WAV."""
    for block in blocks:
        steps = np.rint(block.astype(np.float64) * _FULL_24)
        yield (np.clip(steps, -_FULL_24, _FULL_24 - 1) / _FULL_24).astype(np.float32)


def _resampled(blocks: Iterable[Block], source: int, target: int) -> Iterator[Block]:
    stream = soxr.ResampleStream(source, target, 2, dtype="float32", quality="VHQ")
    for block in blocks:
        yield stream.resample_chunk(block)
    yield stream.resample_chunk(np.zeros((0, 2), np.float32), last=True)


def measure_file(path: Path, form: Format, frames: int, cancelled: Cancelled) -> Measured:
    """Decodes a finished file and measures it.

    Raises:
        UserError: where it is not the stereo of `frames` frames that was to be written.
        SoundError: where it cannot be decoded.
    """
    with open_sound(path) as stream:
        info = stream.info
        if info.rate != form.rate or info.channels != 2:
            raise _bad(path, f"it has {info.channels} channels at {info.rate} Hz")
        blocks: Iterable[Block] = stream.blocks(cancelled)
        if form.rate != SONG_RATE:
            blocks = _resampled(blocks, form.rate, SONG_RATE)
        measured = measure(_polled(blocks, cancelled))
    longer = measured.frames - frames
    if not 0 <= longer <= (_LONGER_SECONDS * SONG_RATE if form.lossy else 0):
        raise _bad(path, f"it is {longer / SONG_RATE:+.2f} s off its length")
    return measured


def _polled(blocks: Iterable[Block], cancelled: Cancelled) -> Iterator[Block]:
    for block in blocks:
        stop_if(cancelled)
        yield block


def check_tags(path: Path, tags: SongTags) -> None:
    """Reads the tags and the cover back.

    Raises:
        UserError: where they are not what was written.
    """
    expected = (tags.title, tags.artist, tags.album, str(tags.number), tags.cover)
    if read_back(path) != expected or facts_read_back(path) != tags.facts():
        raise _bad(path, "its tags are not as they were written")


def is_silent(measured: Measured) -> bool:
    """Whether nothing can be heard in it."""
    return not bool(np.any(measured.windows > _SILENT_POWER)) and measured.true_peak < 1e-3


def _bad(path: Path, why: str) -> UserError:
    return UserError(
        f"“{path.name}” did not come out right: {why}.", "Nothing was exported; try again, or to another disk."
    )
