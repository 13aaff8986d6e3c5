"""A guide as it is shown and heard before clips play along to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from app.document.errors import UserError
from app.document.guide_choice import GuideChoice
from app.document.pattern import Pattern
from app.document.store import ProjectFolder
from app.studio.audio.mono_source import MonoSource
from app.studio.guides.bars import kept_bars
from app.studio.guides.going_on import is_guide_file
from app.studio.guides.pattern_guide import pattern_of_file
from app.studio.guides.sources import CUT_NAMES, guides_for
from resources.progress import Cancelled, Report, never, no_report, stop_if
from samplernn.audio.reading import probe
from samplernn.guides.equaliser import GuideEqualiser
from samplernn.guides.guide import Guide
from samplernn.guides.strokes import PER_SECOND

LONGEST_SECONDS = 60.0
"""Of a guide that is to accompany longer clips, no more than its beginning is heard, and shown."""
_LONGEST_PLAN_SECONDS = 600.0
"""Of a guide that is cut from bars so much is shown, so that its plan is seen as a whole."""
_RATE = 16_000
_BLOCK = 1 << 15
_ABOVE_NOISE_DB = 15.0
"""By so much the noise lies below the loudest stroke: an equaliser raises by 20 dB at most, and lowers by 40 dB."""


@dataclass(frozen=True, slots=True, eq=False)
class GuidePreview:
    """What there is to see and to hear of a guide."""

    guide: Guide
    source_seconds: float | None
    """Length of the recording, the pattern or the part of a song; None for a guide that is as long as its clip, or
    where the file does not say."""
    sound: MonoSource
    """White noise shaped by the guide: what it says, without any model."""

    @property
    def seconds(self) -> float:
        """How much of it there is to see."""
        return len(self.guide.strokes) / PER_SECOND


def preview_guide(
    place: ProjectFolder,
    choice: GuideChoice,
    seconds: float,
    seed: int,
    report: Report = no_report,
    cancelled: Cancelled = never,
) -> GuidePreview:
    """The guide that a clip of this length and seed would play along to; of longer clips, its first minute, or ten
    where it is cut from bars, of which the first can be heard.

    Raises:
        UserError: the album cannot be cut anew or dreamt of, or what is to be played along to is silent, shorter than
            a second, or no pattern.
        SoundError: the recording cannot be read.
        ValueError: the choice is to play along to nothing.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    if choice.source == "none":
        raise ValueError("nothing is played along to")
    if choice.source == "pattern" and isinstance(choice.pattern, Path):
        choice = replace(choice, pattern=pattern_of_file(choice.pattern))
    heard_seconds = min(seconds, LONGEST_SECONDS)
    shown_seconds = min(seconds, _LONGEST_PLAN_SECONDS) if choice.source in CUT_NAMES else heard_seconds
    guides = guides_for(place, choice, shown_seconds, [seed], report, cancelled)
    if not guides:
        raise no_bars(place, choice, cancelled)
    (guide,) = guides
    stop_if(cancelled)
    length = None
    if choice.source == "recording" and choice.recording is not None:
        length = length_of(choice.recording, guide, LONGEST_SECONDS)
    if choice.source == "song" and choice.part is not None:
        length = choice.part.seconds
    if choice.source == "pattern" and isinstance(choice.pattern, Pattern):
        length = choice.pattern.seconds
    return GuidePreview(guide, length, noise_along(guide, heard_seconds, seed, cancelled))


def length_of(recording: Path, guide: Guide, most: float) -> float | None:
    """Seconds of a recording, or of the guide of a clip; None where it does not say, and is longer than `most`."""
    if is_guide_file(recording):
        return len((guide.whole or guide).strokes) / PER_SECOND
    return probe(recording, most).seconds or None


def no_bars(place: ProjectFolder, choice: GuideChoice, cancelled: Cancelled) -> UserError:
    """Why no guide can be cut from this project's album, or dreamt of it: it is not prepared, or has too few bars.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    instead = "Clips wander freely, or play along to a recording."
    if kept_bars(place, cancelled=cancelled).mean is None:
        use = "no guide can be dreamt of it" if choice.source == "dream" else "it cannot be cut anew"
        return UserError(f"The album is not prepared here, so {use}.", instead)
    use = "dream of it" if choice.source == "dream" else "cut it anew"
    return UserError(f"Too few bars are found in the album to {use}.", instead)


def noise_along(guide: Guide, seconds: float, seed: int = 0, cancelled: Cancelled = never) -> MonoSource:
    """White noise of this length, brought to the strokes of a guide as closely as any clip could be.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    samples = round(seconds * _RATE)
    level = float(guide.strokes[: round(seconds * PER_SECOND) + 1].max()) - _ABOVE_NOISE_DB
    noise = np.random.default_rng(seed).standard_normal((1, samples), np.float32) * np.float32(10 ** (level / 20))
    equaliser = GuideEqualiser([guide], _RATE)
    parts = []
    for start in range(0, samples, _BLOCK):
        stop_if(cancelled)
        parts.append(equaliser.push(noise[:, start : start + _BLOCK]))
    parts.append(equaliser.end())
    return MonoSource(np.concatenate(parts, axis=1)[0, :samples], _RATE)
