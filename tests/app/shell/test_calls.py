"""Wrong calls: one plain line for what is wrong, exit status 2, and nothing made; help and version."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from app.cli import run
from samplernn.presets import PRESETS
from tests.app.shell.calling import ROOT, deepcuts, environment, refused


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
        ["make", "--titles", "nothing-here.txt", "--out", "out"],
        ["make", "--photos", "nothing-here", "--out", "out"],
        ["artwork", "--photos", "nothing-here", "--out", "y.jpg"],
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
    line = refused(deepcuts(tmp_path, *places))
    assert "nothing-here" in line
    assert "is not there. Check the name, or " in line
    assert line.count(". ") == 1, "what is wrong, and what to do"
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "p.deepcuts").exists()


def test_a_folder_that_is_no_project_is_said_to_be_none(tmp_path: Path) -> None:
    assert "not a Deep Cuts project" in refused(deepcuts(tmp_path, "info", str(tmp_path)))


def test_version_and_help(tmp_path: Path) -> None:
    assert deepcuts(tmp_path, "--version").stdout.strip() == f"Deep Cuts {version('deepcuts')}"
    told = deepcuts(tmp_path, "--help")
    assert told.returncode == 0
    for command in ("make", "import", "train", "generate", "titles", "artwork", "export", "info"):
        assert f" {command} " in told.stdout
        assert deepcuts(tmp_path, command, "--help").returncode == 0
    told = deepcuts(tmp_path, "train", "--help").stdout
    assert all(preset in told for preset in PRESETS)


def test_the_window_needs_a_screen(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux runs without a screen")
    assert "no screen" in refused(deepcuts(tmp_path))


@pytest.mark.parametrize(
    "arguments",
    [
        ["export", "x.deepcuts", "--out", "out", "--loudness", "nan"],
        ["export", "x.deepcuts", "--out", "out", "--loudness=-inf"],
        ["generate", "x.deepcuts", "--count", "1", "--seconds", "nan"],
        ["make", "--out", "out", "--song-seconds", "nan"],
    ],
    ids=lambda value: " ".join(value),
)
def test_what_is_no_number_is_refused(tmp_path: Path, arguments: list[str]) -> None:
    assert "Invalid value for" in refused(deepcuts(tmp_path, *arguments))
    assert not (tmp_path / "out").exists()


def test_a_word_that_is_too_long_for_a_name_is_no_command() -> None:
    done = subprocess.run([sys.executable, "-m", "app", "x" * 300], capture_output=True, text=True)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "No such command" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["import", "", "--project", "p.deepcuts"],
        ["import", "a.wav", "", "--project", "p.deepcuts"],
        ["import", "a.wav", "--project", ""],
        ["export", "p.deepcuts", "--out", ""],
        ["export", "", "--out", "o"],
        ["make", "", "--out", "o"],
        ["make", "--out", ""],
        ["make", "--out", "o", "--project", ""],
        ["make", "--out", "o", "--photos", ""],
        ["make", "--out", "o", "--titles="],
        ["train", ""],
        ["generate", "", "--count", "1", "--seconds", "1"],
        ["generate", "p.deepcuts", "--count", "1", "--seconds", "1", "--prime", ""],
        ["titles", ""],
        ["artwork", "", "--out", "o.png"],
        ["artwork", "--out", "", "--title", "x"],
        ["artwork", "a.png", "--out", "o.png", "--photos", ""],
        ["artwork", "a.png", "--out", "o.png", "--network-file", ""],
        ["info", ""],
    ],
    ids=" ".join,
)
def test_an_empty_text_is_no_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "an empty text names no file and no folder" in said.err
    assert len(said.err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_an_empty_text_alone_does_not_open_the_project_one_stands_in(tmp_path: Path) -> None:
    (tmp_path / "project.json").write_text("{}")
    env = {**environment(tmp_path), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "app", ""]
    result = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False, timeout=300)
    line = refused(result)
    assert "--help" in line
    assert "project.json" not in line
