"""Clips with what is heard in them, made up, as material for recipes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from app.document.model import SONG_RATE, Clip, Cover, Project, Section, Tempo, Title
from app.document.tree import clip_of
from app.studio.analysis.accents import Accents
from app.studio.analysis.liveliness import WINDOW, Liveliness
from app.studio.analysis.onsets import STEPS_PER_SECOND
from app.studio.recipes.material import Batch, HeardClip, Learnt, Material, Profile, Wishes
from app.studio.recipes.recipes import RECIPES, arrange_by

RATE = 16_000
TWELVE = Learnt(tuple(range(1, 13)), 9)
"""Twelve epochs, of which the ninth is the best."""

Heard = Callable[[Clip, np.random.Generator], HeardClip]


def clips_of(batches: Sequence[Batch]) -> list[Clip]:
    """The clips of all batches, in their order."""
    made: list[Clip] = []
    for batch in batches:
        for number in range(batch.count):
            made.append(
                Clip(
                    id=f"c{len(made) + 1:04}", run="r1", epoch=batch.epoch, file="", rate=RATE,
                    samples=round(batch.seconds * RATE), seed=batch.seed + number, temperature=batch.temperature,
                )
            )  # fmt: skip
    return made


def strikes(clip: Clip, random: np.random.Generator, every: float = 0.5, tempo: Tempo | None = None) -> Accents:
    """Accents about `every` seconds from a moment of the clip's own on, none of which is exactly in time."""
    count = max(int(clip.seconds / every) - 1, 0)
    moments = np.arange(count) * every + random.uniform(0.0, every) + random.uniform(-0.02, 0.02, count)
    moments = moments[(moments > 0.02) & (moments < clip.seconds - 0.02)].astype(np.float32)
    strength = np.zeros(round(clip.seconds * STEPS_PER_SECOND), np.float32)
    strength[np.round(moments * STEPS_PER_SECOND).astype(int)] = 1.0
    return Accents(strength, moments, random.uniform(0.5, 1.0, len(moments)).astype(np.float32), tempo)


def profile(clip: Clip, random: np.random.Generator, shut: Sequence[tuple[float, float]] = ()) -> Profile:
    """Anything at all, but for the seconds that are shut."""
    windows = max(clip.frames // WINDOW, 1)
    chroma = random.uniform(0.0, 1.0, (windows, 12)) + 3.0 * np.eye(12)[random.integers(12)]
    chroma /= np.linalg.norm(chroma, axis=1, keepdims=True)
    closed = np.zeros(windows, bool)
    for begin, end in shut:
        closed[int(begin * SONG_RATE / WINDOW) : int(np.ceil(end * SONG_RATE / WINDOW))] = True
    features = random.normal(0.0, 1.0, (windows, 6)) * 0.2 + random.normal(0.0, 1.0, 6)
    closeness = np.full(windows, random.uniform())
    return Profile(features.astype(np.float32), chroma.astype(np.float32), closeness.astype(np.float32), closed)


def alive(clip: Clip, loudness_db: float = -20.0) -> Liveliness:
    return Liveliness(loudness_db, np.ones(max(clip.frames // WINDOW, 1), bool))


def all_heard(clip: Clip, random: np.random.Generator) -> HeardClip:
    """Everything is known of it, and nothing is wrong with it."""
    level = float(random.uniform(-26.0, -14.0))
    return HeardClip(clip, alive(clip, level), strikes(clip, random), profile(clip, random))


def material_for(recipe: str, wishes: Wishes, learnt: Learnt, heard: Heard = all_heard) -> Material:
    """The clips that the recipe asks for, as heard by a function."""
    random = np.random.default_rng(wishes.seed)
    made = clips_of(list(RECIPES[recipe].clips(wishes, learnt)))
    return Material(tuple(heard(clip, random) for clip in made), learnt)


def arranged(recipe: str, wishes: Wishes, material: Material) -> Project:
    """A project with nothing but the songs of the recipe."""
    project = Project(
        clips=tuple(heard.clip for heard in material.clips),
        titles=tuple(Title(text=f"Title {number}") for number in range(40)),
        covers=tuple(Cover(id=f"a{number}", file="", method="self") for number in range(3)),
    )
    return arrange_by(recipe, project, wishes, material)


def sections_of(project: Project) -> list[Section]:
    return [part for song in project.songs for lane in song.lanes for part in lane.sections]


def epoch_of(project: Project, clip: str) -> int:
    return clip_of(project, clip).epoch


def at_moments(clip: Clip, moments: np.ndarray) -> Accents:
    """Accents of one weight at these seconds, and nowhere else."""
    strength = np.zeros(round(clip.seconds * STEPS_PER_SECOND), np.float32)
    strength[np.round(moments * STEPS_PER_SECOND).astype(int)] = 1.0
    return Accents(strength, moments.astype(np.float32), np.ones(len(moments), np.float32), None)
