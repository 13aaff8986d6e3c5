"""How much faster than real time a full song is mixed: ten minutes of 8 lanes, all of which sound nearly throughout."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from app.document.model import SONG_RATE, Lane, Section, Song
from app.studio.audio.mix import Mixer
from tests.bench.measuring import Figure, rate

_LANES, _SECTIONS, _SECONDS = 8, 60, 600


def measure() -> Iterator[tuple[str, Figure]]:
    noise = np.random.default_rng(0)
    clips = {f"c{n}": noise.standard_normal(20 * SONG_RATE).astype(np.float32) for n in range(10)}
    mixer = Mixer(_song(noise), clips)

    def mix_all() -> None:
        for _ in mixer.blocks():
            pass

    yield "mix.realtime", rate(mix_all, _SECONDS, "x real time", clock=time.thread_time)


def _song(noise: np.random.Generator) -> Song:
    length = _SECONDS * SONG_RATE // _SECTIONS
    lanes = []
    for lane in range(_LANES):
        sections = tuple(
            Section(
                id=f"s{lane}-{n}",
                clip=f"c{noise.integers(10)}",
                start=n * length,
                offset=int(noise.integers(10 * SONG_RATE)),
                length=length + (SONG_RATE // 4 if n % 3 == 0 else 0),
                gain_db=-6.0,
                pan=float(noise.uniform(-1, 1)),
                fade_in=2000,
                fade_out=4000,
            )
            for n in range(_SECTIONS)
        )
        lanes.append(Lane(id=f"l{lane}", sections=sections))
    return Song(id="song", lanes=tuple(lanes))
