"""The networks that can be asked for by name. A preset is data, not code.

`paper` is the network of Zukowski and Carr (2018); the two of `iclr` are those that Mehri et al. (2017) give in their
code as the best; `slash` is the two-tier network of shady-cs15/slash, with its context embedded as it was meant to be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from samplernn.config import ModelConfig, Preset, TrainConfig
from samplernn.errors import SoundError

_SKETCH = Preset(
    name="sketch",
    title="Sketch",
    words="A small network that learns the sound of an album in minutes on an ordinary computer.",
    model=ModelConfig(sample_width=128, lookback=0, predictor=1024, surprises=32, weight_norm=False),
    train=TrainConfig(
        batch=32,
        window=128,
        steps_per_epoch=1500,
        epochs=10,
        rate=2e-3,
        betas=(0.9, 0.99),
        warmup=100,
        decay=True,
        clip_by="norm",
    ),
)
_GUIDED_SKETCH = replace(
    _SKETCH,
    name="guided-sketch",
    title="Guided sketch",
    words="Sketch that plays along: its filter is made from the guide, 125 times a second, and goes on adapting.",
    model=replace(_SKETCH.model, guide_predictor=256, adaptive=128),
    train=replace(_SKETCH.train, unguided=0.5),
)
_PAPER = Preset(
    name="paper",
    title="Paper",
    words="The network of the 2018 paper: five LSTM layers of 1024 units. It wants a large GPU and a day or two.",
    model=ModelConfig(layers=5, width=1024),
    train=TrainConfig(),
)
_PAPER_32K = replace(
    _PAPER,
    name="paper-32k",
    title="Paper, 32 kHz",
    words="The network of the paper at twice the sampling rate: a brighter sound, and patterns half as long.",
    train=TrainConfig(steps_per_epoch=5500),
    rate=32_000,
)
_LONG = replace(
    _PAPER,
    name="long",
    title="Long",
    words="The network of the paper at 8 kHz: a dull sound, and patterns twice as long.",
    train=TrainConfig(steps_per_epoch=1375),
    rate=8_000,
)
_TWO_TIER = Preset(
    name="two-tier-iclr",
    title="Two tiers, 2017",
    words="The two-tier network of the first SampleRNN paper: three GRU layers of 1024 units.",
    model=ModelConfig(cell="gru", layers=3, width=1024, skip=False, law="linear", first_state="learned"),
    train=TrainConfig(),
)
_THREE_TIER = Preset(
    name="three-tier-iclr",
    title="Three tiers, 2017",
    words="The three-tier network of the first SampleRNN paper: a GRU of 1024 units in each of its slow parts.",
    model=ModelConfig(
        frame_sizes=(8, 2), cell="gru", width=1024, skip=False, law="linear", first_state="learned", lookback=2
    ),
    train=TrainConfig(window=512, steps_per_epoch=5500),
)
_SLASH = Preset(
    name="slash",
    title="Slash",
    words="Three LSTM layers under three plain ones, all of 1024 units.",
    model=ModelConfig(layers=3, width=1024, skip=False, weight_norm=False),
    train=TrainConfig(batch=64, steps_per_epoch=5500, lane_seconds=5.0, clip=1.25, clip_by="norm"),
)
PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        preset.name: preset
        for preset in (_SKETCH, _GUIDED_SKETCH, _PAPER, _PAPER_32K, _LONG, _TWO_TIER, _THREE_TIER, _SLASH)
    }
)


def preset_named(name: str) -> Preset:
    """Raises SoundError for a name that is not in `PRESETS`."""
    try:
        return PRESETS[name]
    except KeyError:
        raise SoundError(f"There is no preset “{name}”.", f"Choose one of: {', '.join(PRESETS)}.") from None
