"""What every file of a release says of itself, in the manner of its format."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.studio.release.riff import append_chunks, info_chunk

_REPLAYGAIN_LUFS = -18.0
_R128_LUFS = -23.0
_FACTS = ("DATE", "GENRE", "COMPOSER", "LABEL", "BARCODE", "ISRC")
_ID3_FACTS = ("TDRC", "TCON", "TCOM", "TPUB", "TXXX:BARCODE", "TSRC")
"""The same, in ID3."""


@dataclass(frozen=True, slots=True)
class SongTags:
    """Tags of one song; loudness in LUFS and peaks linear, as ReplayGain wants them."""

    title: str
    artist: str
    album: str
    number: int
    total: int
    date: str
    comment: str
    lufs: float
    peak: float
    album_lufs: float
    album_peak: float
    cover: bytes
    """JPEG."""
    cover_side: int
    genre: str = ""
    composer: str = ""
    label: str = ""
    upc: str = ""
    isrc: str = ""

    def facts(self) -> dict[str, str]:
        """What was given of date, genre, composer, label, UPC and ISRC, by their Vorbis names."""
        values = (self.date, self.genre, self.composer, self.label, self.upc, self.isrc)
        return {name: value for name, value in zip(_FACTS, values, strict=True) if value}

    def as_info(self) -> dict[str, str]:
        """By the names that RIFF INFO has; it has none for label and codes."""
        return {
            "INAM": self.title,
            "IART": self.artist,
            "IPRD": self.album,
            "ITRK": str(self.number),
            "ICRD": self.date,
            "IGNR": self.genre,
            "IMUS": self.composer,
            "ICMT": self.comment,
        }

    def as_comments(self) -> dict[str, str]:
        """By their Vorbis names."""
        return {
            "TITLE": self.title,
            "ARTIST": self.artist,
            "ALBUM": self.album,
            "ALBUMARTIST": self.artist,
            "TRACKNUMBER": str(self.number),
            "TRACKTOTAL": str(self.total),
            "COMMENT": self.comment,
            **self.facts(),
        }

    def replay_gain(self) -> dict[str, str]:
        """ReplayGain 2.0 tags: gains to -18 LUFS, and linear peaks."""
        return {
            "REPLAYGAIN_TRACK_GAIN": f"{_REPLAYGAIN_LUFS - self.lufs:.2f} dB",
            "REPLAYGAIN_TRACK_PEAK": f"{self.peak:.6f}",
            "REPLAYGAIN_ALBUM_GAIN": f"{_REPLAYGAIN_LUFS - self.album_lufs:.2f} dB",
            "REPLAYGAIN_ALBUM_PEAK": f"{self.album_peak:.6f}",
        }

    def r128_gain(self) -> dict[str, str]:
        """What Opus has instead (RFC 7845, 5.2.1): 1/256 dB to -23 LUFS."""
        return {
            "R128_TRACK_GAIN": str(round(256 * (_R128_LUFS - self.lufs))),
            "R128_ALBUM_GAIN": str(round(256 * (_R128_LUFS - self.album_lufs))),
        }


def write_tags(path: Path, form: str, tags: SongTags) -> None:
    """Puts the tags and the front cover into a file.

    Args:
        form: how files of its format end: "flac", "wav", "mp3", "ogg" or "opus".
    """
    match form:
        case "flac":
            from mutagen.flac import FLAC

            file = FLAC(path)
            file.update(_listed(tags.as_comments() | tags.replay_gain()))
            file.clear_pictures()
            file.add_picture(_picture(tags))
            file.save()
        case "ogg" | "opus":
            from mutagen.oggopus import OggOpus
            from mutagen.oggvorbis import OggVorbis

            stream = OggVorbis(path) if form == "ogg" else OggOpus(path)
            gains = tags.replay_gain() if form == "ogg" else tags.r128_gain()
            stream.update(_listed(tags.as_comments() | gains))
            stream["METADATA_BLOCK_PICTURE"] = [base64.b64encode(_picture(tags).write()).decode("ascii")]
            stream.save()
        case "mp3" | "wav":
            from mutagen.mp3 import MP3
            from mutagen.wave import WAVE

            if form == "wav":
                append_chunks(path, [info_chunk(tags.as_info())])
            with_id3 = MP3(path) if form == "mp3" else WAVE(path)
            if with_id3.tags is None:
                with_id3.add_tags()
            _fill_id3(with_id3.tags, tags)
            with_id3.save()


def _listed(comments: Mapping[str, str]) -> dict[str, list[str]]:
    return {name: [text] for name, text in comments.items() if text}


def _picture(tags: SongTags) -> Any:
    from mutagen.flac import Picture

    picture = Picture()
    picture.type = 3
    picture.mime = "image/jpeg"
    picture.width = picture.height = tags.cover_side
    picture.depth = 24
    picture.data = tags.cover
    return picture


def _fill_id3(id3: Any, tags: SongTags) -> None:
    from mutagen import id3 as frames

    texts = {
        frames.TIT2: tags.title,
        frames.TPE1: tags.artist,
        frames.TALB: tags.album,
        frames.TPE2: tags.artist,
        frames.TRCK: f"{tags.number}/{tags.total}",
        frames.TDRC: tags.date,
        frames.TCON: tags.genre,
        frames.TCOM: tags.composer,
        frames.TPUB: tags.label,
        frames.TSRC: tags.isrc,
    }
    for kind, text in texts.items():
        if text:
            id3.add(kind(encoding=frames.Encoding.UTF8, text=text))
    id3.add(frames.COMM(encoding=frames.Encoding.UTF8, lang="eng", desc="", text=tags.comment))
    more = {"BARCODE": tags.upc} if tags.upc else {}
    for name, text in (tags.replay_gain() | more).items():
        id3.add(frames.TXXX(encoding=frames.Encoding.UTF8, desc=name, text=text))
    id3.add(frames.APIC(encoding=frames.Encoding.LATIN1, mime="image/jpeg", type=3, desc="", data=tags.cover))


def read_back(path: Path) -> tuple[str, str, str, str, bytes]:
    """(title, artist, album, number, JPEG of the cover) as any player would read them; "" for what is not there."""
    from mutagen import File
    from mutagen.flac import Picture

    file: Any = File(path)
    tags = file.tags if file is not None and file.tags is not None else {}
    if hasattr(tags, "getall"):
        pictures = [frame.data for frame in tags.getall("APIC")]
        number = str(tags.get("TRCK", "")).split("/")[0]
        return str(tags.get("TIT2", "")), str(tags.get("TPE1", "")), str(tags.get("TALB", "")), number, _first(pictures)
    pictures = [picture.data for picture in getattr(file, "pictures", [])]
    pictures += [Picture(base64.b64decode(text)).data for text in tags.get("METADATA_BLOCK_PICTURE", [])]
    names = ("TITLE", "ARTIST", "ALBUM", "TRACKNUMBER")
    title, artist, album, number = (str((tags.get(name) or [""])[0]) for name in names)
    return title, artist, album, number, _first(pictures)


def facts_read_back(path: Path) -> dict[str, str]:
    """What `SongTags.facts` gave, as any player would read it."""
    from mutagen import File

    file: Any = File(path)
    tags = file.tags if file is not None and file.tags is not None else {}
    if hasattr(tags, "getall"):
        values = [str(frames[0]) if (frames := tags.getall(name)) else "" for name in _ID3_FACTS]
    else:
        values = [str((tags.get(name) or [""])[0]) for name in _FACTS]
    return {name: value for name, value in zip(_FACTS, values, strict=True) if value}


def _first(pictures: list[bytes]) -> bytes:
    return bytes(pictures[0]) if pictures else b""
