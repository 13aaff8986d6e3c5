"""Settings of covers: where they come from, and others near them."""

from __future__ import annotations

import math
import random
from dataclasses import replace

from app.document.model import Cover
from artwork.cover_settings import DEFAULT_SETTINGS, CoverSettings

__all__ = [
    "DEFAULT_SETTINGS",
    "LEAST_PIECES",
    "MOST_PIECES",
    "RELEASE_SIDE",
    "CoverSettings",
    "settings_near",
    "settings_of",
]

RELEASE_SIDE = 3000
"""Of the cover of a release, in pixels."""
LEAST_PIECES, MOST_PIECES = 1.5, 16.0


def settings_of(cover: Cover) -> CoverSettings:
    """Those that a candidate was made with, as the document knows them."""
    return CoverSettings(
        method=cover.method, pieces=cover.pieces, strength=cover.strength,
        mode=cover.mode, weight=cover.weight, network=cover.network,
    )  # fmt: skip


def settings_near(settings: CoverSettings, draw: random.Random) -> CoverSettings:
    """Settings a little off these."""
    pieces = settings.pieces * math.exp(draw.gauss(0, 0.15))
    return replace(
        settings,
        pieces=round(min(max(pieces, LEAST_PIECES), MOST_PIECES), 1),
        strength=round(min(max(settings.strength + draw.gauss(0, 0.08), 0.0), 1.0), 2),
        weight=round(min(max(settings.weight + draw.gauss(0, 0.08), 0.0), 1.0), 2),
    )
