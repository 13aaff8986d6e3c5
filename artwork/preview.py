"""How long work on a picture shows what there is of it so far."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from PIL.Image import Image

Preview: TypeAlias = Callable[[Image], None]
"""Gets the unfinished picture."""
