"""The finish: how close air and width are told from mono sound that ends at 8 kHz, on music that was not learnt, and
how fast they are put on.

The music is not part of the repository: without `../shared/music/obsidian-shell`, only the speed is measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from app.document.model import SONG_RATE
from app.studio.finish.applying import FinishProcessor
from app.studio.finish.finish import Finish
from app.studio.finish.kept import stereo_part
from app.studio.finish.learning import learn_finish, targets
from app.studio.finish.spectra import CONTEXT, features
from tests.bench.measuring import Figure, rate

_MUSIC = Path(__file__).resolve().parents[3] / "shared" / "music" / "obsidian-shell"
_LEARNT, _HELD_OUT = (0, 1, 3, 4), (2, 5)
_SECONDS = 150.0
_MODEL_RATE = 16_000
_HEARD_DB = 30.0
_SPED_SECONDS = 20


def measure() -> Iterator[tuple[str, Figure]]:
    noise = np.random.default_rng(1)
    beat = np.exp(-6 * (np.arange(_SPED_SECONDS * SONG_RATE) / SONG_RATE % 0.5))
    stereo = (noise.standard_normal((len(beat), 2)) * beat[:, None] * 0.1).astype(np.float32)
    finish = learn_finish([stereo])
    assert finish is not None
    finishing, mono = FinishProcessor(finish), _as_played(stereo)
    yield "finish.realtime", rate(lambda: finishing.process(mono, 0, 0, len(mono)), _SPED_SECONDS, "x real time")
    tracks = sorted(_MUSIC.glob("*.ogg"))
    if len(tracks) > max(*_LEARNT, *_HELD_OUT):
        yield from _errors(tracks)


def _errors(tracks: list[Path]) -> Iterator[tuple[str, Figure]]:
    finish = learn_finish(stereo_part(tracks[number], _SECONDS, intro=0.0) for number in _LEARNT)
    assert finish is not None
    air, width = zip(
        *(_wrong(stereo_part(tracks[each], _SECONDS, intro=0.0), finish) for each in _HELD_OUT), strict=True
    )
    note = "RMS over windows and bands of two tracks that were not learnt"
    for name, wrong in (("air", np.concatenate(air)), ("width", np.concatenate(width))):
        yield f"finish.{name}_db", Figure(float(np.sqrt(np.mean(wrong**2))), "dB", note=note)


def _wrong(stereo: NDArray[np.float32], finish: Finish) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How far what is told of each window and band lies beside what is there, in dB: of the air, and of the width."""
    heard, _, _, _ = targets(np.repeat(_as_played(stereo)[:, None], 2, axis=1))
    _, air, width, _ = targets(stereo)
    loud = heard.max(axis=1)
    there = (loud > np.percentile(loud, 95) - _HEARD_DB)[CONTEXT:-CONTEXT]
    told = features(heard)[there]
    return (
        np.clip(told @ finish.air, *finish.air_limits) - air[CONTEXT:-CONTEXT][there],
        np.clip(told @ finish.width, *finish.width_limits) - width[CONTEXT:-CONTEXT][there],
    )


def _as_played(stereo: NDArray[np.float32]) -> NDArray[np.float32]:
    """What a model would play of it, [n]."""
    down = soxr.resample(stereo.mean(axis=1), SONG_RATE, _MODEL_RATE)
    up: NDArray[np.float32] = soxr.resample(down, _MODEL_RATE, SONG_RATE)[: len(stereo)]
    return np.pad(up, (0, len(stereo) - len(up))).astype(np.float32)
