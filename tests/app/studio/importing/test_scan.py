"""Which files of what is dropped are taken, and what is said of the others."""

from __future__ import annotations

import os
import sys
from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from app.document.model import Album
from app.studio.importing.album import _Twins, import_album, import_pictures
from app.studio.importing.scan import find
from resources.progress import never
from tests.app.studio.importing.album_files import names, refusals, sound, text


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


def test_a_name_that_never_was_is_not_said_to_be_gone(tmp_path: Path, project: Path) -> None:
    imported = import_album([tmp_path / "nonexistent"], project)
    assert refusals(imported) == {"nonexistent": "“nonexistent” is not there. Check the name, or choose another one."}


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


@pytest.mark.skipif(sys.platform != "linux", reason="names are letters elsewhere")
def test_a_picture_whose_name_cannot_be_written_down_is_refused_and_the_others_are_taken(tmp_path: Path) -> None:
    good, odd = tmp_path / "good.png", Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.png"))
    for path in (good, odd):
        Image.new("RGB", (300, 300), "red").save(tmp_path / "made.png")
        (tmp_path / "made.png").rename(path)
    imported = import_pictures([odd, good], tmp_path, as_cover=False)
    assert imported.album.photographs == (str(good),)
    assert ["letters in its name that cannot be read" in refused.why for refused in imported.refused] == [True]


@pytest.mark.parametrize("ending", [".eac3", ".avi", ".ts", ".M2TS", ".wmv", ".m4v"])
def test_what_the_decoders_know_is_taken_by_its_ending(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"sound{ending}"
    path.write_bytes(b"whatever")
    assert find([path]).sounds == find([tmp_path]).sounds == [path]
