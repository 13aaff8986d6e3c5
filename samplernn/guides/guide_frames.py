"""What a network is told of a guide along a clip or a stretch of sound, worked out piece by piece."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace

from samplernn.config import GUIDE_HOP
from samplernn.data.augmentation import augmented_excerpt
from samplernn.guides.conditioning import FRAMES_AT_ONCE, Conditioner, followed
from samplernn.guides.framing import Floats
from samplernn.guides.guide import Guide
from samplernn.guides.live_equaliser import LoopedGuide
from samplernn.guides.notes import framing_at, notes_of
from samplernn.guides.strokes import strokes_of
from samplernn.network.conditioning import GuideFrames
from samplernn.network.model import SampleRNN

_PIECES_KEPT = 2


class _Pieces(ABC):
    """Frames that are worked out `FRAMES_AT_ONCE` at a time; they do not depend on the order they are asked for in."""

    def __init__(self) -> None:
        self._kept: dict[int, GuideFrames] = {}

    @abstractmethod
    def _piece(self, begin: int) -> GuideFrames:
        """The frames from sample `begin` on."""

    def frames(self, begin: int, end: int) -> GuideFrames:
        """The frames from `begin` up to `end`, [1, frames, ...]."""
        parts = []
        for number in range(begin // FRAMES_AT_ONCE, (end - 1) // FRAMES_AT_ONCE + 1):
            if number not in self._kept:
                if len(self._kept) >= _PIECES_KEPT:
                    self._kept.pop(min(self._kept))
                self._kept[number] = self._piece(number * FRAMES_AT_ONCE * GUIDE_HOP)
            first = number * FRAMES_AT_ONCE
            parts.append(self._kept[number].part(max(begin - first, 0), min(end - first, FRAMES_AT_ONCE)))
        return parts[0] if len(parts) == 1 else GuideFrames.one_after_another(parts)


class GuideOfSound(_Pieces):
    """The guide of a stretch of sound that is read as it is needed; the first frame begins with the stretch."""

    def __init__(self, conditioner: Conditioner, rate: int, read: Callable[[int, int], Floats]) -> None:
        """`read(begin, count)` gives sound [n] from sample `begin` of the stretch on, which may lie before it."""
        super().__init__()
        self._conditioner, self._rate, self._read = conditioner, rate, read

    def _piece(self, begin: int) -> GuideFrames:
        around = len(framing_at(self._rate).window)
        sound = self._read(begin - around, FRAMES_AT_ONCE * GUIDE_HOP + 2 * around)
        return self._conditioner.frames(strokes_of([sound], self._rate), notes_of([sound], self._rate), around)


class GuideOfClip(_Pieces):
    """A guide that a clip plays along to; the first frame begins with the clip."""

    def __init__(self, model: SampleRNN, guide: Guide, rate: int) -> None:
        super().__init__()
        self._conditioner, self._guide = conditioner_of(model, rate), guide
        self._strokes, self._notes = followed(guide)

    def _piece(self, begin: int) -> GuideFrames:
        if not self._guide.follow:
            return GuideFrames.none(1, FRAMES_AT_ONCE, self._conditioner.order)
        return self._conditioner.frames(self._strokes, self._notes, begin)


class LiveGuideFrames(_Pieces):
    """A guide that begins anew after its end, and may be another at any moment."""

    def __init__(self, model: SampleRNN, rate: int) -> None:
        super().__init__()
        self._conditioner, self._rate = conditioner_of(model, rate), rate
        self._asked: tuple[LoopedGuide | None, int, float] = (None, 0, 0.0)
        self._followed: LoopedGuide | None = None

    def change(self, guide: LoopedGuide | None, begins: int, follow: float) -> None:
        """Another guide, or the same followed more or less closely, from the next frames on that are asked for.

        Args:
            begins: the sample with which it begins.
        """
        if (guide, begins, follow) == self._asked:
            return
        self._asked = guide, begins, follow
        self._kept.clear()
        self._followed = None
        if guide is not None and follow > 0:
            strokes, notes = followed(replace(guide.guide, follow=follow))
            self._followed = LoopedGuide(replace(guide.guide, strokes=strokes, notes=notes))

    @property
    def is_followed(self) -> bool:
        """Whether there is a guide, and it is followed at all."""
        return self._followed is not None

    def _piece(self, begin: int) -> GuideFrames:
        if self._followed is None:
            return GuideFrames.none(1, FRAMES_AT_ONCE, self._conditioner.order)
        return self._conditioner.frames_of(self._followed, begin - self._asked[1])


def conditioner_of(model: SampleRNN, rate: int) -> Conditioner:
    """For a network that takes guides, of sound at `rate` Hz."""
    assert model.prediction is not None
    lpc: Floats = model.prediction.lpc.cpu().numpy()
    return Conditioner(lpc, model.config.guide_predictor, rate)


def guide_of_sound(model: SampleRNN, rate: int, sound: Floats, start: int = 0) -> GuideOfSound:
    """The guide of `sound` [n] from sample `start` on; its first frame is that before, as a `Conditioning` has it."""
    first = start - GUIDE_HOP
    return GuideOfSound(
        conditioner_of(model, rate),
        rate,
        lambda begin, count: augmented_excerpt(sound, first + begin, count, 1.0, 1.0),
    )
