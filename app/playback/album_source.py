"""The album as the model heard it, as something to play."""

from __future__ import annotations

from pathlib import Path

from app.document.excerpt import Excerpt
from app.playback.feeder import Source


def album_source(folder: Path, excerpt: Excerpt) -> Source:
    """Some seconds of a track of the prepared album.

    Raises:
        UserError: it is not prepared, or has no such track.
    """
    from app.studio.audio.album_sound import album_sound

    return album_sound(folder, excerpt)
