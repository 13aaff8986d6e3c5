"""Accents of clips, listened for in the background."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.document.model import SONG_RATE, Clip
from app.jobs.accents import AccentSummary, ClipAccents
from samplernn.audio.reading import write_sound
from tests.app.drums import beat

_SECONDS = 8


def _clip(id: str) -> Clip:
    return Clip(
        id=id, run="r", epoch=1, file=f"clips/{id}.flac", rate=SONG_RATE, samples=_SECONDS * SONG_RATE, seed=1,
        temperature=1.0,
    )  # fmt: skip


def test_clips_are_listened_to_when_they_are_asked_for(qtbot: QtBot, tmp_path: Path) -> None:
    write_sound(tmp_path / "clips" / "c1.flac", beat(120.0, _SECONDS), SONG_RATE)
    (tmp_path / "clips" / "c2.flac").write_text("no sound")
    accents = ClipAccents(tmp_path)
    told: list[str] = []
    accents.ready.connect(told.append)
    clips = [_clip(id) for id in ("c1", "c2", "c3")]
    assert [accents.of(clip) for clip in clips] == [None, None, None]
    qtbot.waitUntil(lambda: sorted(told) == ["c1", "c2", "c3"], timeout=30_000)
    there, broken, missing = map(accents.of, clips)
    assert there is not None
    assert there.tempo is not None
    assert there.tempo.bpm == pytest.approx(120.0, rel=0.002)
    assert len(there.frames) == len(there.weights) >= 2 * _SECONDS
    assert broken == missing == AccentSummary()
    accents.close()
    assert accents.of(_clip("c9")) is None
