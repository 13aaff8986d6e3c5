"""The smoke test that the bundle is checked with holds for the checkout too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_whole_program_runs() -> None:
    command = [sys.executable, "-m", "app", "--smoke-test"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.splitlines()[-1].startswith("All of it works")
    assert "Traceback" not in result.stderr
