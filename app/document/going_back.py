"""Where to look after a step of the history."""

from __future__ import annotations

from app.document.model import Project, Song


def song_changed(before: Project, after: Project, shown: str) -> str:
    """The song in which a step of undo or redo is seen best.

    That is one that has come or to which sections have come, else one that has lost something; the song that is
    shown, where it is as good as any; "" where no song has changed.
    """
    old = {song.id: song for song in before.songs}
    changed = [song for song in after.songs if _looks_other(old.get(song.id), song)]
    come = [song for song in changed if song.id not in old or sections_come(before, song)]
    ids = [song.id for song in come or changed]
    return shown if shown in ids else next(iter(ids), "")


def sections_come(before: Project, song: Song) -> frozenset[str]:
    """The sections of a song that were not in it before."""
    known = {part.id for old in before.songs if old.id == song.id for lane in old.lanes for part in lane.sections}
    return frozenset(part.id for lane in song.lanes for part in lane.sections) - known


def _looks_other(old: Song | None, song: Song) -> bool:
    """A title or a gap is no reason to look elsewhere."""
    return old is None or (old.lanes, old.markers) != (song.lanes, song.markers)
