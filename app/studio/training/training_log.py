"""What has happened in one training so far, small enough to be drawn: made from the trainer's events."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.document.edits.made import with_epoch
from app.document.model import Run
from app.document.words import plural
from app.studio.training.instrument import EpochEnd, Finished, Note, Started, Step
from app.studio.training.previews import Preview
from app.studio.training.train import Baseline, LearningEvent

Curve = tuple[NDArray[np.float64], NDArray[np.float64]]

MOST_POINTS = 8_000
_NEARLY_WHOLE = 0.02
_SMOOTHED_OVER = 60
"""Steps that are told of, of which there are about four a second."""


@dataclass
class Thinned:
    """A curve as the means of every so many points, so that it never has more than `most`."""

    most: int = MOST_POINTS
    xs: list[float] = field(default_factory=list)
    ys: list[float] = field(default_factory=list)
    _stride: int = 1
    _waiting: list[tuple[float, float]] = field(default_factory=list)

    def add(self, x: float, y: float) -> None:
        """Adds a point; points come in the order of `x`."""
        self._waiting.append((x, y))
        if len(self._waiting) < self._stride:
            return
        self.xs.append(sum(x for x, _ in self._waiting) / self._stride)
        self.ys.append(sum(y for _, y in self._waiting) / self._stride)
        self._waiting.clear()
        if len(self.xs) >= self.most:
            self.xs = [(a + b) / 2 for a, b in zip(self.xs[::2], self.xs[1::2], strict=False)]
            self.ys = [(a + b) / 2 for a, b in zip(self.ys[::2], self.ys[1::2], strict=False)]
            self._stride *= 2


class LearningLog:
    """Takes events in their order; everything here belongs to the thread of the window.

    Attributes:
        training: bits per sample over epochs.
        held_out: the same, one point an epoch.
        linear: what the linear predictor reaches on the held-out music, where it is known.
        cut_short: by its number, the part (0..1) that was learnt of each epoch that ended with the time there was.
        preview_seconds: what the previews of this sitting have taken so far.
    """

    def __init__(self) -> None:
        self.training = Thinned()
        self.held_out: list[tuple[float, float]] = []
        self.linear: float | None = None
        self.cut_short: dict[int, float] = {}
        self.preview_seconds = 0.0
        self.started: Started | None = None
        self.step: Step | None = None
        self.finished: Finished | None = None
        self.best: EpochEnd | None = None
        self.last: EpochEnd | None = None
        self.notes: list[str] = []
        self._run = Run(id="", preset="")
        self._steps_per_epoch = 1
        self._clock = _Clock()
        self._seconds_before = 0.0
        self._means: list[tuple[float, float, float]] = []
        self._speed, self._speeds = 0.0, 0

    @property
    def epoch(self) -> int:
        """The newest epoch that is over, whole or cut short by the end of the time there was."""
        return self.last.epoch if self.last else 0

    @property
    def epochs_learnt(self) -> float:
        """Those that are over, one that was cut short only as far as it went."""
        return self.last.step / self._steps_per_epoch if self.last else 0.0

    @property
    def epochs_so_far(self) -> float:
        """How many epochs the steps so far make, those of an epoch that was stopped among them."""
        steps = max(self.last.step if self.last else 0, self.step.step if self.step else 0)
        return steps / self._steps_per_epoch

    def epochs_in_words(self) -> str:
        """How many epochs are over: "2 epochs", or "1.4 epochs" where one was cut short."""
        if self.is_cut_short:
            return f"{self.epochs_learnt:.2g} {'of an epoch' if self.epochs_learnt < 1 else 'epochs'}"
        return plural(self.epoch, "epoch")

    @property
    def is_cut_short(self) -> bool:
        """Whether less was learnt than the number of the newest epoch says."""
        return self.epoch - self.epochs_learnt > _NEARLY_WHOLE

    @property
    def seconds(self) -> float:
        """Spent in training so far, all sittings together."""
        return self._clock.seconds

    @property
    def preview_share(self) -> float | None:
        """Of the time of this sitting, what went into previews, 0..1; None before the first."""
        seconds = self.seconds - self._seconds_before
        return min(self.preview_seconds / seconds, 1.0) if self.preview_seconds and seconds > 0 else None

    @property
    def speed(self) -> float | None:
        """Samples learnt per second, smoothed over some ten seconds; None before the first steps."""
        return self._speed if self._speeds else None

    def training_curve(self) -> Curve:
        """Epochs, and bits per sample there; of old epochs of which no more was kept, their mean in their middle."""
        first = self.training.xs[0] if self.training.xs else np.inf
        before = [((begin + end) / 2, bits) for begin, end, bits in self._means if end <= first]
        x = [x for x, _ in before] + self.training.xs
        return np.array(x), np.array([bits for _, bits in before] + self.training.ys)

    def held_out_curve(self) -> Curve:
        """Epochs, and bits per sample on held-out music there."""
        return np.array([x for x, _ in self.held_out]), np.array([bits for _, bits in self.held_out])

    def know_steps_per_epoch(self, steps: int) -> None:
        """Needed where the log begins with old steps instead of with `Started`."""
        self._steps_per_epoch = max(steps, 1)

    def take(self, event: LearningEvent) -> None:
        """Takes one event."""
        match event:
            case Baseline():
                self.linear = event.linear_bits
            case Started():
                self.started, self.finished = event, None
                self.know_steps_per_epoch(event.steps_per_epoch)
                self.preview_seconds, self._seconds_before = 0.0, self.seconds
                self._speed, self._speeds = 0.0, 0
                self._clock.go()
            case Step():
                self.step = event
                if event.samples_per_second > 0.0:
                    self._speeds += 1
                    self._speed += (event.samples_per_second - self._speed) / min(self._speeds, _SMOOTHED_OVER)
                self.training.add(event.step / self._steps_per_epoch, event.bits)
            case EpochEnd():
                self._take_epoch(event)
            case Preview():
                self.preview_seconds += event.seconds
            case Note():
                self.notes.append(event.text)
            case Finished():
                self.finished = event
                self._clock.hold()

    def _take_epoch(self, event: EpochEnd) -> None:
        before = self.held_out[-1][0] if self.held_out else 0.0
        self.last = event
        place = event.step / self._steps_per_epoch
        if place - before < 1.0 - _NEARLY_WHOLE:
            self.cut_short[event.epoch] = place - before
        self.held_out.append((place, event.held_out_bits))
        self._means.append((min(before, place), place, event.train_bits))
        self._run = with_epoch(self._run, event.epoch, event.held_out_bits)
        if (self._run.best_epoch, self._run.best_bits) == (event.epoch, event.held_out_bits):
            self.best = event
        self._clock.set(event.seconds)

    def hold(self) -> None:
        """The training has been paused, or has ended: time stands still."""
        self._clock.hold()

    def go_on(self) -> None:
        """The training goes on after a pause."""
        self._clock.go()


class _Clock:
    def __init__(self) -> None:
        self._before = 0.0
        self._since: float | None = None

    @property
    def seconds(self) -> float:
        return self._before + (time.monotonic() - self._since if self._since is not None else 0.0)

    def set(self, seconds: float) -> None:
        self._before = seconds
        if self._since is not None:
            self._since = time.monotonic()

    def go(self) -> None:
        if self._since is None:
            self._since = time.monotonic()

    def hold(self) -> None:
        self._before = self.seconds
        self._since = None
