"""The project on disk: whole at every moment, refused in plain words where it is not ours to open."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from app.document.edits.sections import place_clip
from app.document.edits.songs import add_song
from app.document.errors import UserError
from app.document.last_good import keep_last_good
from app.document.model import SCHEMA_VERSION, Cover, Project, Run
from app.document.store import ProjectFolder, create_project, load_project, save_project
from tests.app.document.strategies import start

EDIT_WITHOUT_END = """
import sys
from pathlib import Path
from app.document.edits.album import set_catalogue
from app.document.edits.songs import add_song, title_song
from app.document.store import load_project, save_project
path = Path(sys.argv[1])
project = load_project(path)
number = 0
while True:
    number += 1
    project = title_song(project, project.songs[0].id, "x" * (number * 79 % 299 + 1))
    project = set_catalogue(project, map(str, range(number * 7919 % 20_000)))
    save_project(path, project)
    if number == 3:
        print("editing", flush=True)
"""


def test_what_was_saved_is_what_is_loaded(tmp_path: Path) -> None:
    save_project(tmp_path, start())
    assert load_project(tmp_path) == start()


def test_a_new_project_is_named_after_its_folder_and_not_made_twice(tmp_path: Path) -> None:
    path = tmp_path / "Inorganic Second.deepcuts"
    assert create_project(path).name == "Inorganic Second"
    with pytest.raises(UserError, match="is a project already"):
        create_project(path)
    assert load_project(path) == Project(name="Inorganic Second")


def test_a_newer_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    save_project(tmp_path, start())
    document = ProjectFolder(tmp_path).document
    raw = json.loads(document.read_text())
    document.write_text(json.dumps({**raw, "version": SCHEMA_VERSION + 1, "songs": "in another form"}))
    before = document.read_bytes()
    with pytest.raises(UserError, match="newer Deep Cuts"):
        load_project(tmp_path)
    assert document.read_bytes() == before


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"version": "one"}',
        b'{"version": 0}',
        b'{"version": 1, "clips": [{"id": "c1"}]}',
        b'{"version": 1, "clips": [{"id": "c1", "run": "r1", "epoch": 1, "file": "x", "rate": 0, "samples": 1,'
        b' "seed": 0, "temperature": 1}]}',
        b'{"version": 1, "clips": [{"id": "c1", "run": "r1", "epoch": 1, "file": "x", "rate": 16000,'
        b' "samples": 1000000000000, "seed": 0, "temperature": 1}]}',
        b'{"version": 1, "songs": [{"id": "s1", "lanes": [{"id": "l1", "sections": [{"id": "x1", "clip": "c1",'
        b' "start": -1, "offset": 0, "length": 0}]}]}]}',
        b"\xff\xfe\x00",
        b"\x00" * 4096,
    ],
)
def test_a_damaged_document_is_refused_in_plain_words(tmp_path: Path, damage: bytes) -> None:
    ProjectFolder(tmp_path).document.write_bytes(damage)
    with pytest.raises(UserError, match="is damaged"):
        load_project(tmp_path)


@pytest.mark.parametrize(
    ("edit", "place"),
    [
        (lambda raw: raw["release"].update(formats=["flac", "vinyl"]), "release.formats[1]"),
        (lambda raw: raw["release"].update(formats=[]), "release.formats"),
        (lambda raw: raw["release"].update(title=3), "release.title"),
        (lambda raw: raw["songs"].append({"title": "no id"}), "songs[0]"),
    ],
    ids=["unknown format", "no format", "number for a name", "song without an id"],
)
def test_what_a_hand_got_wrong_is_named(tmp_path: Path, edit: Callable[[Any], object], place: str) -> None:
    save_project(tmp_path, Project())
    document = ProjectFolder(tmp_path).document
    raw = json.loads(document.read_bytes())
    edit(raw)
    document.write_text(json.dumps(raw), "utf-8")
    with pytest.raises(UserError, match=f"damaged: what stands at “{re.escape(place)}” does not belong there"):
        load_project(tmp_path)


def test_every_cut_off_document_is_refused(tmp_path: Path) -> None:
    save_project(tmp_path, start())
    document = ProjectFolder(tmp_path).document
    whole = document.read_bytes()
    for length in range(0, len(whole.rstrip()), 37):
        document.write_bytes(whole[:length])
        with pytest.raises(UserError, match="is damaged"):
            load_project(tmp_path)


@pytest.mark.parametrize("name", [
        "/etc/passwd", "../other/clip.flac", "clips/../../x.flac", "C:\\x", "..\\x", ".", ". ./x", "... /x", "nul",
        "clips/COM1.flac", "aux .txt",
    ],
)  # fmt: skip
def test_a_document_that_names_files_outside_its_folder_is_refused(tmp_path: Path, name: str) -> None:
    project = start()
    for reaches_out in (
        replace(project, album=replace(project.album, cover=name)),
        replace(project, clips=(replace(project.clips[0], file=name),)),
        replace(project, clips=(replace(project.clips[0], id=name),)),
        replace(project, clips=(replace(project.clips[0], run=name),)),
        replace(project, runs=(Run(id=name, preset="sketch"),)),
        replace(project, covers=(Cover(id="a1", file=name, method="self"),)),
    ):
        with pytest.raises(UserError, match="outside its own folder"):
            save_project(tmp_path, reaches_out)
        ProjectFolder(tmp_path).document.write_bytes(msgspec.json.encode(reaches_out))
        with pytest.raises(UserError, match="outside its own folder"):
            load_project(tmp_path)


def test_a_folder_that_is_no_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not a Deep Cuts project"):
        load_project(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")
def test_where_the_disk_is_full_the_old_document_stands(tmp_path: Path) -> None:
    import resource

    save_project(tmp_path, start())
    before = ProjectFolder(tmp_path).document.read_bytes()
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) // 2, limit[1]))
    try:
        with pytest.raises(UserError, match="could not be saved"):
            save_project(tmp_path, add_song(start()))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert ProjectFolder(tmp_path).document.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"project.json", "project.last-good.json"}


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_killed_in_a_burst_of_edits_the_document_is_whole(tmp_path: Path) -> None:
    save_project(tmp_path, start())
    for _ in range(4):
        editor = subprocess.Popen(
            [sys.executable, "-c", EDIT_WITHOUT_END, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        assert editor.stdout is not None
        assert editor.stdout.readline().strip() == "editing"
        editor.send_signal(signal.SIGKILL)
        editor.wait()
        editor.stdout.close()
        project = load_project(tmp_path)
        assert set(project.songs[0].title) == {"x"}
        assert [lane.id for lane in project.songs[0].lanes] == [lane.id for lane in start().songs[0].lanes]


def test_a_document_from_before_there_were_motifs_markers_and_curves_opens(tmp_path: Path) -> None:
    project = start()
    project = place_clip(project, project.songs[0].lanes[0].id, "c0", 0)
    save_project(tmp_path, project)
    document = ProjectFolder(tmp_path).document
    raw = json.loads(document.read_text())
    for song in raw["songs"]:
        del song["markers"], song["gap_seconds"]
        for lane in song["lanes"]:
            for part in lane["sections"]:
                del part["motif"], part["fade_in_curve"], part["fade_out_curve"]
    document.write_text(json.dumps(raw))
    assert load_project(tmp_path) == project


def test_the_copy_beside_a_document_makes_no_folder(tmp_path: Path) -> None:
    """It is written after the document; by then somebody may have moved the folder."""
    folder = tmp_path / "Moved.deepcuts"
    keep_last_good(ProjectFolder(folder).document, b"{}")
    assert not folder.exists()
