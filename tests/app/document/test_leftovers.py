"""What a killed program left behind goes when the project is opened; what is whole or someone else's stays."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.document.errors import UserError
from app.document.folder_check import check_folder
from app.document.leftovers import clear_leftovers, is_leftover
from app.document.opening import held_project
from app.document.store import create_project
from app.document.unfinished import clear_unfinished, move_to_free, unfinished_folder
from samplernn.data.build import SCRATCH
from tests.threads import at_once

_DIES_WRITING = """
import os, sys
from pathlib import Path
from resources.files import replacing
with replacing(Path(sys.argv[1])) as fresh:
    fresh.write_text("half")
    os._exit(9)
"""
_HOLDS = """
import sys
from pathlib import Path
from app.document.unfinished import unfinished_folder
with unfinished_folder(Path(sys.argv[1])) as place:
    (place / ".song.flac.00.part").write_text("half")
    print(place, flush=True)
    sys.stdin.read()
"""


DOCUMENT = {"project.json", "project.last-good.json"}


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "name", ["project.json", "clips/c0001.json", "runs/r1/config.json", "cache/peaks/1.peaks", "taken-out/0a/Song.wav"]
)
def test_half_a_file_goes_on_opening(tmp_path: Path, name: str) -> None:
    path = tmp_path / "P.deepcuts"
    create_project(path)
    (path / name).parent.mkdir(parents=True, exist_ok=True)
    died = subprocess.run([sys.executable, "-c", _DIES_WRITING, path / name], check=False)
    assert died.returncode == 9
    assert any(is_leftover(Path(left)) for left in names(path))
    with held_project(path):
        assert names(path) == DOCUMENT | {".lock"}


def test_what_is_whole_stays(tmp_path: Path) -> None:
    path = tmp_path / "P.deepcuts"
    create_project(path)
    whole = {"a.part", ".hidden", "releases/A - B/01 One.flac", "runs/r1/metrics.jsonl", "dataset/sound-1.npy"}
    for name in whole:
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).touch()
    with held_project(path):
        assert names(path) == DOCUMENT | {".lock", *whole}


@pytest.mark.parametrize("is_project", [False, True])
def test_files_that_are_somebodys_stay(tmp_path: Path, is_project: bool) -> None:
    path = tmp_path / "Downloads"
    path.mkdir()
    if is_project:
        create_project(path)
    theirs = {".thesis.part", "sub/.download.part", "sub/.video.0a1b2c3d4e5f6071.part", ".git/.x.00ff.part"}
    if not is_project:
        theirs |= {".deep.00ff.part", "clips/.c0001.flac.00ff.part", "dataset/.scratch-1/0"}
    for name in theirs:
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).touch()
    if is_project:
        with held_project(path):
            assert names(path) == DOCUMENT | {".lock", *theirs}
    else:
        with pytest.raises(UserError, match="not a Deep Cuts project"), held_project(path):
            pass
        assert names(path) == theirs


def test_the_scratch_of_a_dataset_goes(tmp_path: Path) -> None:
    path = tmp_path / "P.deepcuts"
    create_project(path)
    scratch = path / "dataset" / f"{SCRATCH}1"
    scratch.mkdir(parents=True)
    (scratch / "0").touch()
    clear_leftovers(path, check_folder(path))
    assert not scratch.exists()


def test_an_export_that_another_program_is_writing_stays(tmp_path: Path) -> None:
    path = tmp_path / "P.deepcuts"
    create_project(path)
    (path / "releases").mkdir()
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDS, path / "releases"], stdin=pipe, stdout=pipe, text=True
    ) as other:
        assert other.stdout is not None
        place = Path(other.stdout.readline().strip())
        clear_leftovers(path, check_folder(path))
        assert (place / ".song.flac.00.part").exists()
        other.kill()
        other.wait()
    clear_leftovers(path, check_folder(path))
    assert not any((path / "releases").iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
@pytest.mark.parametrize("what", ["link", "pipe", "folder"])
def test_nothing_strange_is_waited_for_or_followed(tmp_path: Path, what: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "letter.txt").touch()
    out = tmp_path / "out"
    out.mkdir()
    held = out / ".deepcuts-unfinished-1.held"
    if what == "link":
        held.symlink_to(outside / "letter.txt")
    elif what == "pipe":
        os.mkfifo(held)
    else:
        held.mkdir()
    (out / ".deepcuts-unfinished-1").symlink_to(outside)
    clear_unfinished(out)
    with unfinished_folder(out):
        pass
    assert (outside / "letter.txt").exists()


def test_many_at_once_each_get_a_name(tmp_path: Path) -> None:
    """All write into one folder under one name, while each clears away what the dead have left."""
    made: list[Path] = []

    def free() -> Path:
        number = 1
        while (name := tmp_path / f"Album ({number})").exists():
            number += 1
        return name

    def write() -> None:
        for _ in range(10):
            with unfinished_folder(tmp_path) as place:
                (place / "song").touch()
                made.append(move_to_free(place, free))

    at_once(8, write)
    assert len(set(made)) == 80
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in made}
    assert all((path / "song").exists() for path in made)


_FLUSHES = """
import os, sys
from pathlib import Path
from app.document.unfinished import flush_files
if os.getuid() == 0:
    os.setuid(65534)  # the one who owns nothing
flush_files(Path("part"))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such users")
def test_what_may_only_be_read_is_flushed(tmp_path: Path) -> None:
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "song").write_text("song")
    (tmp_path / "part" / "song").chmod(0o444)
    for folder in (tmp_path, tmp_path / "part"):
        folder.chmod(0o777)
    subprocess.run([sys.executable, "-c", _FLUSHES], cwd=tmp_path, env=_here(), check=True)


_IN_WINDOWS = """
import fcntl, os, sys, types
from pathlib import Path
from app.document.unfinished import clear_unfinished, unfinished_folder

def locking(file, mode, count):
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

def unlink(path, **more):
    open_ones = [os.path.realpath(link) for link in Path("/proc/self/fd").iterdir()]
    if os.path.realpath(path) in open_ones:
        raise PermissionError(13, "it is being used by another process")
    remove(path, **more)

remove, os.unlink = os.unlink, unlink
sys.modules["msvcrt"] = types.SimpleNamespace(locking=locking, LK_NBLCK=2)
sys.platform = "win32"
out = Path("out")
with unfinished_folder(out) as place:
    place.rename(out / "Album")
(out / ".deepcuts-unfinished-dead").mkdir()
(out / ".deepcuts-unfinished-dead.held").touch()
clear_unfinished(out)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux which files are open")
def test_the_lock_of_an_export_goes_where_no_open_file_can_be_removed(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    subprocess.run([sys.executable, "-c", _IN_WINDOWS], cwd=tmp_path, env=_here(), check=True)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["Album"]


def _here() -> dict[str, str]:
    """What a program that is started elsewhere needs to find this one."""
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}


@pytest.mark.parametrize("taker", [Path.mkdir, Path.touch], ids=["an empty folder", "a file"])
def test_what_has_just_taken_the_name_stays(tmp_path: Path, taker: Callable[[Path], None]) -> None:
    place = tmp_path / "fresh"
    place.mkdir()
    asked: list[Path] = []

    def free() -> Path:
        asked.append(tmp_path / f"name {len(asked)}")
        if len(asked) == 1:
            taker(asked[0])
        return asked[-1]

    assert move_to_free(place, free) == tmp_path / "name 1"
    assert (tmp_path / "name 0").exists()


def test_a_file_being_written_is_no_file_of_a_copy() -> None:
    for name in (".project.json.0a.part", "clips/.c0001.held", "releases/.deepcuts-unfinished-1/01.flac"):
        assert is_leftover(Path(name))
    for name in ("project.json", "clips/c0001.flac", ".hidden", "a.part"):
        assert not is_leftover(Path(name))
