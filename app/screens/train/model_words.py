"""Short descriptions of models."""

from __future__ import annotations

from app.jobs.train import Preset

CARDS = {
    "sketch": ("Sketch", "minutes on a laptop, rough"),
    "paper": ("Paper 2018", "the albums of the paper"),
    "paper-32k": ("Paper 32 kHz", "brighter, twice the work"),
    "three-tier-iclr": ("3-tier", "longer memory, softer attack"),
}
"""The presets that are offered first, with the name and the words on their cards."""


def model_words(preset: Preset) -> str:
    """The model in a line, e.g. "2-tier LSTM ×5 · 1024 · 16 kHz"."""
    model = preset.model
    layers = f" ×{model.layers}" if model.layers > 1 else ""
    cell = f"{len(model.frame_sizes) + 1}-tier {model.cell.upper()}{layers}"
    return f"{cell} · {model.width} · {preset.rate / 1000:g} kHz"


def badge_words(preset: Preset) -> str:
    """The preset and its model, e.g. "paper 2018 · 2-tier LSTM ×5 · 1024 · 16 kHz"."""
    title = CARDS.get(preset.name, (preset.title, ""))[0].lower()
    words = model_words(preset)
    return words if words.startswith(title) else f"{title} · {words}"
