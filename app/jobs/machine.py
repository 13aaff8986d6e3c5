"""The machine in words, for screens."""

from __future__ import annotations

from app.studio.machine import Machine, machine

__all__ = ["Machine", "machine"]
