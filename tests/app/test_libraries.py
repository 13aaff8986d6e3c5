"""A library of the system that Qt needs and that is missing is named, with the line that installs it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.libraries import missing_libraries

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Qt brings all that it needs")


def start(broken: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Starts the program where some libraries (files in a folder, which hold nothing) do not load."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    kept.pop("QT_QPA_PLATFORM", None)
    given = {**kept, "LD_LIBRARY_PATH": str(broken), **environment}
    return subprocess.run(
        [sys.executable, "-m", "app"], cwd=ROOT, env=given, capture_output=True, text=True, check=False, timeout=120
    )


def told(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 2, done.stderr
    (line,) = done.stderr.splitlines()
    return line


@pytest.mark.parametrize(
    ("library", "package"),
    [("libGL.so.1", "libgl1"), ("libEGL.so.1", "libegl1"), ("libfontconfig.so.1", "libfontconfig1")],
)
def test_what_qt_does_not_load_without_is_named(tmp_path: Path, library: str, package: str) -> None:
    (tmp_path / library).write_text("no library")
    line = told(start(tmp_path, QT_QPA_PLATFORM="offscreen"))
    assert f"not here: {library}." in line
    assert (f"sudo apt-get install {package}" in line) == bool(shutil.which("apt-get"))


def test_several_are_named_together(tmp_path: Path) -> None:
    for library in ("libGL.so.1", "libEGL.so.1"):
        (tmp_path / library).write_text("no library")
    line = told(start(tmp_path, QT_QPA_PLATFORM="offscreen"))
    assert "libraries of this system are not here: libEGL.so.1, libGL.so.1." in line


def test_what_is_wrong_with_qt_itself_is_said(tmp_path: Path) -> None:
    (tmp_path / "PySide6").mkdir()
    (tmp_path / "PySide6" / "__init__.py").write_text("from . import half_of_it")
    line = told(start(tmp_path, QT_QPA_PLATFORM="offscreen", PYTHONPATH=str(tmp_path)))
    assert "Qt does not load" in line
    assert "make setup" in line


def test_without_a_screen_the_shell_is_named(tmp_path: Path) -> None:
    assert told(start(tmp_path)) == "There is no screen here. The shell does the same work: deepcuts --help"


def test_what_a_screen_takes_is_looked_at_before_qt_aborts(tmp_path: Path) -> None:
    (tmp_path / "libxcb-cursor.so.0").write_text("no library")
    line = told(start(tmp_path, DISPLAY=":77"))
    assert "libxcb-cursor.so.0" in line


@pytest.mark.skipif(bool(missing_libraries("screen")), reason="libraries that a screen takes are not installed")
def test_a_screen_that_does_not_answer_is_told(tmp_path: Path) -> None:
    assert "“:77” does not answer" in told(start(tmp_path, DISPLAY=":77"))
