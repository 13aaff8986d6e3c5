"""How long work on pictures tells how far it is, shows itself, and learns that it is no longer wanted."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError
from typing import TypeAlias

from PIL.Image import Image

Report: TypeAlias = Callable[[float, str], None]
"""Gets the fraction done, 0..1, and what is being done, in plain words."""

Cancelled: TypeAlias = Callable[[], bool]
"""True once the work is no longer wanted."""

Preview: TypeAlias = Callable[[Image], None]
"""Gets a picture as it is so far."""


def no_report(fraction: float, doing: str) -> None:
    """For callers that do not want to know."""


def never() -> bool:
    """For callers that never cancel."""
    return False


def stop_if(cancelled: Cancelled) -> None:
    """Raises `concurrent.futures.CancelledError` where the work is no longer wanted."""
    if cancelled():
        raise CancelledError
