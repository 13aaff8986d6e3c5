"""What lies beside the songs of a release for players and burners: the playlist and the cue sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.document.file_names import file_name


@dataclass(frozen=True, slots=True)
class Listed:
    """One song in a list."""

    file: str
    """Its name in the folder of the lists."""
    title: str
    seconds: float


def write_playlist(folder: Path, album: str, artist: str, songs: Sequence[Listed]) -> None:
    """Writes the songs in their order as an extended M3U playlist in UTF-8."""
    lines = ["#EXTM3U", f"#PLAYLIST:{album}"]
    for song in songs:
        named = f"{artist} - {song.title}" if artist else song.title
        lines += [f"#EXTINF:{round(song.seconds)},{named}", song.file]
    _write(folder / f"{file_name(album)}.m3u8", lines)


def write_cue_sheet(folder: Path, album: str, artist: str, songs: Sequence[Listed]) -> None:
    """For a lossless format: what burns CDs takes no other."""
    performer = [f"PERFORMER {_quoted(artist)}"] if artist else []
    lines = [*performer, f"TITLE {_quoted(album)}"]
    for number, song in enumerate(songs, start=1):
        lines += [f"FILE {_quoted(song.file)} WAVE", f"  TRACK {number:02} AUDIO", f"    TITLE {_quoted(song.title)}"]
        lines += [*(f"    {line}" for line in performer), "    INDEX 01 00:00:00"]
    _write(folder / f"{file_name(album)}.cue", lines)


def _write(path: Path, lines: Sequence[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _quoted(text: str) -> str:
    return '"' + text.replace('"', "'") + '"'
