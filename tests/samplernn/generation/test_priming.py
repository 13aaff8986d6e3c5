"""What comes before a place is heard, and no more than the network remembers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from samplernn.audio.reading import Encoding, write_sound
from samplernn.errors import SoundError
from samplernn.generation.priming import LONGEST_SECONDS, Prime

RATE = 8000


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """25 s that grow louder and louder."""
    path = tmp_path / "clip.wav"
    write_sound(path, np.linspace(0, 0.5, 25 * RATE, dtype=np.float32), RATE, format=Encoding("wav", subtype="FLOAT"))
    return path


def test_the_end_of_a_file(clip: Path) -> None:
    heard = Prime(clip).sound_at(RATE)
    assert len(heard) == LONGEST_SECONDS * RATE
    assert heard[-1] == 0.5


@pytest.mark.parametrize("end", [0.5, 8.0, 19.999, 20.0, 22.25, 25.0, 30.0])
def test_what_comes_before_a_place(clip: Path, end: float) -> None:
    heard = Prime(clip, end=end).sound_at(RATE)
    last = min(round(end * RATE), 25 * RATE)
    assert len(heard) == min(last, LONGEST_SECONDS * RATE)
    assert heard[-1] == pytest.approx(0.5 * (last - 1) / (25 * RATE - 1), abs=1e-6)
    assert np.all(np.diff(heard) > 0)


def test_another_rate_has_the_same_end(clip: Path) -> None:
    heard = Prime(clip, end=2.0).sound_at(RATE // 2)
    assert len(heard) == RATE
    assert heard[-200] == pytest.approx(0.04, abs=1e-3)


def test_before_the_beginning_there_is_nothing(clip: Path) -> None:
    with pytest.raises(SoundError, match="no sound"):
        Prime(clip, end=0.0).sound_at(RATE)


def test_the_gain_is_applied(clip: Path) -> None:
    np.testing.assert_allclose(Prime(clip, 0.5, end=1.0).sound_at(RATE), Prime(clip, end=1.0).sound_at(RATE) * 0.5)
