"""Short descriptions of models."""

from __future__ import annotations

from app.jobs.train import Preset, default_preset

CARDS = {
    "guided-sketch": ("Guided sketch", "minutes on a laptop, plays along"),
    "sketch": ("Sketch", "minutes on a laptop, hears no guide"),
    "paper": ("Paper 2018", "the albums of the paper"),
    "paper-32k": ("Paper 32 kHz", "brighter, twice the work"),
    "three-tier-iclr": ("3-tier", "longer memory, softer attack"),
}
"""The presets that are offered first, with the name and the words on their cards."""


def why_not_guided(*, on_gpu: bool) -> str:
    """Why *Sketch* is what to begin with on this machine; empty where *Guided sketch* is."""
    if default_preset(on_gpu=on_gpu).model.guide_predictor:
        return ""
    if on_gpu:
        return "Sketch first: the engine for graphics cards plays no models that hear a guide, only PyTorch does."
    return "Sketch first: the native generator is missing, or too old for models that hear a guide."


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
