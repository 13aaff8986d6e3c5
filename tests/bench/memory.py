"""How much memory a few steps of training take, in a process of their own.

    python -m tests.bench.memory PRESET ours|naive --batch 16 --window 1024

Prints the growth of the largest resident set from before the model is made, in GB.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
from pathlib import Path

from tests.bench.training import Bench, bench_of

_STEPS = 2


def peak_of(preset: str, which: str, *, batch: int, window: int) -> float:
    """In GB, from a fresh process."""
    call = [sys.executable, "-m", "tests.bench.memory", preset, which, "--batch", str(batch), "--window", str(window)]
    return float(subprocess.run(call, check=True, capture_output=True, text=True).stdout)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.memory")
    parser.add_argument("preset")
    parser.add_argument("which", choices=["ours", "naive"])
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--window", type=int, required=True)
    asked = parser.parse_args()
    before = _largest()
    bench: Bench = bench_of(asked.preset, batch=asked.batch, window=asked.window)
    step = bench.ours(steady=True) if asked.which == "ours" else bench.naive()
    for _ in range(_STEPS):
        step()
    sys.stdout.write(f"{_largest() - before:.3f}\n")


def _largest() -> float:
    """Of this process so far, in GB."""
    try:  # what resource tells is that of the process that started this one, where that was larger
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024 / 1e9
    except (OSError, StopIteration):
        scale = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / 1e9


if __name__ == "__main__":
    main()
