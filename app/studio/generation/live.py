"""Endless sound from a checkpoint, played while it is generated; what was heard last can be kept."""

from __future__ import annotations

import functools
import itertools
import threading
import time
from collections import deque
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.document.errors import UserError
from app.document.guide_choice import NO_GUIDE, GuideChoice
from app.document.store import ProjectFolder
from app.studio.checkpoints import checkpoint_of
from app.studio.generation.live_guide import Followed, HeardGuide, LiveGuide
from app.studio.generation.made_ahead import MadeAhead
from app.studio.generation.passing_offset import PassingOffset
from app.studio.generation.priming import album_prime
from samplernn.generation.sampling import TEMPERATURE, SamplingParameters
from samplernn.guides.guide import Guide
from samplernn.guides.live_equaliser import LoopedGuide

if TYPE_CHECKING:
    from samplernn.generation.stream import Degeneration, Stream

__all__ = ["KEPT_SECONDS", "LiveRecording", "LiveRequest", "LiveSound"]

KEPT_SECONDS = 120.0
"""Of what was heard last, that can still be made a clip."""
_AHEAD_SECONDS, _MOST_AHEAD_SECONDS = 0.25, 4.0
"""Buffered ahead of playback: little, so that a change is heard at once; twice as much after every gap."""
_KEPT_AHEAD_SECONDS, _KEPT_READS = 0.06, 2.0
"""Of what was made ahead, so much stays where something is changed, or as much as is read in so many reads."""
_QUICK = 0.4
"""Seconds that a second of sound takes to make, up to which what was made ahead is taken back after a change."""
_NOTHING: Followed = (None, 0, 0.0)
_READS_SHRINK = 0.98
"""The longest read is forgotten so slowly, with every shorter one."""
_RAMP_SECONDS = 0.005
_PACE_SECONDS = 1.0
"""Of sound, over which the speed is averaged."""
_BLOCKS = 16_384
"""Changes of temperature that are remembered: more than there are blocks in all that is kept."""
_AS_MADE, _PLAYED = 0, 1
"""Rows of the ring buffer: what the model made, and the same without its offset. Where it was brought to a guide, both
are what was heard."""
_ENDLESS = 2**40
"""Length that a player is told, in frames."""


@dataclass(frozen=True)
class LiveRequest:
    """A checkpoint to listen to live."""

    run: str
    epoch: int
    seed: int
    temperature: float = TEMPERATURE
    escape: bool = True
    """Whether it is helped out where it is stuck."""
    guide: GuideChoice = NO_GUIDE
    """What it is to play along to at first."""
    device: str = "auto"


@dataclass(frozen=True, eq=False)
class LiveRecording:
    """Some seconds of live sound that were heard, and how they were made."""

    run: str
    epoch: int
    seed: int
    rate: int
    begin: int
    """In samples since the sound began."""
    sound: NDArray[np.float32]
    """[n], as the model made it; where it played along to a guide, as it was heard."""
    temperatures: tuple[tuple[float, float], ...]
    """Points (seconds into the recording, temperature), straight lines between them, as they were played."""
    escapes: tuple[Degeneration, ...]
    """Where it was stuck and helped out; their seconds count from the beginning of the recording."""
    guide: HeardGuide
    """What it played along to."""


class LiveSound:
    """Endless sound for a player, generated block by block into a ring buffer of fixed size.

    One thread makes it, another one reads it, any may set its sampling parameters and its guide. Where it is
    read faster than it is made, what there is ends softly and silence follows, until enough has gathered to go on.

    Raises:
        UserError, SoundError: the checkpoint is gone or cannot be used.
    """

    def __init__(self, folder: Path, request: LiveRequest, *, kept_seconds: float = KEPT_SECONDS) -> None:
        """Opens the checkpoint; `kept_seconds` of what was heard last are kept."""
        checkpoint = checkpoint_of(folder, request.run, request.epoch)

        from samplernn.checkpoint import load_checkpoint
        from samplernn.device import pick_device
        from samplernn.generation.priming import begin
        from samplernn.generation.stream import Start, Stream

        model, metadata = load_checkpoint(checkpoint, pick_device(request.device))
        self.run, self.epoch, self.seed, self.rate = request.run, request.epoch, request.seed, metadata.rate
        self._wanted = SamplingParameters(request.temperature, escape=request.escape)
        fresh = functools.partial(begin, model, prime=album_prime(ProjectFolder(folder)), rate=metadata.rate)
        self._stream: Stream | None = Stream(
            model, [request.seed], [self._wanted], rate=metadata.rate, start=Start(renewed=fresh)
        )
        self._temperatures: deque[tuple[int, float]] = deque([(0, request.temperature)], maxlen=_BLOCKS)
        self._escapes: tuple[Degeneration, ...] = ()
        self._change = threading.Condition()
        self._kept_seconds = kept_seconds
        self._offset = PassingOffset(metadata.rate)
        self._made_ahead = MadeAhead(self._offset)
        self._guide = LiveGuide(metadata.rate)
        self._hears_guides = model.config.guide_predictor > 0
        self._told = self._asked
        """What the last block was made with."""
        self._longest_read = 0.0
        # written to, so that all of it is there from the beginning
        self._ring = np.full((2, round((kept_seconds + 2 * _MOST_AHEAD_SECONDS) * metadata.rate)), 0.0, np.float32)
        self._made, self._heard = 0, 0
        self._ahead = round(_AHEAD_SECONDS * metadata.rate)
        self._is_gathering = True
        self._pace: float | None = None

    # making

    def make(self) -> None:
        """Generates the next block into the buffer."""
        stream = self._stream
        if stream is None:
            return
        with self._change:
            quick = self._pace is not None and self._pace <= _QUICK
            self._made_ahead.forget(self._heard)
            if quick and self._is_changed:
                self._take_back(stream)
            self._told, (parameters, guide) = self._asked, self._asked
            temperature = parameters.points[0][1]
            if temperature != self._temperatures[-1][1]:
                self._temperatures.append((stream.samples, temperature))
        stream.set_parameters(0, parameters)
        stream.set_guide(*guide)
        if quick:
            self._made_ahead.remember(stream)
        began = time.perf_counter()
        block = next(stream)[0]
        pace = (time.perf_counter() - began) * self.rate / len(block)
        both = np.stack([block, self._offset.free(block)])
        with self._change:
            if self._made:  # the first block also wakes everything up
                weight = min(len(block) / (_PACE_SECONDS * self.rate), 1.0)
                self._pace = pace if self._pace is None else self._pace + weight * (pace - self._pace)
            self._escapes = tuple(stream.degenerations)
            self._put(self._made, both)
            self._made += len(block)

    def _take_back(self, stream: Stream) -> None:
        """Makes what was made ahead anew, but for a little that is heard until then."""
        kept = max(_KEPT_AHEAD_SECONDS * self.rate, _KEPT_READS * self._longest_read)
        self._made_ahead.take_back(stream, self._guide.taken(self._heard) + round(kept))
        self._made = stream.samples
        while self._temperatures[-1][0] >= max(stream.samples, 1):
            self._temperatures.pop()

    @property
    def _asked(self) -> tuple[SamplingParameters, Followed]:
        """What the next block is to be made with."""
        return self._wanted, self._guide.followed if self._hears_guides else _NOTHING

    @property
    def _is_changed(self) -> bool:
        """Whether something else is asked for than the last block was made with."""
        return self._stream is not None and self._asked != self._told

    def wait_for_room(self, seconds: float) -> bool:
        """Waits until another block is wanted; False where none is within that time."""
        with self._change:
            return self._change.wait_for(
                lambda: self._is_changed or self._made - self._heard < self._wanted_ahead, seconds
            )

    def set_parameters(self, temperature: float, escape: bool) -> None:
        """Sets temperature and help, from the next block on that is made; where making is quick, what was made ahead
        is made anew.

        Raises:
            SoundError: a temperature out of range.
        """
        wanted = SamplingParameters(temperature, escape=escape)
        with self._change:
            self._wanted = wanted
            self._change.notify_all()

    def set_guide(self, guide: Guide | None) -> None:
        """Sets what it plays along to, from its beginning and again and again, from the next samples on that are read;
        None for nothing. A network that takes guides hears it as soon as it goes on.
        """
        looped = None if guide is None else LoopedGuide(guide)
        with self._change:
            self._guide.ask(looped)
            self._change.notify_all()

    def set_follow(self, follow: float) -> None:
        """Sets how closely it plays along, 0..1, from the next samples on that are read."""
        with self._change:
            self._guide.ask_follow(follow)

    def close(self) -> None:
        """Ends the sound and frees the model; what was heard can still be kept."""
        with self._change:
            self._stream = None

    # how it goes

    @property
    def is_ready(self) -> bool:
        """Whether enough has been made to begin."""
        with self._change:
            return self._made >= self._ahead

    @property
    def is_gathering(self) -> bool:
        """Whether the buffer ran dry, so that there is silence until it has filled again."""
        with self._change:
            return self._is_gathering and self._heard > 0

    @property
    def speed(self) -> float | None:
        """Seconds of sound made in a second of making; None until it is known."""
        with self._change:
            return 1.0 / max(self._pace, 1e-6) if self._pace is not None else None

    @property
    def seconds_heard(self) -> float:
        """Seconds that have been played."""
        with self._change:
            return self._heard / self.rate

    # a source for the player

    @property
    def frames(self) -> int:
        """Endless, until it is closed."""
        return _ENDLESS if self._stream is not None else 0

    def read(self, start: int, frames: int) -> NDArray[np.float32]:
        """The next frames of sound, float32 [frames, 2]; `start` is ignored, as live sound cannot be played again."""
        out = np.zeros((frames, 2), np.float32)
        ramp = round(_RAMP_SECONDS * self.rate)
        with self._change:
            self._longest_read = max(float(frames), _READS_SHRINK * self._longest_read)
            there = self._guide.ready(self._heard, self._made, min(frames + ramp, self._ahead))
            begins = self._is_gathering
            if begins and there < self._ahead:
                return out
            count = min(there, frames)
            both = self._guide.read(self._both, self._heard, count)
            self._put(self._heard, both)
            sound = both[_PLAYED]
            self._is_gathering = there < frames + ramp
            if begins:
                _fade(sound, ramp)
            if self._is_gathering:
                _fade(sound[::-1], ramp)
                self._ahead = min(2 * self._ahead, round(_MOST_AHEAD_SECONDS * self.rate))
            self._heard += count
            self._change.notify_all()
        out[:count] = sound[:, None]
        return out

    @property
    def _wanted_ahead(self) -> int:
        """Samples that are to be made beyond those that were heard."""
        return self._ahead + self._guide.wanted_ahead

    # what was heard

    def outline(self, seconds: float, columns: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Waveform of the last `seconds` heard: minimum and maximum of at most `columns` equal pieces."""
        piece = max(round(min(seconds, self._kept_seconds) * self.rate / columns), 1)
        with self._change:
            # whole pieces, counted from the beginning: a picture that moves on does not shimmer
            pieces = min(self._heard // piece, columns)
            end = self._heard // piece * piece
            sound = self._part(end - pieces * piece, pieces * piece, _PLAYED).reshape(pieces, piece)
        return sound.min(axis=1), sound.max(axis=1)

    def recording(self, seconds: float) -> LiveRecording:
        """What was heard in the last `seconds`, as far as the buffer still has it.

        Raises:
            UserError: nothing has been heard yet.
        """
        with self._change:
            count = min(round(min(seconds, self._kept_seconds) * self.rate), self._heard)
            begin, end = self._heard - count, self._heard
            sound = self._part(begin, count, _AS_MADE)
            escapes, temperatures = self._escapes, tuple(self._temperatures)
            guide = self._guide.kept(begin, end)
        if not count:
            raise UserError("There is nothing to keep yet.", "Listen first.")
        points = _curve(temperatures, begin, end, self.rate)
        inside = tuple(_moved(each, begin / self.rate) for each in escapes if begin <= each.seconds * self.rate < end)
        return LiveRecording(self.run, self.epoch, self.seed, self.rate, begin, sound, points, inside, guide)

    def _part(self, begin: int, count: int, row: int) -> NDArray[np.float32]:
        """A copy of `count` samples from sample `begin` on, which must still be in the ring."""
        ring = self._ring[row]
        place = begin % len(ring)
        first = ring[place : place + count]
        return np.concatenate([first, ring[: count - len(first)]])

    def _both(self, begin: int, count: int) -> NDArray[np.float32]:
        """As `_part`, of both rows: [2, count]."""
        place = begin % self._ring.shape[1]
        first = self._ring[:, place : place + count]
        return np.concatenate([first, self._ring[:, : count - first.shape[1]]], axis=1)

    def _put(self, begin: int, both: NDArray[np.float32]) -> None:
        """Writes both rows [2, n] from sample `begin` on."""
        place = begin % self._ring.shape[1]
        first = min(both.shape[1], self._ring.shape[1] - place)
        self._ring[:, place : place + first] = both[:, :first]
        self._ring[:, : both.shape[1] - first] = both[:, first:]


def _fade(sound: NDArray[np.float32], frames: int) -> None:
    """Fades the sound in over its first frames, in place."""
    count = min(frames, len(sound))
    sound[:count] *= np.linspace(0.0, 1.0, count, endpoint=False, dtype=np.float32)


def _curve(
    temperatures: tuple[tuple[int, float], ...], begin: int, end: int, rate: int
) -> tuple[tuple[float, float], ...]:
    """The steps (sample, temperature) as points in seconds from `begin`."""
    before = [value for sample, value in temperatures if sample <= begin]
    points = [(0.0, before[-1] if before else temperatures[0][1])]
    for sample, value in itertools.dropwhile(lambda step: step[0] <= begin, temperatures):
        if sample >= end:
            break
        points += [((sample - begin - 0.5) / rate, points[-1][1]), ((sample - begin) / rate, value)]
    return tuple(points)


def _moved(degeneration: Degeneration, seconds: float) -> Degeneration:
    return replace(degeneration, seconds=degeneration.seconds - seconds)
