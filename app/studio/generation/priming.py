"""Where the clips of a project begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.document.store import ProjectFolder
from samplernn.data.dataset import Dataset
from samplernn.errors import SoundError

if TYPE_CHECKING:
    from samplernn.generation.priming import AlbumPrime


def album_prime(place: ProjectFolder) -> AlbumPrime | None:
    """Amid the project's music; None where its dataset is gone, so that clips begin in silence."""
    from samplernn.generation.priming import AlbumPrime

    try:
        return AlbumPrime(Dataset.open(place.dataset))
    except SoundError:
        return None
