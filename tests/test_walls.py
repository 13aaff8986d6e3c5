"""The walls of the house that import-linter cannot see: what is imported when, and which parts of Qt."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("app", "samplernn", "artwork", "titles", "resources")
LONGEST_FILE = 400

SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
STUDIO = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in (ROOT / "app" / "studio").rglob("[a-z]*.py")
)


def imports_of(path: Path) -> Iterator[str]:
    """Every module that the file imports anywhere, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize(
    "path",
    sorted(path for room in ("jobs", "session", "playback") for path in (ROOT / "app" / room).rglob("*.py")),
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_jobs_know_no_widgets(path: Path) -> None:
    qt = {name for name in imports_of(path) if name.startswith(("PySide6", "pyqtgraph"))}
    assert qt <= {"PySide6.QtCore", "PySide6.QtMultimedia"}


def test_files_do_one_thing() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def loaded_by(code: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after running `code`."""
    script = f"import sys\n{code}\nprint('\\n'.join(sys.modules))"
    result = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(result.stdout.split())


@pytest.mark.parametrize(
    "modules",
    [
        ("app.screens.window.main_window", "app.desktop"),
        ("app.cli", "app.__main__"),
        tuple(STUDIO),
        ("samplernn", "artwork", "titles"),
    ],
    ids=["window", "shell", "studio", "instruments"],
)
def test_torch_is_imported_late(modules: tuple[str, ...]) -> None:
    loaded = loaded_by("\n".join(f"import {module}" for module in modules))
    assert set(modules) <= loaded
    assert "torch" not in loaded


@pytest.mark.parametrize("modules", [("app.cli",), tuple(STUDIO)], ids=["shell", "studio"])
def test_the_shell_works_without_qt(modules: tuple[str, ...]) -> None:
    loaded = loaded_by("\n".join(f"import {module}" for module in modules))
    assert not {name for name in loaded if name.startswith("PySide6")}


def test_help_is_quick_to_load() -> None:
    loaded = loaded_by("from app.cli import run\nrun(['--help'])")
    assert loaded.isdisjoint({"torch", "scipy", "av", "PySide6"})


def test_windows_loads_torch_before_qt() -> None:
    """There, torch from 2.9 on fails to load once Qt has."""
    text = (ROOT / "app" / "__main__.py").read_text(encoding="utf-8")
    assert text.index('sys.platform == "win32"') < text.index("import torch") < text.index("app.desktop")
