"""Sound is freed of its offset while it passes by: a steady level goes, what is heard stays, blocks leave no seam."""

from __future__ import annotations

import numpy as np

from app.studio.generation.passing_offset import PassingOffset

RATE = 16_000


def test_the_offset_goes_and_the_sound_stays() -> None:
    time = np.arange(2 * RATE) / RATE
    tone = (0.3 * np.sin(2 * np.pi * 220 * time)).astype(np.float32)
    heard = PassingOffset(RATE).free(tone - np.float32(0.2))
    assert abs(heard.mean()) < 0.002
    np.testing.assert_allclose(heard, tone, atol=0.03)
    assert not PassingOffset(RATE).free(np.full(RATE, -0.2, np.float32)).round(5).any()


def test_blocks_leave_no_seam() -> None:
    sound = np.random.default_rng(1).normal(0.1, 0.1, RATE).astype(np.float32)
    sound[:512] = 0.1
    passing = PassingOffset(RATE)
    blocks = [passing.free(sound[start : start + 512]) for start in range(0, RATE, 512)]
    whole = PassingOffset(RATE)
    whole.free(sound[:512])
    np.testing.assert_allclose(np.concatenate(blocks[1:]), whole.free(sound[512:]), atol=1e-6)
