"""The loudness of clips: measured once, in the background."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from pytestqt.qtbot import QtBot

from app.document.model import Clip
from app.jobs.clip_loudness import ClipLoudness
from app.jobs.job import JobList

_RATE = 16_000


def make_clip(id: str) -> Clip:
    file = f"clips/{id}.flac"
    return Clip(id=id, run="r1", epoch=1, file=file, rate=_RATE, samples=3 * _RATE, seed=1, temperature=1.0)


def test_each_clip_is_measured_once_and_what_is_missing_is_not_tried_for_ever(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "clips").mkdir()
    sine = 0.5 * np.sin(2 * np.pi * 440 * np.arange(3 * _RATE) / _RATE)
    soundfile.write(tmp_path / "clips" / "c1.flac", sine, _RATE)
    (tmp_path / "clips" / "c2.flac").write_bytes(b"not a sound")
    jobs = JobList()
    loudness = ClipLoudness(tmp_path, jobs)
    there, broken = make_clip("c1"), make_clip("c2")
    for clip in (there, broken):
        with qtbot.waitSignal(loudness.measured, timeout=60_000) as measured:
            assert loudness.of(clip) is None
        assert measured.args == [clip.id]
    assert loudness.of(there) == pytest.approx(20 * np.log10(0.5 / np.sqrt(2)) - 0.69, abs=0.3)
    assert loudness.of(broken) is None
    assert not jobs.running
