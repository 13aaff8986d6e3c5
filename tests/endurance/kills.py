"""The program is killed at random moments while it edits, learns, generates and exports."""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile
from msgspec.structs import replace

from app.document.edits.release import set_formats
from app.document.model import Album, Track
from app.document.store import ProjectFolder, load_project, save_project
from samplernn.audio.reading import read_sound
from tests.app.conftest import RATE, add_checkpoints, build_project
from tests.endurance.editing import number_of
from tests.endurance.saying import say

_WORK = ("edit", "train", "generate", "export")
_ALBUM_SECONDS = 90


@dataclass
class _Trial:
    """A project that is worked on, and what went wrong with it."""

    folder: Path
    out: Path
    dice: random.Random
    faults: list[str] = field(default_factory=list)

    def expect(self, holds: bool, words: str) -> None:
        if not holds:
            self.faults.append(words)
            say(f"FAULT: {words}")


def run(arguments: argparse.Namespace) -> int:
    count = arguments.count or 100
    done: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="deepcuts-kills-") as place:
        trial = _Trial(Path(place, "Killed.deepcuts"), Path(place, "out"), random.Random(arguments.seed))
        _prepare(trial.folder)
        works: dict[str, Callable[[_Trial], None]] = dict(zip(_WORK, (_edit, _train, _generate, _export), strict=True))
        for number in range(count):
            work = _WORK[number % len(_WORK)]
            works[work](trial)
            _still_whole(trial, work)
            done[work] += 1
        status, words = _deepcuts("export", trial.folder, "--out", trial.out)
        trial.expect(status == 0, f"the last export ended with {status}: {words}")
        left = list(trial.out.glob(".*"))
        trial.expect(not left, f"exports left {left}")
    each = ", ".join(f"{kills} while it was to {work}" for work, kills in done.items())
    say(f"{sum(done.values())} kills ({each}): {len(trial.faults)} faults")
    return len(trial.faults)


def _prepare(folder: Path) -> None:
    project = build_project(folder)
    add_checkpoints(folder, 1, 12)
    track = folder.parent / "one.flac"
    noise = np.random.default_rng(0).normal(0, 0.1, _ALBUM_SECONDS * RATE)
    soundfile.write(track, noise, RATE)
    tracks = (Track(id="t1", path=str(track), title="One", seconds=_ALBUM_SECONDS, rate=RATE, channels=1),)
    save_project(
        folder, set_formats(replace(project, album=Album(title="A", artist="B", tracks=tracks)), ("flac", "mp3"))
    )


def _killed(command: list[str], after: float) -> str:
    """Kills the command after so many seconds, with all that it started; gives what it printed."""
    child = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    time.sleep(after)
    os.killpg(child.pid, signal.SIGKILL)
    output, _ = child.communicate()
    return output


def _command(*words: object) -> list[str]:
    return [sys.executable, "-m", "app", *map(str, words)]


def _deepcuts(*words: object) -> tuple[int, str]:
    done = subprocess.run(_command(*words), capture_output=True, text=True, check=False)
    return done.returncode, (done.stdout + done.stderr)[-300:]


def _edit(trial: _Trial) -> None:
    output = _killed(
        [sys.executable, "-m", "tests.endurance.editing", str(trial.folder)], 1.0 + 1.5 * trial.dice.random()
    )
    told = [int(line) for line in output.splitlines() if line.isdecimal()]
    found = number_of(trial.folder)
    trial.expect(found >= max(told, default=0), f"edit {max(told, default=0)} was called saved, {found} is on the disk")


def _train(trial: _Trial) -> None:
    before = load_project(trial.folder).runs
    words = ["train", trial.folder, "--preset", "sketch", "--budget", "1m"]
    if len(before) > 1:
        words.append("--resume")
    _killed(_command(*words), 3.0 + 9.0 * trial.dice.random())


def _generate(trial: _Trial) -> None:
    words = ("generate", trial.folder, "--checkpoint", "12", "--count", 20, "--seconds", 20)
    _killed(_command(*words), 2.0 + 6.0 * trial.dice.random())
    for clip in load_project(trial.folder).clips:
        sound = trial.folder / clip.file
        if trial.dice.random() < 0.2:
            samples, _ = read_sound(sound)
            trial.expect(len(samples) == clip.samples, f"{sound.name} has {len(samples)} of {clip.samples} samples")


def _export(trial: _Trial) -> None:
    _killed(_command("export", trial.folder, "--out", trial.out), 1.0 + 6.0 * trial.dice.random())
    for release in trial.out.glob("[!.]*"):
        songs = [path for path in release.rglob("*") if path.suffix in (".flac", ".mp3")]
        trial.expect(len(songs) == 4, f"a release of {len(songs)} files is shown as a whole one: {release.name}")


def _still_whole(trial: _Trial, work: str) -> None:
    status, words = _deepcuts("info", trial.folder, "--json")
    trial.expect(status == 0, f"after a kill while it was to {work}, info ended with {status}: {words}")
    for clip in load_project(trial.folder).clips:
        trial.expect((trial.folder / clip.file).is_file(), f"{clip.file} is gone")
    for metrics in ProjectFolder(trial.folder).runs.glob("*/metrics.jsonl"):
        lines = metrics.read_text(encoding="utf-8").splitlines()
        trial.expect(all(_is_json(line) for line in lines[:-1]), f"{metrics} holds a broken line")


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True
