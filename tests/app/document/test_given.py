"""What a start is given: a project, its handle, files to import, or a command of the shell."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from app.cli import shell
from app.document.errors import UserError
from app.document.given import COMMANDS, Given, given_in
from app.document.handle import HANDLE_NAME, project_of, write_handle
from app.document.shelf import is_untouched, new_untitled
from app.document.store import create_project, load_project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    create_project(tmp_path / "Mine.deepcuts")
    write_handle(tmp_path / "Mine.deepcuts")
    return tmp_path / "Mine.deepcuts"


def test_the_commands_are_those_of_the_shell() -> None:
    assert set(typer.main.get_command(shell).commands) == COMMANDS  # type: ignore[attr-defined]


def test_commands_and_options_stay_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "make").mkdir()
    for words in (["make", "--out", "x"], ["--help"], ["-h"], ["--version"], ["frobnicate"], [""], ["info", "a.wav"]):
        assert given_in(words) is None
    assert given_in([]) == Given()
    assert given_in(["./make"]) == Given(files=(tmp_path / "make",))


def test_a_project_is_opened_by_its_folder_or_its_handle(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.parent)
    handle = project / HANDLE_NAME
    for words in ([str(project)], [project.name], [str(handle)], [handle.as_uri()], [str(handle), project.name]):
        assert given_in(words) == Given(project)
    assert given_in(["gone.deepcuts"]) == Given(project.parent / "gone.deepcuts")


def test_files_are_imported_also_into_a_named_project(project: Path, tmp_path: Path) -> None:
    song, cover, album = tmp_path / "so ng%.mp3", tmp_path / "cover.jpg", tmp_path / "Slow Rust"
    song.touch()
    cover.touch()
    album.mkdir()
    assert given_in([str(song), str(cover)]) == Given(files=(song, cover))
    assert given_in([album.as_uri(), song.as_uri()]) == Given(files=(album, song))
    assert given_in([str(project), str(song)]) == Given(project, (song,))


def test_what_is_not_there_and_two_projects_are_said_plainly(project: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not there"):
        given_in([str(tmp_path / "gone.mp3")])
    with pytest.raises(UserError, match="Only one project"):
        given_in([str(project), str(tmp_path / "other.deepcuts")])


@pytest.mark.parametrize(
    "word", ["file://[", "file://", "file:///a%00b.deepcuts", "a\0b.deepcuts", "file:///a%00b.mp3"]
)
def test_addresses_that_are_none_open_nothing(word: str, project: Path) -> None:
    """Least of all the folder that one stands in."""
    with suppress(UserError):
        assert given_in([word]) is None
    with pytest.raises(UserError, match="is not there"):
        given_in([str(project), word])


@given(words=st.lists(st.text(max_size=300).filter(lambda word: "\0" not in word), max_size=3))
def test_any_words_are_understood_or_refused(words: list[str]) -> None:
    try:
        found = given_in(words)
    except UserError:
        return
    if found is not None:
        assert all(path.is_absolute() for path in found.files)


def test_whatever_is_in_a_handle_opens_the_folder_around_it(project: Path) -> None:
    handle = project / HANDLE_NAME
    for hostile in (b"", b"/etc/passwd\n", b"../../other.deepcuts", os.urandom(1 << 16)):
        handle.write_bytes(hostile)
        assert given_in([str(handle)]) == Given(project)
        write_handle(project)
        assert handle.read_bytes() == hostile
        assert load_project(project).name == "Mine"
    assert project_of(Path("/a/song.mp3")) == Path("/a/song.mp3")


@pytest.mark.skipif(sys.platform == "win32", reason="links are for administrators there")
def test_a_link_to_a_handle_opens_the_project_of_the_handle(project: Path, tmp_path: Path) -> None:
    desktop = tmp_path / "Desktop"
    desktop.mkdir()
    link, loop = desktop / HANDLE_NAME, desktop / "loop.deepcuts-project"
    link.symlink_to(project / HANDLE_NAME)
    assert given_in([str(link)]) == Given(project)
    loop.symlink_to(loop)
    assert given_in([str(loop)]) == Given(desktop)


def test_a_handle_is_laid_where_one_may_write_and_is_no_trace_of_work(tmp_path: Path) -> None:
    path, fresh = new_untitled(tmp_path)
    write_handle(path)
    assert (path / HANDLE_NAME).is_file()
    assert is_untouched(path, fresh)
    write_handle(tmp_path / "gone.deepcuts")
    assert not (tmp_path / "gone.deepcuts").exists()
