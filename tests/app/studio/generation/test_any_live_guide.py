"""Live sound stays sound whatever guides are asked for, however fast they change and however it is read."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.studio.generation.live_guide import LiveGuide
from samplernn.errors import SoundError
from samplernn.guides.guide import Guide
from samplernn.guides.live_equaliser import LoopedGuide
from samplernn.guides.notes import SEMITONES
from samplernn.guides.strokes import BANDS

SECONDS = 3


def any_guide(random: np.random.Generator) -> Guide:
    """Of one frame or many; silent, far too loud or of any level; with notes anywhere, or without."""
    frames, count = int(random.choice([1, 2, 30, 700])), int(random.choice([0, 1, 40]))
    level = random.choice([-299.0, -90.0, -30.0, 20.0, 299.0])
    strokes = random.normal(level, random.choice([0.0, 40.0]), (frames, BANDS)).clip(-300, 300)
    notes = random.normal(-40, 60, (count, SEMITONES, 3)).clip(-300, 300)
    notes[:, :, 1] = random.choice([0.0, 1.0, 440.0, 2_000.0, 1e6, -5.0], (count, SEMITONES))
    return Guide(strokes.astype(np.float32), "any", notes.astype(np.float32) if count else None)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**40), rate=st.sampled_from([8_000, 16_000, 22_050]))
def test_whatever_is_asked_for(seed: int, rate: int) -> None:
    random = np.random.default_rng(seed)
    sound = np.stack([random.normal(0, 0.1, rate * SECONDS)] * 2).astype(np.float32)
    sound[:, rate : rate * 3 // 2] = random.choice([0.0, 1.0])
    guide, heard, made = LiveGuide(rate), 0, 0
    while made < sound.shape[1]:
        what = random.random()
        if what < 0.15:
            guide.ask(LoopedGuide(any_guide(random)))
        elif what < 0.2:
            guide.ask(None)
        elif what < 0.3:
            guide.ask_follow(float(random.choice([0.0, 0.5, 1.0])))
        made = min(made + int(random.integers(0, rate // 4)), sound.shape[1])
        wanted = int(random.integers(0, 4_096))
        count = min(guide.ready(heard, made, wanted), wanted)
        block = guide.read(lambda begin, frames: sound[:, begin : begin + frames], heard, count)
        assert block.shape == (2, count)
        assert np.isfinite(block).all()
        assert np.abs(block).max(initial=0) <= 1.2
        heard += count
    assert heard > 0
    guide.kept(0, heard)


@pytest.mark.parametrize(("at", "value"), [(0, 1e4), (0, np.nan), (1, 1e30), (1, np.inf), (2, -1e4)])
def test_notes_that_no_sound_has_are_damage(at: int, value: float) -> None:
    notes = np.zeros((4, SEMITONES, 3), np.float32)
    notes[1, 2, at] = value
    with pytest.raises(SoundError, match="damaged"):
        Guide(np.zeros((5, BANDS), np.float32), "x", notes)
