"""Which picture is the cover, and which are photographs."""

from __future__ import annotations

import base64
import struct
import zlib
from pathlib import Path

import av
import numpy as np
import pytest
from mutagen.apev2 import BINARY, APEv2, APEValue
from mutagen.asf import ASF, ASFByteArrayAttribute
from mutagen.flac import FLAC, Picture
from mutagen.id3 import APIC, ID3
from mutagen.oggvorbis import OggVorbis
from PIL import Image

from app.studio.importing.album import Imported, import_album
from app.studio.importing.album_names import read_names
from tests.app.studio.importing.album_files import names, picture, picture_bytes, refusals, sound, text


def cover_size(imported: Imported, project: Path) -> tuple[int, int]:
    assert imported.album.cover.startswith("album/cover")
    with Image.open(project / imported.album.cover) as cover:
        return cover.size


def test_a_picture_named_cover_is_the_cover(music: Path, project: Path) -> None:
    sound(music / "a.wav")
    picture(music / "cover.jpg", 80, 80)
    picture(music / "Back.jpg", 500, 500)
    picture(music / "stage.png", 90, 60)
    picture(music / "photos" / "drummer.jpg", 60, 90)
    imported = import_album([music], project)
    assert cover_size(imported, project) == (80, 80)
    assert imported.album.cover.endswith(".jpg")
    assert [Path(path).name for path in imported.album.photographs] == ["stage.png", "drummer.jpg"]
    assert imported.refused == ()
    assert [path.name for path in (project / "album").iterdir()] == [Path(imported.album.cover).name]


def test_the_cover_inside_the_tracks_is_found(music: Path, project: Path) -> None:
    for name, width in (("a", 70), ("b", 70), ("c", 90)):
        file = FLAC(sound(music / f"{name}.flac"))
        front, back = Picture(), Picture()
        front.data, front.type = picture_bytes(width), 3
        back.data, back.type = picture_bytes(200), 4
        file.add_picture(back)
        file.add_picture(front)
        file.save()
    imported = import_album([music], project)
    assert cover_size(imported, project) == (70, 70)
    assert imported.album.cover.endswith(".png")
    assert imported.album.photographs == ()


def test_the_larger_of_two_covers_wins(music: Path, project: Path) -> None:
    tags = ID3()
    tags.add(APIC(mime="image/jpeg", type=3, desc="", data=picture_bytes(90, format_="JPEG")))
    tags.save(sound(music / "a.mp3"))
    picture(music / "folder.jpg", 40, 40)
    assert cover_size(import_album([music], project), project) == (90, 90)
    picture(music / "front.png", 120, 120)
    assert cover_size(import_album([music], project), project) == (120, 120)
    assert len(list((project / "album").iterdir())) == 2


def test_a_lone_square_picture_beside_the_music_is_the_cover(music: Path, project: Path) -> None:
    sound(music / "a.wav")
    picture(music / "IMG_2041.jpg", 100, 95)
    imported = import_album([music], project)
    assert cover_size(imported, project) == (100, 95)
    assert imported.album.photographs == ()


def test_a_lone_wide_picture_is_a_photograph(music: Path, project: Path) -> None:
    sound(music / "a.wav")
    picture(music / "IMG_2041.jpg", 160, 90)
    imported = import_album([music], project)
    assert imported.album.cover == ""
    assert imported.album.photographs == (str(music / "IMG_2041.jpg"),)


def bomb() -> bytes:
    """A PNG that says it has 10 thousand million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(1_000)))
        + chunk(b"IEND", b"")
    )


def test_bombs_and_broken_pictures_are_refused(music: Path, project: Path) -> None:
    file = FLAC(sound(music / "a.flac"))
    inside = Picture()
    inside.data, inside.type = bomb(), 3
    file.add_picture(inside)
    file.save()
    (music / "cover.png").write_bytes(bomb())
    (music / "photo.jpg").write_bytes(picture_bytes(300, format_="JPEG")[:400])
    text(music / "other.jpg", "no picture")
    imported = import_album([music], project)
    assert names(imported) == ["a.flac"]
    assert imported.album.cover == ""
    assert imported.album.photographs == ()
    assert refusals(imported).keys() == {"cover.png", "photo.jpg", "other.jpg"}
    assert not (project / "album").exists()


@pytest.mark.parametrize("kind", [1, 2])
def test_an_icon_is_no_cover(music: Path, project: Path, kind: int) -> None:
    file = FLAC(sound(music / "a.flac"))
    icon = Picture()
    icon.data, icon.type = picture_bytes(200), kind
    file.add_picture(icon)
    file.save()
    assert import_album([music], project).album.cover == ""


def test_what_is_as_small_as_an_icon_is_none(music: Path, project: Path) -> None:
    tags = ID3()
    tags.add(APIC(mime="image/png", type=3, desc="", data=picture_bytes(32)))
    tags.save(sound(music / "a.mp3"))
    assert import_album([music], project).album.cover == ""


def test_the_good_picture_behind_a_damaged_one_is_found(music: Path, project: Path) -> None:
    tags = ID3()
    tags.add(APIC(mime="image/jpeg", type=3, desc="", data=picture_bytes(300, format_="JPEG")[:250]))
    tags.add(APIC(mime="image/jpeg", type=0, desc="other", data=picture_bytes(90, format_="JPEG")))
    tags.save(sound(music / "a.mp3"))
    assert cover_size(import_album([music], project), project) == (90, 90)


@pytest.mark.parametrize("key", ["coverart", "metadata_block_picture"])
def test_covers_in_comments(music: Path, project: Path, key: str) -> None:
    picture_ = Picture()
    picture_.data, picture_.type = picture_bytes(90), 3
    file = OggVorbis(sound(music / "a.ogg"))
    file[key] = base64.b64encode(picture_.data if key == "coverart" else picture_.write()).decode()
    file.save()
    assert cover_size(import_album([music], project), project) == (90, 90)


def test_covers_behind_ape_tags(music: Path, project: Path) -> None:
    tags = APEv2()
    tags["Cover Art (Front)"] = APEValue(b"cover.png\0" + picture_bytes(90), BINARY)
    tags.save(sound(music / "a.mp3"))
    assert cover_size(import_album([music], project), project) == (90, 90)


def test_covers_of_windows_media(music: Path, project: Path) -> None:
    """WM/Picture: the front cover lies behind an icon, a photograph of the band, and one that is cut off."""
    with av.open(str(music / "a.wma"), "w", format="asf") as container:
        stream = container.add_stream("wmav2", rate=44_100, layout="mono", options={"b": "64000"})
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 44_100), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 44_100
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))

    def windows_picture(kind: int, data: bytes) -> ASFByteArrayAttribute:
        texts = "image/png\0Слева\0".encode("utf-16-le")
        return ASFByteArrayAttribute(struct.pack("<BI", kind, len(data)) + texts + data)

    pictures = [(1, picture_bytes(200)), (10, picture_bytes(300)), (3, picture_bytes(90)), (3, b"")]
    file = ASF(music / "a.wma")
    file["WM/Picture"] = [windows_picture(*each) for each in pictures] + [ASFByteArrayAttribute(b"\3\0")]
    file.save()
    assert cover_size(import_album([music], project), project) == (90, 90)


def test_covers_from_elsewhere(shared: Path, project: Path) -> None:
    for folder in sorted((shared / "cases" / "19-covers-not-found").iterdir()):
        album = import_album([folder], project).album
        assert bool(album.cover) == ("icononly" not in folder.name), folder.name


@pytest.mark.parametrize("ending", ["HEIC", "cr2", "psd", "jxl"])
def test_photographs_that_cannot_be_read_are_told_in_one_sentence(music: Path, project: Path, ending: str) -> None:
    for number in range(3):
        (music / f"IMG_{number}.{ending}").write_bytes(b"not looked at")
    alone = import_album([music], project)
    sound(music / "a.wav")
    for imported in (alone, import_album([music], project)):
        (why,) = refusals(imported).values()
        assert why == f"3 {ending.upper()} pictures cannot be read. Save them as JPEG and drop those in."


def test_one_cover_in_every_track_is_held_once(music: Path) -> None:
    cover = Picture()
    cover.type, cover.mime, cover.data = 3, "image/png", picture_bytes(300)
    for number in range(3):
        file = FLAC(sound(music / f"{number}.flac"))
        file.add_picture(cover)
        file.save()
    held = [data for one in read_names(sorted(music.iterdir()), [music]) for data in one.covers]
    assert held == [cover.data] * 3
    assert len({id(data) for data in held}) == 1
