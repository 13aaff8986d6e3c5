"""Where the guides of clips come from: the album's own bars in a new order, dreams of them, any recording, a pattern,
or part of a song."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from app.document.errors import UserError
from app.document.guide_choice import GuideChoice, GuideSource
from app.document.pattern import Pattern
from app.document.song_part import SongPart
from app.document.store import ProjectFolder
from app.studio.guides.bars import HEARD_DB, Bars, kept_bars
from app.studio.guides.bars_to_cut import bars_to_cut
from app.studio.guides.going_on import guide_of_file, is_guide_file
from app.studio.guides.manner import as_chosen
from app.studio.guides.pattern_guide import guide_of_pattern, pattern_of_file
from app.studio.guides.recut import Recut, recut
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
_ONWARD_SECONDS = 60.0
"""So much more of a recording or a pattern is known than a clip needs: what goes on from the clip goes on with that."""
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

    Clips of one seed share a guide, which has its number in its name then. Each knows how it goes on after the clip.
    An album that was never prepared, or has too few bars, gives none either.

    Raises:
        UserError: a recording or part of a song that is silent or shorter than a second; a file that is no pattern; a
            guide without notes, of which notes alone are to be followed.
        SoundError: a recording that cannot be read.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    if choice.source == "none":
        return ()
    if choice.source in CUT_NAMES:
        bars_of = bars_to_cut(place, choice.source, report, cancelled)
        return tuple(as_chosen(guide, choice) for guide in _cut(choice, seconds, seeds, bars_of))

    def album() -> Bars:  # asked for last: it may take long, and what cannot be played along to is to be said at once
        return kept_bars(place, report, cancelled)

    if choice.source == "song":
        if choice.part is None:
            raise UserError("No section was chosen to play along to.", "Choose one on the timeline.")
        heard = _heard_part(place, choice.part, seconds, report, cancelled)
        guide = _guide_of_sound(heard, seconds, album, choice.follow)
    elif choice.source == "pattern":
        if choice.pattern is None:
            raise UserError("No beat was drawn, and no MIDI file was chosen.", "Draw one, or choose a file.")
        pattern = pattern_of_file(choice.pattern) if isinstance(choice.pattern, Path) else choice.pattern
        guide = _guide_of_pattern(pattern, seconds, album(), choice.follow, cancelled)
    else:
        if choice.recording is None:
            raise UserError("No recording was chosen to play along to.", "Choose a sound file.")
        if is_guide_file(choice.recording):
            return (as_chosen(guide_of_file(choice.recording, seconds, choice.follow), choice),) * len(seeds)
        heard = _heard_recording(choice.recording, seconds, cancelled)
        guide = _guide_of_sound(heard, seconds, album, choice.follow)
    return (as_chosen(guide, choice),) * len(seeds)


def _cut(
    choice: GuideChoice, seconds: float, seeds: Sequence[int], bars_of: Callable[[int], Bars]
) -> tuple[Guide, ...]:
    """Guides of these seeds, cut from their bars."""
    by_seed = {seed: recut(bars_of(seed), seconds, seed, choice.form, in_a_row=choice.in_a_row) for seed in seeds}
    name = CUT_NAMES[choice.source]
    shared = len(set(seeds)) < len(seeds)
    made = {
        seed: guide_of_cut(each, f"{name}, no. {seed}" if shared else name, choice.follow)
        for seed, each in by_seed.items()
        if each is not None
    }
    return tuple(made[seed] for seed in seeds if seed in made)


def guide_of_cut(made: Recut, name: str, follow: float) -> Guide:
    """A guide of this name out of what was cut from bars, and how it goes on."""
    whole = None if made.whole is None else guide_of_cut(made.whole, name, follow)
    return Guide(made.strokes, name, made.notes, follow, made.tempo.bpm, parts=made.parts, whole=whole)


def _guide_of_pattern(pattern: Pattern, seconds: float, album: Bars, follow: float, cancelled: Cancelled) -> Guide:
    """As `guide_of_pattern`, and how it goes on: whole patterns where there is room."""
    times = max(math.ceil(_ONWARD_SECONDS / pattern.seconds), 1)
    length = min(times * pattern.seconds, seconds + _ONWARD_SECONDS)
    guide, whole = (guide_of_pattern(pattern, each, album, follow, cancelled) for each in (seconds, length))
    return replace(guide, whole=whole)


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
    return _guide_of_sound(_heard_recording(path, seconds, cancelled), seconds, lambda: album, follow)


def _heard_recording(path: Path, seconds: float, cancelled: Cancelled) -> _Heard:
    used = min(seconds + _ONWARD_SECONDS, _LONGEST_SECONDS)
    sound = heard_in_mono(path, lambda mono: _at_16_khz(mono, cancelled), cancelled, used + _FILTER_SECONDS)
    return _Heard(sound[: round(used * _RATE)], path.name, "Choose another file.")


def _heard_part(place: ProjectFolder, part: SongPart, seconds: float, report: Report, cancelled: Cancelled) -> _Heard:
    used = min(seconds + _ONWARD_SECONDS, _LONGEST_SECONDS)
    sound = sound_of_part(place, part, used, _RATE, report, cancelled)
    return _Heard(sound, part.name, "Choose another section.", part.bpm)


def _guide_of_sound(heard: _Heard, seconds: float, find_album: Callable[[], Bars], follow: float) -> Guide:
    """As `guide_of_recording`, of sound that was read or mixed already; the album is asked for once that can be played
    along to."""
    strokes, notes = strokes_of([heard.sound], _RATE), notes_of([heard.sound], _RATE)
    if len(strokes) < min(_SHORTEST_SECONDS, seconds) * PER_SECOND:
        raise UserError(f"“{heard.name}” is shorter than a second, too short to play along to.", heard.instead)
    own = strokes[: max(round(seconds * PER_SECOND), 1)]  # what the clip itself hears
    levels = own.max(axis=1)
    if levels.max() < _SILENT_DB:
        goes_on = len(heard.sound) >= round(min(seconds, _LONGEST_SECONDS) * _RATE)
        how_long = " for as long as the clip is" if goes_on else ""
        raise UserError(f"“{heard.name}” is silent{how_long}: there is nothing to play along to.", heard.instead)
    album, there = find_album(), levels > levels.max() - HEARD_DB
    if album.mean is not None:
        usual, moved = loudness(own[there]), album.mean - own[there].mean(axis=0)
        louder = np.float32(album.loudness - loudness(own[there] + moved))
        strokes = strokes + moved + louder
        notes[:, :, (PEAK, REST)] += np.float32(album.loudness - usual)
    length = len(strokes) / PER_SECOND
    whole = Guide(strokes, heard.name, notes, follow, heard.bpm)
    return replace(
        whole,
        strokes=_again(strokes, seconds * PER_SECOND),
        notes=_again(notes, seconds * NOTES_PER_SECOND),
        bpm=bpm_repeated(heard.bpm, length, seconds),
        whole=whole,
    )


def _at_16_khz(sound: MonoSound, cancelled: Cancelled) -> Floats:
    blocks = at_rate((mixed for _, mixed in sound.blocks(cancelled)), sound.info.rate, _RATE)
    return np.concatenate([np.zeros(0, np.float32), *blocks])


def _again(frames: Floats, count: float) -> Floats:
    """So many frames, from the first again after the last."""
    repeated: Floats = np.resize(frames, (max(round(count), 1), *frames.shape[1:])).astype(np.float32)
    return repeated
