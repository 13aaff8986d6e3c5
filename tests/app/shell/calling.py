"""Calls of the shell in real processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def environment(home: Path) -> dict[str, str]:
    """Ours, without a screen, with a home of its own and one thread: tests share the machine."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    kept.pop("QT_QPA_PLATFORM", None)
    return {**kept, "HOME": str(home), "XDG_STATE_HOME": str(home), "OMP_NUM_THREADS": "1", "COLUMNS": "200"}


def deepcuts(home: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """What a call says and how it ends."""
    command = [sys.executable, "-m", "app", *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, env=environment(home), capture_output=True, text=True, check=False, timeout=300
    )


def refused(result: subprocess.CompletedProcess[str]) -> str:
    """The one line on stderr of a call that was wrong."""
    assert result.returncode == 2, result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    lines = result.stderr.splitlines()
    assert len(lines) == 1
    return lines[0]
