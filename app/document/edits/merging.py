"""Taking in what someone else has done to another copy of the same document."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

from msgspec.structs import fields, replace

from app.document.edits.album import add_album
from app.document.edits.exported import add_exported
from app.document.edits.made import add_clips, add_covers, add_titles, put_run
from app.document.edits.songs import put_copy
from app.document.model import Project, Release

_Made = TypeVar("_Made", bound=Hashable)


def take_in_made(before: Project, after: Project) -> Callable[[Project], Project]:
    """An update: what was imported, learnt, generated, painted, invented and exported between `before` and `after`.

    What is new is looked for once, however often the update is applied.
    """
    album = after.album if after.album != before.album else None
    runs = _new(before.runs, after.runs)
    clips = _new(before.clips, after.clips)
    covers = _new(before.covers, after.covers)
    exported = _new(before.exported, after.exported)
    titles = _new(before.titles, after.titles)

    def take_in(project: Project) -> Project:
        if album is not None:
            project = add_album(project, album)
        for run in runs:
            project = put_run(project, run)
        if clips:
            project = add_clips(project, clips)
        if covers:
            project = add_covers(project, covers)
        for one in reversed(exported):
            project = add_exported(project, one)
        return add_titles(project, titles) if titles else project

    return take_in


def _new(before: Sequence[_Made], after: Sequence[_Made]) -> list[_Made]:
    """Those of `after` that are not in `before`, or were other ones there: there may be thousands."""
    if after is before:
        return []
    known = set(before)
    return [one for one in after if one not in known]


def take_in_chosen(project: Project, before: Project, after: Project) -> Project:
    """The songs that are new in `after`, and whatever it says otherwise of the release.

    The songs come after those that are there. Their ids are changed where they are in use already.
    """
    known = {song.id for song in before.songs}
    for song in after.songs:
        if song.id not in known:
            project = put_copy(project, song, len(project.songs))
    changed = {
        field.name: getattr(after.release, field.name)
        for field in fields(Release)
        if getattr(after.release, field.name) != getattr(before.release, field.name)
    }
    return replace(project, release=replace(project.release, **changed))
