from __future__ import annotations

import io
import os
import struct
import zlib
from concurrent.futures import CancelledError
from pathlib import Path

import mutagen
import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from mutagen.flac import FLAC, Picture
from mutagen.id3 import APIC, ID3, TALB, TDRC, TIT2, TPE1, TPOS, TRCK
from PIL import Image

from app.document.model import Album
from app.document.store import ProjectFolder
from app.studio.importing import Imported, _Twins, import_album
from app.studio.peaks import kept_peaks
from app.studio.tags import Habits, clean, from_name
from samplernn.progress import never
from samplernn.sound import write_sound


def sound(path: Path, seed: int | str = 0, seconds: float = 0.2) -> Path:
    """A short recording; its format is that of the name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(zlib.crc32(f"{path.name} {seed}".encode()))
    wave = random.uniform(-0.5, 0.5, round(seconds * 8_000)).astype(np.float32)
    write_sound(path, wave, 8_000, format=path.suffix[1:].lower())
    return path


def picture(path: Path, width: int = 60, height: int = 60, colour: str = "red") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (width, height), colour).save(path)
    return path


def picture_bytes(width: int, colour: str = "blue", format_: str = "PNG") -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (width, width), colour).save(data, format_)
    return data.getvalue()


def text(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return tmp_path / "my.deepcuts"


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "Night Drive"
    folder.mkdir()
    return folder


def names(imported: Imported) -> list[str]:
    return [Path(track.path).name for track in imported.album.tracks]


def refusals(imported: Imported) -> dict[str, str]:
    return {refused.path.name: refused.why for refused in imported.refused}


# what is found


def test_a_folder_is_read_through_and_through(music: Path, project: Path) -> None:
    for name in ("10 Ten.wav", "2 Two.wav", "1 One.flac", "CD2/1 More.ogg", "CD10/1 Last.wav"):
        sound(music / name)
    for name in (".hidden.wav", "._1 One.flac", ".DS_Store", "__MACOSX/1 One.flac", "other.deepcuts/clips/c1.flac"):
        sound(music / name).touch() if name.endswith(("wav", "flac")) else text(music / name, "x")
    for name in ("Thumbs.db", "rip.log", "album.cue", "all.m3u", "scene.nfo", "booklet.pdf", "desktop.ini"):
        text(music / name, "x")
    imported = import_album([music], project)
    assert names(imported) == ["1 One.flac", "2 Two.wav", "10 Ten.wav", "1 More.ogg", "1 Last.wav"]
    assert imported.refused == ()
    assert [track.number for track in imported.album.tracks] == [1, 2, 10, 1, 1]
    assert [track.title for track in imported.album.tracks] == ["One", "Two", "Ten", "More", "Last"]
    assert [track.id for track in imported.album.tracks] == ["t1", "t2", "t3", "t4", "t5"]
    assert imported.album.title == "Night Drive"


def test_several_sources_are_taken_at_once_and_each_file_once(music: Path, project: Path, tmp_path: Path) -> None:
    a, b = sound(music / "a.wav"), sound(tmp_path / "loose" / "b.wav")
    imported = import_album([b, music, a, music / ".." / music.name, b], project)
    assert sorted(names(imported)) == ["a.wav", "b.wav"]
    assert imported.refused == ()


@pytest.mark.parametrize("source", [".", "../Night Drive", "./one.wav"])
def test_a_source_may_be_named_from_where_one_stands(
    music: Path, project: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    sound(music / "one.wav")
    monkeypatch.chdir(music)
    imported = import_album([Path(source)], project)
    assert not imported.refused
    assert [track.path for track in imported.album.tracks] == [str(music / "one.wav")]


def test_looking_for_copies_can_be_stopped_inside_a_file(music: Path) -> None:
    first, second = music / "a.wav", music / "b.wav"
    for path in (first, second):
        path.write_bytes(bytes(8 * 2**20))
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked == 3

    twins = _Twins()
    assert twins.of(first, 8 * 2**20, cancelled) is None
    assert asked == 0
    with pytest.raises(CancelledError):
        twins.of(second, 8 * 2**20, cancelled)
    assert asked == 3
    assert _Twins().of(first, 8 * 2**20, never) is None


def test_copies_are_told_and_left_out(music: Path, project: Path) -> None:
    original = sound(music / "a.wav")
    (music / "a copy.wav").write_bytes(original.read_bytes())
    sound(music / "b.wav")
    imported = import_album([music], project)
    assert len(imported.album.tracks) == 2
    (refused,) = imported.refused
    assert "is the same recording as" in refused.why


def test_links_are_followed_but_never_in_circles(music: Path, project: Path, tmp_path: Path) -> None:
    sound(music / "a.wav")
    sound(tmp_path / "elsewhere" / "b.wav")
    (music / "circle").symlink_to(music, target_is_directory=True)
    (music / "out").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    (tmp_path / "elsewhere" / "back").symlink_to(music, target_is_directory=True)
    (music / "dead.wav").symlink_to(tmp_path / "nowhere")
    imported = import_album([music], project)
    assert names(imported) == ["a.wav", "b.wav"]
    assert refusals(imported).keys() == {"dead.wav"}


def test_what_is_not_music_is_refused_and_stops_nothing(music: Path, project: Path) -> None:
    sound(music / "good.wav")
    text(music / "words.mp3", "not music")
    (music / "empty.ogg").touch()
    (music / "torn.flac").write_bytes(b"fLaC\x00\x00\x00\x22" + os.urandom(50))
    sources = [music, music / "gone.wav", text(music.parent / "letter.docx", "Dear"), text(music.parent / "a.m3u", "b")]
    imported = import_album([*sources, music.parent / "old.deepcuts"], project)
    assert names(imported) == ["good.wav"]
    why = refusals(imported)
    assert why.keys() == {"words.mp3", "empty.ogg", "torn.flac", "gone.wav", "letter.docx", "old.deepcuts"}
    for sentence in why.values():
        assert sentence.endswith(".")
        assert "\n" not in sentence


@pytest.mark.parametrize("name", ["list.m3u", "sheet.cue", "letter.docx", "LICENSE.txt", "README.txt", "all.log"])
def test_what_is_dropped_alone_and_cannot_be_used_is_told(tmp_path: Path, project: Path, name: str) -> None:
    imported = import_album([text(tmp_path / name, "words")], project)
    assert imported.album == Album()
    assert refusals(imported).keys() == {name}


def test_an_empty_folder_is_told(music: Path, project: Path) -> None:
    imported = import_album([music], project)
    assert refusals(imported) == {
        "Night Drive": "There is no music in “Night Drive”. Drop in a folder that holds some."
    }


def test_a_project_is_not_an_album(tmp_path: Path, project: Path) -> None:
    sound(tmp_path / "band.deepcuts" / "clips" / "c1.flac")
    imported = import_album([tmp_path / "band.deepcuts"], project)
    assert imported.album == Album()
    assert "is a project" in refusals(imported)["band.deepcuts"]


@pytest.mark.skipif(os.name == "nt" or os.uname().sysname == "Darwin", reason="names are Unicode here")
def test_a_name_that_is_no_text_is_refused(music: Path, project: Path) -> None:
    sound(music / "a.wav")
    os.rename(os.fsencode(music / "a.wav"), os.fsencode(music) + b"/caf\xe9.wav")
    sound(music / "b.wav")
    imported = import_album([music], project)
    assert names(imported) == ["b.wav"]
    (refused,) = imported.refused
    refused.why.encode("utf-8")


def test_more_than_five_hundred_files_are_no_trouble(music: Path, project: Path) -> None:
    for number in range(520):
        soundfile.write(music / f"{number}.wav", np.full(80, number / 1_000), 8_000)
    imported = import_album([music], project)
    assert names(imported) == [f"{number}.wav" for number in range(520)]


# what is read


def test_tags_are_read_from_every_kind_of_file(music: Path, project: Path) -> None:
    for ending in ("flac", "ogg", "opus"):
        path = music / f"{ending}.{ending}"
        if ending == "opus":
            write_sound(path, np.full(9_600, 0.1, np.float32), 48_000, format="opus")
        else:
            sound(path)
        file = mutagen.File(path)
        file.update(title="Megtört Álom", artist="Band", album="Disc", tracknumber="7/12", date="2008-05-01")
        file.save()
    sound(music / "mp3.mp3")
    tags = ID3()
    tags.setall("TIT2", [TIT2(text="Megtört Álom")])
    tags.setall("TPE1", [TPE1(text="Band")])
    tags.setall("TALB", [TALB(text="Disc")])
    tags.setall("TRCK", [TRCK(text="7/12")])
    tags.setall("TDRC", [TDRC(text="2008-05-01")])
    tags.save(music / "mp3.mp3")
    wave = mutagen.File(sound(music / "wav.wav"))
    wave.add_tags()
    for tag in tags.values():
        wave.tags.add(tag)
    wave.save()
    imported = import_album([music], project)
    assert len(imported.album.tracks) == 5
    for track in imported.album.tracks:
        assert (track.title, track.artist, track.number) == ("Megtört Álom", "Band", 7)
    album = imported.album
    assert (album.title, album.artist, album.year) == ("Disc", "Band", "2008")


def test_discs_and_numbers_come_before_names(music: Path, project: Path) -> None:
    for name, disc, number in (("a", 2, 1), ("b", 1, 2), ("c", 1, 10), ("d", 1, 1), ("e", 0, 0)):
        path = sound(music / f"{name}.mp3")
        tags = ID3()
        if disc:
            tags.add(TPOS(text=f"{disc}/2"))
            tags.add(TRCK(text=str(number)))
        tags.save(path)
    assert names(import_album([music], project)) == ["e.mp3", "d.mp3", "b.mp3", "c.mp3", "a.mp3"]


def test_the_artist_of_most_tracks_is_the_artist(music: Path, project: Path) -> None:
    for number, artist in enumerate(["A", "A", "A", "B"]):
        path = sound(music / f"{number}.flac")
        file = FLAC(path)
        file.update(artist=artist, album="X" if number else "Y")
        file.save()
    album = import_album([music], project).album
    assert (album.title, album.artist) == ("X", "A")


def test_a_track_tells_what_it_holds(music: Path, project: Path) -> None:
    stereo = np.full((88_200, 2), 0.25, np.float32) * np.sin(np.arange(88_200))[:, None].astype(np.float32)
    write_sound(music / "song.flac", stereo, 44_100)
    (track,) = import_album([music / "song.flac"], project).album.tracks
    assert (track.rate, track.channels, track.format, track.seconds) == (44_100, 2, "FLAC", 2.0)
    assert track.path == str(music / "song.flac")
    assert track.on
    assert track.notes == ("very short",)
    peaks = kept_peaks(music / "song.flac", ProjectFolder(project).cache)
    assert peaks is not None
    assert peaks.samples == 88_200


def test_silence_is_switched_off_and_cut_files_are_remarked(music: Path, project: Path) -> None:
    write_sound(music / "a quiet.flac", np.zeros(160_000, np.float32), 8_000)
    whole = sound(music / "b cut.ogg", seconds=40.0)
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    quiet, cut = import_album([music], project).album.tracks
    assert (quiet.on, quiet.notes) == (False, ("mostly silence",))
    assert (cut.on, cut.notes) == (True, ("cut off in the middle",))


@pytest.mark.parametrize(
    ("stem", "number", "artist", "title"),
    [
        ("02_orphanage", 2, "", "Orphanage"),
        ("06_-_Elveszett_Lelkek", 6, "", "Elveszett Lelkek"),
        ("08_second_birth", 8, "", "Second Birth"),
        ("1-07 The Song", 7, "", "The Song"),
        ("03. Don't stop", 3, "", "Don't stop"),
        ("[04] x", 0, "", "[04] X"),
        ("12) twelve", 12, "", "Twelve"),
        ("05 - The Band - Song", 5, "The Band", "Song"),
        ("Jens Erler - Trackdead", 0, "Jens Erler", "Trackdead"),
        ("6 Words", 6, "", "Words"),
        ("21st Century", 0, "", "21st Century"),
        ("1999", 0, "", "1999"),
        ("álom", 0, "", "Álom"),
        ("", 0, "", ""),
    ],
)
def test_names_tell_numbers_artists_and_titles(stem: str, number: int, artist: str, title: str) -> None:
    read = from_name(stem, Habits(numbered=True, dashed=True))
    assert (read.number, read.artist, read.title) == (number, artist, title)


def test_one_odd_name_is_taken_as_it_is() -> None:
    alone = Habits.of(["99 Luftballons"])
    assert from_name("99 Luftballons", alone).title == "99 Luftballons"
    album = Habits.of(["01 Intro - Part 2", "02 Song", "03 Another"])
    assert from_name("01 Intro - Part 2", album).title == "Intro - Part 2"


@settings(deadline=None)
@given(st.text())
def test_any_name_gives_a_title_on_one_line(stem: str) -> None:
    for habits in (Habits(), Habits(True, True), Habits.of([stem])):
        read = from_name(stem, habits)
        assert read.number >= 0
        assert read.title == clean(read.title)
        assert read.title.isprintable() or not read.title.isascii()
        assert bool(read.title) == bool(clean(stem.replace("_", " ")))


# pictures


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


# titles


def test_lists_of_titles_are_read_where_they_are_meant(music: Path, project: Path) -> None:
    sound(music / "a.wav")
    text(music / "titles.txt", "First Light", "Second Wind")
    text(music / "LICENSE.txt", "You may copy this")
    text(music / "lyrics.txt", "la la la")
    text(music / "anything.txt", "Some words")
    imported = import_album([music, text(music.parent / "more.csv", "title,year", "Third Rail,2001")], project)
    assert imported.album.titles == ("First Light", "Second Wind", "Third Rail")
    assert imported.refused == ()


def test_a_folder_of_nothing_but_lists_is_read(tmp_path: Path, project: Path) -> None:
    text(tmp_path / "lists" / "band.txt", "First Light", "Second Wind")
    text(tmp_path / "lists" / "SOURCES.txt", "where they are from")
    assert import_album([tmp_path / "lists"], project).album.titles == ("First Light", "Second Wind")


def test_a_list_that_cannot_be_read_is_refused(tmp_path: Path, project: Path) -> None:
    (tmp_path / "songs.txt").write_bytes(b"")
    assert refusals(import_album([tmp_path / "songs.txt"], project)).keys() == {"songs.txt"}


# on the way


def test_progress_only_grows(music: Path, project: Path) -> None:
    for name in ("a.wav", "b.ogg", "c.flac"):
        sound(music / name, seconds=20.0)
    told: list[tuple[float, str]] = []
    import_album([music], project, lambda fraction, doing: told.append((fraction, doing)))
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert fractions[0] == 0.0
    assert fractions[-1] == 1.0
    assert "Listening to b.ogg" in {doing for _, doing in told}


@pytest.mark.parametrize("patience", [0, 1, 2, 5, 8])
def test_cancelling_leaves_no_album(music: Path, project: Path, patience: int) -> None:
    for name in ("a.wav", "b.wav"):
        sound(music / name, seconds=20.0)
    picture(music / "cover.png")
    answers = iter([False] * patience)
    with pytest.raises(CancelledError):
        import_album([music], project, cancelled=lambda: next(answers, True))
    assert not (project / "album").exists()


# the real thing


@pytest.mark.music
def test_a_real_album_is_imported(shared: Path, project: Path) -> None:
    imported = import_album([shared / "music" / "obsidian-shell"], project)
    album = imported.album
    assert imported.refused == ()
    assert (album.title, album.artist, album.cover, album.titles) == ("Angelic Asylum", "Obsidian Shell", "", ())
    assert [(track.number, track.title, round(track.seconds)) for track in album.tracks] == [
        (2, "Orphanage", 259),
        (6, "Elveszett Lelkek", 246),
        (6, "Starfall", 207),
        (8, "Second Birth", 273),
        (9, "Megtört Álom", 207),
        (9, "Wings of Cruelty", 233),
    ]
    assert {(track.format, track.rate, track.channels, track.notes) for track in album.tracks} == {
        ("Ogg Vorbis", 44_100, 2, ())
    }


@pytest.mark.music
def test_every_odd_file_is_taken_or_refused(shared: Path, project: Path) -> None:
    imported = import_album([shared / "odd"], project)
    sounds = {path.name for path in (shared / "odd").iterdir() if path.suffix != ".txt"}
    assert {*names(imported), *refusals(imported)} == sounds
    assert len(imported.refused) == 8
    assert all(track.seconds > 0 and track.title for track in imported.album.tracks)


@pytest.mark.music
def test_real_pictures_and_titles_are_taken(shared: Path, project: Path) -> None:
    album = import_album([shared / "pictures", shared / "titles"], project).album
    assert album.cover.startswith("album/cover-")
    assert len(album.photographs) == 6
    assert len(album.titles) > 500
    assert "For Whom the Bell Tolls" in album.titles
