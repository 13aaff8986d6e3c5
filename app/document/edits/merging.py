"""Taking in what someone else has done to another copy of the same document."""

from __future__ import annotations

from msgspec.structs import fields, replace

from app.document.edits.album import add_album
from app.document.edits.exported import add_exported
from app.document.edits.made import add_clips, add_covers, add_titles, put_run
from app.document.edits.songs import put_copy
from app.document.model import Project, Release


def take_in_made(project: Project, before: Project, after: Project) -> Project:
    """What was imported, learnt, generated, painted, invented and exported on the way from `before` to `after`."""
    if after.album != before.album:
        project = add_album(project, after.album)
    for run in after.runs:
        if run not in before.runs:
            project = put_run(project, run)
    project = add_clips(project, after.clips)
    project = add_covers(project, [cover for cover in after.covers if cover not in before.covers])
    for exported in reversed(after.exported):
        if exported not in before.exported:
            project = add_exported(project, exported)
    return add_titles(project, [title for title in after.titles if title not in before.titles])


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
