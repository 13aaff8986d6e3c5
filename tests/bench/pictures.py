"""Covers made of themselves without the network: how long, how much memory, and how soon there is something to see.

Each is made in a process of its own, so that its peak of memory is its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measuring import Figure

_SCRIPT = """
import json, resource, sys, time
from app.studio.demo.demo import draw_cover
from artwork.covers import make_cover
from artwork.rendering import Rendering
size, shown = int(sys.argv[1]), []
old = draw_cover()
began, used = time.perf_counter(), time.process_time()
make_cover(old, seed=1, rendering=Rendering(size, preview=lambda _: shown.append(time.perf_counter())))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(json.dumps({
    "seconds": time.perf_counter() - began, "used": time.process_time() - used, "memory": peak / 1e9,
    "first": shown[0] - began,
}))
"""


def measure() -> Iterator[tuple[str, Figure]]:
    small, large = _made(1000), _made(3000)
    yield "artwork.self_1000.seconds", Figure(small["seconds"], "s", note=f"{small['used']:.1f} s of processor")
    yield "artwork.self_1000.memory_gb", Figure(small["memory"], "GB", note="peak of the process")
    yield "artwork.self_3000.seconds", Figure(large["seconds"], "s", note=f"{large['used']:.1f} s of processor")
    yield "artwork.self_3000.memory_gb", Figure(large["memory"], "GB", note="peak of the process")
    yield "artwork.first_preview.seconds", Figure(small["first"], "s")


def _made(size: int) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(size)],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    result: dict[str, float] = json.loads(done.stdout)
    return result
