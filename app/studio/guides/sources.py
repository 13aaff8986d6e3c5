"""Where the guides of clips come from: the album's own bars in a new order, dreams of them, any recording, a pattern,
or part of a song."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.document.errors import UserError
from app.document.guide_choice import GuideChoice, GuideSource
from app.document.song_part import SongPart
from app.document.store import ProjectFolder
from app.studio.guides.bars import HEARD_DB, Bars, kept_bars
from app.studio.guides.bars_to_cut import bars_to_cut
from app.studio.guides.pattern_guide import guide_of_pattern, pattern_of_file
from app.studio.guides.recut import recut
from app.studio.guides.repeating import bpm_repeated
from app.studio.guides.song_sound import sound_of_part
from app.studio.guides.walker import loudness
from resources.progress import Cancelled, Report, never, no_report
from samplernn.audio.downmix import MonoSound
from samplernn.audio.reading import at_rate, heard_in_mono
from samplernn.guides.framing import Floats
from samplernn.guides.guide import Guide
from samplernn.guides.notes import PEAK, REST, notes_of
from samplernn.guides.notes import PER_SECOND as NOTES_PER_SECOND
from samplernn.guides.strokes import PER_SECOND, strokes_of

RECUT_NAME = "the album, cut anew"
DREAM_NAME = "a dream of the album"
CUT_NAMES: dict[GuideSource, str] = {"album": RECUT_NAME, "dream": DREAM_NAME}
"""What is cut from bars: those of the album, or dreamt ones."""

_SHORTEST_SECONDS = 1.0
_SILENT_DB = -75.0
_RATE = 16_000
_LONGEST_SECONDS = 600.0
"""Of a recording that is used; then it is repeated from its beginning."""
_FILTER_SECONDS = 0.1
"""More than is used is read, so that the end is resampled as what it is, the middle of a longer sound."""


@dataclass(frozen=True, slots=True, eq=False)
class _Heard:
    """Sound to make a guide of."""

    sound: Floats
    """[n] at 16 kHz."""
    name: str
    instead: str
    """What to do where it cannot be taken."""
    bpm: float | None = None


def guides_for(
    place: ProjectFolder,
    choice: GuideChoice,
    seconds: float,
    seeds: Sequence[int],
    report: Report = no_report,
    cancelled: Cancelled = never,
) -> tuple[Guide, ...]:
    """A guide for each clip of these seeds; none at all where the choice is none.

    Clips of one seed share a guide, which has its number in its name then.
    An album that was never prepared, or has too few bars, gives none either.

    Raises:
        UserError: a recording or part of a song that is silent or shorter than a second; a file that is no pattern.
        SoundError: a recording that cannot be read.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    if choice.source == "none":
        return ()
    if choice.source in CUT_NAMES:
        return _cut(choice, seconds, seeds, bars_to_cut(place, choice.source, report, cancelled))
    bars = kept_bars(place, report, cancelled)
    if choice.source == "song":
        if choice.part is None:
            raise UserError("No section was chosen to play along to.", "Choose one on the timeline.")
        heard = _heard_part(place, choice.part, seconds, report, cancelled)
        return (_guide_of_sound(heard, seconds, bars, choice.follow),) * len(seeds)
    if choice.source == "pattern":
        if choice.pattern is None:
            raise UserError("No beat was drawn, and no MIDI file was chosen.", "Draw one, or choose a file.")
        pattern = pattern_of_file(choice.pattern) if isinstance(choice.pattern, Path) else choice.pattern
        return (guide_of_pattern(pattern, seconds, bars, choice.follow, cancelled),) * len(seeds)
    if choice.recording is None:
        raise UserError("No recording was chosen to play along to.", "Choose a sound file.")
    return (guide_of_recording(choice.recording, seconds, bars, choice.follow, cancelled),) * len(seeds)


def _cut(
    choice: GuideChoice, seconds: float, seeds: Sequence[int], bars_of: Callable[[int], Bars]
) -> tuple[Guide, ...]:
    """Guides of these seeds, cut from their bars."""
    by_seed = {seed: recut(bars_of(seed), seconds, seed, choice.form) for seed in seeds}
    name = CUT_NAMES[choice.source]
    made = [by_seed[seed] for seed in seeds]
    shared = len(set(seeds)) < len(seeds)
    return tuple(
        Guide(
            each.strokes,
            f"{name}, no. {seed}" if shared else name,
            each.notes,
            choice.follow,
            each.tempo.bpm,
            each.parts,
        )
        for seed, each in zip(seeds, made, strict=True)
        if each is not None
    )


def guide_of_recording(
    path: Path, seconds: float, album: Bars, follow: float = 1.0, cancelled: Cancelled = never
) -> Guide:
    """The strokes of a recording, again and again for `seconds`, around the mean levels of the album;
    around its own where nothing is known of the album.

    Raises:
        UserError: it is silent, or shorter than a second.
        SoundError: it cannot be read.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    used = max(min(seconds, _LONGEST_SECONDS), _SHORTEST_SECONDS)
    sound = heard_in_mono(path, lambda mono: _at_16_khz(mono, cancelled), cancelled, used + _FILTER_SECONDS)
    sound = sound[: round(used * _RATE)]
    return _guide_of_sound(_Heard(sound, path.name, "Choose another file."), seconds, album, follow)


def _heard_part(place: ProjectFolder, part: SongPart, seconds: float, report: Report, cancelled: Cancelled) -> _Heard:
    sound = sound_of_part(place, part, min(seconds, _LONGEST_SECONDS), _RATE, report, cancelled)
    bpm = bpm_repeated(part.bpm, part.seconds, seconds)
    return _Heard(sound, part.name, "Choose another section.", bpm)


def _guide_of_sound(heard: _Heard, seconds: float, album: Bars, follow: float) -> Guide:
    """As `guide_of_recording`, of sound that was read or mixed already."""
    strokes, notes = strokes_of([heard.sound], _RATE), notes_of([heard.sound], _RATE)
    if len(strokes) < min(_SHORTEST_SECONDS, seconds) * PER_SECOND:
        raise UserError(f"“{heard.name}” is shorter than a second, too short to play along to.", heard.instead)
    levels = strokes.max(axis=1)
    if levels.max() < _SILENT_DB:
        goes_on = len(heard.sound) >= round(min(seconds, _LONGEST_SECONDS) * _RATE)
        how_long = " for as long as the clip is" if goes_on else ""
        raise UserError(f"“{heard.name}” is silent{how_long}: there is nothing to play along to.", heard.instead)
    there = levels > levels.max() - HEARD_DB
    if album.mean is not None:
        usual = loudness(strokes[there])
        strokes = strokes - strokes[there].mean(axis=0) + album.mean
        strokes += np.float32(album.loudness - loudness(strokes[there]))
        notes[:, :, (PEAK, REST)] += np.float32(album.loudness - usual)
    again = (_again(strokes, seconds * PER_SECOND), _again(notes, seconds * NOTES_PER_SECOND))
    return Guide(again[0], heard.name, again[1], follow, heard.bpm)


def _at_16_khz(sound: MonoSound, cancelled: Cancelled) -> Floats:
    blocks = at_rate((mixed for _, mixed in sound.blocks(cancelled)), sound.info.rate, _RATE)
    return np.concatenate([np.zeros(0, np.float32), *blocks])


def _again(frames: Floats, count: float) -> Floats:
    """So many frames, from the first again after the last."""
    repeated: Floats = np.resize(frames, (max(round(count), 1), *frames.shape[1:])).astype(np.float32)
    return repeated
