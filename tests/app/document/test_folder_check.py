"""A stranger's project: whatever lies in its folder, nothing outside it is written to, removed or waited for."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.document.errors import UserError
from app.document.folder_check import check_folder, files_in
from app.document.lock import ProjectLock, new_or_held
from app.document.store import create_project, load_project

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")

PLACES = (
    ".lock", ".project.1.part", "album", "artwork", "cache", "clips", "dataset", "releases", "runs", "notes.txt",
    "cache/peaks", "clips/c0001.flac", "runs/r1/metrics.jsonl", "runs/r1/checkpoints", "releases/a/b/c/d",
)  # fmt: skip


def link_to_folder(place: Path, outside: Path) -> None:
    place.symlink_to(outside, target_is_directory=True)


def link_to_file(place: Path, outside: Path) -> None:
    place.symlink_to(outside / "letter.txt")


def link_to_nothing(place: Path, outside: Path) -> None:
    place.symlink_to(outside / "not there")


def link_within(place: Path, outside: Path) -> None:
    place.symlink_to("project.json")


def pipe(place: Path, outside: Path) -> None:
    os.mkfifo(place)


def socket_file(place: Path, outside: Path) -> None:
    here = Path.cwd()
    os.chdir(place.parent)  # the paths of sockets have to be short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(place.name)
    finally:
        os.chdir(here)


KINDS = (link_to_folder, link_to_file, link_to_nothing, link_within, pipe, socket_file)


def strange_project(path: Path, place: str, kind: Callable[[Path, Path], None]) -> Path:
    """A project with something strange in it; gives the folder outside that it may lead to."""
    create_project(path)
    outside = path.parent / "outside"
    outside.mkdir()
    (outside / "letter.txt").write_text("Dear band,")
    (path / place).parent.mkdir(parents=True, exist_ok=True)
    kind(path / place, outside)
    return outside


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", PLACES)
def test_no_way_in_opens_it(tmp_path: Path, place: str, kind: Callable[[Path, Path], None]) -> None:
    path = tmp_path / "Strange.deepcuts"
    outside = strange_project(path, place, kind)
    before = tree(outside)
    for way in (load_project, ProjectLock, lambda path: new_or_held(path).__enter__()):
        with pytest.raises(UserError, match="in the project is") as told:
            way(path)
        assert place in told.value.what
    assert tree(outside) == before
    assert not (outside / "not there").exists()


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    create_project(tmp_path / "disk" / "Real.deepcuts")
    (tmp_path / "Link.deepcuts").symlink_to(tmp_path / "disk" / "Real.deepcuts")
    with ProjectLock(tmp_path / "Link.deepcuts"):
        assert load_project(tmp_path / "Link.deepcuts").name == "Real"


def test_a_name_that_cannot_be_printed_is_told_of(tmp_path: Path) -> None:
    create_project(tmp_path / "P.deepcuts")
    os.symlink("/", os.fsencode(tmp_path / "P.deepcuts") + b"/\xff\xfe")
    with pytest.raises(UserError) as told:
        check_folder(tmp_path / "P.deepcuts")
    str(told.value).encode("utf-8")


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may look into everything")
def test_a_folder_that_may_not_be_looked_into_is_not_written_into(tmp_path: Path) -> None:
    path = tmp_path / "P.deepcuts"
    create_project(path)
    (path / "clips").mkdir()
    (path / "clips").chmod(0o300)
    try:
        with pytest.raises(UserError, match="cannot be looked into"):
            load_project(path)
    finally:
        (path / "clips").chmod(0o700)


def test_the_lock_writes_into_no_file_that_has_another_name_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "P.deepcuts"
    create_project(path)
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear band,")
    os.link(letter, path / ".lock")
    with ProjectLock(path):
        assert letter.read_text() == "Dear band,"


def test_files_are_found_and_links_are_not(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "one").touch()
    (tmp_path / "two").touch()
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "three").symlink_to(tmp_path / "two")
    os.mkfifo(tmp_path / "four")
    assert sorted(files_in(tmp_path)) == [tmp_path / "a" / "b" / "one", tmp_path / "two"]
