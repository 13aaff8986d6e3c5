"""Sound files are decoded in processes of their own: a file that takes one down is refused, and nothing else is lost.

A helper decodes one file after the other, and ends by itself once it has had nothing to do for a while, or once the
process that it helps is gone. What it sends is read as plain numbers and text, so that even a helper which a file has
got hold of can do no more than lie about the sound. It may take so much memory, and so much time for a block, no more.

To the helper: `DECODE` and the path of a file, then `NEXT` for each block that is wanted, or `STOP`. From it: `INFO` or
`NO`, then for each `NEXT` a `BLOCK`, `END` or `NO`. Or, to the helper, `TAGS` and the path of a file; from it `INFO`.
In between, any number of `TOLD`.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np

from resources.progress import Cancelled, never, stop_if
from samplernn.audio.decoder_tags import DecoderTags
from samplernn.audio.decoders import Block
from samplernn.audio.decoding import MAX_CHANNELS, SoundInfo, not_there
from samplernn.audio.worker_process import start_helper
from samplernn.errors import SoundError

log = logging.getLogger(__name__)

DECODE, TAGS, NEXT, STOP = b"d", b"m", b"n", b"s"
INFO, BLOCK, END, NO, TOLD = b"i", b"b", b"e", b"r", b"t"
"""JSON of a `SoundInfo`, or packed `DecoderTags`; see `BLOCK_HEAD`; JSON of the notes; JSON of what is wrong and what
to do; text for the log."""
BLOCK_HEAD = 8
"""Bytes before the float32 samples of a block: its kind, and at 4 the number of channels as 32 bits, little-endian."""

_LARGEST_MESSAGE = 2**28
_MOST_IDLE = 2
_POLL_SECONDS = 0.05
_PATIENCE_SECONDS = 60.0
"""So long may a helper say nothing: on a machine that is busy, or with a disk that is slow to wake."""


class _LostError(Exception):
    """The helper is gone, or says nothing any more."""


class DecodedSound:
    """An open sound file that a helper decodes, read once from its beginning.

    Attributes:
        info: what the file says of itself.
        notes: plain remarks on the file, complete once all of it has been read.
    """

    def __init__(self, path: Path, helper: _Helper, info: SoundInfo) -> None:
        self._path, self._helper = path, helper
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
                message = self._helper.asked(NEXT, cancelled)
            except _LostError:
                raise _fell_over(self._path) from None
            if message[:1] != BLOCK:
                break
            yield np.frombuffer(message, "<f4", offset=BLOCK_HEAD).reshape(-1, min(message[4], MAX_CHANNELS))
        self._helper.is_open = False
        if message[:1] == NO:
            raise SoundError(*json.loads(message[1:]))
        self.notes = tuple(json.loads(message[1:]))


@contextmanager
def decoded(path: Path, cancelled: Cancelled = never) -> Iterator[DecodedSound]:
    """Opens a sound file for reading block by block.

    Raises:
        SoundError: where it is missing, empty, absurd, holds no sound that can be read, or the decoder fell over on it.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    helper, message = _asked_about(path, DECODE, cancelled)
    try:
        if message[:1] == NO:
            raise SoundError(*json.loads(message[1:]))
        helper.is_open = True
        yield DecodedSound(path, helper, SoundInfo(**json.loads(message[1:])))
    finally:
        _idle().take_back(helper)


def decoder_tags(path: Path, cancelled: Cancelled = never) -> DecoderTags:
    """What FFmpeg finds in a sound file besides the sound; nothing where it cannot make anything of it.

    Raises:
        SoundError: where the decoder fell over on it.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    helper, message = _asked_about(path, TAGS, cancelled)
    _idle().take_back(helper)
    return DecoderTags.unpacked(bytes(message[1:]))


def _asked_about(path: Path, what: bytes, cancelled: Cancelled) -> tuple[_Helper, bytearray]:
    """A helper and its answer; one that has helped before may have ended meanwhile, or still be stuck in that file."""
    try:
        request = what + os.fsencode(path.absolute())
    except OSError as error:
        raise not_there(path, error) from error
    while True:
        helper = _idle().give()
        try:
            return helper, helper.asked(request, cancelled)
        except _LostError:
            helper.end()
            if not helper.has_helped:
                raise _fell_over(path) from None
        except BaseException:
            helper.end()
            raise


def _fell_over(path: Path) -> SoundError:
    log.warning("the decoder fell over on %s", path)
    return SoundError(
        f"“{path.name}” cannot be read: the decoder fell over on it.",
        "Try another copy of it, or save it as WAV or FLAC in another program.",
    )


class _Helper:
    """A process that decodes, seen from outside; used by one thread at a time."""

    def __init__(self) -> None:
        self._process, self._from_it, self._to_it = start_helper()
        self.has_helped = False
        self.is_open = False
        """Whether it has a file open and waits for `NEXT` or `STOP`."""
        self._is_lost = False

    def asked(self, request: bytes, cancelled: Cancelled) -> bytearray:
        """Its answer to a request.

        Raises:
            _LostError: it is gone or says nothing any more; it is not to be used again.
            concurrent.futures.CancelledError: once `cancelled()`; the same.
        """
        self._is_lost = True
        try:
            self._to_it.send_bytes(request)
            answer = self._heard(cancelled)
            while answer[:1] == TOLD:
                if len(answer) > 1:
                    log.info("decoder: %s", answer[1:].decode(errors="replace"))
                answer = self._heard(cancelled)
        except (EOFError, OSError) as error:
            raise _LostError from error
        self._is_lost = False
        return answer

    def _heard(self, cancelled: Cancelled) -> bytearray:
        until = time.monotonic() + _PATIENCE_SECONDS
        while not self._from_it.poll(_POLL_SECONDS):
            stop_if(cancelled)
            if time.monotonic() > until:
                raise _LostError
        return bytearray(self._from_it.recv_bytes(_LARGEST_MESSAGE))

    def leaves_off(self) -> bool:
        """Has it close its file; False where it cannot be used again."""
        if self.is_open and not self._is_lost:
            try:
                self._to_it.send_bytes(STOP)
            except OSError:
                self._is_lost = True
        self.is_open = False
        self.has_helped = True
        return not self._is_lost

    @property
    def descriptors(self) -> set[int]:
        return {self._from_it.fileno(), self._to_it.fileno()}

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._from_it.close()
        self._to_it.close()


class _Idle:
    """Helpers that have nothing to do. Any thread may ask."""

    def __init__(self) -> None:
        self._helpers: list[_Helper] = []
        self._lock = threading.Lock()

    def give(self) -> _Helper:
        """A helper, a new one where none is idle.

        Raises:
            SoundError: the system allows no further process.
        """
        with self._lock:
            if self._helpers:
                return self._helpers.pop()
        try:
            return _Helper()
        except OSError as error:
            log.warning("no process for decoding: %s", error)
            raise SoundError(
                "Sound files cannot be read now: the system allows no further process.", "Close other programs."
            ) from error

    def take_back(self, helper: _Helper) -> None:
        with self._lock:
            is_kept = helper.leaves_off() and len(self._helpers) < _MOST_IDLE
            if is_kept:
                self._helpers.append(helper)
        if not is_kept:
            helper.end()

    def descriptors(self) -> set[int]:
        with self._lock:
            return {number for helper in self._helpers for number in helper.descriptors}

    def end(self) -> None:
        """Ends them all."""
        with self._lock:
            while self._helpers:
                self._helpers.pop().end()


def idle_descriptors() -> set[int]:
    """The descriptors that idle helpers are spoken with through."""
    return _idle().descriptors()


@cache
def _idle() -> _Idle:
    """The idle helpers of this process: to start one takes longer than to decode many a file."""
    idle = _Idle()
    atexit.register(idle.end)
    return idle
