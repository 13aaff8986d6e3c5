"""What a song looks like in a row: its waveform, which part of the learning it comes from, how loud it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from app.document.model import SONG_RATE, Song
from app.studio.array_cache import keep_arrays, kept_arrays
from app.studio.audio.clip_sound import ClipSounds
from app.studio.audio.loudness import Measured, integrated, measure, windows_in
from app.studio.audio.mix import Mixer
from resources.progress import Cancelled, Report, never, no_report, stop_if

Floats = NDArray[np.float32]

COLUMNS = 160
_VERSION = 3
"""Of how songs are mixed and measured: what is kept of an older one is made again."""


@dataclass(frozen=True, eq=False)
class SongSummary:
    """A song as it is mixed, before the album's one gain.

    Attributes:
        lows, highs: float32 [columns], the least and greatest level of either side.
        ages: float32 [columns], 0..1: the mean age of the checkpoints heard there; NaN where nothing is heard.
        measured: for its own loudness and that of the album.
    """

    lows: Floats
    highs: Floats
    ages: Floats
    measured: Measured


def summarise_song(
    song: Song,
    sounds: Mapping[str, NDArray[np.float32]],
    ages: Mapping[str, float],
    report: Report = no_report,
    cancelled: Cancelled = never,
) -> SongSummary:
    """Mixes the song once.

    Args:
        sounds: as for `Mixer`.
        ages: of the checkpoint of each clip, by the clip's id.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    lows, highs = np.zeros(COLUMNS, np.float32), np.zeros(COLUMNS, np.float32)

    def blocks() -> Iterator[NDArray[np.float32]]:
        start = 0
        for block in Mixer(song, sounds).blocks():
            stop_if(cancelled)
            report(start / song.frames, f"listening to “{song.title}”")
            columns = np.arange(start, start + len(block)) * COLUMNS // song.frames
            edges = np.flatnonzero(np.diff(columns, prepend=-1))
            where = columns[edges]
            lows[where] = np.minimum(lows[where], np.minimum.reduceat(block.min(axis=1), edges))
            highs[where] = np.maximum(highs[where], np.maximum.reduceat(block.max(axis=1), edges))
            start += len(block)
            yield block

    measured = measure(blocks(), true_peak=False)
    return SongSummary(lows, highs, age_columns(song, ages), measured)


def kept_summary(
    song: Song,
    sounds: Mapping[str, NDArray[np.float32]],
    ages: Mapping[str, float],
    folder: Path,
    report: Report = no_report,
    cancelled: Cancelled = never,
) -> SongSummary:
    """As `summarise_song`, but one kept in `folder` is taken as long as the song's lanes and finish are the same."""
    finish = sounds.finish_name if isinstance(sounds, ClipSounds) else ""
    known = known_summary(song, ages, folder, finish)
    if known is not None:
        return known
    summary = summarise_song(song, sounds, ages, report, cancelled)
    measured = {"windows": summary.measured.windows, "offset": np.array([summary.measured.offset])}
    keep_arrays(_place(song, folder, finish), {"lows": summary.lows, "highs": summary.highs, **measured})
    return summary


def known_summary(song: Song, ages: Mapping[str, float], folder: Path, finish: str = "") -> SongSummary | None:
    """What `kept_summary` has seen before; None where that is nothing.

    Args:
        finish: the name of what is put on the clips, see `ClipSounds.finish_name`.
    """
    kept = kept_arrays(_place(song, folder, finish), "lows", "highs", "windows", "offset")
    if kept is None:
        return None
    shapes = {name: values.shape for name, values in kept.items()}
    windows = (windows_in(song.frames),)
    if shapes != {"lows": (COLUMNS,), "highs": (COLUMNS,), "windows": windows, "offset": (1,)}:
        return None
    if not all(np.isfinite(values).all() for values in kept.values()):
        return None
    measured = Measured(song.frames, kept["windows"], 0.0, float(kept["offset"][0]))
    return SongSummary(kept["lows"], kept["highs"], age_columns(song, ages), measured)


def _place(song: Song, folder: Path, finish: str) -> Path:
    key = hashlib.sha256(f"{_VERSION} {finish}".encode() + msgspec.json.encode(song.lanes)).hexdigest()[:32]
    return folder / f"{key}.look"


def age_columns(song: Song, ages: Mapping[str, float]) -> Floats:
    """The mean age of what sounds in each of `COLUMNS` equal parts of the song, float32; NaN for silence."""
    total, weight = np.zeros(COLUMNS), np.zeros(COLUMNS)
    soloed = any(lane.solo for lane in song.lanes)
    for lane in song.lanes:
        if lane.mute or (soloed and not lane.solo):
            continue
        for section in lane.sections:
            first = section.start * COLUMNS // song.frames
            last = max(-(-section.end * COLUMNS // song.frames), first + 1)
            total[first:last] += ages.get(section.clip, 0.0)
            weight[first:last] += 1.0
    with np.errstate(invalid="ignore"):
        return (total / weight).astype(np.float32)


def loudness_shown(summaries: Sequence[SongSummary], target: float | None) -> tuple[float, ...]:
    """LUFS of each song once the album's one gain has brought the whole to `target`; as made where there is none."""
    album = integrated([summary.measured for summary in summaries])
    gain = target - album if target is not None and np.isfinite(album) else 0.0
    return tuple(summary.measured.lufs + gain for summary in summaries)


def seconds_of(song: Song) -> float:
    """Length of a song."""
    return song.frames / SONG_RATE
