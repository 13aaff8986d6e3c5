"""Covers as tests ask for them: by the settings that matter to each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PIL import Image

from artwork.cover_settings import CoverSettings
from artwork.covers import make_cover
from artwork.rendering import Rendering

_RENDERING = ("size", "network", "steps", "report", "cancelled", "preview")


def made_cover(
    content: Image.Image, styles: Sequence[Image.Image] = (), *, seed: int = 0, **wanted: Any
) -> Image.Image:
    """`make_cover` with fields of its settings and of its rendering by name."""
    settings, rendering = parted(wanted)
    return make_cover(content, styles, settings, seed, rendering)


def parted(wanted: dict[str, Any]) -> tuple[CoverSettings, Rendering]:
    """The settings and the rendering that fields of both make."""
    rendering = Rendering(**{name: wanted[name] for name in _RENDERING if name in wanted})
    return CoverSettings(**{name: wanted[name] for name in wanted if name not in _RENDERING}), rendering
