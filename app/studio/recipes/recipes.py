"""The recipes by their names: which clips each wants, and how it puts songs together of them.

“random” is not among them: it plans its songs before their clips are made, see `app.studio.recipes.by_lot`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from app.document.model import Project
from app.studio.recipes.drafts import draw_cover, draw_titles
from app.studio.recipes.layers import layers_clips, layers_recipe
from app.studio.recipes.likeness import likeness_clips, likeness_recipe
from app.studio.recipes.material import Batch, Learnt, Material, Wishes
from app.studio.recipes.motifs import motifs_clips, motifs_recipe
from app.studio.recipes.reveal import reveal_clips, reveal_notes, reveal_recipe
from app.studio.recipes.sections import sections_clips, sections_recipe
from app.studio.recipes.stitch import stitch_clips, stitch_notes, stitch_recipe


def _nothing_to_say(wishes: Wishes, learnt: Learnt) -> Iterable[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Recipe:
    """One recipe.

    Attributes:
        clips: what is to be generated for it.
        arrange: adds the songs to a project, a pure function; the clips of the material come in the order of `clips`.
        notes: what there is to say of what has been learnt, in plain sentences.
        wants_chroma: whether the notes of clips are listened to.
    """

    clips: Callable[[Wishes, Learnt], Iterable[Batch]]
    arrange: Callable[[Project, Wishes, Material], Project]
    notes: Callable[[Wishes, Learnt], Iterable[str]] = _nothing_to_say
    wants_chroma: bool = False


RECIPES: Mapping[str, Recipe] = {
    "reveal": Recipe(reveal_clips, reveal_recipe, reveal_notes),
    "sections": Recipe(sections_clips, sections_recipe, wants_chroma=True),
    "stitch": Recipe(stitch_clips, stitch_recipe, stitch_notes),
    "layers": Recipe(layers_clips, layers_recipe, wants_chroma=True),
    "motifs": Recipe(motifs_clips, motifs_recipe),
    "likeness": Recipe(likeness_clips, likeness_recipe),
}


def arrange_by(recipe: str, project: Project, wishes: Wishes, material: Material) -> Project:
    """Adds the songs of a recipe. Those that it does not name get titles by lot, and so does the cover."""
    draw = random.Random(wishes.seed)
    before = len(project.songs)
    project = RECIPES[recipe].arrange(project, wishes, material)
    project = draw_titles(project, [song.id for song in project.songs[before:] if not song.title], draw)
    return draw_cover(project, draw)
