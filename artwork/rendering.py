"""How large a picture is made, by what, and who follows it; that decides how fine it is, not how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from artwork.preview import Preview
from resources.progress import Cancelled, Report, never, no_report

if TYPE_CHECKING:
    from artwork.vgg import Features


@dataclass(frozen=True)
class Rendering:
    """One making of a picture."""

    size: int = 1000
    """Side in pixels."""
    network: Features | None = None
    """On the device that is to do the work; None pastes pieces of paper."""
    steps: float = 1.0
    """How many steps the network takes, as a factor."""
    report: Report = no_report
    cancelled: Cancelled = never
    preview: Preview | None = None
    """Is shown the picture as it grows, about every second, never larger than 1000 pixels a side."""


DEFAULT_RENDERING = Rendering()
