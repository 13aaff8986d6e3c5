"""How songs are handed over to a studio."""

from __future__ import annotations

from typing import Literal

StudioForm = Literal["stems", "dawproject", "reaper"]
"""Lanes as files, or sessions of other programs."""
