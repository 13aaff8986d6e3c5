"""Whatever letters a terminal has, nothing that is printed fails: each command, its help, its progress and its JSON."""

from __future__ import annotations

import codecs
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.streams import nearest
from samplernn.audio.reading import write_sound

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("ascii", "cp1252", "cp437", "cp932", "koi8-r")
COMMANDS = ("make", "import", "train", "generate", "titles", "artwork", "export", "info")
NAMES = ["Größe der Nacht", "Северный ветер", "夜の歌", "Été “long”", "Naïve – Song", "Hollow Engine", "Rust & Bone"]


def said(page: str, *arguments: object) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONIOENCODING": page}
    return subprocess.run(
        [sys.executable, "-m", "app", *map(str, arguments)], cwd=ROOT, env=environment, capture_output=True, check=False
    )


@given(st.text(), st.sampled_from([*PAGES, "utf-8"]))
def test_any_text_can_be_written(text: str, page: str) -> None:
    codecs.register_error("nearest", nearest)
    letters = [letter.encode(page, "nearest") for letter in text]
    assert text.encode(page, "nearest") == b"".join(letters)
    for letter, written in zip(text, letters, strict=True):
        assert written == (letter.encode(page, "ignore") or written)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("“Größe” – 夜…", b'"Grosse" - ?...'),
        ("e\u0301 ★ ⁨a⁩ −1 dB", b"e * a -1 dB"),
        ("caf\udce9.wav", b"caf\xe9.wav"),
    ],
)
def test_what_is_missing_becomes_its_nearest(text: str, written: bytes) -> None:
    codecs.register_error("nearest", nearest)
    assert text.encode("ascii", "nearest") == written


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_shown_on_any_terminal(command: str) -> None:
    page = PAGES[len(command) % len(PAGES)]
    shown = said(page, *([command] if command else []), "--help")
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert b"Usage: deepcuts" in shown.stdout


@pytest.mark.parametrize("page", ["ascii", "cp1252"])
def test_names_are_shown_and_json_is_the_same_on_any_terminal(tmp_path: Path, page: str) -> None:
    (tmp_path / "songs.txt").write_text("\n".join(NAMES), encoding="utf-8")
    asked = ("titles", tmp_path / "songs.txt", "--count", "5", "--order", "2")
    assert said(page, *asked).returncode == 0
    shown, usual = said(page, *asked, "--json"), said("utf-8", *asked, "--json")
    assert json.loads(shown.stdout.decode(page)) == json.loads(usual.stdout.decode("utf-8"))
    assert not usual.stdout.isascii()


def test_what_is_wrong_is_told_on_any_terminal(tmp_path: Path) -> None:
    told = said("ascii", "train", tmp_path / "Größe 夜.deepcuts")
    assert told.returncode == 2
    assert b"Grosse ?.deepcuts" in told.stderr
    assert b"Traceback" not in told.stderr


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no terminals to be had here")
def test_progress_is_shown_on_any_terminal(tmp_path: Path) -> None:
    time = np.arange(3 * 16_000, dtype=np.float32)
    for number, name in enumerate(NAMES[:3]):
        write_sound(tmp_path / "music" / f"{name}.flac", np.sin(time / (20 + number)), 16_000)
    ours, theirs = os.openpty()
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "TERM": "xterm"}
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        command = [sys.executable, "-m", "app", "import", tmp_path / "music", "--project", tmp_path / "Ö.deepcuts"]
        program = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=theirs, stderr=theirs)
        os.close(theirs)
        shown = b""
        try:
            while piece := terminal.read(4096):
                shown += piece
        except OSError:  # how Linux says that nobody writes to a terminal any more
            pass
        assert program.wait() == 0
    assert b"%" in shown
    assert b"3 tracks" in shown
    assert b"Error" not in shown
