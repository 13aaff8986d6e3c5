"""How much of all the work of an export is done, so that the time that is left can be told from it.

Effort is counted in seconds of sound that are mixed, limited and measured once, which is what most of the work is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from app.document.model import SONG_RATE, Project
from app.studio.artwork.lettering import chosen_cover
from app.studio.audio.loudness import Block
from app.studio.release.files import FORMATS
from resources.progress import Report

_OPENED = 0.1
"""For each second of the clips."""
_HEARD = 0.85
"""For each second of the album, each time that it is listened to: the first time nothing is limited."""
_USUAL_TIMES = 4
"""How often an album is listened to until its loudness is right, as a rule."""
_COVER, _COVER_OF_PIECES, _COVER_BY_NETWORK = 60.0, 1000.0, 100_000.0
"""For a picture as it is, for one that is put together anew, and by the network without a graphics card."""
_LAST = 10.0


class Effort:
    """Parts of a work, and how much of each is done."""

    def __init__(self, report: Report, parts: Mapping[str, float]) -> None:
        """Args: parts: the effort that each part takes, by its name."""
        self._report = report
        self._parts = dict(parts)
        self._done = dict.fromkeys(parts, 0.0)

    def part(self, name: str) -> Report:
        """Reports how much of a part is done, 0..1, as how much of the whole is."""

        def report(fraction: float, doing: str) -> None:
            self._done[name] = min(max(fraction, 0.0), 1.0)
            self._report(self._share(), doing)

        return report

    def end(self, name: str, effort: float | None = None) -> None:
        """A part is over; `effort` is what it took, where that was not as expected."""
        self._done[name] = 1.0
        if effort is not None:
            self._parts[name] = effort

    def _share(self) -> float:
        done = sum(effort * self._done[name] for name, effort in self._parts.items())
        return done / sum(self._parts.values())


class Listening:
    """Listening to an album until its loudness is right; how often that has to be done shows only on the way."""

    def __init__(self, effort: Effort, frames: int) -> None:
        """Args: frames: of the album."""
        self._effort, self._frames = effort, frames
        self._report = effort.part("listen")
        self._heard = 0

    def to(self, blocks: Iterable[Block]) -> Iterator[Block]:
        """The same blocks of a song, counted."""
        for block in blocks:
            times = self._heard / self._frames
            self._report(times / max(_USUAL_TIMES, times + 0.5), "Measuring the loudness of the album")
            yield block
            self._heard += len(block)

    def end(self) -> None:
        """Its loudness is right."""
        self._effort.end("listen", _HEARD * self._heard / SONG_RATE)


def effort_of_export(project: Project, folder: Path, used: Iterable[str], frames: int, report: Report) -> Effort:
    """Its parts: "open", "listen", "cover", one by the name of each format, "end".

    Args:
        used: ids of the clips in use.
        frames: of the album.
    """
    known, seconds = {clip.id: clip for clip in project.clips}, frames / SONG_RATE
    clips = [known[id] for id in set(used) if id in known]
    return Effort(
        report,
        {
            "open": _OPENED * sum(clip.frames for clip in clips) / SONG_RATE,
            "listen": _HEARD * _USUAL_TIMES * seconds,
            "cover": _effort_of_cover(project, folder),
            **{name: FORMATS[name].effort * seconds for name in project.release.formats},
            "end": _LAST,
        },
    )


def _effort_of_cover(project: Project, folder: Path) -> float:
    cover = chosen_cover(project)
    if cover is None or cover.method not in ("self", "photos"):
        return _COVER
    if not cover.network:
        return _COVER_OF_PIECES
    from app.studio.artwork.cover_recipe import is_kept_at
    from app.studio.artwork.settings import RELEASE_SIDE

    return _COVER if is_kept_at(folder, cover, RELEASE_SIDE) else _COVER_BY_NETWORK
