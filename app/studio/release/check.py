"""One thing to know before an export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "look", "bad"]
Place = Literal["", "arrange", "artwork", "titles", "names", "details", "place"]
"""A screen by its name; or on Export itself the names of the album, the details for shops, or where to export to."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the list.

    Attributes:
        level: "ok", "look" (worth a look, exports all the same) or "bad" (cannot be exported).
        text: part of a sentence.
        place: where it can be put right; "" for nowhere.
        song: the id of the song that it is about first; "" for none.
        frame: of that song.
    """

    level: Level
    text: str
    place: Place = ""
    song: str = ""
    frame: int = 0


def named(places: Sequence[int]) -> str:
    """As "song 3 is" or "songs 1, 4 are"."""
    listed = ", ".join(map(str, places))
    return f"song {listed} is" if len(places) == 1 else f"songs {listed} are"
