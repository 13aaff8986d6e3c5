"""How long work on titles tells how far it is and learns that it is no longer wanted."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError
from typing import TypeAlias

Report: TypeAlias = Callable[[float, str], None]
"""Gets the fraction done, 0..1, and what is being done, in plain words."""

Cancelled: TypeAlias = Callable[[], bool]
"""True once the work is no longer wanted."""


def never() -> bool:
    """For callers that never cancel."""
    return False


def stop_if(cancelled: Cancelled) -> None:
    """Raises `concurrent.futures.CancelledError` where the work is no longer wanted."""
    if cancelled():
        raise CancelledError
