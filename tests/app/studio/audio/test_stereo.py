"""Width and what is left in mono, of mixes for which both are known."""

from __future__ import annotations

from concurrent.futures import CancelledError

import numpy as np
import pytest

from app.document.model import SONG_RATE, Lane, Section, Song
from app.studio.audio.mix import Mixer
from app.studio.audio.stereo import Stereo, StereoMeter, stereo_of

_NOISE = np.random.default_rng(1).normal(0, 0.1, (2, 6 * SONG_RATE)).astype(np.float32)
_SOUNDS = {"c1": _NOISE[0], "c2": _NOISE[1], "c3": -_NOISE[0]}


def _song(*lanes: tuple[str, float], starts: tuple[int, ...] = (0, 0)) -> Song:
    return Song(
        id="s1",
        lanes=tuple(
            Lane(
                id=f"l{place}",
                pan=pan,
                sections=(Section(id=f"x{place}", clip=clip, start=start, offset=0, length=6 * SONG_RATE),),
            )
            for place, ((clip, pan), start) in enumerate(zip(lanes, starts, strict=False))
        ),
    )


def _stereo(song: Song) -> Stereo:
    stereo = stereo_of(Mixer(song, _SOUNDS))
    assert stereo is not None
    return stereo


@pytest.mark.parametrize(
    ("song", "correlation", "width", "mono_db"),
    [
        (_song(("c1", 0.0)), 1.0, 0.0, 0.0),
        (_song(("c1", -1.0), ("c2", 1.0)), 0.0, 0.5, -3.01),
        (_song(("c1", -0.7), ("c2", 0.7)), 0.454, 0.273, -1.39),
        (_song(("c1", -1.0), ("c3", 1.0)), -1.0, 1.0, -np.inf),
        (_song(("c1", -1.0)), 0.0, 0.5, -3.01),
    ],
)
def test_what_is_known_of_a_mix_is_found(song: Song, correlation: float, width: float, mono_db: float) -> None:
    stereo = _stereo(song)
    assert stereo.correlation == pytest.approx(correlation, abs=0.01)
    assert stereo.width == pytest.approx(width, abs=0.01)
    assert stereo.mono_db == pytest.approx(mono_db, abs=0.05)


def test_gain_does_not_matter_and_silence_says_nothing() -> None:
    meter = StereoMeter()
    assert meter.stereo() is None
    meter.feed(np.zeros((1000, 2), np.float32))
    assert meter.stereo() is None
    assert stereo_of(Mixer(Song(id="s1"), {})) is None
    quiet = {id: 0.01 * sound for id, sound in _SOUNDS.items()}
    song = _song(("c1", -0.5), ("c2", 0.6))
    found = stereo_of(Mixer(song, quiet))
    assert found is not None
    assert found.width == pytest.approx(_stereo(song).width, abs=1e-4)


def test_a_part_of_a_song_and_seconds_from_all_over_a_long_one_are_heard() -> None:
    song = _song(("c1", 0.0), ("c2", 1.0), starts=(0, 6 * SONG_RATE))
    mixer = Mixer(song, _SOUNDS)
    first, second = (stereo_of(mixer, start * SONG_RATE, (start + 6) * SONG_RATE) for start in (0, 6))
    assert first is not None
    assert second is not None
    assert (first.width, second.width) == (pytest.approx(0.0, abs=1e-6), pytest.approx(0.5, abs=1e-3))
    parts = tuple(
        Section(
            id=f"x{n}", clip="c1", start=n * 6 * SONG_RATE, offset=0, length=6 * SONG_RATE, pan=-1.0 if n < 50 else 1
        )
        for n in range(100)
    )
    both = stereo_of(Mixer(Song(id="s1", lanes=(Lane(id="l1", sections=parts),)), _SOUNDS))
    assert both is not None
    assert both.mono_db == pytest.approx(-3.01, abs=0.05)


def test_listening_can_be_called_off() -> None:
    with pytest.raises(CancelledError):
        stereo_of(Mixer(_song(("c1", 0.0)), _SOUNDS), cancelled=lambda: True)
