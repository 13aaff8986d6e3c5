"""A field for a tempo in beats a minute."""

from __future__ import annotations

from PySide6.QtWidgets import QDoubleSpinBox

from app.document.beat_grid import FASTEST
from app.widgets.basics import keep_off_edges

_WIDTH = 84


def bpm_field(least: float, name: str) -> QDoubleSpinBox:
    """From `least` to the fastest beat; `name` is what screen readers say."""
    field = QDoubleSpinBox()
    field.setRange(least, FASTEST)
    field.setDecimals(1)
    field.setSuffix(" bpm")
    field.setFixedWidth(_WIDTH)
    field.setAccessibleName(name)
    keep_off_edges(field)
    return field
