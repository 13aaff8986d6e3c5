"""`make bench`: runs every measure and writes the figures as JSON.

    python -m tests.bench [--out build/bench.json] [--only TEXT]

A measure is a module of this folder whose `measure()` yields (name, `Figure`) pairs.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from samplernn.training.page_memory import keep_freed_memory
from tests.bench.measuring import Figure

MEASURES = (
    "naming", "sound", "finish", "mixing", "pictures", "arranging", "editing", "playback", "instrument", "generating",
    "beside_load", "latency", "guiding", "guided", "other_guides", "measures", "map", "recipes", "gpu",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--out", type=Path, default=Path("build/bench.json"))
    parser.add_argument("--only", default="", help="run the measures whose name holds this text")
    arguments = parser.parse_args()
    keep_freed_memory()  # as the program does; what ours is measured beside has it, too
    figures: dict[str, Figure] = {}
    for name in MEASURES:
        if arguments.only not in name:
            continue
        for figure_name, figure in importlib.import_module(f"tests.bench.{name}").measure():
            figures[figure_name] = figure
            sys.stdout.write(
                f"{figure_name:40} {figure.value:12.4g} {figure.unit:12} ±{figure.spread:.0%} {figure.note}\n"
            )
            sys.stdout.flush()
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    result = {"machine": machine(), "figures": {name: asdict(figure) for name, figure in figures.items()}}
    arguments.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"Written to {arguments.out}\n")


def machine() -> dict[str, str | int]:
    import torch

    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "processor": _processor(),
        "cores": os.cpu_count() or 0,
        "system": platform.platform(),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "gpu": torch.cuda.get_device_name() if torch.cuda.is_available() else "",
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")


if __name__ == "__main__":
    main()
