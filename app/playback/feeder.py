"""What a sound device is fed with: a source, cut to blocks, without clicks where it jumps."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import soxr
from numpy.typing import NDArray

from app.document.model import SONG_RATE
from app.playback.meter import Meter

Block = NDArray[np.float32]

_RAMP_SECONDS = 0.005
_EXTRA_FRAMES = 64
"""Read beyond what a resampler should need, because it holds some back."""


class Source(Protocol):
    """Stereo sound that can be read anywhere."""

    @property
    def rate(self) -> int:
        """In Hz."""
        ...

    @property
    def frames(self) -> int:
        """Its length."""
        ...

    def read(self, start: int, frames: int) -> Block:
        """float32 [n, 2] from the frame `start` on.

        n is `frames`, or less where the source ends or has not been decoded that far yet.
        """
        ...


@dataclass
class _Span:
    """The frame of the source that went out as the frame `out` of the device, and those after it."""

    out: int
    source: int
    frames: int


class Feeder:
    """Gives a device its blocks; told by another thread what to play.

    Args:
        rate: of the device, in Hz. A source of another rate is resampled on the way.
    """

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.meter = Meter(rate)
        self._lock = threading.Lock()
        self._source: Source = _Nothing()
        self._loop: tuple[int, int] | None = None
        self._until: int | None = None
        self._at = 0
        self._playing = False
        self._resampler: soxr.ResampleStream | None = None
        self._ready = _silence(0)
        self._going = _silence(0)
        """What still rings of the sound before a jump, while the sound after it comes up."""
        self._rising = 0
        """Frames of its coming up that are still to come."""
        self._out = 0
        self._pulled = time.monotonic()
        self._latency = 0
        self._spans: deque[_Span] = deque()

    def play(self, source: Source, start: int, loop: tuple[int, int] | None, until: int | None = None) -> None:
        """Plays from the frame `start` on, going round between two frames where `loop` says so.

        Args:
            until: the frame to stop before, without a click; it does not go round then.
        """
        with self._lock:
            self._ring_out()
            self._source, self._loop, self._until = source, _inside(loop, source.frames), until
            self._at = min(max(start, 0), source.frames)
            self._spans.clear()
            self._ready = _silence(0)
            self._resample()
            # a sound that begins at its own beginning begins as it was made
            self._rising = self._ramp if self._at > 0 or len(self._going) else 0
            self._playing = True

    def replace(self, source: Source) -> None:
        """Goes on at the same place with another source of the same rate."""
        with self._lock:
            if self._playing and self._resampler is None:
                self._ring_out()
                self._rising = self._ramp
            self._source, self._loop = source, _inside(self._loop, source.frames)

    def set_loop(self, loop: tuple[int, int] | None) -> None:
        """Goes round between two frames of the source from now on; None for no loop."""
        with self._lock:
            self._loop = _inside(loop, self._source.frames)

    def stop(self) -> None:
        """Gives no more sound once what sounds now has faded, which takes a moment."""
        with self._lock:
            self._ring_out()
            self._playing = False

    def forget(self) -> None:
        """Stops, and holds on to nothing that was played: a source may have a file open."""
        with self._lock:
            self._playing = False
            self._source, self._resampler = _Nothing(), None
            self._ready, self._going = _silence(0), _silence(0)
            self._spans.clear()

    def set_rate(self, rate: int) -> None:
        """Another device may want another rate."""
        with self._lock:
            if rate != self.rate:
                self.rate = rate
                self.meter = Meter(rate)
                self._ready, self._going = _silence(0), _silence(0)
                self._spans.clear()
                self._resample()

    def set_latency(self, frames: int) -> None:
        """How many frames the device holds between what it has pulled and what is heard."""
        with self._lock:
            self._latency = frames

    @property
    def is_sounding(self) -> bool:
        """Whether there is still something to pull: what plays, or the end of what was stopped."""
        with self._lock:
            return self._playing or len(self._going) > 0

    @property
    def is_playing(self) -> bool:
        """False once stopped, or once the last frame of the source has been heard."""
        with self._lock:
            if self._playing and self._has_ended() and self._heard_out() >= self._ends_at():
                self._playing = False
            return self._playing

    def heard(self) -> int | None:
        """The frame of the source that is being heard now; None where none is yet."""
        with self._lock:
            if not self._spans:
                return None
            now = self._heard_out()
            while len(self._spans) > 1 and self._spans[1].out <= now:
                self._spans.popleft()
            span = self._spans[0]
            done = (now - span.out) * self._source.rate // self.rate
            return span.source + min(max(done, 0), span.frames)

    def pull(self, frames: int) -> Block:
        """The next block for the device: float32 [frames, 2]."""
        with self._lock:
            block = self._next(frames) if self._playing else _silence(0)
            if len(block) < frames:
                block = np.concatenate([block, _silence(frames - len(block))])
            if len(self._going):
                ring = min(len(self._going), frames)
                block[:ring] += self._going[:ring]
                self._going = self._going[ring:]
            self._out += frames
            self._pulled = time.monotonic()
        self.meter.feed(block)
        return block

    def _resample(self) -> None:
        self._resampler = None
        if self._source.rate != self.rate:
            self._resampler = soxr.ResampleStream(self._source.rate, self.rate, 2, dtype="float32", quality="HQ")

    def _heard_out(self) -> int:
        since = int((time.monotonic() - self._pulled) * self.rate)
        return min(self._out - self._latency + since, self._out)

    def _has_ended(self) -> bool:
        goes_round = self._loop is not None and self._until is None
        return not goes_round and self._at >= self._end() and not len(self._ready)

    def _end(self) -> int:
        """The frame before which it stops or goes round."""
        if self._until is not None:
            return min(self._until, self._source.frames)
        return self._loop[1] if self._loop is not None else self._source.frames

    @property
    def _ramp(self) -> int:
        return round(_RAMP_SECONDS * self.rate)

    def _ends_at(self) -> int:
        """The frame of the device after the last of the source; it goes on pulling silence behind it."""
        if not self._spans:
            return 0
        last = self._spans[-1]
        return last.out + math.ceil(last.frames * self.rate / self._source.rate)

    def _ring_out(self) -> None:
        """Keeps the next moment of what plays now, falling to silence."""
        if self._playing:
            at, ready, spans = self._at, self._ready, self._spans.copy()
            going = self._next(self._ramp)
            self._at, self._ready, self._spans = at, ready, spans
            self._going = going * np.linspace(1.0, 0.0, len(going), dtype=np.float32)[:, None]

    def _next(self, frames: int) -> Block:
        """The next frames at the rate of the device; fewer at the end."""
        while len(self._ready) < frames:
            part = self._read_on(frames - len(self._ready))
            if part is None:
                break
            self._ready = np.concatenate([self._ready, part])
        block = self._ready[:frames].copy()
        self._ready = self._ready[frames:]
        if self._rising and len(block):
            rises = min(self._rising, len(block))
            done = self._ramp - self._rising
            block[:rises] *= np.linspace(0.0, 1.0, self._ramp, dtype=np.float32)[done : done + rises, None]
            self._rising -= rises
        return block

    def _read_on(self, frames: int) -> Block | None:
        """Some frames at the rate of the device, or None where the source gives none now."""
        ratio = self._source.rate / self.rate
        wanted = frames if self._resampler is None else math.ceil(frames * ratio) + _EXTRA_FRAMES
        end = self._end()
        goes_round = self._loop is not None and self._until is None
        if goes_round and self._loop is not None and self._at >= end:
            self._at = self._loop[0]
        part = self._source.read(self._at, min(wanted, end - self._at)) if self._at < end else _silence(0)
        if not len(part):
            return None
        if self._until is not None and end < self._source.frames:
            part = part * _falling_to(end, self._at, len(part), round(_RAMP_SECONDS * self._source.rate))
        self._spans.append(_Span(self._out + len(self._ready), self._at, len(part)))
        self._at += len(part)
        if self._resampler is None:
            return part
        return self._resampler.resample_chunk(part, last=not goes_round and self._at >= end)


def _falling_to(end: int, start: int, frames: int, ramp: int) -> Block:
    """Levels [frames, 1] from the frame `start` on that fall to silence right before the frame `end`."""
    left = end - np.arange(start, start + frames, dtype=np.float32)
    levels: Block = np.minimum(left / ramp, 1.0)[:, None]
    return levels


class _Nothing:
    """The source before there is one."""

    rate = SONG_RATE
    frames = 0

    def read(self, start: int, frames: int) -> Block:
        return _silence(0)


def _silence(frames: int) -> Block:
    return np.zeros((frames, 2), np.float32)


def _inside(loop: tuple[int, int] | None, frames: int) -> tuple[int, int] | None:
    """The loop within a source of that length; None where nothing of it is left."""
    if loop is None:
        return None
    begin, end = max(min(loop), 0), min(max(loop), frames)
    return (begin, end) if end > begin else None
