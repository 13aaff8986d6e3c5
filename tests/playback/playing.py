"""The window as a program of its own, playing to a sound server."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.playback.sound_server import SoundServer

_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE_SECONDS = 60


class Playing:
    """Starts `tests.playback.in_window` and hears what it tells.

    Args:
        words: as that program takes them.
    """

    def __init__(self, server: SoundServer, project: Path, *words: str) -> None:
        environment = {**server.environment, "QT_QPA_PLATFORM": "offscreen"}
        environment.pop("OMP_NUM_THREADS", None)
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tests.playback.in_window", str(project), *words],
            env=environment,
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> Playing:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._child.kill()
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.close()
        self._child.stdout.close()
        self._child.wait(_PATIENCE_SECONDS)

    def told(self) -> Iterator[dict[str, Any]]:
        """What it tells, as it tells it, until it ends."""
        assert self._child.stdout is not None
        for line in self._child.stdout:
            yield json.loads(line)

    def say(self, words: str) -> None:
        assert self._child.stdin is not None
        self._child.stdin.write(words + "\n")
        self._child.stdin.flush()

    def wait_for(self, what: str) -> dict[str, Any]:
        """The next news of this kind.

        Raises:
            EOFError: where it ends without.
        """
        for news in self.told():
            if news["what"] == what:
                return news
        raise EOFError(what)
