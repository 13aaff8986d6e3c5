"""The shell as a person or a script uses it: real processes, exit statuses, one plain line for what is wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def environment(home: Path) -> dict[str, str]:
    """Ours, without a screen, with a home of its own and one thread: tests share the machine."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    kept.pop("QT_QPA_PLATFORM", None)
    return {**kept, "HOME": str(home), "XDG_STATE_HOME": str(home), "OMP_NUM_THREADS": "1", "COLUMNS": "200"}


def deepcuts(home: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app", *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, env=environment(home), capture_output=True, text=True, check=False, timeout=300
    )


def refused(result: subprocess.CompletedProcess[str]) -> str:
    """The one line on stderr of a call that was wrong."""
    assert result.returncode == 2, result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    lines = result.stderr.splitlines()
    assert len(lines) == 1
    return lines[0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["dance"], "dance"),
        (["make"], "--out"),
        (["generate", "x.deepcuts", "--count", "many", "--seconds", "1"], "--count"),
        (["train", "x.deepcuts", "--colour", "red"], "--colour"),
        (["titles"], "file"),
        (["artwork", "x.png", "--out", "y.jpg", "--size", "1"], "--size"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_call_is_told_in_one_line(tmp_path: Path, arguments: list[str], words: str) -> None:
    line = refused(deepcuts(tmp_path, *arguments))
    assert words in line
    assert "--help" in line


@pytest.mark.parametrize(
    "arguments",
    [
        ["make", "nothing-here", "--out", "out"],
        ["import", "nothing-here", "--project", "p.deepcuts"],
        ["train", "nothing-here.deepcuts"],
        ["generate", "nothing-here.deepcuts", "--count", "1", "--seconds", "1"],
        ["titles", "nothing-here.txt"],
        ["artwork", "nothing-here.png", "--out", "y.jpg"],
        ["export", "nothing-here.deepcuts", "--out", "out"],
        ["info", "nothing-here"],
        ["nothing-here.deepcuts"],
    ],
    ids=lambda value: value[0],
)
def test_what_is_not_there_is_told_in_one_line(tmp_path: Path, arguments: list[str]) -> None:
    places = [str(tmp_path / word) if "." in word or word in ("out", "nothing-here") else word for word in arguments]
    assert "nothing-here" in refused(deepcuts(tmp_path, *places))
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "p.deepcuts").exists()


def test_version_and_help(tmp_path: Path) -> None:
    assert deepcuts(tmp_path, "--version").stdout.strip() == f"Deep Cuts {version('deepcuts')}"
    told = deepcuts(tmp_path, "--help")
    assert told.returncode == 0
    for command in ("make", "import", "train", "generate", "titles", "artwork", "export", "info"):
        assert f" {command} " in told.stdout
        assert deepcuts(tmp_path, command, "--help").returncode == 0


def test_the_window_needs_a_screen(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux runs without a screen")
    assert "no screen" in refused(deepcuts(tmp_path))
