"""Handing songs over: a folder that appears whole or not at all, by a full disk, a kill and a cancel; its words."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import unicodedata
import zipfile
from collections import namedtuple
from collections.abc import Callable
from concurrent.futures import CancelledError
from pathlib import Path
from xml.etree import ElementTree

import pytest
import rpp
import soundfile
from msgspec.structs import replace

from app.document.edits.release import set_finish
from app.document.edits.songs import add_song
from app.document.errors import UserError
from app.document.file_names import is_device
from app.document.model import Marker, Project
from app.document.store import save_project
from app.document.studio_form import StudioForm
from app.studio.sessions.handing_over import READ_ME, hand_over
from tests.app.shell.calling import deepcuts, environment, refused
from tests.full_disk import with_full_disk

FORMS: tuple[StudioForm, ...] = ("stems", "dawproject", "reaper")
_KINDS = {"stems": "stems", "dawproject": "DAWproject", "reaper": "Reaper"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, small_project: Callable[..., Project]) -> tuple[Project, Path]:
    folder = tmp_path_factory.mktemp("p") / "Small.deepcuts"
    project = set_finish(small_project(folder, seconds=1.0), "made")
    save_project(folder, project)
    return project, folder


def test_each_song_is_there_by_name(made: tuple[Project, Path], tmp_path: Path) -> None:
    told: list[float] = []
    places = [hand_over(*made, tmp_path, form, report=lambda done, _: told.append(done)).folder for form in FORMS]
    names = [place.name for place in places]
    assert names == [f"Die Alten (machine) - Nächste ({kind})" for kind in ("stems", "DAWproject", "Reaper")]
    assert told.count(1.0) == 3
    stems, dawproject, reaper = places
    song = "01 Sång 1-2 - «Ash»"
    files = {path.relative_to(stems / song).as_posix() for path in (stems / song).rglob("*.wav")}
    lanes = {f"{kind}/{song}, lane {letter}.wav" for kind in ("as mixed", "untouched") for letter in "AB"}
    assert files == {f"{song}.wav", *lanes}
    lengths = {soundfile.info(path).frames for path in (stems / song).rglob("*.wav")}
    assert len(lengths) == 1
    with zipfile.ZipFile(dawproject / f"{song}.dawproject") as archive:
        assert {"project.xml", "metadata.xml"} < set(archive.namelist())
    with (reaper / song / f"{song}.rpp").open(encoding="utf-8") as file:
        items = [item for track in rpp.load(file).findall("TRACK") for item in track.findall("ITEM")]
    assert items
    for item in items:
        assert (reaper / song / item.find("SOURCE").find("FILE")[1]).is_file()
    for place in places:
        assert "Nothing here is mastered" in (place / READ_ME).read_text(encoding="utf-8")
        assert not [path for path in place.rglob("*") if path.name.startswith(".")]


HOSTILE = (
    "a/b\\c:d", "../../etc/passwd", "con", "\u202egnp.exe", "\u0301" * 300, "\U0001d11e" * 300,
    "one\r\ntwo\0three\x1b[31m", "\"'`<&>%$;", "...", "-rf", "]]>",
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_names_of_the_worst_kind_do_no_harm(made: tuple[Project, Path], tmp_path: Path, form: StudioForm) -> None:
    """As a document may hold them that nobody has cleaned."""
    project, folder = made
    out = tmp_path / "out"
    for number in range(0, len(HOSTILE), 2):
        names = HOSTILE[number], HOSTILE[-1 - number]
        songs = tuple(
            replace(song, title=name, markers=(Marker(id=f"m{song.id}", frame=9, name=name),))
            for song, name in zip(project.songs, names, strict=True)
        )
        release = replace(project.release, title=names[0], artist=names[1])
        done = hand_over(replace(project, songs=songs, release=release), folder, out, form)
        assert done.folder.parent == out
        assert f"({_KINDS[form]})" in done.folder.name
    for path in out.rglob("*"):
        assert len(path.name.encode()) <= 200
        assert not is_device(path.name)
        assert not [sign for sign in path.name if unicodedata.category(sign) in ("Cc", "Cf") or sign in '\\:*?"<>|']
        if path.suffix == ".rpp":
            text = path.read_text(encoding="utf-8")
            assert not [sign for sign in text if unicodedata.category(sign) == "Cc" and sign != "\n"]
            assert rpp.loads(text).tag == "REAPER_PROJECT"
        if path.suffix == ".dawproject":
            with zipfile.ZipFile(path) as archive:
                assert not [name for name in archive.namelist() if name.startswith("/") or ".." in name]
                for name in ("project.xml", "metadata.xml"):
                    ElementTree.fromstring(archive.read(name))


def test_clips_that_are_gone_are_told(made: tuple[Project, Path], tmp_path: Path) -> None:
    project, folder = made
    copy = Path(shutil.copytree(folder, tmp_path / "Copy.deepcuts"))
    shutil.rmtree(copy / "cache", ignore_errors=True)
    (copy / project.clips[0].file).unlink()
    done = hand_over(project, copy, tmp_path / "out", "reaper")
    assert any("missing" in note for note in done.notes)
    assert "missing" in (done.folder / READ_ME).read_text(encoding="utf-8")


@pytest.mark.parametrize("form", FORMS)
def test_cancelling_at_any_time_leaves_nothing(made: tuple[Project, Path], tmp_path: Path, form: StudioForm) -> None:
    for patience in (0, 2, 4, 6):
        asked = iter(range(patience))
        with pytest.raises(CancelledError):
            hand_over(*made, tmp_path, form, cancelled=lambda asked=asked: next(asked, None) is None)
        assert not list(tmp_path.iterdir())


def test_no_song_and_no_room_are_said_plainly(
    made: tuple[Project, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UserError, match="no song"):
        hand_over(add_song(Project()), made[1], tmp_path, "stems")
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10, 9, 1))
    for form in FORMS:
        with pytest.raises(UserError, match="MB free"):
            hand_over(*made, tmp_path, form)
    assert not list(tmp_path.iterdir())


_KILLED = """
import sys, time
from pathlib import Path
from app.document.store import load_project
from app.studio.sessions.handing_over import hand_over
project, out, form = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
def report(done, doing):
    if list(out.glob(".*/**/*.*")) and done > float(sys.argv[4]):
        print("now", flush=True)
        time.sleep(60)
hand_over(load_project(project), project, out, form, report=report)
"""


@pytest.mark.parametrize(("form", "when"), [("stems", "0.3"), ("dawproject", "0.4"), ("reaper", "0.97")])
def test_who_is_killed_leaves_nothing_under_the_name(
    made: tuple[Project, Path], tmp_path: Path, form: StudioForm, when: str
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    command = [sys.executable, "-c", _KILLED, str(made[1]), str(out), form, when]
    checkout = Path(__file__).parents[4]
    with subprocess.Popen(command, cwd=checkout, stdout=subprocess.PIPE, env={**os.environ}) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"now\n"
        writer.send_signal(signal.SIGKILL)
    assert list(out.iterdir())
    assert all(path.name.startswith(".") for path in out.iterdir())
    done = hand_over(*made, out, form)
    assert list(out.iterdir()) == [done.folder]


@pytest.mark.parametrize("form", FORMS)
def test_a_full_disk_leaves_nothing(made: tuple[Project, Path], tmp_path: Path, form: StudioForm) -> None:
    """The room that is asked for is there; it is taken by others meanwhile."""
    disk = tmp_path / "disk"
    disk.mkdir()
    script = (
        "import sys, shutil; from collections import namedtuple; from app.cli import run\n"
        "shutil.disk_usage = lambda path: namedtuple('usage', 'total used free')(1 << 40, 0, 1 << 40)\n"
        "sys.exit(run(['studio', sys.argv[1], '--out', sys.argv[2], '--to', sys.argv[3]]))\n"
    )
    command = [sys.executable, "-c", script, made[1], disk / "out", form]
    done = with_full_disk(disk, command, kilobytes=200, environment=environment(tmp_path))
    assert done.returncode == 2, done.stderr
    assert "disk is full" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(disk.glob("out/*"))


def test_the_shell_hands_over_too(made: tuple[Project, Path], tmp_path: Path) -> None:
    began = time.time()
    done = deepcuts(tmp_path, "studio", made[1], "--out", tmp_path / "out", "--to", "dawproject", "--json")
    assert done.returncode == 0, done.stderr
    folder = Path(json.loads(done.stdout)["folder"])
    assert sorted(path.suffix for path in folder.iterdir()) == [".dawproject", ".dawproject", ".txt"]
    assert folder.stat().st_mtime >= began - 5
    told = refused(deepcuts(tmp_path, "studio", made[1], "--out", tmp_path / "out", "--to", "tape"))
    assert "stems, dawproject, reaper" in told
