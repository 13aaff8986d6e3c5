"""What to look at before an export in what songs copy: only of clips that have been measured already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.document.model import SONG_RATE, Project, Song
from app.studio.audio.mix import heard_lanes
from app.studio.measures.copies import LEAST_SECONDS
from app.studio.measures.kept import kept_measures
from app.studio.measures.measured import ClipMeasures, CopiedStretch
from app.studio.release.check import Check
from app.studio.release.page import clock


@dataclass(frozen=True, slots=True)
class _Copy:
    """A stretch of a song that stands in a track of the album; frames of the song."""

    track: str
    start: int
    end: int

    @property
    def frames(self) -> int:
        return self.end - self.start


def copy_checks(project: Project, folder: Path) -> Iterator[Check]:
    """A line for each song that copies the album, with its longest stretch; quick: nothing is listened to."""
    used = {part.clip for song in project.songs for lane in heard_lanes(song) for part in lane.sections}
    clips = [clip for clip in project.clips if clip.id in used]
    measured = kept_measures(folder, clips)
    titles = {track.path: track.title for track in project.album.tracks}
    copied = False
    for number, song in enumerate(project.songs, start=1):
        if found := _copies(song, measured):
            copied = True
            longest = max(found, key=lambda copy: copy.frames)
            name = titles.get(longest.track) or Path(longest.track).name
            where = f"for {longest.frames / SONG_RATE:.0f} s at {clock(longest.start / SONG_RATE)}"
            more = f", and the album at {_places(len(found) - 1)}" if len(found) > 1 else ""
            yield Check("look", f"song {number} copies “{name}” {where}{more}", "arrange", song.id, longest.start)
    if clips and not copied and len(measured) == len(clips):
        yield Check("ok", "no song copies the album, as far as was found")


def _places(count: int) -> str:
    return "one more place" if count == 1 else f"{count} more places"


def _copies(song: Song, measured: Mapping[str, ClipMeasures]) -> list[_Copy]:
    """What a song copies for two seconds or more, by their starts. Where a copy was split, its pieces are one."""
    pieces: dict[str, list[_Copy]] = {}
    for lane in heard_lanes(song):
        for part in lane.sections:
            for stretch in _stretches(measured.get(part.clip)):
                first = max(round(stretch.clip_seconds * SONG_RATE), part.offset)
                last = min(round((stretch.clip_seconds + stretch.seconds) * SONG_RATE), part.offset + part.length)
                if first < last:
                    moved = part.start - part.offset
                    pieces.setdefault(stretch.track, []).append(_Copy(stretch.track, first + moved, last + moved))
    found = [copy for track in pieces.values() for copy in _joined(track) if copy.frames >= LEAST_SECONDS * SONG_RATE]
    return sorted(found, key=lambda copy: copy.start)


def _stretches(measures: ClipMeasures | None) -> set[CopiedStretch]:
    """Each of them once, of however many sections it is."""
    return set() if measures is None else {one.copied for one in measures.sections if one.copied is not None}


def _joined(pieces: list[_Copy]) -> list[_Copy]:
    """Pieces of one track that follow on one another or overlap made one, by their starts."""
    joined: list[_Copy] = []
    for piece in sorted(pieces, key=lambda each: each.start):
        if joined and piece.start <= joined[-1].end:
            joined[-1] = _Copy(piece.track, joined[-1].start, max(joined[-1].end, piece.end))
        else:
            joined.append(piece)
    return joined
