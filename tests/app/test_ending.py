"""The window closed, the program ends without a word: no extension module finds something of its own left."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.document.model import Project

ROOT = Path(__file__).resolve().parents[2]
CODE = """
import os, signal, sys, threading
import soxr
import app.desktop

class Held:
    pass

held = Held()
held.itself, held.stream = held, soxr.ResampleStream(16_000, 44_100, 1)
del held

def end():
    # once what there is has been set aside, as it is some seconds after the start
    if app.desktop.gc.get_freeze_count():
        os.kill(os.getpid(), signal.SIGTERM)
    else:
        threading.Timer(0.2, end).start()

end()
sys.exit(app.desktop.run_desktop(app.desktop.Given(__import__("pathlib").Path(sys.argv[1]))))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGTERM to ask for the end")
def test_nothing_is_said_at_the_end(made_project: tuple[Path, Project], tmp_path: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(made_project[0])],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0
    assert "nanobind" not in done.stderr
    assert "Traceback" not in done.stderr
