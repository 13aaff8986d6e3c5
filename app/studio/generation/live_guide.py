"""The guide of live sound: what is asked for, what is heard, and what clips that are kept of it tell."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.document.bars import seconds_of_bar
from samplernn.guides.guide import Guide
from samplernn.guides.live_equaliser import LiveEqualiser, LoopedGuide
from samplernn.guides.strokes import PER_SECOND

Sound = NDArray[np.float32]

Followed = tuple[LoopedGuide | None, int, float]
"""A guide, or none, the sample with which it begins, and how closely it is followed."""
_FADE_SECONDS = 0.02
"""In which sound without a guide and sound with one pass over into each other."""
_PRIMING_SECONDS = 0.3
"""Of what was heard last, that an equaliser hears first: more than its longest window."""
_CHANGES = 1000
"""Guides that are remembered."""


@dataclass(frozen=True, slots=True)
class HeardGuide:
    """What some seconds of live sound played along to."""

    name: str = ""
    """Of several, one after the other, all names; "" for nothing."""
    follow: float | None = None
    """How closely at the end; None without a guide."""
    bpm: float | None = None
    """None without a guide, of several, or where it is not known."""
    first_bar: float = 0.0
    """Seconds to the first bar that begins inside."""
    last: Guide | None = None
    """What was played along to at the end, and begins at `Guide.begin` where the kept sound does."""


@dataclass(frozen=True, slots=True)
class _Change:
    sample: int
    """From here on it is heard."""
    guide: Guide | None
    follow: float
    begins: int
    """The sample with which the guide begins."""


class LiveGuide:
    """Brings live sound to the guide that is asked for, which may be another one at any moment, or none.

    It is used by the thread that reads the sound; any other may ask, under the lock of the sound.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._asked: LoopedGuide | None = None
        self._follow = 1.0
        self._equaliser: LiveEqualiser | None = None
        self._fed = 0
        """Samples of the sound that the equaliser has got."""
        self._weight = 0.0
        """The share of sound with a guide in what is heard, which moves to 0 or 1 once another one is asked for."""
        self._changes: deque[_Change] = deque([_Change(0, None, 1.0, 0)], maxlen=_CHANGES)

    def ask(self, guide: LoopedGuide | None) -> None:
        """Asks for another guide, from its beginning; None for none."""
        self._asked = guide

    def ask_follow(self, follow: float) -> None:
        """Asks how closely it is followed, 0..1."""
        self._follow = follow

    @property
    def wanted_ahead(self) -> int:
        """So many samples more than are read are to be made."""
        return LiveEqualiser.ahead_at(self._rate) if self._asked is not None or self._equaliser is not None else 0

    @property
    def followed(self) -> Followed:
        """What is heard by now, for a network that is told of it."""
        equaliser = self._equaliser
        if equaliser is None or self._asked is None:
            return None, 0, 0.0
        return equaliser.guide, equaliser.begins, equaliser.follow

    def taken(self, heard: int) -> int:
        """Up to this sample sound was taken, and cannot be another any more, where so much was heard."""
        return heard if self._equaliser is None else max(heard, self._fed)

    def ready(self, heard: int, made: int, wanted: int) -> int:
        """How many samples after `heard` can be read, where so many have been made; what is asked for is taken up.

        Sound without a guide goes on until so much has been made that `wanted` samples can be brought to one.
        """
        asked = self._asked
        enough = made - heard >= LiveEqualiser.ahead_at(self._rate) + wanted
        if asked is not None and self._equaliser is None and enough:
            priming = min(heard, round(_PRIMING_SECONDS * self._rate))
            self._equaliser = LiveEqualiser(asked, self._rate, heard - priming)
            self._equaliser.begins = heard
            self._fed = heard - priming
        equaliser = self._equaliser
        if equaliser is not None:
            equaliser.follow = self._follow
            if asked is not None and equaliser.guide is not asked:
                equaliser.guide, equaliser.begins = asked, heard
        self._note(heard)
        return max(made - heard - (LiveEqualiser.ahead_at(self._rate) if equaliser is not None else 0), 0)

    def _note(self, heard: int) -> None:
        guide = None if self._asked is None or self._equaliser is None else self._asked.guide
        last = self._changes[-1]
        if last.guide is not guide or (guide is not None and last.follow != self._follow):
            begins = heard if self._equaliser is None else self._equaliser.begins
            self._changes.append(_Change(heard, guide, self._follow, begins))

    def read(self, part: Callable[[int, int], Sound], heard: int, count: int) -> Sound:
        """The next samples, no more than are ready: as made, and without their offset, [2, count].

        Args:
            part: gives both for so many samples from this one on, without a guide where they have not been heard.
        """
        free = part(heard, count)
        equaliser = self._equaliser
        if equaliser is None or not count:
            return free
        held_back = max(heard - self._fed, 0)  # what it is primed with comes out first
        needed = heard + count + LiveEqualiser.ahead_at(self._rate)
        equaliser.push(part(self._fed, needed - self._fed)[1])
        self._fed = needed
        guided = equaliser.take(held_back + count)[held_back:]
        step = 1.0 / (_FADE_SECONDS * self._rate)
        moves = np.arange(1, count + 1) * (step if self._asked is not None else -step)
        weights = np.clip(self._weight + moves, 0.0, 1.0).astype(np.float32)
        self._weight = float(weights[-1])
        if self._asked is None and not self._weight:
            self._equaliser = None
        mixed: Sound = free + weights * (guided - free)
        return mixed

    def kept(self, begin: int, end: int) -> HeardGuide:
        """What the samples from `begin` to `end` played along to."""
        changes = tuple(self._changes)
        last_before = max((place for place, change in enumerate(changes) if change.sample <= begin), default=0)
        inside = [change for change in changes[last_before:] if change.sample < end]
        names = dict.fromkeys(change.guide.name for change in inside if change.guide is not None)
        if not names:
            return HeardGuide()
        follow = next(change.follow for change in reversed(inside) if change.guide is not None)
        guides = {id(change.guide) for change in inside}
        last = inside[-1].guide
        if last is not None:
            into = (begin - inside[-1].begins) / self._rate % (len(last.strokes) / PER_SECOND)
            last = replace(last, follow=follow, begin=into)
        only = inside[0].guide
        if len(guides) > 1 or only is None or only.bpm is None:
            return HeardGuide(", then ".join(names), follow, last=last)
        bar = seconds_of_bar(only.bpm) * self._rate
        return HeardGuide(only.name, follow, only.bpm, (inside[0].begins - begin) % bar / self._rate, last)
