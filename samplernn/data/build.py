"""Building a dataset from the tracks of an album."""

from __future__ import annotations

import errno
import hashlib
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import numpy as np
from msgspec.structs import replace

from resources.files import make_folder, replacing
from resources.progress import Cancelled, Report, never, no_report, stop_if
from samplernn.audio.fingerprints import are_same_recordings, fingerprints
from samplernn.audio.media_fragment import display_stem, file_of
from samplernn.audio.reading import not_there
from samplernn.audio.signal_statistics import FAINTEST_PEAK, Span
from samplernn.data import split
from samplernn.data.consistency import ProductionMeter, differences
from samplernn.data.dataset import Dataset
from samplernn.data.dataset_index import VERSION, DatasetIndex, write_index
from samplernn.data.decoded_track import DecodedTrack, append_samples, decode_track
from samplernn.data.report import DatasetReport, TrackReport, track_warnings
from samplernn.data.split import CHUNK_SECONDS
from samplernn.errors import SoundError

PEAK = 0.95
"""Of the loudest sample of a dataset."""
SHORTEST_SECONDS = 10.0
"""Less sound than this cannot be learnt from."""
SCRATCH = ".scratch-"
"""How the names of folders with half-made datasets begin."""
_DECODING = 0.8
"""Share of the work that is decoding."""


@dataclass(frozen=True, slots=True)
class _Inputs:
    """What a dataset is made from."""

    prints: tuple[str, ...]
    """A fingerprint of each track; "" for one that is not there."""
    rate: int
    remove_silence: bool

    @property
    def key(self) -> str:
        """Changes whenever a track, or how it is prepared, changes."""
        return hashlib.sha256(f"{VERSION} {self.rate} {self.remove_silence} {self.prints}".encode()).hexdigest()


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
    inputs = _Inputs(fingerprints(tracks, cancelled), rate, remove_silence)
    if (old := _reusable(folder, tracks, inputs)) is not None:
        report(1.0, "The album was prepared already")
        return old
    for path in tracks:
        try:
            file_of(path).stat()
        except OSError as error:
            raise not_there(path, error, was_there=True) from error
    try:
        make_folder(folder)
        for stale in folder.glob(SCRATCH + "*"):
            shutil.rmtree(stale, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=SCRATCH) as scratch:
            decoded = [
                decode_track(path, Path(scratch) / str(number), rate, _part_of(report, number, len(tracks)), cancelled)
                for number, path in enumerate(tracks)
            ]
            return _write(decoded, folder, inputs, report, cancelled)
    except OSError as error:
        todo = "Make room on it: an hour of music takes about 500 MB while it is prepared."
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            todo = ""
        raise SoundError.from_os_error("The prepared sound could not be written", error, todo) from error


def _reusable(folder: Path, tracks: Sequence[Path], inputs: _Inputs) -> DatasetReport | None:
    """The report of the dataset in `folder` if it is of these recordings; notes in its index where they lie now."""
    try:
        index = Dataset.open(folder).index
    except SoundError:
        return None
    report = index.report
    before = index.prints or ("",) * len(report.tracks)
    known = [(track.path, old) for track, old in zip(report.tracks, before, strict=False)]
    same_settings = (report.rate, index.remove_silence) == (inputs.rate, inputs.remove_silence)
    if not same_settings or not are_same_recordings(known, tracks, inputs.prints):
        return None
    now = tuple(replace(track, path=str(path)) for track, path in zip(report.tracks, tracks, strict=True))
    found = tuple(new or old for new, old in zip(inputs.prints, before, strict=True))
    fresh = replace(index, report=replace(report, tracks=now), prints=found)
    if fresh != index:
        with suppress(OSError):  # a project that cannot be written to is as good to learn from
            write_index(folder, fresh)
    missing = tuple(str(path) for path, new in zip(tracks, inputs.prints, strict=True) if not new)
    return replace(fresh.report, reused=True, missing=missing)


def _part_of(report: Report, number: int, count: int) -> Report:
    """Reports the progress of one of `count` tracks as a part of the whole."""
    return lambda fraction, doing: report(_DECODING * (number + fraction) / count, doing)


def _write(
    decoded: Sequence[DecodedTrack], folder: Path, inputs: _Inputs, report: Report, cancelled: Cancelled
) -> DatasetReport:
    """Puts the tracks together in one file of `folder`, and replaces the index."""
    rate = inputs.rate
    peak = max((track.amplitude.peak for track in decoded), default=0.0)
    if peak < FAINTEST_PEAK:
        raise SoundError("There is nothing but silence in these tracks.", "Drop in an album that can be heard.")
    kept = [
        track.amplitude.sounding(peak / PEAK) if inputs.remove_silence else [Span(0, track.amplitude.samples)]
        for track in decoded
    ]
    lengths = [sum(span.length for span in spans) for spans in kept]
    samples = sum(lengths)
    if samples < SHORTEST_SECONDS * rate:
        raise SoundError(
            f"There are only {samples / rate:.1f} seconds of sound in these tracks, too little to learn from.",
            "Add more music; an album of half an hour or more works best.",
        )
    gain = np.float32(PEAK / peak)
    name = f"sound-{inputs.key[:12]}.npy"
    meters = [ProductionMeter(rate) for _ in decoded]
    with replacing(folder / name) as fresh, fresh.open("wb") as file:
        _write_header(file, samples)
        written = 0
        for track, spans, meter in zip(decoded, kept, meters, strict=True):
            for piece in track.pieces(spans):
                stop_if(cancelled)
                piece *= gain
                meter.add(piece)
                append_samples(file, piece)
                written += len(piece)
                report(_DECODING + (1 - _DECODING) * written / samples, "Putting the album together")
    ends = np.cumsum([0, *lengths]).tolist()
    tracks = tuple(pairwise(ends))
    done = _report_of(decoded, meters, lengths, rate, tracks)
    index = DatasetIndex(
        version=VERSION, key=inputs.key, sound=name, samples=samples, gain=float(gain), spans=tracks, report=done,
        prints=inputs.prints, remove_silence=inputs.remove_silence,
    )  # fmt: skip
    write_index(folder, index)
    _remove_older_sound(folder, name)
    report(1.0, "The album is prepared")
    return done


def _write_header(file: BinaryIO, samples: int) -> None:
    np.lib.format.write_array_header_1_0(file, {"descr": "<f4", "fortran_order": False, "shape": (samples,)})


def _report_of(
    decoded: Sequence[DecodedTrack],
    meters: Sequence[ProductionMeter],
    lengths: Sequence[int],
    rate: int,
    spans: Sequence[tuple[int, int]],
) -> DatasetReport:
    """The report of a dataset: `lengths` are in samples, `spans` are where the tracks lie in it."""
    tracks = tuple(
        TrackReport(
            path=str(track.path),
            seconds=length / rate,
            silence_removed=(track.amplitude.samples - length) / rate,
            loudness_db=meter.loudness_db,
            bandwidth=meter.bandwidth,
            width=track.width,
            warnings=(*track_warnings(track.amplitude.samples / rate, length / rate, track.clipped), *track.notes),
        )
        for track, meter, length in zip(decoded, meters, lengths, strict=True)
    )
    named = {display_stem(Path(track.path)): track for track in tracks}
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


def _remove_older_sound(folder: Path, name: str) -> None:
    """Removes the sound of earlier datasets; on Windows a file that is still in use stays for now."""
    for old in folder.glob("sound-*.npy"):
        if old.name != name:
            try:
                old.unlink()
            except OSError:
                continue
