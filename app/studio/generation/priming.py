"""Where the clips of a project begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.document.store import ProjectFolder
from samplernn.data.dataset import Dataset
from samplernn.errors import SoundError

if TYPE_CHECKING:
    from samplernn.generation.priming import AlbumPrime


def album_prime(place: ProjectFolder) -> AlbumPrime | None:
    """The prime that lets clips begin amid the project's music; None where its dataset is gone."""
    from samplernn.generation.priming import AlbumPrime

    try:
        return AlbumPrime(Dataset.open(place.dataset))
    except SoundError:
        return None
