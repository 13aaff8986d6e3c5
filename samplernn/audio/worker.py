"""Sound files are decoded in processes of their own: a file that takes one down is refused, and nothing else is lost.

A worker decodes one file after the other, and ends by itself once it has had nothing to do for a while, or once the
process that started it is gone. What it sends is read as plain numbers and text, so that even a worker which a file has
taken over can do no more than lie about the sound. It may take so much memory, and so much time for a block, no more.

To the worker: `DECODE`, how many seconds are wanted at most (`MOST_SECONDS`) and the path of a file, then `NEXT` for
each block that is wanted, or `STOP`. From it: `INFO` or `ERROR`, then for each `NEXT` a `BLOCK`, `END` or `ERROR`. Or,
to the worker, `TAGS` and the path of a file; from it `INFO`. Or `CALL`, the name of a function, a zero byte and the
path of a file; from it `INFO` or `ERROR`. In between, any number of `LOG`, which may be empty: a sign that it is still
at work.
"""

from __future__ import annotations

import atexit
import json
import logging
import math
import os
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np

from resources.progress import Cancelled, never, stop_if
from samplernn.audio.decoder_tags import DecoderTags
from samplernn.audio.decoders import Block
from samplernn.audio.decoding import MAX_CHANNELS, SoundInfo, not_there
from samplernn.audio.worker_process import start_worker
from samplernn.errors import SoundError

log = logging.getLogger(__name__)

DECODE, TAGS, CALL, NEXT, STOP = b"d", b"m", b"c", b"n", b"s"
INFO, BLOCK, END, ERROR, LOG = b"i", b"b", b"e", b"r", b"t"
"""JSON of a `SoundInfo`, packed `DecoderTags`, or what a function gave; see `BLOCK_HEAD`; JSON of the notes; JSON of
what is wrong and what to do; text for the log."""
MOST_SECONDS = struct.Struct("<d")
"""Infinity for all of it."""
BLOCK_HEAD = 8
"""Bytes before the float32 samples of a block: its kind, and at 4 the number of channels as 32 bits, little-endian."""

_LARGEST_MESSAGE = 2**28
_MOST_IDLE = 2
_POLL_SECONDS = 0.05
_TIMEOUT_SECONDS = 60.0
"""So long may a worker say nothing: on a machine that is busy, or with a disk that is slow to wake."""


class _WorkerLostError(Exception):
    """The worker is gone, or says nothing any more."""


class DecodedSound:
    """An open sound file that a worker decodes, read once from its beginning.

    Attributes:
        info: what the file says of itself.
        notes: plain remarks on the file, complete once all of it has been read.
    """

    def __init__(self, path: Path, worker: _Worker, info: SoundInfo) -> None:
        self._path, self._worker = path, worker
        self.info = info
        self.notes: tuple[str, ...] = ()

    def blocks(self, cancelled: Cancelled = never) -> Iterator[Block]:
        """The sound as blocks of float32 [frames, channels]; what is damaged is left out and remarked in `notes`.

        Raises:
            SoundError: where there is more of it than anybody can use, or the decoder fell over on it.
            concurrent.futures.CancelledError: once `cancelled()`.
        """
        while True:
            stop_if(cancelled)
            try:
                message = self._worker.request(NEXT, cancelled)
            except _WorkerLostError:
                raise _decoder_crashed(self._path) from None
            if message[:1] != BLOCK:
                break
            yield np.frombuffer(message, "<f4", offset=BLOCK_HEAD).reshape(-1, min(message[4], MAX_CHANNELS))
        self._worker.is_open = False
        if message[:1] == ERROR:
            raise SoundError(*json.loads(message[1:]))
        self.notes = tuple(json.loads(message[1:]))


@contextmanager
def decoded(path: Path, cancelled: Cancelled = never, most_seconds: float = math.inf) -> Iterator[DecodedSound]:
    """Opens a sound file for reading block by block.

    Args:
        path, most_seconds: see `samplernn.audio.decoding.decode`.
        cancelled: asked while the decoder works.

    Raises:
        SoundError: where it is missing, empty, absurd, holds no sound that can be read, or the decoder fell over on it.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    worker, message = _request_file(path, decode_request(path, most_seconds), cancelled)
    try:
        if message[:1] == ERROR:
            raise SoundError(*json.loads(message[1:]))
        worker.is_open = True
        yield DecodedSound(path, worker, SoundInfo(**json.loads(message[1:])))
    finally:
        _idle_workers().put_back(worker)


def decoder_tags(path: Path, cancelled: Cancelled = never) -> DecoderTags:
    """What FFmpeg finds in a sound file besides the sound; nothing where it cannot make anything of it.

    Raises:
        SoundError: where the decoder fell over on it.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    worker, message = _request_file(path, TAGS + _encoded(path), cancelled)
    _idle_workers().put_back(worker)
    return DecoderTags.unpacked(bytes(message[1:]))


def call_in_worker(function: Callable[[Path], bytes], path: Path, cancelled: Cancelled = never) -> bytes:
    """What a function makes of a file, where that takes no more memory and time than a worker has.

    Args:
        function: stands in a module, by whose name and its own the worker finds it; gives less than 256 MiB.
        path: of the file.
        cancelled: asked while the worker is at it.

    Raises:
        SoundError: where the function raised anything, or the worker fell over on the file.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    name = f"{function.__module__}:{function.__qualname__}".encode()
    worker, message = _request_file(path, CALL + name + b"\0" + _encoded(path), cancelled)
    _idle_workers().put_back(worker)
    if message[:1] == ERROR:
        raise SoundError(*json.loads(message[1:]))
    return bytes(message[1:])


def decode_request(path: Path, most_seconds: float = math.inf) -> bytes:
    """What a worker is told to decode a file.

    Raises:
        SoundError: where the folder that a relative path starts from is gone.
    """
    return DECODE + MOST_SECONDS.pack(most_seconds) + _encoded(path)


def _encoded(path: Path) -> bytes:
    try:
        return os.fsencode(path.absolute())
    except OSError as error:
        raise not_there(path, error) from error


def _request_file(path: Path, request: bytes, cancelled: Cancelled) -> tuple[_Worker, bytearray]:
    """A worker and its answer; one that was used before may have ended meanwhile, or still be stuck in a file."""
    while True:
        worker = _idle_workers().take()
        try:
            return worker, worker.request(request, cancelled)
        except _WorkerLostError:
            worker.end()
            if not worker.was_used:
                raise _decoder_crashed(path) from None
        except BaseException:
            worker.end()
            raise


def _decoder_crashed(path: Path) -> SoundError:
    log.warning("the decoder fell over on %s", path)
    return SoundError(
        f"“{path.name}” cannot be read: the decoder fell over on it.",
        "Try another copy of it, or save it as WAV or FLAC in another program.",
    )


class _Worker:
    """A process that decodes, seen from outside; used by one thread at a time."""

    def __init__(self) -> None:
        self._process, self._from_it, self._to_it = start_worker()
        self.was_used = False
        self.is_open = False
        """Whether it has a file open and waits for `NEXT` or `STOP`."""
        self._is_lost = False

    def request(self, message: bytes, cancelled: Cancelled) -> bytearray:
        """Its answer to a request.

        Raises:
            _WorkerLostError: it is gone or says nothing any more; it is not to be used again.
            concurrent.futures.CancelledError: once `cancelled()`; the same.
        """
        self._is_lost = True
        try:
            self._to_it.send_bytes(message)
            answer = self._receive(cancelled)
            while answer[:1] == LOG:
                if len(answer) > 1:
                    log.info("decoder: %s", answer[1:].decode(errors="replace"))
                answer = self._receive(cancelled)
        except (EOFError, OSError) as error:
            raise _WorkerLostError from error
        self._is_lost = False
        return answer

    def _receive(self, cancelled: Cancelled) -> bytearray:
        until = time.monotonic() + _TIMEOUT_SECONDS
        while not self._from_it.poll(_POLL_SECONDS):
            stop_if(cancelled)
            if time.monotonic() > until:
                raise _WorkerLostError
        return bytearray(self._from_it.recv_bytes(_LARGEST_MESSAGE))

    def close_file(self) -> bool:
        """Has it close its file; False where it cannot be used again."""
        if self.is_open and not self._is_lost:
            try:
                self._to_it.send_bytes(STOP)
            except OSError:
                self._is_lost = True
        self.is_open = False
        self.was_used = True
        return not self._is_lost

    @property
    def descriptors(self) -> set[int]:
        return {self._from_it.fileno(), self._to_it.fileno()}

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._from_it.close()
        self._to_it.close()


class _IdleWorkers:
    """Workers that have nothing to do. Any thread may ask."""

    def __init__(self) -> None:
        self._workers: list[_Worker] = []
        self._lock = threading.Lock()

    def take(self) -> _Worker:
        """A worker, a new one where none is idle.

        Raises:
            SoundError: the system allows no further process.
        """
        with self._lock:
            if self._workers:
                return self._workers.pop()
        try:
            return _Worker()
        except OSError as error:
            log.warning("no process for decoding: %s", error)
            raise SoundError(
                "Sound files cannot be read now: the system allows no further process.", "Close other programs."
            ) from error

    def put_back(self, worker: _Worker) -> None:
        with self._lock:
            is_kept = worker.close_file() and len(self._workers) < _MOST_IDLE
            if is_kept:
                self._workers.append(worker)
        if not is_kept:
            worker.end()

    def descriptors(self) -> set[int]:
        with self._lock:
            return {number for worker in self._workers for number in worker.descriptors}

    def end(self) -> None:
        """Ends them all."""
        with self._lock:
            while self._workers:
                self._workers.pop().end()


def idle_descriptors() -> set[int]:
    """The descriptors that idle workers are spoken with through."""
    return _idle_workers().descriptors()


@cache
def _idle_workers() -> _IdleWorkers:
    """The idle workers of this process: to start one takes longer than to decode many a file."""
    idle = _IdleWorkers()
    atexit.register(idle.end)
    return idle
