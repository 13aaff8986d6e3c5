"""What a full disk makes of every kind of work: a plain sentence, nothing half-written, and nothing lost."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.document.store import load_project
from samplernn.audio.reading import write_sound
from tests.app.shell.calling import deepcuts, environment, refused
from tests.full_disk import with_full_disk

_RATE = 16_000


def _full(home: Path, place: Path, *arguments: object, kilobytes: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app", *arguments]
    return with_full_disk(place, command, kilobytes=kilobytes, environment=environment(home))


def _tells_that_it_is_full(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert "our fault" not in done.stderr
    assert re.search("disk is full|There are 0 MB free", done.stderr.splitlines()[-1]), done.stderr


def _left_half_written(place: Path) -> list[str]:
    return [path.name for path in place.rglob("*") if path.name.endswith(".part") or path.name.startswith(".scratch")]


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("music") / "Tin Hearts - Slow Rust"
    folder.mkdir()
    noise = np.random.default_rng(0).normal(0, 0.1, 20 * _RATE).astype(np.float32)
    write_sound(folder / "01 One.wav", noise, _RATE, format="wav")
    Image.effect_noise((800, 800), 90).convert("RGB").save(folder / "cover.png")
    return folder


@pytest.fixture(scope="module")
def learnt(album: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    project = home / "slow.deepcuts"
    for arguments in (("import", album, "--project", project), ("train", project, "--budget", "2s")):
        done = deepcuts(home, *arguments)
        assert done.returncode == 0, done.stderr
    return project


@pytest.fixture
def project(learnt: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(learnt, tmp_path / "disk" / "slow.deepcuts")).parent


@pytest.mark.parametrize("kilobytes", [0, 300, 5000])
def test_a_training_ends_in_plain_words_and_goes_on_once_there_is_room(
    tmp_path: Path, project: Path, kilobytes: int
) -> None:
    """A checkpoint takes 3.5 MB, the place to go on from 11."""
    before = load_project(project / "slow.deepcuts")
    done = _full(
        tmp_path, project, "train", project / "slow.deepcuts", "--resume", "--budget", "3s", kilobytes=kilobytes
    )
    _tells_that_it_is_full(done)
    assert _left_half_written(project) == []
    assert [run.id for run in load_project(project / "slow.deepcuts").runs] == [run.id for run in before.runs]
    again = deepcuts(tmp_path, "train", project / "slow.deepcuts", "--resume", "--budget", "2s")
    assert again.returncode == 0, again.stderr
    assert "run r1" in again.stdout


def test_clips_are_made_whole_or_not_at_all(tmp_path: Path, project: Path) -> None:
    place = project / "slow.deepcuts"
    done = _full(tmp_path, project, "generate", place, "--count", "3", "--seconds", "2", kilobytes=40)
    _tells_that_it_is_full(done)
    assert _left_half_written(project) == []
    assert len(list(place.glob("clips/*.flac"))) == len(list(place.glob("clips/*.json")))
    known = {clip.file for clip in load_project(place).clips}
    assert {f"clips/{path.name}" for path in place.glob("clips/*.flac")} == known


def test_an_album_is_imported_whole_or_not_at_all(tmp_path: Path, album: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    done = _full(tmp_path, disk, "import", album, "--project", disk / "new.deepcuts", kilobytes=16)
    _tells_that_it_is_full(done)
    assert list(disk.iterdir()) == []


def test_a_cover_is_written_whole_or_not_at_all(tmp_path: Path, album: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    done = _full(
        tmp_path, disk, "artwork", album / "cover.png", "--out", disk / "new.png", "--size", "900", kilobytes=64
    )
    _tells_that_it_is_full(done)
    assert list(disk.iterdir()) == []


def test_what_is_known_of_a_project_can_be_told_on_a_full_disk(tmp_path: Path, project: Path) -> None:
    (project / "slow.deepcuts" / "dataset" / "predictors.json").unlink(missing_ok=True)
    done = _full(tmp_path, project, "info", project / "slow.deepcuts", "--json", kilobytes=0)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["linear32_bits"] > 0


_WINDOW = """
import os
import sys
from PySide6.QtCore import QTimer
from app.desktop import make_application
from app.logs import start_logging
from app.document.given import Given
from app.screens.window.entry import open_window
start_logging()
application = make_application()
said = []

def look():
    window = next((one for one in application.topLevelWidgets() if hasattr(one, "workspace")), None)
    if window is None or not window.isVisible():
        return
    text = window.workspace.toast.text if window.workspace.toast.isVisible() else ""
    if text and text not in said:
        said.append(text)
        print(text, flush=True)
    if said:
        os._exit(0)  # closing would ask where to save

timer = QTimer()
timer.timeout.connect(look)
timer.start(100)
QTimer.singleShot(120_000, lambda: application.exit(3))
sys.exit(open_window(Given()))
"""


def test_the_window_opens_on_a_full_disk_and_says_so(tmp_path: Path) -> None:
    """With nowhere to write: no log, no memory of the last time, no fresh project."""
    home = tmp_path / "home"
    home.mkdir()
    places = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "CACHE", "DATA", "STATE")}
    done = with_full_disk(
        home, [sys.executable, "-c", _WINDOW], kilobytes=0,
        environment={
            **environment(home), **places, "XDG_MUSIC_DIR": str(home / "Music"), "QT_QPA_PLATFORM": "offscreen"
        },
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "the disk is full" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_project_opens_on_a_full_disk(tmp_path: Path, project: Path) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from app.desktop import make_application; application = make_application()\n"
        "from app.document.store import load_project; from app.session.open_project import OpenProject\n"
        "from app.screens.window.settings import Memory; from app.screens.window.main_window import MainWindow\n"
        "path = Path(sys.argv[1])\n"
        "window = MainWindow(OpenProject(path, load_project(path)), Memory(path.parent / 'window.json', path.parent))\n"
        "window.show()\n"
        "for name in window.workspace.screens:\n"
        "    window.workspace.go(name)\n"
        "    application.processEvents()\n"
        "window.stop_and_close()\n"
        "while window.isVisible():\n"
        "    application.processEvents()\n"
        "print('closed')\n"
    )
    done = with_full_disk(
        project, [sys.executable, "-c", script, project / "slow.deepcuts"], kilobytes=0,
        environment={**environment(tmp_path), "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "closed"
    assert "Traceback" not in done.stderr


def test_a_release_is_written_whole_or_not_at_all(tmp_path: Path, album: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    made = deepcuts(
        tmp_path, "make", album, "--out", tmp_path / "out", "--project", disk / "p.deepcuts", "--budget", "2s",
        "--songs", "1", "--song-seconds", "5",
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    done = _full(tmp_path, disk, "export", disk / "p.deepcuts", "--out", disk / "out", kilobytes=100)
    _tells_that_it_is_full(done)
    assert _left_half_written(disk) == []
    assert not list(disk.glob("out/*"))


@pytest.mark.parametrize("kind", ["read-only"])
def test_what_is_known_of_a_project_can_be_told_where_nothing_can_be_written(
    tmp_path: Path, project: Path, kind: str
) -> None:
    """Also while it is open elsewhere, and by someone who may only read it."""
    place = project / "slow.deepcuts"
    (place / "dataset" / "predictors.json").unlink(missing_ok=True)
    folders = [place, *(path for path in place.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        done = deepcuts(tmp_path, "info", place, "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["run"] == "r1"
        missing = deepcuts(tmp_path, "info", tmp_path / "none.deepcuts")
        assert "is not there" in refused(missing)
    finally:
        for folder in folders:
            folder.chmod(0o755)
