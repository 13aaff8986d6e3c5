"""The mix: from a song and the sound of its clips to stereo. What is played and what is exported both come from here.

A pure function of the song: however it is cut into blocks, every frame comes out the same to the last bit.

- A section's gain is added to its lane's, in dB; its pan is added to its lane's. Pans keep the power: left is the
  cosine and right the sine of an angle from 0 to 90 degrees, so that a sound in the middle is 3 dB down on each side.
- Crossfades, and fades unless another curve is asked for, follow a quarter of a sine, so that their power adds up.
  Where sections of one lane overlap, the earlier fades out under the later; one that lies wholly within another is
  heard with it.
- Where sound breaks off without a fade, or amid one, 4 ms of fade keep it from clicking. Sections that go on unbroken
  in the same clip, and in the same fades, are one stretch of sound: nothing happens between them, so a split cannot be
  heard.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from app.document.fades import fade_level
from app.document.model import SONG_RATE, FadeCurve, Lane, Section, Song

Sound = NDArray[np.float32]
"""Mono [frames] for a clip, stereo [frames, 2] for a mix."""

DECLICK = 4 * SONG_RATE // 1000
Gains = tuple[float, float]
"""Left and right, linear."""
_CURVE_POINTS = 8192
_PIECE = 1 << 15
"""Frames worked on at a time: few enough to stay in the processor's cache."""


def mix(song: Song, sounds: Mapping[str, Sound], start: int, frames: int) -> Sound:
    """The song from the frame `start` on as float32 [frames, 2]; silence before its start and after its end.

    Args:
        sounds: each clip's sound at `SONG_RATE`, by its id; one that is missing or too short is silent there.
    """
    return Mixer(song, sounds).mix(start, frames)


class Mixer:
    """A song made ready to be mixed many times, block by block.

    Attributes:
        rate: of the stereo that comes out.
        frames: length of the song.
    """

    rate = SONG_RATE

    def __init__(self, song: Song, sounds: Mapping[str, Sound]) -> None:
        self.frames = song.frames
        self._sounds = sounds
        soloed = any(lane.solo for lane in song.lanes)
        heard = (lane for lane in song.lanes if not lane.mute and (lane.solo or not soloed))
        self._stretches = [stretch for lane in heard for stretch in _stretches(lane)]

    def mix(self, start: int, frames: int) -> Sound:
        """As the function `mix`."""
        out = np.zeros((2, frames), np.float32)
        for at in range(0, frames, _PIECE):
            self._add(out[:, at : at + _PIECE], start + at)
        stereo: Sound = np.ascontiguousarray(out.T)
        return stereo

    def read(self, start: int, frames: int) -> Sound:
        """As `mix`, but no further than the end of the song."""
        return self.mix(start, max(min(frames, self.frames - start), 0))

    def blocks(self, frames: int = 1 << 16) -> Iterator[Sound]:
        """The whole song, so many frames at a time."""
        for start in range(0, self.frames, frames):
            yield self.read(start, frames)

    def _add(self, out: Sound, start: int) -> None:
        end = start + out.shape[1]
        for stretch in self._stretches:
            if stretch.start < end and start < stretch.end:
                sound = self._sounds.get(stretch.clip)
                if sound is not None and len(sound):
                    stretch.add(out, start, end, sound)


@dataclass(frozen=True, slots=True)
class _Ramp:
    """A way from 0 to 1 (or, falling, from 1 to 0) over so many frames from `start` on; level outside."""

    start: int
    frames: int
    falling: bool = False
    even: bool = False
    """Adds up in amplitude (for the same sound on both sides) instead of in power."""
    shape: FadeCurve = "round"

    @property
    def end(self) -> int:
        return self.start + self.frames

    def touches(self, start: int, end: int) -> bool:
        """Whether the level is anything but 1 somewhere there."""
        return start < self.end if not self.falling else end > self.start

    def levels(self, start: int, end: int) -> Sound:
        """Level of each frame from `start` to `end`: a function of the frame alone, whatever is asked for with it."""
        place = (np.arange(start - self.start, end - self.start) + 0.5) * (_CURVE_POINTS / self.frames)
        if self.falling:
            place = _CURVE_POINTS - place
        np.clip(place, 0.0, _CURVE_POINTS, out=place)
        index = np.minimum(place.astype(np.intp), _CURVE_POINTS - 1)
        curve = _curve(self.shape)
        level = curve[index] + (curve[index + 1] - curve[index]) * (place - index)
        shaped: Sound = (level * level if self.even else level).astype(np.float32)
        return shaped


@cache
def _curve(shape: FadeCurve) -> NDArray[np.float64]:
    """Read with linear interpolation, which is exact to 5e-9 and, unlike a sine, the same in every block."""
    return np.array([fade_level(shape, point / _CURVE_POINTS) for point in range(_CURVE_POINTS + 1)])


@dataclass(frozen=True, slots=True)
class _Zone:
    """Part of a stretch with one gain for each side, or on the way from the gains before to these."""

    start: int
    end: int
    gains: Gains
    before: Gains | None = None


@dataclass(slots=True)
class _Stretch:
    """Sections that go on unbroken in one clip."""

    clip: str
    start: int
    end: int
    offset: int
    fade_in: _Ramp | None
    """That of its first section; may reach through all of them."""
    fade_out: _Ramp | None
    """That of its last."""
    zones: list[_Zone]
    ramps: list[_Ramp] = field(default_factory=list)

    @property
    def drift(self) -> int:
        """Which frame of the clip sounds at the start of the song."""
        return self.offset - self.start

    def add(self, out: Sound, start: int, end: int, sound: Sound) -> None:
        """Adds what sounds from `start` to `end` to `out`, [2, end - start]."""
        first = max(start, self.start)
        last = min(end, self.end, len(sound) - self.drift)
        if last <= first:
            return
        part = sound[first + self.drift : last + self.drift]
        for ramp in self.ramps:
            if ramp.touches(first, last):
                part = part * ramp.levels(first, last)
        for zone in self.zones:
            left, right = max(zone.start, first), min(zone.end, last)
            if left < right:
                heard = part[left - first : right - first]
                for side in (0, 1):
                    out[side, left - start : right - start] += heard * _gain(zone, side, left, right)


def _gain(zone: _Zone, side: int, start: int, end: int) -> Sound | np.float32:
    gain = np.float32(zone.gains[side])
    if zone.before is None:
        return gain
    before = np.float32(zone.before[side])
    way = _Ramp(zone.start, zone.end - zone.start, even=True).levels(start, end)
    on_the_way: Sound = before + (gain - before) * way
    return on_the_way


def _stretches(lane: Lane) -> list[_Stretch]:
    stretches: list[_Stretch] = []
    for section in sorted(lane.sections, key=lambda section: (section.start, section.id)):
        zone = _Zone(section.start, section.end, _gains(section, lane))
        before = next((stretch for stretch in stretches if _goes_on(stretch, section)), None)
        if before is None:
            fades = _rise(section), _fall(section)
            stretches.append(_Stretch(section.clip, section.start, section.end, section.offset, *fades, [zone]))
        else:
            before.end = section.end
            before.fade_out = _fall(section)
            if before.zones[-1].gains == zone.gains:
                zone = _Zone(before.zones.pop().start, section.end, zone.gains)
            before.zones.append(zone)
    crossed = _cross(stretches)
    for stretch in stretches:
        stretch.zones = _joined(stretch.zones)
        _ease_edges(stretch, *crossed[id(stretch)])
    return stretches


def _goes_on(stretch: _Stretch, section: Section) -> bool:
    """Whether the section is the very next sound of the same clip, and no fade but one of both has to do with that."""
    same = stretch.clip == section.clip and stretch.end == section.start
    if not same or stretch.drift != section.offset - section.start:
        return False
    rising, falling = stretch.fade_in, _fall(section)
    rises_on = rising if rising is not None and rising.end > section.start else None
    has_fallen = falling if falling is not None and falling.start < section.start else None
    return rises_on == _rise(section) and has_fallen == stretch.fade_out


def _rise(section: Section) -> _Ramp | None:
    if not section.fade_in_reach:
        return None
    return _Ramp(section.start - section.fade_in_cut, section.fade_in, shape=section.fade_in_curve)


def _fall(section: Section) -> _Ramp | None:
    if not section.fade_out_reach:
        return None
    start = section.end + section.fade_out_cut - section.fade_out
    return _Ramp(start, section.fade_out, falling=True, shape=section.fade_out_curve)


def _joined(zones: list[_Zone]) -> list[_Zone]:
    """The zones with a short way from the gains of one to those of the next."""
    joined = zones[:1]
    for before, after in pairwise(zones):
        half = min(DECLICK, before.end - before.start, after.end - after.start) // 2
        border = after.start
        joined[-1] = replace(joined[-1], end=border - half)
        joined.append(_Zone(border - half, border + half, after.gains, before.gains))
        joined.append(_Zone(border + half, after.end, after.gains))
    return joined


def _cross(stretches: list[_Stretch]) -> dict[int, tuple[int, int]]:
    """Crossfades what overlaps; gives the longest crossfade at the start and the end of each stretch."""
    crossed = {id(stretch): (0, 0) for stretch in stretches}
    for place, earlier in enumerate(stretches):
        for later in stretches[place + 1 :]:
            if later.start >= earlier.end:
                break
            if earlier.start < later.start and earlier.end < later.end:
                frames = earlier.end - later.start
                even = earlier.clip == later.clip and earlier.drift == later.drift
                earlier.ramps.append(_Ramp(later.start, frames, falling=True, even=even))
                later.ramps.append(_Ramp(later.start, frames, even=even))
                head, tail = crossed[id(earlier)]
                crossed[id(earlier)] = head, max(tail, frames)
                head, tail = crossed[id(later)]
                crossed[id(later)] = max(head, frames), tail
    return crossed


def _ease_edges(stretch: _Stretch, crossed_head: int, crossed_tail: int) -> None:
    """Adds the fades, and a short one wherever nothing else keeps the edge from clicking."""
    declick = min(DECLICK, (stretch.end - stretch.start) // 2)
    rise, fall = stretch.fade_in, stretch.fade_out
    if crossed_head < declick:
        if rise is None or rise.start < stretch.start:
            stretch.ramps.append(_Ramp(stretch.start, declick))
        else:
            rise = replace(rise, frames=max(rise.frames, declick))
    if rise is not None:
        stretch.ramps.append(rise)
    if crossed_tail < declick:
        if fall is None or fall.end > stretch.end:
            stretch.ramps.append(_Ramp(stretch.end - declick, declick, falling=True))
        else:
            fall = replace(fall, start=min(fall.start, stretch.end - declick), frames=max(fall.frames, declick))
    if fall is not None:
        stretch.ramps.append(fall)


def _gains(section: Section, lane: Lane) -> Gains:
    gain = 10 ** ((section.gain_db + lane.gain_db) / 20)
    angle = (min(max(section.pan + lane.pan, -1.0), 1.0) + 1) * np.pi / 4
    return float(gain * np.cos(angle)), float(gain * np.sin(angle))
