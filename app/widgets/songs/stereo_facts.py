"""How wide the stereo picture is, and whether it holds up on a speaker that has only one side."""

from __future__ import annotations

import math

from PySide6.QtWidgets import QWidget

from app.widgets.basics import Facts, column, decibels, label, line

_SAFE, _THIN = 0.2, -0.1
"""Correlation from which mono keeps the sound, and below which it loses some of it for good."""


class StereoFacts(QWidget):
    """Width and mono compatibility of what `heading` says."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = label("", "faint")
        self.facts = Facts()
        self.setLayout(column(line(), self.heading, self.facts, spacing=8, margins=(0, 4, 0, 0)))
        self.facts.setToolTip(
            "Correlation: +1 is mono; 0, two takes that know nothing of each other; below, the sides cancel in mono"
        )
        self.show_stereo("Stereo", None)

    def show_stereo(self, heading: str, stereo: tuple[float, float, float] | None) -> None:
        """Args: stereo: correlation -1..1, width 0..1, dB that mono is louder; None where nothing is known."""
        self.heading.setText(heading)
        if stereo is None:
            for name in ("Width", "Correlation", "In mono", "Mono-safe"):
                self.facts.put(name, "–")
            return
        correlation, width, mono_db = stereo
        self.facts.put("Width", f"{width * 100:.0f} %")
        self.facts.put("Correlation", f"{correlation:+.2f}".replace("-", "−"))
        self.facts.put("In mono", "silent" if math.isinf(mono_db) else decibels(mono_db))
        words, kind = _safe(correlation)
        self.facts.put("Mono-safe", words, kind)
        self.setAccessibleDescription(f"{width * 100:.0f} percent wide; mono-safe: {words}")


def _safe(correlation: float) -> tuple[str, str]:
    if correlation >= _SAFE:
        return "yes", ""
    return ("barely", "badge-warn") if correlation >= _THIN else ("no", "badge-bad")
