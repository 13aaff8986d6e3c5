"""What the model hears of an album: one long mono recording on disk, and which parts of it are held out."""

from __future__ import annotations

import errno
import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import msgspec
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from resources.files import make_folder, open_regular, read_whole, refuse_hollow, replacing, write_whole
from resources.progress import Cancelled, Report, never, no_report, stop_if
from samplernn.audio.media_fragment import file_of, shown_name, shown_stem
from samplernn.audio.reading import MonoSound, at_rate, heard_in_mono, not_there
from samplernn.audio.recordings import are_same, fingerprints
from samplernn.audio.signal_statistics import FAINTEST_PEAK, AmplitudeMeter, ClippingMeter, Span
from samplernn.data import split
from samplernn.data.consistency import ProductionMeter, WidthMeter, differences
from samplernn.data.report import DatasetReport, TrackReport
from samplernn.data.split import Part
from samplernn.errors import SoundError
from samplernn.memory_map import open_mapped

CHUNK_SECONDS = 8.0
PEAK = 0.95
SHORTEST_SECONDS = 10.0
"""Less sound than this cannot be learnt from."""

MOSTLY_SILENCE = "mostly silence"
VERY_SHORT = "very short"
CLIPPED = "clipped"
VERY_SHORT_SECONDS = 10.0
MUCH_CLIPPED = 0.01
"""Share of samples at full scale from which a track is called clipped."""

_VERSION = 1
INDEX = "dataset.json"
_LARGEST_INDEX = 64 * 2**20
_SCRATCH = ".scratch-"
_PIECE = 2**20
_LISTENING = 0.8
"""Share of the work that is decoding."""


class _Index(msgspec.Struct, frozen=True, kw_only=True):
    """What dataset.json holds."""

    version: int
    key: str
    sound: str
    samples: int
    gain: float
    spans: tuple[tuple[int, int], ...]
    report: DatasetReport
    prints: tuple[str, ...] = ()
    """What names the content of each track; older datasets know only where the tracks lay."""
    remove_silence: bool = True


class Dataset:
    """A prepared album; its samples stay on disk and are read as they are used.

    Attributes:
        sound: float32 [samples], mono, read-only and memory-mapped.
        rate: in Hz.
        gain: what the recordings were multiplied by.
        tracks: where each track lies in `sound`, in the order of `report.tracks`.
        train, valid, test: the spans of each part.
        report: what became of the album.
        key: names the tracks and settings that it was made from.
        index: as it stands on the disk.
    """

    def __init__(self, sound: NDArray[np.float32], index: _Index) -> None:
        self.sound = sound
        self.rate = index.report.rate
        self.gain = index.gain
        self.key = index.key
        self.report = index.report
        self.tracks = tuple(Span(*span) for span in index.spans)
        self.index = index
        self._parts = split.regions(self.tracks)

    @property
    def train(self) -> tuple[Span, ...]:
        return self._parts["train"]

    @property
    def valid(self) -> tuple[Span, ...]:
        return self._parts["valid"]

    @property
    def test(self) -> tuple[Span, ...]:
        return self._parts["test"]

    def spans(self, part: Part) -> tuple[Span, ...]:
        return self._parts[part]

    def samples(self, part: Part) -> NDArray[np.float32]:
        """All sound of a part, float32 [n], one span after another, in memory."""
        return np.concatenate([self.sound[start:stop] for start, stop in self._parts[part]])

    def chunks(self, part: Part, seconds: float = CHUNK_SECONDS) -> tuple[Span, ...]:
        """The part in chunks of equal length; see `samplernn.data.split.chunks`."""
        return split.chunks(self._parts[part], round(seconds * self.rate))

    def overlapping_chunks(self, count: int = 3200, seconds: float = CHUNK_SECONDS) -> tuple[Span, ...]:
        """The training part as the paper cut it; see `samplernn.data.split.overlapping_chunks`."""
        return split.overlapping_chunks(self.train, round(seconds * self.rate), count)

    @staticmethod
    def open(folder: Path) -> Dataset:
        """Opens the dataset in `folder`.

        Raises:
            SoundError: where there is none, or what is there is damaged.
        """
        damaged = SoundError("The prepared sound of this album is damaged.", "Prepare the album again.")
        try:
            index = msgspec.json.decode(read_whole(folder / INDEX, _LARGEST_INDEX), type=_Index)
            if index.version != _VERSION or Path(index.sound).name != index.sound:
                raise damaged
            with open_regular(folder / index.sound) as file:
                refuse_hollow(file)
            sound = open_mapped(folder / index.sound)
        except FileNotFoundError:
            raise SoundError("This album has not been prepared yet.", "Prepare it first.") from None
        except PermissionError as error:
            raise SoundError.from_os_error("The prepared sound of this album cannot be opened", error) from error
        except (OSError, ValueError, EOFError, RecursionError, msgspec.MsgspecError) as error:
            raise damaged from error
        edges = [0, *(edge for span in index.spans for edge in span), index.samples]
        if sound.dtype != np.float32 or sound.shape != (index.samples,) or edges != sorted(edges):
            raise damaged
        if index.report.rate < 1 or len(index.spans) != len(index.report.tracks):
            raise damaged
        return Dataset(sound, index)


def build_dataset(
    tracks: Sequence[Path],
    folder: Path,
    rate: int,
    report: Report = no_report,
    cancelled: Cancelled = never,
    *,
    remove_silence: bool = True,
) -> DatasetReport:
    """Prepares an album for the model and leaves it in `folder`, for `Dataset.open`.

    Every track becomes mono at `rate` and loses its offset and its silences (see `signal_statistics`); one gain brings
    the loudest sample of all to 0.95. Where `folder` holds a dataset of the same recordings, it is left as it is,
    wherever they lie by now; it also stands for those that are not there any more.
    Memory stays small whatever the length of the album: the sound goes through a scratch file in `folder`.

    Raises:
        SoundError: where a track cannot be read, or there is too little sound, or the disk is full.
        concurrent.futures.CancelledError: once `cancelled()`; a dataset that was there before is still whole.
    """
    prints = fingerprints(tracks, cancelled)
    key = _key(prints, rate, remove_silence)
    if (old := _kept(folder, tracks, prints, rate, remove_silence)) is not None:
        report(1.0, "The album was prepared already")
        return old
    for path in tracks:
        try:
            file_of(path).stat()
        except OSError as error:
            raise not_there(path, error, was_there=True) from error
    try:
        make_folder(folder)
        for stale in folder.glob(_SCRATCH + "*"):
            shutil.rmtree(stale, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=_SCRATCH) as scratch:
            heard = [
                _listen(path, Path(scratch) / str(number), rate, _part_of(report, number, len(tracks)), cancelled)
                for number, path in enumerate(tracks)
            ]
            return _write(heard, folder, rate, key, prints, remove_silence, report, cancelled)
    except OSError as error:
        todo = "Make room on it: an hour of music takes about 500 MB while it is prepared."
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            todo = ""
        raise SoundError.from_os_error("The prepared sound could not be written", error, todo) from error


def _key(prints: Sequence[str], rate: int, remove_silence: bool) -> str:
    """Changes whenever a track, or how it is prepared, changes."""
    return hashlib.sha256(f"{_VERSION} {rate} {remove_silence} {prints}".encode()).hexdigest()


def _kept(
    folder: Path, tracks: Sequence[Path], prints: tuple[str, ...], rate: int, remove_silence: bool
) -> DatasetReport | None:
    """What became of these recordings where that is prepared already; where they lie now is noted."""
    try:
        index = Dataset.open(folder).index
    except SoundError:
        return None
    report = index.report
    before = index.prints or ("",) * len(report.tracks)
    known = [(track.path, old) for track, old in zip(report.tracks, before, strict=False)]
    if (report.rate, index.remove_silence) != (rate, remove_silence) or not are_same(known, tracks, prints):
        return None
    now = tuple(replace(track, path=str(path)) for track, path in zip(report.tracks, tracks, strict=True))
    found = tuple(new or old for new, old in zip(prints, before, strict=True))
    fresh = replace(index, report=replace(report, tracks=now), prints=found)
    if fresh != index:
        with suppress(OSError):  # a project that cannot be written to is as good to learn from
            _keep_index(folder, fresh)
    missing = tuple(str(path) for path, new in zip(tracks, prints, strict=True) if not new)
    return replace(fresh.report, reused=True, missing=missing)


def _keep_index(folder: Path, index: _Index) -> None:
    write_whole(folder / INDEX, msgspec.json.encode(index))


def _part_of(report: Report, number: int, count: int) -> Report:
    """A report for one of `count` tracks, as a part of the whole."""
    return lambda fraction, doing: report(_LISTENING * (number + fraction) / count, doing)


@dataclass(frozen=True)
class _Heard:
    """A track that lies decoded in a scratch file."""

    path: Path
    scratch: Path
    amplitude: AmplitudeMeter
    clipped: float
    width: float
    notes: tuple[str, ...]

    def pieces(self, spans: Sequence[Span]) -> Iterator[NDArray[np.float32]]:
        """The samples of `spans` without their offset."""
        offset = np.float32(self.amplitude.offset)
        with self.scratch.open("rb") as file:
            for start, stop in spans:
                file.seek(start * 4)
                for begin in range(start, stop, _PIECE):
                    yield np.fromfile(file, np.float32, min(_PIECE, stop - begin)) - offset


def _listen(path: Path, scratch: Path, rate: int, report: Report, cancelled: Cancelled) -> _Heard:
    doing = f"Listening to {shown_name(path)}"
    report(0.0, doing)

    def hear(sound: MonoSound) -> _Heard:
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
                _append(file, mono)
                if expected:
                    report(min(1.0, amplitude.seconds / expected), doing)
        return _Heard(path, scratch, amplitude, clipping.fraction, width.width, sound.notes)

    return heard_in_mono(path, hear, cancelled)


def _append(file: BinaryIO, samples: NDArray[np.float32]) -> None:
    """Unlike numpy's own, this tells why it could not be done."""
    file.write(np.ascontiguousarray(samples).data)


def _write(
    heard: Sequence[_Heard],
    folder: Path,
    rate: int,
    key: str,
    prints: tuple[str, ...],
    remove_silence: bool,
    report: Report,
    cancelled: Cancelled,
) -> DatasetReport:
    peak = max((track.amplitude.peak for track in heard), default=0.0)
    if peak < FAINTEST_PEAK:
        raise SoundError("There is nothing but silence in these tracks.", "Drop in an album that can be heard.")
    kept = [
        track.amplitude.sounding(peak / PEAK) if remove_silence else [Span(0, track.amplitude.samples)]
        for track in heard
    ]
    lengths = [sum(span.length for span in spans) for spans in kept]
    samples = sum(lengths)
    if samples < SHORTEST_SECONDS * rate:
        raise SoundError(
            f"There are only {samples / rate:.1f} seconds of sound in these tracks, too little to learn from.",
            "Add more music; an album of half an hour or more works best.",
        )
    gain = np.float32(PEAK / peak)
    name = f"sound-{key[:12]}.npy"
    meters = [ProductionMeter(rate) for _ in heard]
    with replacing(folder / name) as fresh, fresh.open("wb") as file:
        _write_header(file, samples)
        written = 0
        for track, spans, meter in zip(heard, kept, meters, strict=True):
            for piece in track.pieces(spans):
                stop_if(cancelled)
                piece *= gain
                meter.add(piece)
                _append(file, piece)
                written += len(piece)
                report(_LISTENING + (1 - _LISTENING) * written / samples, "Putting the album together")
    ends = np.cumsum([0, *lengths]).tolist()
    tracks = tuple(pairwise(ends))
    done = _reported(heard, meters, lengths, rate, tracks)
    index = _Index(
        version=_VERSION, key=key, sound=name, samples=samples, gain=float(gain), spans=tracks, report=done,
        prints=prints, remove_silence=remove_silence,
    )  # fmt: skip
    _keep_index(folder, index)
    _forget_others(folder, name)
    report(1.0, "The album is prepared")
    return done


def _write_header(file: BinaryIO, samples: int) -> None:
    np.lib.format.write_array_header_1_0(file, {"descr": "<f4", "fortran_order": False, "shape": (samples,)})


def _reported(
    heard: Sequence[_Heard],
    meters: Sequence[ProductionMeter],
    lengths: Sequence[int],
    rate: int,
    spans: Sequence[tuple[int, int]],
) -> DatasetReport:
    tracks = tuple(
        TrackReport(
            path=str(track.path),
            seconds=length / rate,
            silence_removed=(track.amplitude.samples - length) / rate,
            loudness_db=meter.loudness_db,
            bandwidth=meter.bandwidth,
            width=track.width,
            warnings=(*remarks(track.amplitude.samples / rate, length / rate, track.clipped), *track.notes),
        )
        for track, meter, length in zip(heard, meters, lengths, strict=True)
    )
    named = {shown_stem(Path(track.path)): track for track in tracks}
    why = differences({name: (one.loudness_db, one.bandwidth, one.width) for name, one in named.items()})
    parts = split.regions(Span(*span) for span in spans)
    return DatasetReport(
        rate=rate,
        seconds=sum(lengths) / rate,
        silence_removed=sum(track.silence_removed for track in tracks),
        chunks={part: len(split.chunks(parts[part], round(CHUNK_SECONDS * rate))) for part in split.PARTS},
        tracks=tracks,
        consistent=not why,
        why=why,
    )


def remarks(seconds: float, sounding: float, clipped: float) -> Iterator[str]:
    """Plain remarks on a track.

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


def _forget_others(folder: Path, name: str) -> None:
    """Removes what earlier preparations left; on Windows a file that is still in use stays for now."""
    for old in folder.glob("sound-*.npy"):
        if old.name != name:
            try:
                old.unlink()
            except OSError:
                continue
