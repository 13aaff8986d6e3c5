"""Songs of every kind, short ones, with the sound of their clips; and what was written of them, mixed again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.document.fades import FADE_CURVES
from app.document.model import SONG_RATE, Clip, Lane, Marker, Section, Song

CLIP_FRAMES = 3_000
_NOISE = np.random.default_rng(3)
SOUNDS: dict[str, NDArray[np.float32]] = {
    "c1": _NOISE.uniform(-0.5, 0.5, CLIP_FRAMES).astype(np.float32),
    "c2": (0.8 * np.sin(np.arange(CLIP_FRAMES) / 20)).astype(np.float32),
    "c3": _NOISE.uniform(-0.4, 0.4, (CLIP_FRAMES, 2)).astype(np.float32),
    "c4": _NOISE.uniform(-0.4, 0.4, (CLIP_FRAMES, 3)).astype(np.float32),
}
"""Mono, mono, stereo, and stereo with a share that leans to a side."""
CLIPS = tuple(
    Clip(id=id, run="r1", epoch=3, file=f"clips/{id}.flac", rate=SONG_RATE, samples=CLIP_FRAMES, seed=1, temperature=1)
    for id in SOUNDS
)


@st.composite
def sections(draw: st.DrawFn, number: int) -> Section:
    offset = draw(st.integers(0, 1_500))
    length = draw(st.integers(1, CLIP_FRAMES - offset))
    fades = st.integers(0, length)
    rise, fall = draw(fades), draw(fades)
    return Section(
        id=f"p{number}",
        clip=draw(st.sampled_from([*SOUNDS, "gone"])),
        start=draw(st.integers(0, 2_000)),
        offset=offset,
        length=length,
        gain_db=draw(st.sampled_from([0.0, -6.0, 2.5])),
        pan=draw(st.sampled_from([0.0, 0.0, -1.0, 0.3])),
        fade_in=rise,
        fade_out=fall,
        fade_in_curve=draw(st.sampled_from(FADE_CURVES)),
        fade_out_curve=draw(st.sampled_from(FADE_CURVES)),
        fade_in_cut=draw(st.integers(0, rise)) if draw(st.booleans()) else 0,
    )


@st.composite
def songs(draw: st.DrawFn) -> Song:
    lanes = []
    for number in range(draw(st.integers(1, 3))):
        parts = [draw(sections(10 * number + place)) for place in range(draw(st.integers(number == 0, 4)))]
        parts.sort(key=lambda part: (part.start, part.id))
        lanes.append(
            Lane(
                id=f"l{number}",
                sections=tuple(parts),
                gain_db=draw(st.sampled_from([0.0, -3.0, 12.0])),
                pan=draw(st.sampled_from([0.0, 0.0, 0.6, -1.0])),
                mute=draw(st.sampled_from([False, False, False, True])),
                solo=draw(st.sampled_from([False, False, False, True])),
            )
        )
    marker = Marker(id="m1", frame=4_410, name="Here <&> “there”")
    return Song(id="s1", title="Ash", lanes=tuple(lanes), markers=(marker,) if draw(st.booleans()) else ())


@dataclass(frozen=True)
class Piece:
    """What another program makes of an item or a clip: everything in frames, linear, and balances of -1..1."""

    sound: NDArray[np.float32]
    """Stereo, from where it begins in the file."""
    start: int
    gain: float
    balance: float
    fade_in: int
    fade_out: int
    curves: tuple[str, str]
    heard: bool = True


def mixed(pieces: list[Piece], frames: int, curves: dict[str, object]) -> NDArray[np.float64]:
    """As a program that knows nothing of ours mixes them: fades, balance (one side turned down), gain, sum."""
    out = np.zeros((frames, 2))
    for piece in pieces:
        if not piece.heard:
            continue
        level = np.ones(len(piece.sound))
        if piece.fade_in:
            share = (np.arange(piece.fade_in) + 0.5) / piece.fade_in
            level[: piece.fade_in] *= curves[piece.curves[0]](share)
        if piece.fade_out:
            share = (np.arange(piece.fade_out) + 0.5)[::-1] / piece.fade_out
            level[len(level) - piece.fade_out :] *= curves[piece.curves[1]](share)
        sides = min(1.0, 1 - piece.balance), min(1.0, 1 + piece.balance)
        out[piece.start : piece.start + len(level)] += piece.sound * level[:, None] * piece.gain * sides
    return out


OURS = {
    "round": lambda share: np.sin(share * np.pi / 2),
    "straight": lambda share: share,
    "slow": lambda share: share**2,
    "even": lambda share: np.sin(share * np.pi / 2) ** 2,
}


def decibels(sound: NDArray[np.floating]) -> float:
    return float(10 * np.log10(np.mean(np.square(sound, dtype=np.float64)) + 1e-12))
