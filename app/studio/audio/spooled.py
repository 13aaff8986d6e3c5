"""Sound files to listen to: decoded in the background, playing from the first moment on."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.document.model import SONG_RATE
from app.studio.finish.applying import REACH, FinishProcessor
from samplernn.audio.media_fragment import file_of
from samplernn.audio.reading import DecodedSound, mono_blocks, not_there, open_sound
from samplernn.errors import SoundError

_SAMPLE_BYTES = 4
_FINISHED_FRAMES = 8192
"""That a finish is put on at a time: a device asks for less, and each time costs something."""
_FIRST_BLOCK_SECONDS = 5.0
"""Waited for what is to be played: a machine that is busy with other things takes seconds to start a decoder."""


class SpooledSound:
    """A sound file as stereo that can be read anywhere, as soon as it has been decoded that far.

    The decoded sound lies in a temporary file, so that an album in one file does not fill the memory.

    Args:
        finishing: what is put on it as it is read, which makes it mono before; None for nothing.

    Raises:
        SoundError: where the file holds no sound that can be read.
    """

    def __init__(self, path: Path, finishing: FinishProcessor | None = None) -> None:
        self.path = path
        self._finishing = finishing
        self._channels = 2 if finishing is None else 1
        self._finished = 0, np.zeros((0, 2), np.float32)
        """Where what was finished last begins, and what it is."""
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        self._change = threading.Condition()
        self._decoded = 0
        self._complete = False
        self._closed = False
        self._error: SoundError | None = None
        self.rate = 0
        self._claimed = 0
        self._thread = threading.Thread(target=self._decode, name=f"decode {path.name}", daemon=True)
        self._thread.start()
        with self._change:
            self._change.wait_for(self._has_begun, _FIRST_BLOCK_SECONDS)
        if not self.rate:
            self.close()
        if self._error is not None:
            raise self._error
        if not self.rate:
            raise SoundError(f"“{path.name}” takes too long to open.", "Try again, or copy it to this computer first.")

    @property
    def frames(self) -> int:
        """Its length: what the file claims, until all of it is decoded."""
        with self._change:
            return self._decoded if self._complete else max(self._claimed, self._decoded)

    def read(self, start: int, frames: int) -> NDArray[np.float32]:
        """float32 [n, 2] from the frame `start` on; n is less than `frames` at the end of what has been decoded."""
        if self._finishing is None:
            return self._read(start, frames)
        with self._change:
            ready = self._decoded if self._complete else self._decoded - REACH
        out = np.zeros((max(min(frames, ready - start), 0), 2), np.float32)
        done = 0
        while done < len(out):
            part = self._finished_from(start + done, ready, self._finishing)[: len(out) - done]
            out[done : done + len(part)] = part
            done += len(part)
        return out

    def _finished_from(self, start: int, ready: int, finishing: FinishProcessor) -> NDArray[np.float32]:
        """Some frames from `start` on, which lies before `ready`."""
        at, sound = self._finished
        if not at <= start < at + len(sound):
            begin = max(start - REACH, 0)
            made = self._read(begin, start + _FINISHED_FRAMES + REACH - begin)[:, 0]
            sound = finishing.process(made, begin, start, min(_FINISHED_FRAMES, ready - start))
            at, self._finished = start, (start, sound)
        return sound[start - at :]

    def _read(self, start: int, frames: int) -> NDArray[np.float32]:
        """As decoded, [n, channels]."""
        bytes_each = self._channels * _SAMPLE_BYTES
        with self._change:
            frames = max(min(frames, self._decoded - start), 0)
            if not frames or self._closed:
                return np.zeros((0, self._channels), np.float32)
            self._file.seek(start * bytes_each)
            data = self._file.read(frames * bytes_each)
        return np.frombuffer(data, np.float32).reshape(-1, self._channels)

    def wait(self, seconds: float) -> bool:
        """Waits until all of it has been decoded; False where that takes longer."""
        with self._change:
            return self._change.wait_for(lambda: self._complete, seconds)

    def close(self) -> None:
        """Stops decoding and gives the temporary file back."""
        with self._change:
            self._closed = True
            self._file.close()

    def __del__(self) -> None:
        self.close()

    def _has_begun(self) -> bool:
        return self._decoded > 0 or self._complete

    def _decode(self) -> None:
        try:
            file_of(self.path).stat()
            with open_sound(self.path) as stream:
                rate = stream.info.rate if self._finishing is None else SONG_RATE
                with self._change:
                    self._claimed = int(stream.info.seconds * rate)
                    self.rate = rate
                for block in self._blocks(stream):
                    if not self._append(block):
                        break
        except SoundError as error:
            self._error = error
        except OSError as error:
            self._error = not_there(self.path, error, was_there=True)
        finally:
            with self._change:
                self._complete = True
                self._change.notify_all()

    def _blocks(self, stream: DecodedSound) -> Iterator[NDArray[np.float32]]:
        if self._finishing is None:
            return map(_stereo, stream.blocks())
        return (mono[:, None] for mono in mono_blocks(stream.blocks(), stream.info.rate, SONG_RATE))

    def _append(self, block: NDArray[np.float32]) -> bool:
        """Takes what has been decoded; False once no one wants more."""
        with self._change:
            if self._closed:
                return False
            self._file.seek(self._decoded * self._channels * _SAMPLE_BYTES)
            self._file.write(block.tobytes())
            self._decoded += len(block)
            self._change.notify_all()
        return True


def _stereo(block: NDArray[np.float32]) -> NDArray[np.float32]:
    """Left and right of [frames, channels]; one channel goes to both, of more than two the first two are heard."""
    if block.shape[1] == 1:
        return np.repeat(block, 2, axis=1)
    return np.ascontiguousarray(block[:, :2])
