"""Tempo and the beginnings of bars, of beats that are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.document.model import Tempo
from app.studio.analysis.onsets import RATE, onset_strength
from app.studio.analysis.tempo import tempo_of
from samplernn.audio.reading import read_mono
from tests.app.drums import Sound, at_listening_rate, band, beat


def _heard(sound: Sound) -> Tempo:
    tempo = tempo_of(onset_strength(at_listening_rate(sound)))
    assert tempo is not None
    return tempo


@pytest.mark.parametrize("bpm", [84.0, 97.3, 120.0, 138.5, 151.0, 176.4])
def test_a_beat_is_heard_as_fast_as_it_is_played(bpm: float) -> None:
    tempo = _heard(beat(bpm, 16.0, first=0.37))
    # half and double are taken for the beat now and then; nothing else is
    octave = 2.0 ** np.round(np.log2(tempo.bpm / bpm))
    assert octave in (0.5, 1.0, 2.0)
    assert tempo.bpm == pytest.approx(bpm * octave, rel=0.002)
    period = 60.0 / tempo.bpm
    off = (tempo.first_beat - 0.37 + period / 4) % (period / 2) - period / 4
    assert abs(off) < 0.015


@pytest.mark.parametrize("piece", [0, 1, 2])
def test_the_demo_band_plays_as_fast_as_its_score_says(piece: int) -> None:
    sound, bpm = band(piece, bars=12)
    assert _heard(sound).bpm == pytest.approx(bpm, rel=0.003)


@pytest.mark.music
@pytest.mark.parametrize(
    ("song", "bpm"),
    [
        ("obsidian-shell/08_second_birth.ogg", 125.0),
        ("obsidian-shell/09_-_Megtort_Alom.ogg", 120.0),
        ("singles/Jens Erler - Trackdead.ogg", 127.0),
    ],
)
def test_real_music_to_a_click_has_the_tempo_of_the_click(shared: Path, song: str, bpm: float) -> None:
    music = read_mono(shared / "music" / song, RATE)[20 * RATE : 80 * RATE]
    tempo = tempo_of(onset_strength(music))
    assert tempo is not None
    assert tempo.bpm == pytest.approx(bpm, abs=0.1)


@pytest.mark.parametrize("seconds", [0.0, 0.5, 30.0])
def test_there_is_no_telling_of_silence(seconds: float) -> None:
    assert tempo_of(onset_strength(np.zeros(int(seconds * RATE), np.float32))) is None
