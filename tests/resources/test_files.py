"""Files appear whole or not at all, and may be read by whoever may read the user's other files."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from resources import files


def test_a_file_takes_its_place_whole(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "facts.json"
    with files.replacing(path) as fresh:
        fresh.write_text("{}")
        assert not path.exists()
    assert path.read_text() == "{}"
    assert [entry.name for entry in path.parent.iterdir()] == ["facts.json"]


def test_what_goes_wrong_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    path.write_text("old")

    def half_written() -> None:
        with files.replacing(path) as fresh:
            fresh.write_text("new")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_written()
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["facts.json"]


def test_nothing_written_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    with pytest.raises(FileNotFoundError), files.replacing(path):
        pass
    assert not path.exists()


def test_no_name_is_too_long(tmp_path: Path) -> None:
    for name in ("ü" * 120 + ".json", "𝄞" * 62 + ".txt", "n" * 255):
        with files.replacing(tmp_path / name) as fresh:
            fresh.write_text("whole")
        assert (tmp_path / name).read_text() == "whole"


def test_nobody_knows_the_fresh_name_beforehand(tmp_path: Path) -> None:
    names = set()
    for _ in range(3):
        with files.replacing(tmp_path / "facts.json") as fresh:
            fresh.write_text("{}")
        names.add(fresh.name)
    assert len(names) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="only the privileged make links there")
def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "precious"
    other.write_text("precious")
    path = tmp_path / "facts.json"
    path.symlink_to(other)
    with files.replacing(path) as fresh:
        fresh.write_text("{}")
    assert other.read_text() == "precious"
    assert not path.is_symlink()
    assert path.read_text() == "{}"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks the system what a handle is of")
def test_the_name_is_on_the_disk_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A power cut takes back a rename whose folder was not flushed, and a folder whose folder was not."""
    path = tmp_path / "new" / "facts.json"
    flushed: list[tuple[str, bool]] = []
    flush = os.fsync

    def told(handle: int) -> None:
        flushed.append((os.readlink(f"/proc/self/fd/{handle}"), path.exists()))
        flush(handle)

    monkeypatch.setattr(os, "fsync", told)
    with files.replacing(path) as fresh:
        fresh.write_text("{}")
    assert flushed == [(str(tmp_path), False), (str(fresh), False), (str(path.parent), True)]


@pytest.mark.skipif(sys.platform == "win32", reason="no such modes there")
@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
def test_its_mode_is_that_of_any_new_file(tmp_path: Path, umask: int) -> None:
    """Some libraries, safetensors among them, write through a file that only its owner may read."""
    before = os.umask(umask)
    try:
        with files.replacing(tmp_path / "private") as fresh:
            fresh.touch(mode=0o600)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "private").stat().st_mode) == 0o666 & ~umask


def test_the_folder_around_that_of_a_file_is_never_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), files.replacing(tmp_path / "gone" / "clips" / "c0001.json"):
        pass
    assert not (tmp_path / "gone").exists()
    files.make_folders(tmp_path / "a" / "b" / "c")
    assert (tmp_path / "a" / "b" / "c").is_dir()


def test_only_who_has_to_makes_all_folders() -> None:
    """What is written into a project that was moved or removed while it was open must not begin it anew there."""
    root = Path(__file__).resolve().parents[2]
    rooms = [root / room for room in ("app", "artwork", "samplernn", "titles")]
    sources = {path: path.read_text(encoding="utf-8") for room in rooms for path in room.rglob("*.py")}
    whole = {path.relative_to(root).as_posix() for path, text in sources.items() if "make_folders(" in text}
    assert whole == {
        # a project, before it is there
        "app/document/lock.py", "app/document/store.py", "app/document/shelf.py", "app/studio/recipes/make.py",
        "app/jobs/copying.py", "app/session/open_project.py",
        # what a person names to put results in
        "app/shell/pictures.py", "app/studio/release/room.py", "samplernn/__main__.py",
        # our own settings and caches
        "app/jobs/import_album.py", "app/screens/window/settings.py", "app/screens/window/one_window.py",
        "artwork/weights.py", "titles/asking.py", "titles/musicbrainz.py",
    }  # fmt: skip
    assert [path.name for path, text in sources.items() if "parents=True" in text] == ["logs.py"]


@pytest.mark.skipif(sys.platform == "win32", reason="only the privileged make links there")
def test_nothing_is_appended_to_what_lies_elsewhere(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("mine\n")
    linked, shared = tmp_path / "linked", tmp_path / "shared"
    linked.symlink_to(outside)
    os.link(outside, shared)
    with pytest.raises(OSError, match="symbolic links"), files.appending(linked) as file:
        file.write("new\n")
    with files.appending(shared) as file:
        file.write("new\n")
    assert (outside.read_text(), shared.read_text()) == ("mine\n", "mine\nnew\n")
    with files.appending(tmp_path / "fresh") as file:
        file.write("new\n")
    assert (tmp_path / "fresh").read_text() == "new\n"


def test_what_was_left_long_ago_is_cleared_away(tmp_path: Path) -> None:
    old, young, partly = tmp_path / ".a.json.0a.part", tmp_path / ".b.json.0b.part", tmp_path / "download.part"
    for path in (old, young, partly):
        path.touch()
    yesterday = old.stat().st_mtime - 25 * 3600
    for path in (old, partly):
        os.utime(path, (yesterday, yesterday))
    files.clear_parts(tmp_path)
    assert set(tmp_path.iterdir()) == {young, partly}
    files.clear_parts(tmp_path / "none")
