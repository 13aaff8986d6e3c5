"""The recipes by their names: after which record each is, and what it does, in the words that are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.document.guide_choice import ALBUM_GUIDE, NO_GUIDE, GuideChoice

DEFAULT_RECIPE = "random"


@dataclass(frozen=True, slots=True)
class RecipeWords:
    """What is said of a recipe."""

    after: str
    """The record whose way of working it is."""
    words: str
    """What it does, in a sentence."""
    is_guided: bool
    """Whether its clips play along to the album's own bars, where nothing else was asked for."""
    guide_words: str
    """Why they do, or do not, in a sentence."""

    @property
    def guide(self) -> GuideChoice:
        """What its clips play along to, where nothing else was asked for."""
        return ALBUM_GUIDE if self.is_guided else NO_GUIDE


_GUIDED = "Its clips play along to the album’s own bars in a new order."

RECIPE_BOOK: Mapping[str, RecipeWords] = {
    "reveal": RecipeWords(
        "Deep The Beatles",
        "A clip of every epoch in order, at most 30 seconds of each: the machine learns before your ears.",
        False,
        "Its clips play along to nothing, so that only what the machine knows by then is heard.",
    ),
    "random": RecipeWords(
        "Calculating Calculating Infinity",
        "Clips, titles and cover are drawn by lot, nothing is curated: the fully automated method of the paper.",
        True,
        _GUIDED,
    ),
    "sections": RecipeWords(
        "Coditany of Timeness",
        "All that the last epoch makes is listened to; unbroken sections that lead somewhere are kept, in the order of "
        "an album: opening, peak, closing.",
        True,
        _GUIDED,
    ),
    "stitch": RecipeWords(
        "Inorganimate",
        "Early, middle and late epochs are stitched into songs, joined where both of them strike.",
        True,
        "All clips of a song play along to the same bars of the album, so that early and late ones keep one tempo.",
    ),
    "layers": RecipeWords(
        "Megaturging",
        "Two or three mono takes that go well together are layered into stereo: they begin on the same stroke, and "
        "then drift as they like.",
        True,
        "Each take plays along to the album’s own bars in an order of its own, so that takes drift apart.",
    ),
    "motifs": RecipeWords(
        "Bot Prownies",
        "Some clips stay as they were found; other songs are built of motifs that come back, A A B A. Titles are "
        "chosen to fit.",
        True,
        _GUIDED,
    ),
    "likeness": RecipeWords(
        "1000 sharks",
        "Each clip is followed by the one that is most like it, until there is a song.",
        True,
        _GUIDED,
    ),
}
"""In the order in which they are shown."""
