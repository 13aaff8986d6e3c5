"""`deepcuts train`: runs are gone on with after a stop, a kill, or a plain end; an open project is left alone."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.document.lock import ProjectLock
from app.document.store import load_project
from tests.app.shell.calling import ROOT, deepcuts, environment, refused


def test_a_run_is_gone_on_with(tmp_path: Path, learnt: Path) -> None:
    before = load_project(learnt).runs
    result = deepcuts(tmp_path, "train", learnt, "--resume", "--budget", "3s")
    assert result.returncode == 0, result.stderr
    after = load_project(learnt).runs
    assert [run.id for run in after] == [run.id for run in before]


def _begun(home: Path, project: Path, *options: object) -> subprocess.Popen[str]:
    """A training in a process of its own, once it has begun its run."""
    before = set(project.glob("runs/*/config.json"))
    command = [sys.executable, "-m", "app", "train", str(project), *map(str, options)]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen(command, cwd=ROOT, env=environment(home), text=True, **streams)
    until = time.monotonic() + 120
    while set(project.glob("runs/*/config.json")) == before and time.monotonic() < until:
        time.sleep(0.05)
    return process


def test_a_run_that_was_killed_early_is_the_one_that_is_gone_on_with(tmp_path: Path, learnt: Path) -> None:
    """Whatever the document knows of it."""
    project = shutil.copytree(learnt, tmp_path / "killed.deepcuts")
    document = (project / "project.json").read_bytes()
    with _begun(tmp_path, project, "--budget", "1h") as process:
        process.kill()
        process.communicate(timeout=120)
    (project / "project.json").write_bytes(document)
    assert json.loads(deepcuts(tmp_path, "info", project, "--json").stdout)["run"] == "r2"
    result = deepcuts(tmp_path, "train", project, "--resume", "--budget", "2s")
    assert result.returncode == 0, result.stderr
    assert "run r2, epoch 1" in result.stdout
    assert [run.id for run in load_project(project).runs] == ["r1", "r2"]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send to another process")
def test_what_was_learnt_until_a_stop_in_the_first_epoch_is_heard_and_gone_on_with(
    tmp_path: Path, learnt: Path
) -> None:
    project = shutil.copytree(learnt, tmp_path / "stopped.deepcuts")
    with _begun(tmp_path, project, "--epochs", "5", "--preset", "sketch") as process:
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=120)
    assert process.returncode == 130, told
    made = deepcuts(tmp_path, "generate", project, "--count", "1", "--seconds", "0.2", "--json")
    assert made.returncode == 0, made.stderr
    assert [(clip["run"], clip["epoch"]) for clip in json.loads(made.stdout)] == [("r2", 1)]
    again = deepcuts(tmp_path, "train", project, "--resume", "--budget", "2s")
    assert again.returncode == 0, again.stderr
    assert "run r2, epoch 1" in again.stdout


def test_a_project_that_is_open_elsewhere_is_left_alone(tmp_path: Path, learnt: Path) -> None:
    with ProjectLock(learnt):
        assert "open" in refused(deepcuts(tmp_path, "train", learnt, "--budget", "1s"))
