"""The main program of a worker: it decodes the files that it is asked for; see `samplernn.audio.worker`."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import time
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path

from samplernn.audio.decoder_tags import DecoderTags, read_decoder_tags
from samplernn.audio.decoders import Block
from samplernn.audio.decoding import decode, not_there, unreadable
from samplernn.audio.worker import BLOCK, BLOCK_HEAD, CALL, DECODE, END, ERROR, INFO, LOG, MOST_SECONDS, NEXT, TAGS
from samplernn.audio.worker_process import connections_at
from samplernn.errors import SoundError

log = logging.getLogger(__name__)

_IDLE_SECONDS = 30.0
_ALIVE_SECONDS = 1.0
_PROCESSOR_SECONDS = 15.0
"""So long may it compute for one block, or for tags: a decoder caught in a damaged file never ends by itself."""
_NO_LIMIT = 0.0
_MEMORY = 2**30
"""Bytes that decoding may take."""


def run_worker(requests_fd: str, answers_fd: str) -> None:
    """Decodes until there has been nothing to do for a while, or no one is there any more.

    Args:
        requests_fd, answers_fd: the descriptors of this side's ends of the pipes: requests come, answers go.
    """
    requests, answers = connections_at(requests_fd, answers_fd)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started this decides what becomes of Ctrl-C
    _limit_memory()
    logging.basicConfig(level=logging.INFO, handlers=[_LogSender(answers)], format="%(message)s")
    with requests, answers, suppress(EOFError, OSError):
        while requests.poll(_IDLE_SECONDS):
            request = requests.recv_bytes()
            _limit_processor_time(_PROCESSOR_SECONDS)
            if request[:1] == DECODE:
                (most_seconds,) = MOST_SECONDS.unpack_from(request, 1)
                path = Path(os.fsdecode(request[1 + MOST_SECONDS.size :]))
                _DecodeRequest(requests, answers).answer(path, most_seconds)
            elif request[:1] == TAGS:
                answers.send_bytes(_tags(Path(os.fsdecode(request[1:]))))
            elif request[:1] == CALL:
                answers.send_bytes(_called(request[1:]))
            _limit_processor_time(_NO_LIMIT)


class _DecodeRequest:
    """The decoding of one file, block by block as the other side asks."""

    def __init__(self, requests: Connection, answers: Connection) -> None:
        self._requests, self._answers = requests, answers
        self._last_sign = time.monotonic()

    def answer(self, path: Path, most_seconds: float) -> None:
        """Sends what is in the file, until it or the seconds end or no more is wanted."""
        is_open = False
        try:
            with decode(path, most_seconds) as stream:
                self._answers.send_bytes(INFO + json.dumps(asdict(stream.info)).encode())
                is_open = True
                for block in stream.blocks(self._keep_alive):
                    if self._requests.recv_bytes() != NEXT:
                        return
                    self._answers.send_bytes(_packed(block))
            answer = END + json.dumps(stream.notes).encode()
        except Exception as error:
            refusal = _refusal(path, error)
            answer = ERROR + json.dumps([refusal.what, refusal.what_to_do]).encode()
        if not is_open or self._requests.recv_bytes() == NEXT:
            self._answers.send_bytes(answer)

    def _keep_alive(self) -> bool:
        """Called for every block: tells that it gets on, takes fresh time, never says that the work is cancelled."""
        _limit_processor_time(_PROCESSOR_SECONDS)
        if time.monotonic() - self._last_sign > _ALIVE_SECONDS:
            self._last_sign = time.monotonic()
            self._answers.send_bytes(LOG)
        return False


def _limit_processor_time(seconds: float) -> None:
    """From now on; after that the system ends this process, where it knows how to."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _tags(path: Path) -> bytes:
    try:
        return INFO + read_decoder_tags(path).packed()
    except Exception as error:
        log.info("no tags in %s: %r", path, error)
        return INFO + DecoderTags().packed()


def _called(request: bytes) -> bytes:
    """What a function makes of a file."""
    name, _, path = request.partition(b"\0")
    module, _, function = name.decode().partition(":")
    try:
        made: bytes = getattr(import_module(module), function)(Path(os.fsdecode(path)))
    except Exception as error:
        refusal = _refusal(Path(os.fsdecode(path)), error)
        return ERROR + json.dumps([refusal.what, refusal.what_to_do]).encode()
    return INFO + made


def _packed(block: Block) -> bytes:
    channels: int = block.shape[1]
    samples: bytes = block.astype("<f4").tobytes()
    return BLOCK.ljust(4, b"\0") + channels.to_bytes(BLOCK_HEAD - 4, "little") + samples


def _refusal(path: Path, error: Exception) -> SoundError:
    """Whatever went wrong, it is the fault of the file."""
    if isinstance(error, SoundError):
        return error
    log.info("%s: %r", path, error)
    try:
        return unreadable(path)
    except OSError as gone:
        return not_there(path, gone)


class _LogSender(logging.Handler):
    """Sends the log to the process that started this one."""

    def __init__(self, answers: Connection) -> None:
        super().__init__()
        self._answers = answers

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError):
            self._answers.send_bytes(LOG + self.format(record).encode(errors="replace")[:2000])


def _limit_memory() -> None:
    """Bounds the memory and leaves no core dumps, where the system knows how to."""
    if sys.platform == "win32":
        return
    import resource

    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        used = int(Path("/proc/self/statm").read_text().split()[5]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_DATA, (used + _MEMORY, used + _MEMORY))
