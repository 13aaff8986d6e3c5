"""What to begin with where nobody has chosen: a network with guides where it is played quickly, else Sketch."""

from __future__ import annotations

import pytest

from samplernn.engines import default_preset as module
from samplernn.engines.default_preset import default_preset
from samplernn.native.library import library, plays
from samplernn.presets import PRESETS


def test_a_gpu_begins_with_sketch() -> None:
    assert default_preset(on_gpu=True) is PRESETS["sketch"]


def test_a_processor_begins_with_guides_where_the_native_generator_plays_them() -> None:
    preset = default_preset(on_gpu=False)
    guided = PRESETS["guided-sketch"]
    assert preset is (guided if plays(library(), guided.model) else PRESETS["sketch"])


def test_without_the_native_generator_it_is_sketch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "library", lambda: None)
    assert default_preset(on_gpu=False) is PRESETS["sketch"]
