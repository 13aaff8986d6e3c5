"""A song to play and to export: lanes that overlap, pan and fade, of clips at the rate of a model.

It begins with silence: of what a null sink is given at first, its recorder misses some.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
from msgspec.structs import replace

from app.document.edits.made import add_clips, put_run
from app.document.edits.songs import add_song
from app.document.model import SONG_RATE, Album, Clip, Lane, Project, Release, Run, Section, Track
from app.document.store import create_project, save_project
from app.document.tree import change_song

_RATE = 16_000
_CLIPS, _CLIP_SECONDS = 4, 20
_LANES = 4
_SECTION_SECONDS = 5.0
_SILENT_SECONDS = 0.5


def build_song(folder: Path, seconds: float) -> Project:
    """A project in `folder` with one song of that length, and an album of noise to learn from; gives its document."""
    project = create_project(folder)
    noise = np.random.default_rng(1)
    track = folder / "album.wav"
    soundfile.write(track, _strokes(noise, 60.0), _RATE)
    album = Album(title="Noise", artist="Nobody", tracks=(Track(id="t1", path=str(track), title="One", seconds=60.0),))
    project = replace(project, album=album, release=Release(title="Heard", artist="Nobody", loudness=None))
    project = put_run(project, Run(id="r1", preset="sketch", epoch=4))
    (folder / "clips").mkdir()
    clips = [_clip(folder, number + 1, noise) for number in range(_CLIPS)]
    project = add_song(add_clips(project, clips), lanes=0)
    project = change_song(project, project.songs[0].id, lambda song: replace(song, lanes=_lanes(seconds, noise)))
    save_project(folder, project)
    return project


def _clip(folder: Path, number: int, noise: np.random.Generator) -> Clip:
    id = f"c{number:04}"
    samples = _strokes(noise, _CLIP_SECONDS)
    soundfile.write(folder / "clips" / f"{id}.flac", samples, _RATE, subtype="PCM_24")
    return Clip(
        id=id, run="r1", epoch=number, file=f"clips/{id}.flac", rate=_RATE, samples=len(samples), seed=number,
        temperature=1.0,
    )  # fmt: skip


def _strokes(noise: np.random.Generator, seconds: float) -> np.ndarray:
    time = np.arange(round(seconds * _RATE)) / _RATE
    return (0.2 * np.exp(-5 * (time % 0.4)) * noise.uniform(-1, 1, len(time))).astype(np.float32)


def _lanes(seconds: float, noise: np.random.Generator) -> tuple[Lane, ...]:
    """The last sections end the song; in between they overlap by a little or leave gaps."""
    lanes = []
    for row in range(_LANES):
        parts: list[Section] = []
        start = _SILENT_SECONDS
        while start < seconds:
            length = min(_SECTION_SECONDS, seconds - start)
            parts.append(
                Section(
                    id=f"x{row}{len(parts):03}",
                    clip=f"c{noise.integers(1, _CLIPS + 1):04}",
                    start=round(start * SONG_RATE),
                    offset=int(noise.integers(10 * SONG_RATE)),
                    length=round(length * SONG_RATE),
                    gain_db=float(noise.choice([0.0, -3.0])),
                    pan=float(noise.uniform(-0.3, 0.3)),
                    fade_in=int(noise.choice([0, 4000])),
                    fade_out=int(noise.choice([0, 9000])),
                )
            )
            start += _SECTION_SECONDS + float(noise.choice([-0.3, 0.0, 0.2]))
        lanes.append(Lane(id=f"l{row}", sections=tuple(parts), pan=row / _LANES - 0.4, gain_db=-2.0))
    return tuple(lanes)
