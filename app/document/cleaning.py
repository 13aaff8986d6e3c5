"""The names in a document, cleaned: see `app.document.names`."""

from __future__ import annotations

from msgspec.structs import replace

from app.document.model import Album, Project, Release, Song
from app.document.names import clean_name


def with_clean_names(project: Project) -> Project:
    """All that is a name in the document; one that was written by an older Deep Cuts may hold anything."""
    return replace(
        project,
        name=clean_name(project.name),
        album=clean_album(project.album),
        clips=tuple(
            clip if (guide := clean_name(clip.guide)) == clip.guide else replace(clip, guide=guide)
            for clip in project.clips
        ),
        songs=tuple(map(_clean_song, project.songs)),
        titles=tuple(
            title if (text := clean_name(title.text)) == title.text else replace(title, text=text)
            for title in project.titles
        ),
        release=_clean_release(project.release),
    )


def clean_album(album: Album) -> Album:
    """What was read of an album: from its tags, from names of files, from lists."""
    return replace(
        album,
        title=clean_name(album.title),
        artist=clean_name(album.artist),
        year=clean_name(album.year),
        tracks=tuple(
            replace(track, title=clean_name(track.title), artist=clean_name(track.artist)) for track in album.tracks
        ),
        titles=tuple(map(clean_name, album.titles)),
    )


def _clean_release(release: Release) -> Release:
    facts = release.facts
    cleaned = replace(
        facts, genre=clean_name(facts.genre), composer=clean_name(facts.composer), label=clean_name(facts.label)
    )
    return replace(release, title=clean_name(release.title), artist=clean_name(release.artist), facts=cleaned)


def _clean_song(song: Song) -> Song:
    markers = tuple(replace(marker, name=clean_name(marker.name)) for marker in song.markers)
    return replace(song, title=clean_name(song.title), markers=markers)
