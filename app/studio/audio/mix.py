"""The mix: from a song and the sound of its clips to stereo. What is played and what is exported both come from here.

A pure function of the song: however it is cut into blocks, every frame comes out the same to the last bit.

- A section's gain is added to its lane's, in dB; its pan is added to its lane's. Pans keep the power: left is the
  cosine and right the sine of an angle from 0 to 90 degrees, so that a sound in the middle is 3 dB down on each side.
- A clip in stereo is so much narrower the further it is panned, and mono on the far left and right: two takes that are
  panned apart are as wide as can be already.
- Where the finish says how far each band of a clip leans to a side (a third channel), a pan moves it so far, and the
  sum of both sides stays the same. Beyond `TAKES_PAN` less and less is held back: on the far left and right, nothing.
- Crossfades, and fades unless another curve is asked for, follow a quarter of a sine, so that their power adds up.
  Where sections of one lane overlap, the earlier fades out under the later; one that lies wholly within another is
  heard with it.
- Where sound breaks off without a fade, or amid one, 4 ms of fade keep it from clicking. Sections that go on unbroken
  in the same clip, and in the same fades, are one stretch of sound: nothing happens between them, so a split cannot be
  heard.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from app.document.fades import EVEN_POWER, fade_level
from app.document.model import SONG_RATE, FadeCurve, Lane, Section, Song
from app.document.stretches import Ramp, Stretch, crossfades, stretches
from app.studio.finish.applying import TAKES_PAN

Sound = NDArray[np.float32]
"""Mono [frames], stereo [frames, 2] or with a finish [frames, 3] for a clip, stereo [frames, 2] for a mix."""

DECLICK = 4 * SONG_RATE // 1000
Gains = tuple[float, float, float]
"""Left and right, linear; and how much of a clip's width is left, 0..1."""
_LEFT, _RIGHT, _WIDTH = range(3)
_CURVE_POINTS = 8192
_HALF = np.float32(0.5)
_PIECE = 1 << 15
"""Frames worked on at a time: few enough to stay in the processor's cache."""


def mix(song: Song, sounds: Mapping[str, Sound], start: int, frames: int) -> Sound:
    """The song from the frame `start` on as float32 [frames, 2]; silence before its start and after its end.

    Args:
        sounds: each clip's sound at `SONG_RATE`, by its id; one that is missing or too short is silent there.
    """
    return Mixer(song, sounds).mix(start, frames)


def heard_lanes(song: Song) -> list[Lane]:
    """The lanes that are not muted; where any is soloed, only those of them that are."""
    soloed = any(lane.solo for lane in song.lanes)
    return [lane for lane in song.lanes if not lane.mute and (lane.solo or not soloed)]


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
        self._lanes = [soundings(lane) for lane in heard_lanes(song)]

    def mix(self, start: int, frames: int) -> Sound:
        """As the function `mix`."""
        out = np.zeros((2, frames), np.float32)
        for at in range(0, frames, _PIECE):
            for lane in self._lanes:
                self._add(out[:, at : at + _PIECE], start + at, lane)
        stereo: Sound = np.ascontiguousarray(out.T)
        return stereo

    def read(self, start: int, frames: int) -> Sound:
        """As `mix`, but no further than the end of the song."""
        return self.mix(start, max(min(frames, self.frames - start), 0))

    def blocks(self, frames: int = 1 << 16) -> Iterator[Sound]:
        """The whole song, so many frames at a time."""
        for start in range(0, self.frames, frames):
            yield self.read(start, frames)

    def layers(self, start: int, frames: int) -> Iterator[Sound]:
        """The mix as it grows: with the first lane that is heard, with the first two ..., and last as `mix`."""
        out = np.zeros((2, frames), np.float32)
        for lane in self._lanes:
            for at in range(0, frames, _PIECE):
                self._add(out[:, at : at + _PIECE], start + at, lane)
            yield np.ascontiguousarray(out.T)

    def _add(self, out: Sound, start: int, lane: list[Sounding]) -> None:
        end = start + out.shape[1]
        for stretch in lane:
            if stretch.start < end and start < stretch.end:
                sound = self._sounds.get(stretch.clip)
                if sound is not None and len(sound):
                    stretch.add(out, start, end, sound)


def _touches(ramp: Ramp, start: int, end: int) -> bool:
    """Whether the level is anything but 1 somewhere there."""
    return start < ramp.end if not ramp.falling else end > ramp.start


def _levels(ramp: Ramp, start: int, end: int) -> Sound:
    """Level of each frame from `start` to `end`: a function of the frame alone, whatever is asked for with it."""
    place = (np.arange(start - ramp.start, end - ramp.start) + 0.5) * (_CURVE_POINTS / ramp.frames)
    if ramp.falling:
        place = _CURVE_POINTS - place
    np.clip(place, 0.0, _CURVE_POINTS, out=place)
    index = np.minimum(place.astype(np.intp), _CURVE_POINTS - 1)
    curve = _curve(ramp.shape)
    level = curve[index] + (curve[index + 1] - curve[index]) * (place - index)
    shaped: Sound = (level**EVEN_POWER if ramp.even else level).astype(np.float32)
    return shaped


@cache
def _curve(shape: FadeCurve) -> NDArray[np.float64]:
    """Read with linear interpolation, which is exact to 5e-9 and, unlike a sine, the same in every block."""
    return np.array([fade_level(shape, point / _CURVE_POINTS) for point in range(_CURVE_POINTS + 1)])


@dataclass(frozen=True, slots=True)
class Zone:
    """Part of a stretch with one gain for each side, or on the way from the gains before to these."""

    start: int
    end: int
    gains: Gains
    before: Gains | None = None


@dataclass(slots=True)
class Sounding:
    """A stretch of a lane with all that its level goes by."""

    clip: str
    start: int
    end: int
    drift: int
    """Which frame of the clip sounds at the start of the song."""
    zones: list[Zone]
    ramps: list[Ramp]

    def add(self, out: Sound, start: int, end: int, sound: Sound) -> None:
        """Adds what sounds from `start` to `end` to `out`, [2, end - start]."""
        first = max(start, self.start)
        last = min(end, self.end, len(sound) - self.drift)
        if last <= first:
            return
        part = sound[first + self.drift : last + self.drift]
        apart = leaning = None
        if part.ndim == 2:
            leaning = part[:, 2] if part.shape[1] > 2 else None
            part, apart = (part[:, 0] + part[:, 1]) * _HALF, (part[:, 0] - part[:, 1]) * _HALF
        for ramp in self.ramps:
            if _touches(ramp, first, last):
                levels = _levels(ramp, first, last)
                part = part * levels
                apart = apart * levels if apart is not None else None
                leaning = leaning * levels if leaning is not None else None
        for zone in self.zones:
            left, right = max(zone.start, first), min(zone.end, last)
            if left < right:
                heard = part[left - first : right - first]
                sides = (heard, heard)
                if apart is not None and leaning is not None:
                    inside = slice(left - first, right - first)
                    both = _panned(zone, left, right, (heard, apart[inside], leaning[inside]))
                    out[:, left - start : right - start] += both
                    continue
                if apart is not None:
                    width = apart[left - first : right - first] * _gain(zone, _WIDTH, left, right)
                    sides = (heard + width, heard - width)
                for side in (_LEFT, _RIGHT):
                    out[side, left - start : right - start] += sides[side] * _gain(zone, side, left, right)


def _gain(zone: Zone, which: int, start: int, end: int) -> Sound | np.float32:
    gain = np.float32(zone.gains[which])
    if zone.before is None:
        return gain
    before = np.float32(zone.before[which])
    way = _levels(Ramp(zone.start, zone.end - zone.start, even=True), start, end)
    on_the_way: Sound = before + (gain - before) * way
    return on_the_way


def _panned(zone: Zone, start: int, end: int, parts: tuple[Sound, Sound, Sound]) -> Sound:
    """Both sides, [2, end - start], of what is in the middle, what is apart, and what of the middle leans to a side."""
    middle, apart, leaning = parts
    left, right, width = (_gain(zone, which, start, end) for which in (_LEFT, _RIGHT, _WIDTH))
    level = (left + right) * _HALF
    eased = np.minimum(width / np.float32(1 - TAKES_PAN), np.float32(1))
    side = (left - right) * _HALF * (middle + (leaning - middle) * eased) + level * width * apart
    return np.stack([level * middle + side, level * middle - side])


def soundings(lane: Lane) -> list[Sounding]:
    """The stretches of a lane, as `stretches` gives them, with all that their levels go by."""
    found = stretches(lane.sections)
    ramps: list[list[Ramp]] = [[] for _ in found]
    crossed = [(0, 0)] * len(found)
    """The frames of the longest crossfade at the start and at the end of each stretch."""
    for cross in crossfades(found):
        ramps[cross.earlier].append(cross.falling)
        ramps[cross.later].append(cross.rising)
        head, tail = crossed[cross.earlier]
        crossed[cross.earlier] = head, max(tail, cross.falling.frames)
        head, tail = crossed[cross.later]
        crossed[cross.later] = max(head, cross.rising.frames), tail
    return [
        Sounding(
            stretch.clip,
            stretch.start,
            stretch.end,
            stretch.drift,
            _joined(_zones(stretch, lane)),
            [*ramps[place], *_eased_edges(stretch, *crossed[place])],
        )
        for place, stretch in enumerate(found)
    ]


def _zones(stretch: Stretch, lane: Lane) -> list[Zone]:
    zones: list[Zone] = []
    for section in stretch.sections:
        gains = _gains(section, lane)
        if zones and zones[-1].gains == gains:
            zones[-1] = replace(zones[-1], end=section.end)
        else:
            zones.append(Zone(section.start, section.end, gains))
    return zones


def _joined(zones: list[Zone]) -> list[Zone]:
    """The zones with a short way from the gains of one to those of the next."""
    joined = zones[:1]
    for before, after in pairwise(zones):
        half = min(DECLICK, before.end - before.start, after.end - after.start) // 2
        border = after.start
        joined[-1] = replace(joined[-1], end=border - half)
        joined.append(Zone(border - half, border + half, after.gains, before.gains))
        joined.append(Zone(border + half, after.end, after.gains))
    return joined


def _eased_edges(stretch: Stretch, crossed_head: int, crossed_tail: int) -> list[Ramp]:
    """The fades, and a short one wherever nothing else keeps the edge from clicking."""
    ramps: list[Ramp] = []
    declick = min(DECLICK, (stretch.end - stretch.start) // 2)
    rise, fall = stretch.fade_in, stretch.fade_out
    if crossed_head < declick:
        if rise is None or rise.start < stretch.start:
            ramps.append(Ramp(stretch.start, declick))
        else:
            rise = replace(rise, frames=max(rise.frames, declick))
    if rise is not None:
        ramps.append(rise)
    if crossed_tail < declick:
        if fall is None or fall.end > stretch.end:
            ramps.append(Ramp(stretch.end - declick, declick, falling=True))
        else:
            fall = replace(fall, start=min(fall.start, stretch.end - declick), frames=max(fall.frames, declick))
    if fall is not None:
        ramps.append(fall)
    return ramps


def _gains(section: Section, lane: Lane) -> Gains:
    return gains_of(section.gain_db + lane.gain_db, section.pan + lane.pan)


def gains_of(gain_db: float, pan: float) -> Gains:
    """Of a gain in dB and a pan; one that is further out than 1 is at 1."""
    gain = 10 ** (gain_db / 20)
    pan = min(max(pan, -1.0), 1.0)
    angle = (pan + 1) * np.pi / 4
    return float(gain * np.cos(angle)), float(gain * np.sin(angle)), 1 - abs(pan)
