"""The settings of models and trainings as frozen records, and how they are read from JSON.

In these records `window` is the TBPTT length, `rate` of a training is the learning rate, `rate` of a preset the
sampling rate in Hz, and `clip` is for clipping gradients; the names are those in files that exist already.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from samplernn.errors import SoundError

if TYPE_CHECKING:
    import numpy as np

GUIDE_HOP = 128
"""Samples for which a guide says the same to a network."""
GUIDE_FEATURES = 123
"""Numbers by which a guide enters the slowest tier: `samplernn.guides.conditioning` makes them.

Checkpoints with guides have weights of this width: with another number they no longer load.
"""
_LONGEST_GUIDE_PREDICTOR = 512

Law = Literal["mu-law", "linear"]
Cell = Literal["lstm", "gru"]
FirstState = Literal["zero", "learned", "random"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelConfig:
    """The shape of a SampleRNN: one frame tier or several over a sample tier."""

    frame_sizes: tuple[int, ...] = (16,)
    """Samples per frame of each frame tier, in any order (kept largest first); each divides the next larger."""
    cell: Cell = "lstm"
    """The GRU is that of cuDNN and PyTorch, whose reset gate comes after the recurrent product."""
    layers: int = 1
    """Recurrent layers in every frame tier."""
    width: int = 256
    """Units of every recurrent layer."""
    sample_width: int = 0
    """Units of every layer of the sample tier; 0 for as many as in the recurrent layers."""
    embedding: int = 256
    skip: bool = True
    """Graves skip connections; they need two layers or more."""
    weight_norm: bool = True
    levels: int = 256
    """Quantisation levels: how many codes there are for a sample."""
    law: Law = "mu-law"
    first_state: FirstState = "zero"
    lookback: int = 16
    """Samples right before the next one that the sample tier sees; 0 with a predictor, whose residuals it sees."""
    smooth_start: bool = False
    """The embedding starts as smooth functions of the amplitude instead of as noise."""
    predictor: int = 0
    """Order of the linear predictor under the softmax; 0 for none, as published."""
    surprises: int = 0
    """How many of the predictor's last residuals the sample tier sees."""
    guide_predictor: int = 0
    """Order of the linear predictor that is made from a guide, anew every `GUIDE_HOP` samples, and takes the place of
    the other; 0 for a network that knows no guides."""
    adaptive: int = 0
    """Taps of the filter that goes on adapting to what a guide's predictor leaves, in multiples of 64; 0 for none."""

    def __post_init__(self) -> None:
        sizes = tuple(sorted(self.frame_sizes, reverse=True))
        object.__setattr__(self, "frame_sizes", sizes)
        nested = all(big > small and big % small == 0 for big, small in itertools.pairwise(sizes))
        counts = (self.layers, self.width, self.embedding, self.lookback + self.predictor, *sizes)
        limits = (
            bool(sizes) and nested and min(counts) >= 1,
            (self.predictor >= 1 and self.surprises >= 1) or (self.predictor == self.surprises == 0),
            2 <= self.levels <= 4096 and self.law in ("mu-law", "linear"),
            self.first_state in ("zero", "learned", "random") and self.cell in ("lstm", "gru"),
            self.width <= 8192 and 0 <= self.sample_width <= 8192 and self.layers <= 64 and self.embedding <= 8192,
            max(sizes, default=0) <= 4096 and 0 <= self.lookback <= 1024,
            self.predictor <= 4096 and self.surprises <= 1024,
            0 <= self.guide_predictor <= min(self.predictor, _LONGEST_GUIDE_PREDICTOR),
            not self.guide_predictor or (GUIDE_HOP % sizes[0] == 0 and self.surprises <= GUIDE_HOP),
            self.adaptive % 64 == 0 and 0 <= self.adaptive <= (self.predictor if self.guide_predictor else 0),
        )
        if not all(limits):
            raise SoundError("The description of the model makes no sense.", "Use a preset or another run.")

    @property
    def top(self) -> int:
        """Samples per frame of the slowest tier; windows are cut in multiples of it."""
        return self.frame_sizes[0]

    @property
    def sample_units(self) -> int:
        """Units of every layer of the sample tier."""
        return self.sample_width or self.width

    @property
    def guide_inputs(self) -> int:
        """Numbers of a guide that enter the slowest tier beside each frame."""
        return GUIDE_FEATURES if self.guide_predictor else 0

    @property
    def context_length(self) -> int:
        """Samples before the first of a window that the model needs to see."""
        return max(self.top, self.lookback, self.predictor + self.surprises)


@dataclass(frozen=True, slots=True, kw_only=True)
class Augmentation:
    """What may be changed in the training music, each time a stream of it starts anew; as it stands, nothing."""

    flip: bool = False
    """Every other time, on the average, the sound is turned upside down."""
    gain_db: float = 0.0
    """Up to so much quieter."""
    stretch: float = 0.0
    """Faster or slower, and higher or lower with it, by up to this share."""
    dither: bool = False
    """Noise of one step before rounding, so that quiet sound is not a staircase."""

    def draw(self, random: np.random.Generator) -> tuple[float, float]:
        """A gain (below 0 for upside down) and a speed; draws nothing where nothing may change."""
        gain, speed = 1.0, 1.0
        if self.flip:
            gain = float(random.choice((-1.0, 1.0)))
        if self.gain_db:
            gain *= 10.0 ** (-random.uniform(0.0, self.gain_db) / 20.0)
        if self.stretch:
            speed = math.exp(random.uniform(-1.0, 1.0) * math.log1p(self.stretch))
        return gain, speed


NO_AUGMENTATION = Augmentation()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainConfig:
    """How a model is trained."""

    batch: int = 128
    """Streams of sound that are learnt side by side, the rows of a batch."""
    window: int = 1024
    """TBPTT length: samples of each stream in a step of truncated backpropagation through time."""
    steps_per_epoch: int = 2750
    epochs: int = 22
    """When neither a budget nor a number of epochs is asked for."""
    lane_seconds: float = 8.0
    """A stream follows the music this long, then starts again elsewhere."""
    chunks: int = 0
    """Streams follow so many overlapping chunks of that length, as in the 2018 paper; 0 for stretches from anywhere."""
    flip: bool = False
    """The music is upside down every other time; this and the next three are changes to it, see `Augmentation`."""
    gain_db: float = 0.0
    stretch: float = 0.0
    dither: bool = False
    unguided: float = 0.0
    """Share of the stretches that a network with guides learns without, so that it plays without one, too."""
    rate: float = 1e-3
    """Learning rate."""
    betas: tuple[float, float] = (0.9, 0.999)
    """Of Adam."""
    warmup: int = 0
    """Steps over which the learning rate climbs to `rate`."""
    decay: bool = False
    """Whether the learning rate falls to almost nothing by the end."""
    clip: float = 1.0
    """Gradients are clipped to this value, or all of them together to this norm, as `clip_by` says."""
    clip_by: Literal["value", "norm"] = "value"

    def __post_init__(self) -> None:
        counts = (self.batch, self.window, self.steps_per_epoch, self.epochs)
        limits = (
            min(counts) >= 1 and self.warmup >= 0 and self.batch <= 65_536 and self.window <= 2**20,
            all(0.0 < value < math.inf for value in (self.rate, self.clip, self.lane_seconds)),
            len(self.betas) == 2 and 0 <= self.chunks <= 10**6,
            0.0 <= self.unguided <= 1.0,
            0.0 <= self.gain_db <= 24.0 and 0.0 <= self.stretch <= 0.2,
            all(0.0 <= beta < 1.0 for beta in self.betas) and self.clip_by in ("value", "norm"),
        )
        if not all(limits):
            raise SoundError("The settings of the training make no sense.", "Use a preset.")

    @property
    def augmentation(self) -> Augmentation:
        """What may be changed in the music."""
        return Augmentation(flip=self.flip, gain_db=self.gain_db, stretch=self.stretch, dither=self.dither)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A named choice of model, training and sampling rate."""

    name: str
    title: str
    words: str
    """What it is for, in a sentence or two."""
    model: ModelConfig
    train: TrainConfig
    rate: int = 16_000
    """Sampling rate in Hz."""

    def __post_init__(self) -> None:
        words = all(isinstance(text, str) for text in (self.name, self.title, self.words))
        if not words or type(self.rate) is not int or not 1000 <= self.rate <= 768_000:
            raise SoundError("The settings of the run cannot be read.", "Start a new run.")
        if self.train.window % (GUIDE_HOP if self.model.guide_predictor else self.model.top):
            raise SoundError("The window has to be a whole number of frames.", "Use a preset.")


def preset_to_dict(preset: Preset) -> dict[str, Any]:
    """Plain values that JSON can hold."""
    return asdict(preset)


def preset_from_dict(raw: Mapping[str, Any]) -> Preset:
    """Raises SoundError for anything that `preset_to_dict` could not have made."""
    try:
        values = dict(raw)
        model = _from_dict(ModelConfig, values.pop("model"))
        train = _from_dict(TrainConfig, values.pop("train"))
        return Preset(model=model, train=train, **values)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as fault:
        raise SoundError("The settings of the run cannot be read.", "Start a new run.") from fault


def model_from_dict(raw: Mapping[str, Any]) -> ModelConfig:
    """Raises SoundError for anything but the fields of a `ModelConfig`."""
    try:
        return _from_dict(ModelConfig, raw)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as fault:
        raise SoundError("The description of the model cannot be read.", "Use another checkpoint.") from fault


_Config = TypeVar("_Config", ModelConfig, TrainConfig)


def _from_dict(kind: type[_Config], raw: Mapping[str, Any]) -> _Config:
    """JSON has no tuples, and says nothing of types: both are set right or refused here."""
    values: dict[str, Any] = {}
    examples = kind()
    for field in fields(kind):
        if field.name not in raw:
            continue
        value, example = raw[field.name], getattr(examples, field.name)
        if isinstance(example, tuple):
            value = tuple(type(example[0])(item) for item in value)
        elif isinstance(example, float) and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if type(value) is not type(example):
            raise TypeError(field.name)
        values[field.name] = value
    if unknown := set(raw) - set(values):
        raise TypeError(f"unknown fields: {sorted(unknown)}")
    return kind(**values)
