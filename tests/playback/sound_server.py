"""A sound server of our own, with one device that leads nowhere and a recorder of all that goes there."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from app.document.model import SONG_RATE

_PATIENCE_SECONDS = 20.0
_SINK = "null0"
_FRAME_BYTES = 8

Stereo = NDArray[np.float32]


def is_there() -> bool:
    """Whether PulseAudio is installed."""
    return all(shutil.which(name) for name in ("pulseaudio", "pactl", "parec"))


class SoundServer:
    """A PulseAudio server with a null sink, for programs that are started with `environment`.

    Args:
        folder: of its own; its path has to be short, for it holds a socket.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket = folder / "pa.sock"
        self._server: subprocess.Popen[bytes] | None = None
        self._recorder: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None
        self._pieces: list[tuple[float, bytes]] = []
        self.environment = {
            **os.environ,
            "XDG_RUNTIME_DIR": str(folder),
            "PULSE_SERVER": f"unix:{self._socket}",
            "QT_LOGGING_RULES": "qt.multimedia.*=false",
        }

    def __enter__(self) -> SoundServer:
        self._server = subprocess.Popen(
            [
                "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--disable-shm=yes", "--log-level=error",
                "-L", f"module-native-protocol-unix auth-anonymous=1 socket={self._socket}",
            ],
            env={**self.environment, "HOME": str(self._folder)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + _PATIENCE_SECONDS
        while not self._answers():
            if time.monotonic() > until:
                self.__exit__(None, None, None)
                raise TimeoutError("the sound server does not answer")
            time.sleep(0.05)
        self.connect()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in (self._recorder, self._server):
            if process is not None:
                process.terminate()
                process.wait()
        if self._reader is not None:
            self._reader.join()

    def connect(self) -> None:
        """Plugs the device in."""
        self._control(
            "load-module", "module-null-sink", f"sink_name={_SINK}", f"rate={SONG_RATE}", "format=float32le",
            "channels=2",
        )  # fmt: skip
        self._control("set-default-sink", _SINK)

    def disconnect(self) -> None:
        """Pulls the device out."""
        self._control("unload-module", "module-null-sink")

    def record(self) -> None:
        """Begins to keep all that the device is given.

        Without someone who listens closely, a null sink works in blocks of two seconds.
        """
        self._recorder = subprocess.Popen(
            [
                "parec", f"--device={_SINK}.monitor", "--format=float32le", f"--rate={SONG_RATE}", "--channels=2",
                "--latency-msec=10",
            ],
            env=self.environment,
            stdout=subprocess.PIPE,
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read, name="recorder", daemon=True)
        self._reader.start()
        until = time.monotonic() + _PATIENCE_SECONDS
        while len(self._pieces) < 50:
            if time.monotonic() > until:
                raise TimeoutError("nothing is recorded")
            time.sleep(0.05)

    def recorded(self) -> Stereo:
        """float32 [n, 2]: all that was kept so far, silence too."""
        whole = b"".join(piece for _, piece in tuple(self._pieces))
        return np.frombuffer(whole[: len(whole) // _FRAME_BYTES * _FRAME_BYTES], np.float32).reshape(-1, 2)

    def first_sound_after(self, moment: float) -> float | None:
        """When the recorder was given the first sound that followed on silence, by `time.monotonic`."""
        was_silent = False
        for arrived, piece in tuple(self._pieces):
            sounds = any(piece)
            if arrived >= moment and sounds and was_silent:
                return arrived
            was_silent = not sounds
        return None

    def _read(self) -> None:
        assert self._recorder is not None
        assert self._recorder.stdout is not None
        with self._recorder.stdout as stream:
            while piece := os.read(stream.fileno(), 1 << 16):
                self._pieces.append((time.monotonic(), piece))

    def _answers(self) -> bool:
        return self._socket.exists() and self._control("info", check=False) == 0

    def _control(self, *words: str, check: bool = True) -> int:
        told = subprocess.run(["pactl", *words], env=self.environment, check=check, capture_output=True)
        return told.returncode
