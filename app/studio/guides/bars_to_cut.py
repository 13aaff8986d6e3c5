"""Which bars guides are cut from: those of the album, or dreamt ones."""

from __future__ import annotations

from collections.abc import Callable

from app.document.guide_choice import GuideSource
from app.document.store import ProjectFolder
from app.studio.guides.bars import Bars, kept_bars
from app.studio.guides.dream import dreamt_bars, kept_dreamer
from resources.progress import Cancelled, Report, between, never, no_report

_BARS_SHARE = 0.9
"""Of the time that a dream takes for the first time, that of finding the album's bars."""


def bars_to_cut(
    place: ProjectFolder, source: GuideSource, report: Report = no_report, cancelled: Cancelled = never
) -> Callable[[int], Bars]:
    """The bars to cut a guide of this seed from: the album's for any, or a dream for each; none without a prepared
    album, or where it has too few.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    if source != "dream":
        album = kept_bars(place, report, cancelled)
        return lambda seed: album
    album = kept_bars(place, between(report, 0.0, _BARS_SHARE), cancelled)
    dreamer = kept_dreamer(place, album, between(report, _BARS_SHARE, 1.0), cancelled)
    return lambda seed: Bars() if dreamer is None else dreamt_bars(dreamer, album, seed)
