"""`deepcuts make`: what the system refuses, and what a stop keeps."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.document.store import load_project
from tests.app.shell.calling import ROOT, deepcuts, environment, refused


def test_what_the_system_refuses_is_told_in_one_line(tmp_path: Path, album: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    line = refused(deepcuts(tmp_path, "make", album, "--out", tmp_path / "out", "--project", tmp_path / "file" / "p"))
    assert "file" in line
    assert "our fault" not in line


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send to another process")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminate"])
def test_stopping_keeps_what_was_made(tmp_path: Path, album: Path, number: signal.Signals) -> None:
    project = tmp_path / "stopped.deepcuts"
    command = [sys.executable, "-m", "app", "make", str(album), "--out", str(tmp_path / "out"), "--budget", "1h"]
    with subprocess.Popen(
        [*command, "--project", str(project)],
        cwd=ROOT,
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        until = time.monotonic() + 120
        while not list(project.glob("runs/*/config.json")) and time.monotonic() < until:
            time.sleep(0.1)
        process.send_signal(number)
        out, told = process.communicate(timeout=120)
    assert process.returncode == 130, told
    assert out == ""
    assert told.splitlines()[-1] == "Stopped. What was made until now is kept."
    assert "Traceback" not in told
    kept = load_project(project)
    assert len(kept.album.tracks) == 2
    assert [(run.id, run.epoch) for run in kept.runs] == [("r1", 1)]
    assert list(project.glob("runs/r1/checkpoints/*.safetensors"))
    assert not (tmp_path / "out").exists()


def test_a_recipe_makes_an_album_of_what_was_learnt(learnt: Path, tmp_path: Path) -> None:
    """What is known too little is told; a recipe that is none is refused with all that there are."""
    out = tmp_path / "out"
    more = ["--out", out, "--project", learnt, "--learnt", "--songs", "1", "--song-seconds", "5"]
    done = deepcuts(tmp_path, "make", *more, "--recipe", "reveal")
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).parent == out
    assert load_project(learnt).songs[0].recipe == "reveal"
    assert len(load_project(learnt).runs) == 1
    line = refused(deepcuts(tmp_path, "make", *more, "--recipe", "polka"))
    assert "reveal, random, sections, stitch, layers, motifs, likeness" in line
