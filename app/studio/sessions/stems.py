"""Stems: each lane of a song as a 24-bit WAV from the start of the song, twice.

- As mixed: with fades, gain and pan. Added up, sample by sample, they are the song to the last bit of 24. That holds
  because the sums are rounded, not the lanes: a stem is the rounded mix with its lane less the rounded mix before it,
  so that each is within one step of its lane, and where a lane is silent, so is its stem.
- Untouched: the sections where they lie in the song, without fades, gain and pan. Where sections of a lane lie over
  each other, they go into files of their own in turn.

Nothing is mastered here: the release's loudness and limiter come after the mix. What would go beyond full scale
anywhere makes all files of that song quieter by one gain, and `Stems.turned_down_db` tells by how much.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from app.document.clip_names import lane_name
from app.document.model import SONG_RATE, Lane, Section, Song
from app.studio.audio.mix import Mixer, Sound, heard_lanes
from resources.files import make_folder
from resources.progress import Cancelled, Report, between, stop_if
from samplernn.audio.writing import sound_file

STEPS = 1 << 23
"""Of 24 bits on each side of zero."""
AS_MIXED, MUTED, UNTOUCHED = "as mixed", "muted", "untouched"
_BLOCK = 1 << 16
_AT_ONCE = 24
"""Files that are written at a time: some systems let a program have few open."""

Integers = NDArray[np.int64]
Blocks = Callable[[], Iterator[tuple[float, Sequence[Integers]]]]
"""How much has been made before, 0..1, and what is written next, [frames, channels] for each file."""


@dataclass(frozen=True, slots=True)
class Stems:
    """What was written of one song.

    Attributes:
        song: the whole song, which the stems as mixed add up to.
        turned_down_db: by how much all files are quieter than the mix; 0 where there was room.
    """

    song: Path
    turned_down_db: float


def write_stems(
    song: Song, name: str, sounds: Mapping[str, Sound], folder: Path, report: Report, cancelled: Cancelled
) -> Stems:
    """Writes the stems of a song into a folder that is there; muted lanes apart, as they would sound.

    The files are written under their own names: whoever calls this gives the folder its own only at the end.

    Args:
        name: of the song, as a file name begins with.

    Raises:
        OSError: the disk does not take it.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    heard = {lane.id for lane in heard_lanes(song)}
    muted = [lane for lane in song.lanes if lane.id not in heard and lane.sections]
    files = {lane.id: f"{name}, lane {lane_name(place)}" for place, lane in enumerate(song.lanes)}
    alone = [_heard_alone(song, lane) for lane in muted]
    raw = [part for lane in song.lanes for part in _untouched(lane, files[lane.id])]
    mixer = Mixer(song, sounds)
    gain = _room(mixer, alone, raw, sounds, between(report, 0.0, 0.4), cancelled)

    for part in (AS_MIXED, UNTOUCHED, *([MUTED] if muted else [])):
        make_folder(folder / part)
    whole = folder / f"{name}.wav"
    stems = [folder / AS_MIXED / f"{files[lane.id]}.wav" for lane in heard_lanes(song) if lane.sections]
    _write([whole, *stems], 2, lambda: _layered(mixer, song, gain), between(report, 0.4, 0.7), cancelled)
    for lane, silent in zip(muted, alone, strict=True):
        path = folder / MUTED / f"{files[lane.id]}.wav"
        _write([path], 2, _single(Mixer(silent, sounds), gain), between(report, 0.7, 0.7), cancelled)
    for number, each in enumerate(raw):
        share = between(report, 0.7 + 0.3 * number / len(raw), 0.7 + 0.3 * (number + 1) / len(raw))
        path = folder / UNTOUCHED / f"{each.name}.wav"
        _write([path], each.channels(sounds), each.blocks(sounds, song.frames, gain), share, cancelled)
    return Stems(whole, -20 * float(np.log10(gain)))


def stem_bytes(song: Song) -> int:
    """Room on the disk that the stems of a song take, rather more than less."""
    files = 1 + 3 * sum(bool(lane.sections) for lane in song.lanes)
    return files * song.frames * 2 * 3


def _heard_alone(song: Song, lane: Lane) -> Song:
    """As long as the song, with all other lanes muted."""
    return replace(song, lanes=tuple(replace(each, mute=each is not lane, solo=False) for each in song.lanes))


# rounding


def rounded(sound: Sound, gain: float) -> Integers:
    """As whole steps of 24 bits."""
    steps: Integers = np.rint(sound * (gain * STEPS)).astype(np.int64)
    return steps


def _layered(mixer: Mixer, song: Song, gain: float) -> Iterator[tuple[float, Sequence[Integers]]]:
    """The song, then each of its lanes that has sections and is heard."""
    filled = [bool(lane.sections) for lane in heard_lanes(song)]
    for start in range(0, song.frames, _BLOCK):
        frames = min(_BLOCK, song.frames - start)
        before = np.zeros((frames, 2), np.int64)
        stems = []
        for layer, has_sections in zip(mixer.layers(start, frames), filled, strict=True):
            now = rounded(layer, gain)
            if has_sections:
                stems.append(now - before)
            before = now
        yield start / song.frames, [before, *stems]


def _single(mixer: Mixer, gain: float) -> Blocks:
    return lambda: ((0.0, [rounded(block, gain)]) for block in mixer.blocks(_BLOCK))


def _room(
    mixer: Mixer,
    alone: Sequence[Song],
    raw: Sequence[_Untouched],
    sounds: Mapping[str, Sound],
    report: Report,
    cancelled: Cancelled,
) -> float:
    """The gain, at most 1, with which nothing that is written goes beyond full scale."""
    peak = 0.0
    for start in range(0, mixer.frames, _BLOCK):
        stop_if(cancelled)
        report(start / mixer.frames, "Listening to the lanes")
        before: Sound | None = None
        for layer in mixer.layers(start, min(_BLOCK, mixer.frames - start)):
            peak = max(peak, _peak(layer if before is None else layer - before))
            before = layer
        if before is not None:
            peak = max(peak, _peak(before))
    for song in alone:
        for block in Mixer(song, sounds).blocks(_BLOCK):
            stop_if(cancelled)
            peak = max(peak, _peak(block))
    for each in raw:
        stop_if(cancelled)
        peak = max(peak, each.peak(sounds))
    most = (STEPS - 2) / STEPS  # a stem may be a step beyond its lane
    return 1.0 if peak <= most else most / peak


def _peak(sound: Sound) -> float:
    return float(np.abs(sound).max(initial=0.0))


# lanes without what was done to them


@dataclass(frozen=True, slots=True)
class _Untouched:
    """Sections of a lane that do not lie over each other."""

    name: str
    sections: tuple[Section, ...]

    def channels(self, sounds: Mapping[str, Sound]) -> int:
        return max((2 if sounds[part.clip].ndim == 2 else 1 for part in self._there(sounds)), default=1)

    def peak(self, sounds: Mapping[str, Sound]) -> float:
        return max(
            (_peak(_sides(sounds[part.clip], part.offset, part.length)) for part in self._there(sounds)), default=0
        )

    def blocks(self, sounds: Mapping[str, Sound], frames: int, gain: float) -> Blocks:
        channels = self.channels(sounds)

        def made() -> Iterator[tuple[float, Sequence[Integers]]]:
            for start in range(0, frames, _BLOCK):
                block = np.zeros((min(_BLOCK, frames - start), channels), np.float32)
                for part in self._there(sounds):
                    first, last = max(part.start, start), min(part.end, start + len(block))
                    if first < last:
                        heard = _sides(sounds[part.clip], part.offset + first - part.start, last - first)
                        block[first - start : first - start + len(heard)] = heard
                yield start / frames, [rounded(block, gain)]

        return made

    def _there(self, sounds: Mapping[str, Sound]) -> Iterator[Section]:
        return (part for part in self.sections if part.clip in sounds)


def _untouched(lane: Lane, name: str) -> Iterator[_Untouched]:
    rows: list[list[Section]] = []
    for part in sorted(lane.sections, key=lambda part: (part.start, part.id)):
        row = next((row for row in rows if row[-1].end <= part.start), None)
        if row is None:
            rows.append([part])
        else:
            row.append(part)
    for number, row in enumerate(rows, start=1):
        yield _Untouched(name if number == 1 else f"{name} {number}", tuple(row))


def _sides(sound: Sound, offset: int, frames: int) -> Sound:
    """What a clip sounds like there, [n, 1] or [n, 2]; less where it ends."""
    part = sound[offset : offset + frames]
    return part[:, None] if part.ndim == 1 else part[:, :2]


# files


def _write(paths: Sequence[Path], channels: int, blocks: Blocks, report: Report, cancelled: Cancelled) -> None:
    """Writes what comes for each path; a few files at a time, and what comes is made again for the next few."""
    for first in range(0, len(paths), _AT_ONCE):
        group = slice(first, first + _AT_ONCE)
        with ExitStack() as stack:
            opened = [sound_file(path, SONG_RATE, channels, "WAV", "PCM_24") for path in paths[group]]
            files = [stack.enter_context(file) for file in opened]
            for done, made in blocks():
                stop_if(cancelled)
                report((first + done * len(files)) / len(paths), f"Writing “{paths[first].name}”")
                for file, block in zip(files, made[group], strict=True):
                    file.write((block << 8).astype(np.int32))
