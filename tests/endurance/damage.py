"""Damaged inputs of every sort: each is taken or refused in plain words, soon, in little memory, and harms nothing."""

from __future__ import annotations

import argparse
import queue
import random
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path

from tests.endurance.damaging import damaged, damaged_json
from tests.endurance.reading import SORTS, Sort, bases_of
from tests.endurance.saying import say

_PATIENCE_SECONDS = 60.0
_MOST_MEGABYTES = 2000


class _Reader:
    """A process that reads inputs of one sort, one after the other; a new one is begun where it died."""

    def __init__(self, sort: str, place: Path) -> None:
        self._command = [sys.executable, "-m", "tests.endurance.reading", sort, str(place)]
        self._begin()

    def _begin(self) -> None:
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self._answers: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, args=(self._process, self._answers), daemon=True).start()

    @staticmethod
    def _listen(process: subprocess.Popen[str], answers: queue.Queue[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("> "):
                answers.put(line[2:].strip())
        answers.put(f"died: {process.wait()}")

    def read(self, path: Path) -> str:
        """What came of it: "taken", "refused: …", or a fault."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{path}\n")
        self._process.stdin.flush()
        try:
            answer = self._answers.get(timeout=_PATIENCE_SECONDS)
        except queue.Empty:
            answer = f"hung for {_PATIENCE_SECONDS:.0f} s"
        if not answer.startswith(("taken", "refused", "fault")):
            self.end()
            self._begin()
        return answer

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


def run(arguments: argparse.Namespace) -> int:
    count, faults = arguments.count or 1000, 0
    kept = Path(tempfile.mkdtemp(prefix="deepcuts-damage-"))
    for name, sort in SORTS.items():
        if arguments.sort not in (None, name):
            continue
        faults += _try(name, sort, count, random.Random(f"{name} {arguments.seed}"), kept)
    if not faults:
        kept.rmdir()
    return faults


def _try(name: str, sort: Sort, count: int, dice: random.Random, kept: Path) -> int:
    seen: Counter[str] = Counter()
    faults: list[str] = []
    with tempfile.TemporaryDirectory(prefix="deepcuts-damage-") as place:
        bases = bases_of(name, Path(place))
        reader = _Reader(name, Path(place, "reader"))
        for number in range(count):
            base = dice.choice(bases)
            data = (damaged_json if sort.is_json else damaged)(base.read_bytes(), dice)
            case = Path(place, f"{number:05}{base.suffix}")
            case.write_bytes(data)
            answer = reader.read(case)
            if not answer.startswith(("taken", "refused")):
                case.rename(kept / f"{name}-{case.name}")
                faults.append(answer)
                say(f"FAULT {kept}/{name}-{case.name}: {answer}")
            case.unlink(missing_ok=True)
            seen[answer.split(":")[0]] += 1
        memory = reader.read(Path("memory"))
        reader.end()
    megabytes = int(memory.removeprefix("taken: ").split()[0])
    if megabytes > _MOST_MEGABYTES:
        faults.append("memory")
        say(f"FAULT {name}: {megabytes} MB at the most")
    say(f"{name}: {count} damaged, {dict(seen)}, at most {megabytes} MB")
    return len(faults)
