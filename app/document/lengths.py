"""How long the album is: its songs and the silence between them."""

from __future__ import annotations

from app.document.model import SONG_RATE, Project, Song


def gap_after(project: Project, song: Song) -> float:
    """Seconds of silence after a song, where another follows."""
    return project.release.gap_seconds if song.gap_seconds is None else song.gap_seconds


def album_seconds(project: Project) -> float:
    """The songs that have any sound, and the gaps between them."""
    songs = [song for song in project.songs if song.frames]
    gaps = sum(gap_after(project, song) for song in songs[:-1])
    return sum(song.frames for song in songs) / SONG_RATE + gaps
