"""What is measured of a clip: plain records, which windows, recipes and the shell show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

StuckKind = Literal["silence", "hum", "noise", "loop"]


@dataclass(frozen=True)
class Stuck:
    """A stretch in which nothing happens any more, the longest one of a clip.

    Attributes:
        kind: of what it is stuck in.
        from_seconds, to_seconds: where in the clip.
    """

    kind: StuckKind
    from_seconds: float
    to_seconds: float


@dataclass(frozen=True)
class CopiedStretch:
    """Some seconds of a clip that stand in the album.

    Attributes:
        track: path of the file of the track, as the document has it.
        track_seconds: where in the track's prepared sound, that is, without its silences.
        clip_seconds: where in the clip.
        seconds: how long it is.
    """

    track: str
    track_seconds: float
    clip_seconds: float
    seconds: float


@dataclass(frozen=True, eq=False)
class MeasuredSection:
    """Some seconds of a clip.

    Attributes:
        start_seconds, seconds: where in the clip.
        features: float32 [FEATURES], in standard deviations of the album: what is alike lies near.
        closeness: 0..1, "close": 1 is where the album's own held-out music lies, 0 where white noise does.
        moving: 0..1, "moving": 1 is as lively as the album, 0 is stuck.
        copied: the stretch of the album that it holds most of; None where it is new.
        pulse: 0..1, how strongly strokes repeat; a metal album has 0.45, noise 0.1.
        tempo: beats a minute; None where there is no telling.
        loudness: in LUFS, as heard in the middle of the stereo picture; -inf is told as -100.
        brightness: the spectral centroid in Hz.
        dc: the mean of its samples; full scale is 1.
        bits: of the model that made it, per sample: how little it surprises it; None where that was not worked out.
    """

    start_seconds: float
    seconds: float
    features: Floats
    closeness: float
    moving: float
    copied: CopiedStretch | None
    pulse: float
    tempo: float | None
    loudness: float
    brightness: float
    dc: float
    bits: float | None = None

    @property
    def end_seconds(self) -> float:
        """Where it ends in the clip."""
        return self.start_seconds + self.seconds

    @property
    def newness(self) -> float:
        """0..1, "new": the share of it that stands nowhere in the album."""
        if self.copied is None:
            return 1.0
        begin, end = self.copied.clip_seconds, self.copied.clip_seconds + self.copied.seconds
        inside = min(end, self.end_seconds) - max(begin, self.start_seconds)
        return 1.0 - min(max(inside, 0.0) / self.seconds, 1.0)


@dataclass(frozen=True, eq=False)
class ClipMeasures:
    """What is known of a clip.

    Attributes:
        sections: from its beginning to its end, equally long, about four seconds; none of a clip under a second.
        stuck: the longest stretch in which nothing happens; None where there is none.
    """

    sections: tuple[MeasuredSection, ...] = ()
    stuck: Stuck | None = None

    @property
    def closeness(self) -> float:
        """The mean of its sections; 0 where there are none."""
        return _mean(section.closeness for section in self.sections)

    @property
    def moving(self) -> float:
        """The mean of its sections."""
        return _mean(section.moving for section in self.sections)

    @property
    def newness(self) -> float:
        """The mean of its sections."""
        return _mean(section.newness for section in self.sections)

    @property
    def score(self) -> float:
        """0..1: close, new and moving, multiplied; what clips are sorted by where one number is wanted."""
        return _mean(section.closeness * section.newness * section.moving for section in self.sections)

    @property
    def pulse(self) -> float:
        """The mean of its sections."""
        return _mean(section.pulse for section in self.sections)

    @property
    def drift(self) -> float | None:
        """How far the tempos of sections lie apart, a standard deviation in per cent; None for fewer than two.

        Halves and doubles of a tempo are the same tempo.
        """
        tempos = np.array([section.tempo for section in self.sections if section.tempo is not None])
        if len(tempos) < 2:
            return None
        octaves = np.log2(tempos / np.median(tempos))
        return float(np.std(octaves - np.round(octaves)) * np.log(2) * 100)

    @property
    def copied(self) -> CopiedStretch | None:
        """The longest stretch that stands in the album."""
        found = [section.copied for section in self.sections if section.copied is not None]
        return max(found, key=lambda stretch: stretch.seconds, default=None)

    @property
    def features(self) -> Floats | None:
        """The mean of its sections; None where there are none."""
        if not self.sections:
            return None
        mean: Floats = np.mean([section.features for section in self.sections], axis=0, dtype=np.float32)
        return mean

    def is_stuck(self, section: MeasuredSection) -> bool:
        """Whether half of the section or more lies where nothing happens."""
        if self.stuck is None:
            return False
        inside = min(self.stuck.to_seconds, section.end_seconds) - max(self.stuck.from_seconds, section.start_seconds)
        return inside >= section.seconds / 2

    def along_guide(self) -> ClipMeasures:
        """The same for a clip that plays along to a guide, which repeats its bars: a loop there was asked for."""
        if self.stuck is None or self.stuck.kind != "loop":
            return self
        sections = (replace(one, moving=1.0) if self.is_stuck(one) else one for one in self.sections)
        return ClipMeasures(tuple(sections))


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return float(np.mean(found)) if found else 0.0
