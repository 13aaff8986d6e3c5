"""How a cover is to look: the one record of its settings, with the one set of defaults."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class CoverSettings:
    """What a person chooses; the same settings, pictures and seed give the same cover at any size."""

    method: str = "self"
    """self: the old cover in small pieces of itself; photos: of photographs; type: the names set in type."""
    pieces: float = 6.0
    """The style is scaled to one over this of the cover, 1.5 to 16."""
    strength: float = 0.7
    """0 follows the old cover closely, 1 lets the pieces be themselves."""
    mode: str = "overlay"
    """The blend that photographs are laid over each other by."""
    weight: float = 0.4
    """How strongly each further photograph is laid over, 0..1."""
    photographs: int = 3
    """How many are laid over each other at most; with more in the album, each cover draws its own few."""
    network: bool = False
    """Whether the network of the paper transfers the style, instead of pieces of paper."""


DEFAULT_SETTINGS = CoverSettings()
