"""The power goes while a project is edited: what was called saved is there after it comes back.

The project lies on a file system in an image. A copy of the image, taken while edits are saved, holds what the disk
held at that moment and nothing of what the system had still in memory; it is mounted, and the project opened from it.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.app.conftest import build_project
from tests.endurance.editing import number_of
from tests.endurance.saying import say

_IMAGE_BYTES = 64 * 2**20


def run(arguments: argparse.Namespace) -> int:
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mkfs.ext4") is None:
        say("Left out: only root on Linux with mkfs.ext4 can mount images.")
        return 0
    dice = random.Random(arguments.seed)
    count, lost = arguments.count or 20, 0
    with tempfile.TemporaryDirectory(prefix="deepcuts-power-") as place:
        for number in range(count):
            told, found = _cut(Path(place), dice.randint(1, 50))
            lost += found < told
            say(f"cut {number + 1}: edit {told} had been called saved, edit {found} is there")
    say(f"{count} power cuts: {lost} lost a saved edit")
    return lost


def _cut(place: Path, edits: int) -> tuple[int, int]:
    """The newest edit that was called saved before the cut, and the newest that is there after it."""
    image, copy, mounted = place / "image", place / "copy", place / "mounted"
    image.unlink(missing_ok=True)
    with image.open("wb") as file:
        file.truncate(_IMAGE_BYTES)
    subprocess.run(["mkfs.ext4", "-q", image], check=True)
    mounted.mkdir(exist_ok=True)
    with _mounted(image, mounted):
        folder = mounted / "Project.deepcuts"
        build_project(folder)
        os.sync()
        with _edited(folder, edits) as told:
            subprocess.run(["cp", "--sparse=always", image, copy], check=True)
    with _mounted(copy, mounted):
        return told, number_of(mounted / "Project.deepcuts")


@contextmanager
def _edited(folder: Path, edits: int) -> Iterator[int]:
    """Gives the number of the last edit as soon as it is called saved; nothing is written after it."""
    command = [sys.executable, "-m", "tests.endurance.editing", str(folder), str(edits)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    try:
        yield [int(child.stdout.readline()) for _ in range(edits)][-1]
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


@contextmanager
def _mounted(image: Path, at: Path) -> Iterator[None]:
    subprocess.run(["mount", "-o", "loop", image, at], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", at], check=True)
