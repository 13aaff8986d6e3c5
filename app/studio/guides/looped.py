"""A guide for sound without an end: it is whole bars where those are known, so that it keeps time as it begins anew.

A pattern comes again after its own length, whatever that is, as it does along a clip.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.document.bars import seconds_of_bar
from app.document.guide_choice import GuideChoice
from app.document.store import ProjectFolder
from app.studio.guides.going_on import is_guide_file
from app.studio.guides.pattern_guide import pattern_of_file
from app.studio.guides.preview import no_bars
from app.studio.guides.sources import guides_for
from resources.progress import Cancelled, Report, never, no_report
from samplernn.audio.reading import probe
from samplernn.guides.guide import Guide
from samplernn.guides.guide_file import read_guide
from samplernn.guides.strokes import PER_SECOND

__all__ = ["Guide", "guide_to_loop"]

_MADE_SECONDS = 120.0
"""Of a guide that is made of the album. Patterns are repeated until they are about as long: a guide is whole frames
long, so that each time it begins anew it may be up to 2 ms off its tempo."""
_SHORTEST_SECONDS, _LONGEST_SECONDS = 1.0, 300.0
"""Of a recording or a pattern that is used."""


def guide_to_loop(
    place: ProjectFolder,
    choice: GuideChoice,
    seed: int,
    report: Report = no_report,
    cancelled: Cancelled = never,
) -> Guide:
    """The guide of this choice: minutes of what is made of the album or of a pattern, a recording as long as it is, up
    to five minutes.

    Raises:
        UserError: the album has no bars, or the recording is silent or shorter than a second, or no pattern.
        SoundError: the recording cannot be read.
        ValueError: the choice is to play along to nothing.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    if choice.source == "none":
        raise ValueError("nothing is played along to")
    seconds, is_whole = _MADE_SECONDS, False
    if choice.source == "recording" and choice.recording is not None:
        said = _seconds_of(choice.recording) or _LONGEST_SECONDS
        seconds = min(max(said, _SHORTEST_SECONDS), _LONGEST_SECONDS)
    if choice.source == "pattern" and choice.pattern is not None:
        pattern = pattern_of_file(choice.pattern) if isinstance(choice.pattern, Path) else choice.pattern
        choice = replace(choice, pattern=pattern)
        is_whole = pattern.seconds <= _LONGEST_SECONDS
        times = max(round(_MADE_SECONDS / pattern.seconds), 1)
        seconds = times * pattern.seconds if is_whole else _LONGEST_SECONDS
    guides = guides_for(place, choice, seconds, [seed], report, cancelled)
    if not guides:
        raise no_bars(place, choice, cancelled)
    guide = replace(guides[0], whole=None)
    bar = seconds_of_bar(guide.bpm) * PER_SECOND if guide.bpm else 0.0
    if not is_whole and 0.0 < bar <= len(guide.strokes):
        guide = replace(guide, strokes=guide.strokes[: round(len(guide.strokes) // bar * bar)])
    return guide


def _seconds_of(recording: Path) -> float:
    """Of a recording, or of the guide of a clip; 0 where that is not known."""
    if is_guide_file(recording):
        return len(read_guide(recording).strokes) / PER_SECOND
    return probe(recording, _LONGEST_SECONDS).seconds
