"""A song as other programs have it: tracks of items on wave files, with plain fades, gains and balances.

What other programs cannot do is in the wave files, so that what they play is what is heard here:

- A file is stereo, as the clip sounds in the middle, so that no program's pan law changes it. A pan of a mono clip is a
  balance of that file: the side that is turned down, by how much, and the gain that makes up for it.
- A clip in stereo that is panned grows narrower, which no balance does: it gets a file for that pan.
- A stretch with more than one fade at an end, or a fade that was cut off or reaches through several sections, gets a
  file of its own with those fades in it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from app.document.clip_names import clip_name, lane_name
from app.document.file_names import file_name
from app.document.model import SONG_RATE, Clip, Lane, Marker, Section, Song
from app.document.stretches import Ramp, stretches
from app.studio.audio.mix import Sound, Sounding, Zone, gains_of, soundings

EVEN = "even"
"""The curve of a crossfade of a sound with itself: the square of a quarter of a sine."""
_HANDLES = 10 * SONG_RATE
"""Frames of a clip beyond what the song has of it, so that edges can be drawn out."""
_MIDDLE = math.cos(math.pi / 4)
_NO_BALANCE = 1e-9
"""Less is a rounding."""


@dataclass(frozen=True, slots=True)
class Fade:
    """Frames, and the curve: one of `app.document.fades`, or `EVEN`."""

    frames: int = 0
    curve: str = "straight"


@dataclass(frozen=True, slots=True)
class Wave:
    """A stereo file to be written: part of a clip.

    Attributes:
        file: its name.
        sounding: what is in it, from the frame 0 on.
        frames: its length.
    """

    file: str
    sounding: Sounding
    frames: int


@dataclass(frozen=True, slots=True)
class Item:
    """A piece of a wave file on a track.

    Attributes:
        name: of the clip.
        wave: the name of its file.
        start: frame of the song.
        offset: frame of the file.
        length: in frames.
        gain: linear.
        balance: -1..1; so much less of the other side: right is 1 + balance of what it was where balance is negative.
    """

    name: str
    wave: str
    start: int
    offset: int
    length: int
    gain: float
    balance: float
    fade_in: Fade
    fade_out: Fade

    @property
    def end(self) -> int:
        """The frame of the song behind its last one."""
        return self.start + self.length


@dataclass(frozen=True, slots=True)
class Track:
    """A lane: its items in the order of their starts; gain and balance as of items."""

    name: str
    items: tuple[Item, ...]
    gain: float
    balance: float
    mute: bool
    solo: bool


@dataclass(frozen=True, slots=True)
class Session:
    """A song for another program.

    Attributes:
        bpm: beats a minute.
        frames: its length.
    """

    title: str
    artist: str
    album: str
    bpm: float
    frames: int
    tracks: tuple[Track, ...]
    markers: tuple[Marker, ...]
    waves: tuple[Wave, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """What a session says of its song besides what is in it."""

    title: str
    artist: str
    album: str
    bpm: float


def session_of(song: Song, head: Head, clips: Iterable[Clip], sounds: Mapping[str, Sound]) -> Session:
    """The song as tracks; sections whose clips are gone are left out, as they are silent."""
    there = {clip.id: clip for clip in clips if clip.id in sounds and len(sounds[clip.id])}
    waves = _Waves(song, there, sounds)
    tracks = tuple(track for place, lane in enumerate(song.lanes) for track in _tracks(lane, lane_name(place), waves))
    return Session(
        title=head.title,
        artist=head.artist,
        album=head.album,
        bpm=head.bpm,
        frames=song.frames,
        tracks=tracks,
        markers=song.markers,
        waves=tuple(waves.made.values()),
    )


def balance_of(gain_db: float, pan: float) -> tuple[float, float]:
    """Gain and balance that do to a file in the middle what gain and pan do to a mono clip."""
    left, right, _ = gains_of(gain_db, pan)
    least, most = sorted((left, right))
    share = 1 - least / most
    if share < _NO_BALANCE:
        return 10 ** (gain_db / 20), 0.0
    return most / _MIDDLE, share if right > left else -share


def _tracks(lane: Lane, name: str, waves: _Waves) -> Iterator[Track]:
    """A lane, and more tracks where items lie over each other without fading into each other."""
    pans_together = not any(part.pan for part in lane.sections) and not any(
        waves.is_wide(part.clip) for part in lane.sections
    )
    gain, balance = balance_of(lane.gain_db, lane.pan) if pans_together else (10 ** (lane.gain_db / 20), 0.0)
    rows: list[list[Item]] = [[]]
    for item in sorted(_items(lane, waves, pans_together), key=lambda item: (item.start, item.end)):
        row = next((row for row in rows if not row or _follows(row, item)), None)
        if row is None:
            rows.append([item])
        else:
            row.append(item)
    for number, row in enumerate(rows, start=1):
        called = name if number == 1 else f"{name} {number}"
        yield Track(called, tuple(row), gain, balance, lane.mute, lane.solo)


def _follows(row: list[Item], item: Item) -> bool:
    """Whether an item lies behind those of a row, or is faded over from its last one alone."""
    over = row[-1].end - item.start
    if over <= 0:
        return True
    alone = len(row) == 1 or row[-2].end <= item.start
    return alone and over == row[-1].fade_out.frames == item.fade_in.frames and item.end > row[-1].end


def _items(lane: Lane, waves: _Waves, pans_together: bool) -> Iterator[Item]:
    for stretch, sounding in zip(stretches(lane.sections), soundings(lane), strict=True):
        if stretch.clip not in waves.clips:
            continue
        fades = _plain_fades(stretch.sections, sounding)
        for part in stretch.sections:
            pan = 0.0 if pans_together else min(max(part.pan + lane.pan, -1.0), 1.0)
            if waves.is_wide(part.clip):
                gain, balance = 10 ** (part.gain_db / 20), 0.0
            else:
                (gain, balance), pan = balance_of(part.gain_db, pan), 0.0
            if fades is None:
                wave, offset = waves.of_stretch(sounding, pan), part.start - sounding.start
            else:
                wave, begin = waves.of_clip(part.clip, pan)
                offset = part.offset - begin
            rising, falling = fades or (Fade(), Fade())
            length = min(part.length, wave.frames - offset)
            if length > 0:
                yield Item(
                    name=clip_name(waves.clips[part.clip]),
                    wave=wave.file,
                    start=part.start,
                    offset=offset,
                    length=length,
                    gain=gain,
                    balance=balance,
                    fade_in=rising if part is stretch.sections[0] else Fade(),
                    fade_out=falling if part is stretch.sections[-1] and length == part.length else Fade(),
                )


def _plain_fades(sections: list[Section], sounding: Sounding) -> tuple[Fade, Fade] | None:
    """The fades at both ends, where each is one whole fade in one section; None where it is not as simple."""
    rising = [ramp for ramp in sounding.ramps if not ramp.falling]
    falling = [ramp for ramp in sounding.ramps if ramp.falling]
    if len(rising) > 1 or len(falling) > 1:
        return None
    first, last = _fade(rising), _fade(falling)
    begins = not rising or rising[0].start == sounding.start
    ends = not falling or falling[0].end == sounding.end
    room = sections[0].length, sections[-1].length
    if not (begins and ends) or first.frames > room[0] or last.frames > room[1]:
        return None
    if len(sections) == 1 and first.frames + last.frames > room[0]:
        return None
    return first, last


def _fade(ramps: list[Ramp]) -> Fade:
    return Fade(ramps[0].frames, EVEN if ramps[0].even else ramps[0].shape) if ramps else Fade()


@dataclass
class _Waves:
    """The files that a song needs, as they are asked for."""

    song: Song
    clips: dict[str, Clip]
    sounds: Mapping[str, Sound]
    made: dict[object, Wave] = field(default_factory=dict)

    def is_wide(self, clip: str) -> bool:
        """Whether a clip is more than mono."""
        return clip in self.clips and self.sounds[clip].ndim > 1

    def of_clip(self, clip: str, pan: float) -> tuple[Wave, int]:
        """The file of what a song has of a clip, and some more; and the frame of the clip that it begins with."""
        begin, end = self._reach(clip)

        def sounding() -> Sounding:
            return Sounding(clip, 0, end - begin, begin, _level(end - begin, pan), [])

        return self._kept((clip, pan), self._name(clip, pan), sounding), begin

    def of_stretch(self, stretch: Sounding, pan: float) -> Wave:
        """The file of a stretch with its fades in it."""

        def sounding() -> Sounding:
            frames, start = stretch.end - stretch.start, stretch.start
            ramps = [_moved(ramp, -start) for ramp in stretch.ramps]
            return Sounding(stretch.clip, 0, frames, stretch.drift + start, _level(frames, pan), ramps)

        key = (stretch.clip, stretch.start, stretch.end, stretch.drift, tuple(stretch.ramps), pan)
        return self._kept(key, f"{self._name(stretch.clip, pan)} faded", sounding)

    def _kept(self, key: object, name: str, sounding: Callable[[], Sounding]) -> Wave:
        if key not in self.made:
            taken = {wave.file.casefold() for wave in self.made.values()}  # some systems know no capitals
            file, number = f"{name}.wav", 1
            while file.casefold() in taken:
                number += 1
                file = f"{name} {number}.wav"
            heard = sounding()
            frames = min(heard.end, len(self.sounds[heard.clip]) - heard.drift)
            self.made[key] = Wave(file, heard, max(frames, 0))
        return self.made[key]

    def _reach(self, clip: str) -> tuple[int, int]:
        used = [part for lane in self.song.lanes for part in lane.sections if part.clip == clip]
        begin = max(min(part.offset for part in used) - _HANDLES, 0)
        end = max(part.offset + part.length for part in used) + _HANDLES
        return begin, max(min(end, len(self.sounds[clip])), begin)

    def _name(self, clip: str, pan: float) -> str:
        side = f" {'L' if pan < 0 else 'R'}{abs(pan) * 100:.3g}" if pan else ""
        return file_name(f"{clip} e{self.clips[clip].epoch}{side}", "clip")


def _level(frames: int, pan: float) -> list[Zone]:
    return [Zone(0, frames, gains_of(0.0, pan))]


def _moved(ramp: Ramp, by: int) -> Ramp:
    return Ramp(ramp.start + by, ramp.frames, ramp.falling, ramp.even, ramp.shape)
