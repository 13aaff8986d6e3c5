"""What is said of the stereo picture."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.widgets.songs.stereo_facts import StereoFacts


@pytest.mark.parametrize(
    ("stereo", "shown"),
    [
        ((1.0, 0.0, -0.001), ("0 %", "+1.00", "0.0 dB", "yes")),
        ((0.454, 0.273, -1.39), ("27 %", "+0.45", "−1.4 dB", "yes")),
        ((0.0, 0.5, -3.01), ("50 %", "+0.00", "−3.0 dB", "barely")),
        ((-1.0, 1.0, float("-inf")), ("100 %", "−1.00", "silent", "no")),
        (None, ("–", "–", "–", "–")),
    ],
)
def test_plain_words(qtbot: QtBot, stereo: tuple[float, float, float] | None, shown: tuple[str, ...]) -> None:
    facts = StereoFacts()
    qtbot.addWidget(facts)
    facts.show_stereo("Stereo of the whole song", stereo)
    assert tuple(facts.facts.value(name) for name in ("Width", "Correlation", "In mono", "Mono-safe")) == shown
