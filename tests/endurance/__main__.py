"""`make endurance`: what takes too long for every test run, or needs root.

    python -m tests.endurance kills     [--count 100]   the program is killed while it works; nothing may be lost
    python -m tests.endurance damage    [--count 1000]  damaged inputs of every sort; each is taken or refused in words
    python -m tests.endurance power-cut [--count 20]    the power goes while a project is saved (Linux, as root)
    python -m tests.endurance soak      [--minutes 30]  titles are invented without end; memory stays flat

Each prints what it saw, a line of figures at the end, and exits with 1 where something did not hold.
"""

from __future__ import annotations

import argparse
import importlib
import sys

TRIALS = ("kills", "damage", "power-cut", "soak")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.endurance")
    parser.add_argument("trial", choices=TRIALS)
    parser.add_argument("--count", type=int, help="how many kills, damaged inputs of each sort, or power cuts")
    parser.add_argument("--sort", help="of damaged inputs, this one alone")
    parser.add_argument("--minutes", type=float, default=30.0, help="of the soak")
    parser.add_argument("--seed", type=int, default=0, help="the same seed makes the same choices")
    arguments = parser.parse_args()
    trial = importlib.import_module(f"tests.endurance.{arguments.trial.replace('-', '_')}")
    faults: int = trial.run(arguments)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
