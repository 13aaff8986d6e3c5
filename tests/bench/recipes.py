"""What recipes cost: listening to the clips of an album of five songs of a minute, and putting them together."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from app.document.edits.made import add_clips
from app.document.model import Clip, Project
from app.document.store import create_project
from app.studio.recipes.listening import material_of
from app.studio.recipes.material import Learnt, Wishes
from app.studio.recipes.recipes import RECIPES, arrange_by
from samplernn.audio.reading import write_sound
from tests.bench.measuring import Figure

_WISHES = Wishes(5, 60.0, seed=1)
_LEARNT = Learnt(tuple(range(1, 13)), 12)
_RATE = 16_000


def measure() -> Iterator[tuple[str, Figure]]:
    """Seconds for each recipe, without generating: that is `generate.*`."""
    for name in RECIPES:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "Bench.deepcuts"
            project = _project(path, name)
            began = time.perf_counter()
            chroma = RECIPES[name].wants_chroma
            material = material_of(path, project.clips, _LEARNT, with_chroma=chroma)
            heard = time.perf_counter()
            arrange_by(name, project, _WISHES, material)
            ended = time.perf_counter()
            minutes = sum(clip.seconds for clip in project.clips) / 60
            note = f"{minutes:.0f} min of clips listened to in {heard - began:.1f} s, arranged in {ended - heard:.2f} s"
            yield f"recipe.{name}.seconds", Figure(ended - began, "s", note=note)


def _project(path: Path, recipe: str) -> Project:
    """The clips that the recipe wants, of made-up strokes."""
    random = np.random.default_rng(1)
    project, made = create_project(path), []
    for batch in RECIPES[recipe].clips(_WISHES, _LEARNT):
        for number in range(batch.count):
            id = f"c{len(made) + 1:04}"
            write_sound(path / "clips" / f"{id}.flac", _strokes(batch.seconds, random), _RATE)
            clip = Clip(
                id=id, run="r1", epoch=batch.epoch, file=f"clips/{id}.flac", rate=_RATE,
                samples=round(batch.seconds * _RATE), seed=batch.seed + number, temperature=1.0,
            )  # fmt: skip
            made.append(clip)
    return add_clips(replace(project, name="Bench"), made)


def _strokes(seconds: float, random: np.random.Generator) -> np.ndarray:
    time = np.arange(round(seconds * _RATE)) / _RATE
    every = random.uniform(0.4, 0.6)
    tone = np.sin(2 * np.pi * random.uniform(80, 160) * time) + 0.3 * random.standard_normal(len(time))
    return (0.3 * tone * np.exp(-6 * (time % every))).astype(np.float32)
