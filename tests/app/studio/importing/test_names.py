"""Tags of every kind are read, in the right letters, and names of files and folders stand in for them."""

from __future__ import annotations

import shutil
from pathlib import Path

import av
import mutagen
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutagen.apev2 import APEv2
from mutagen.flac import FLAC
from mutagen.id3 import ID3, TALB, TIT2, TPE1, TRCK, Encoding

from app.studio.importing.album import import_album
from app.studio.importing.tags import Tags, settled
from tests.app.studio.importing.album_files import sound

SAID = {"title": "Ordinal", "artist": "Tin Hearts", "album": "Slow Rust", "track": "3", "date": "2019"}
RUSSIAN = ("Медленная ржавчина", "Жестяные сердца", "Холодная комната")


def by_ffmpeg(path: Path, codec: str, format_: str, **options: str) -> Path:
    """A recording with tags in the way of its format."""
    with av.open(str(path), "w", format=format_, options=options) as container:
        container.metadata.update(SAID)
        stream = container.add_stream(codec, rate=44_100)
        stream.layout = "mono"
        if codec.startswith("wma"):
            stream.bit_rate = 64_000
        wave = np.random.default_rng(len(path.name)).uniform(-0.5, 0.5, (1, 44_100)).astype(np.float32)
        frame = av.AudioFrame.from_ndarray(wave, format="fltp", layout="mono")
        frame.sample_rate = 44_100
        frame.pts = 0
        for resampled in av.AudioResampler(stream.format, "mono", 44_100).resample(frame):
            container.mux(stream.encode(resampled))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(
    ("name", "codec", "format_", "options"),
    [
        ("riff.wav", "pcm_s16le", "wav", {}),
        ("matroska.mka", "pcm_s16le", "matroska", {}),
        ("core.caf", "pcm_s16be", "caf", {}),
        ("adts.aac", "aac", "adts", {"write_id3v2": "1"}),
        ("wave64.w64", "pcm_s16le", "w64", {}),
        ("four.m4a", "aac", "mp4", {}),
        ("windows.wma", "wmav2", "asf", {}),
        ("big.aiff", "pcm_s16be", "aiff", {"write_id3v2": "1"}),
    ],
)
def test_the_decoder_tells_what_is_not_read_otherwise(
    music: Path, project: Path, name: str, codec: str, format_: str, options: dict[str, str]
) -> None:
    by_ffmpeg(music / name, codec, format_, **options)
    album = import_album([music / name], project).album
    (track,) = album.tracks
    if format_ != "w64":  # which has no place for tags
        assert (track.title, track.artist, album.title, track.number) == ("Ordinal", "Tin Hearts", "Slow Rust", 3)
        assert album.year == "2019"


def test_the_name_in_an_aiff_is_the_title(music: Path, project: Path) -> None:
    by_ffmpeg(music / "01 wrong.aiff", "pcm_s16be", "aiff")
    (track,) = import_album([music], project).album.tracks
    assert (track.title, track.number) == ("Ordinal", 1)


def test_ape_tags_behind_mp3(music: Path, project: Path) -> None:
    tags = APEv2()
    tags.update({"Title": "Ordinal", "Artist": "Tin Hearts", "Album": "Slow Rust", "Track": "3/9"})
    tags.save(sound(music / "x.mp3"))
    album = import_album([music], project).album
    assert (album.tracks[0].title, album.tracks[0].number, album.title) == ("Ordinal", 3, "Slow Rust")


@pytest.mark.parametrize("version", [1, 2])
def test_old_tags_are_in_the_one_code_page_that_suits_the_album(music: Path, project: Path, version: int) -> None:
    for number, title in enumerate(("Ход", RUSSIAN[0], "Plain"), 1):
        tags = ID3()
        for frame, text in ((TIT2, title), (TPE1, RUSSIAN[1]), (TALB, RUSSIAN[2])):
            tags.add(frame(encoding=Encoding.LATIN1, text=text.encode("cp1251").decode("latin-1")))
        tags.add(TRCK(text=str(number)))
        tags.save(sound(music / f"{number}.mp3"), v1=2 if version == 1 else 0, v2_version=3)
        if version == 1:
            mutagen.id3.delete(music / f"{number}.mp3", delete_v1=False, delete_v2=True)
    album = import_album([music], project).album
    assert [track.title for track in album.tracks] == ["Ход", RUSSIAN[0], "Plain"]
    assert (album.artist, album.title) == (RUSSIAN[1], RUSSIAN[2])


def test_latin_letters_stay(music: Path, project: Path) -> None:
    tags = ID3()
    tags.add(TIT2(encoding=Encoding.LATIN1, text="Élan vital"))
    tags.add(TPE1(encoding=Encoding.LATIN1, text="Mötley Björk"))
    tags.save(sound(music / "x.mp3"))
    (track,) = import_album([music], project).album.tracks
    assert (track.title, track.artist) == ("Élan vital", "Mötley Björk")


def test_sides_of_records_count_on(music: Path, project: Path) -> None:
    for place in ("B2", "A1", "B1", "A2"):
        file = FLAC(sound(music / f"{place} x.flac"))
        file.update(title=f"Song {place}", album="Slow Rust", tracknumber=place)
        file.save()
    tracks = import_album([music], project).album.tracks
    assert [(track.number, track.title) for track in tracks] == [
        (1, "Song A1"),
        (2, "Song A2"),
        (3, "Song B1"),
        (4, "Song B2"),
    ]


def test_a_title_that_says_nothing_gives_way_to_the_name_of_the_file(music: Path, project: Path) -> None:
    for number, title in enumerate(("Ordinal", "Hollow"), 1):
        file = FLAC(sound(music / f"{number:02} {title}.flac"))
        file.update(title=f"Track {number:02}", artist="Unknown Artist", album="Unknown Album")
        file.save()
    album = import_album([music], project).album
    assert [(track.title, track.artist) for track in album.tracks] == [("Ordinal", ""), ("Hollow", "")]
    assert (album.title, album.artist) == ("Night Drive", "")


def test_folders_of_discs_are_one_album(tmp_path: Path, project: Path) -> None:
    whole = tmp_path / "Tin Hearts - Slow Rust (1998) [FLAC]"
    for disc in (1, 2):
        for number, title in enumerate(("Ordinal", "Hollow"), 1):
            sound(whole / f"CD{disc}" / f"{number:02}. {title} {disc * 'i'}.wav")
    album = import_album([whole], project).album
    assert (album.artist, album.title, album.year) == ("Tin Hearts", "Slow Rust", "1998")
    assert [track.title for track in album.tracks] == ["Ordinal i", "Hollow i", "Ordinal ii", "Hollow ii"]


def test_the_folder_of_an_artist_holds_an_album(tmp_path: Path, project: Path) -> None:
    sound(tmp_path / "Tin Hearts" / "1998 - Slow Rust" / "01 Ordinal.wav")
    album = import_album([tmp_path / "Tin Hearts"], project).album
    assert (album.artist, album.title, album.year) == ("Tin Hearts", "Slow Rust", "1998")


@pytest.mark.parametrize(
    ("folder", "artist", "album"),
    [
        ("Tin Hearts - Slow Rust", "Tin Hearts", "Slow Rust"),
        ("artist number title", "Tin Hearts", "artist number title"),
        ("no space", "", "no space"),
        ("vinyl", "", "vinyl"),
    ],
)
def test_albums_without_tags(shared: Path, project: Path, folder: str, artist: str, album: str) -> None:
    imported = import_album([shared / "cases" / "04-file-names" / folder], project).album
    assert (imported.artist, imported.title) == (artist, album)
    titles = [track.title.replace(" ", "") for track in imported.tracks]
    assert titles == ["Ordinal", "Hollow", "ColdRoom", "IronLung"]
    assert [track.number for track in imported.tracks] == [1, 2, 3, 4]


def test_files_from_elsewhere(shared: Path, music: Path, project: Path) -> None:
    for path in sorted((shared / "cases" / "05-tags-not-read").iterdir()):
        alone = music / path.stem
        alone.mkdir()
        shutil.copy(path, alone)
        album = import_album([alone], project).album
        (track,) = album.tracks
        if "cp1251" in path.name:
            assert (track.title, track.artist, album.title) == RUSSIAN
        else:
            assert track.title == "Ordinal"
        if path.suffix != ".aiff" and "cp1251" not in path.name:
            assert (track.artist, album.title) == ("Tin Hearts", "Slow Rust")
            assert track.number == (1 if "vinyl" in path.name else 3)


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            Tags,
            title=st.binary(max_size=30).map(lambda raw: raw.decode("utf-8", "surrogateescape")),
            artist=st.text(max_size=30),
            number=st.integers(0, 20),
            side=st.sampled_from(["", "A", "B"]),
        )
    )
)
def test_any_tags_can_be_written_down(tags: list[Tags]) -> None:
    for one in settled(tags):
        assert (one.title + one.artist).encode() is not None
        assert one.number >= 0
