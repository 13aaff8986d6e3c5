"""Opening a project: held before it is read, and with a good copy for the day on which it is damaged."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.document.edits.songs import add_song
from app.document.errors import UserError
from app.document.last_good import DamagedError, last_good, moment_of, say_when
from app.document.lock import ProjectLock
from app.document.opening import held_project, hold_project, new_or_held_project, restore_project
from app.document.store import ProjectFolder, create_project, load_project, save_project
from tests.memory import held_megabytes, most_megabytes, on_linux

ROOT = Path(__file__).resolve().parents[3]
ADDS_SONGS = """
import sys
from pathlib import Path
from app.document.edits.songs import add_song
from app.document.errors import UserError
from app.document.opening import held_project
from app.document.store import save_project
folder = Path(sys.argv[1])
left = 25
while left:
    try:
        with held_project(folder) as project:
            save_project(folder, add_song(project))
            left -= 1
    except UserError as error:
        assert "open in another window" in str(error), error
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "P.deepcuts"
    create_project(path)
    save_project(path, add_song(load_project(path)))
    return path


def test_no_edit_of_two_programs_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "P.deepcuts"
    create_project(path)
    programs = [subprocess.Popen([sys.executable, "-c", ADDS_SONGS, str(path)]) for _ in range(2)]
    assert [program.wait(300) for program in programs] == [0, 0]
    assert len(load_project(path).songs) == 50


def test_a_document_is_read_without_its_lock_only_where_it_is_not_written_then() -> None:
    sources = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in (ROOT / "app").rglob("*.py")}
    readers = {path for path, text in sources.items() if re.search(r"\b(load_project|read_document)\(", text)}
    assert readers == {
        "app/document/lock.py",  # only what a project is called that is open elsewhere
        "app/document/opening.py",
        "app/document/store.py",
        # only read
        "app/shell/exporting.py", "app/shell/info.py", "app/shell/measures.py", "app/shell/studio.py",
        "app/studio/release/again.py",
        "app/desktop.py",  # only whether it can be opened
    }  # fmt: skip


def test_whoever_cannot_read_it_does_not_hold_it(folder: Path) -> None:
    document = ProjectFolder(folder).document
    whole = document.read_bytes()
    document.write_bytes(b"{")
    with pytest.raises(DamagedError):
        hold_project(folder)
    document.write_bytes(whole)
    with held_project(folder), pytest.raises(UserError, match="open in another window"):
        ProjectLock(folder)


def test_a_good_copy_lies_beside_what_was_saved(folder: Path) -> None:
    document = ProjectFolder(folder).document
    assert last_good(document).read_bytes() == document.read_bytes()
    assert last_good(document).stat().st_ino != document.stat().st_ino


def test_a_good_copy_is_left_of_what_was_read_well(folder: Path) -> None:
    document = ProjectFolder(folder).document
    for old in (None, b"{"):
        if old is None:
            last_good(document).unlink()
        else:
            last_good(document).write_bytes(old)
        with held_project(folder):
            assert last_good(document).read_bytes() == document.read_bytes()


@pytest.mark.parametrize("damage", [b"", b"{", b"\0" * 4096, b"[" * 100_000, b'{"version": 1, "songs": [{}]}'])
def test_the_good_copy_takes_the_place_of_a_damaged_document(folder: Path, damage: bytes) -> None:
    project = load_project(folder)
    document = ProjectFolder(folder).document
    document.write_bytes(damage)
    written = datetime(2024, 3, 9, 12, 40)
    os.utime(last_good(document), (written.timestamp(), written.timestamp()))
    with pytest.raises(DamagedError, match="Go on with the copy of 9 March 2024, 12:40: rename") as error:
        load_project(folder)
    assert error.value.copy_from == written
    restore_project(folder)
    assert load_project(folder) == project
    assert (folder / "project.damaged.json").read_bytes() == damage
    document.write_bytes(damage)
    restore_project(folder)
    assert (folder / "project.damaged-2.json").read_bytes() == damage


def test_a_damaged_copy_is_not_offered(folder: Path) -> None:
    document = ProjectFolder(folder).document
    for damaged in (document, last_good(document)):
        damaged.write_bytes(b"{")
    with pytest.raises(DamagedError, match="Mend it, or put back a copy") as error:
        load_project(folder)
    assert error.value.copy_from is None
    with pytest.raises(UserError, match="cannot be opened either"):
        restore_project(folder)
    assert document.read_bytes() == b"{"


def test_a_moment_of_today_is_told_by_the_clock() -> None:
    now = datetime.now().replace(hour=12, minute=40)
    assert say_when(now) == "12:40"
    assert say_when(now - timedelta(days=400)) != "12:40"


def test_the_folder_is_looked_through_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may hold thousands of files, and the window waits for it."""
    looked: list[Path] = []
    (folder / "clips").mkdir()
    scandir = os.scandir

    def counted(path: Path) -> Iterator[os.DirEntry[str]]:
        looked.append(Path(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", counted)
    for way in (held_project, new_or_held_project):
        looked.clear()
        with way(folder):
            pass
        assert looked.count(folder / "clips") == 1


def test_a_project_that_is_not_saved_leaves_nothing(tmp_path: Path) -> None:
    new, fresh, empty = (tmp_path / f"{name}.deepcuts" for name in ("New", "Fresh", "Empty"))
    for path, is_fresh, is_left in ((new, False, False), (fresh, True, False), (empty, False, True)):
        if path != new:
            path.mkdir()
        with new_or_held_project(path, is_fresh=is_fresh) as project:
            assert project.name == path.stem
            assert not ProjectFolder(path).document.exists()
            with pytest.raises(UserError, match="open in another window"):
                ProjectLock(path)
        assert path.exists() == is_left
        with new_or_held_project(path) as project:
            save_project(path, add_song(project))
        with new_or_held_project(path, is_fresh=True) as project:
            assert len(project.songs) == 1
        assert len(load_project(path).songs) == 1


@pytest.mark.parametrize("name", ["a file/P.deepcuts", "x" * 300])
def test_where_none_can_be_made_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "a file").touch()
    with pytest.raises(UserError), new_or_held_project(tmp_path / name):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["a file"]


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="Linux only")
def test_a_date_that_no_calendar_has_is_now() -> None:
    file = os.memfd_create("copy")  # most disks keep no such date, but memory does
    os.utime(file, (300_000_000_000, 300_000_000_000))
    assert os.stat(file).st_mtime == 300_000_000_000
    assert abs(datetime.now() - moment_of(file)) < timedelta(hours=1)
    os.close(file)


@pytest.mark.parametrize("moment", [300_000_000_000, -100_000_000_000, 0])
def test_a_copy_is_good_whatever_its_date(folder: Path, moment: int) -> None:
    project = load_project(folder)
    document = ProjectFolder(folder).document
    document.write_bytes(b"{")
    os.utime(last_good(document), (moment, moment))
    with pytest.raises(DamagedError, match="Go on with the copy of"):
        load_project(folder)
    restore_project(folder)
    assert load_project(folder) == project


@on_linux
def test_a_copy_of_gigabytes_is_written_anew_and_not_read(folder: Path) -> None:
    copy = last_good(ProjectFolder(folder).document)
    copy.write_bytes(b"")
    os.truncate(copy, 3 * 2**30)
    before = held_megabytes()
    with held_project(folder):
        pass
    assert copy.read_bytes() == ProjectFolder(folder).document.read_bytes()
    assert most_megabytes() - before < 500
