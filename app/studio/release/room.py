"""The room that a release takes on the disk."""

from __future__ import annotations

import shutil
from pathlib import Path

from app.document.errors import UserError
from app.document.lengths import album_seconds
from app.document.model import Project
from app.studio.release.files import FORMATS
from resources.files import make_folders

_SPARE_BYTES = 30_000_000
_RENDER_BYTES = 8
"""For each frame of the longest song, which is mixed once to be written in every format."""
_COVER_BYTES = 10_000_000
"""As large as a cover is at most; one goes into the folder of each format."""


def needed_bytes(project: Project) -> int:
    """Room that an export takes, a little overestimated."""
    seconds = album_seconds(project) + 3 * len(project.songs)
    render = max((song.frames for song in project.songs), default=0) * _RENDER_BYTES
    each = sum(FORMATS[name].bytes_per_second for name in project.release.formats)
    return int(seconds * each) + render + _SPARE_BYTES + _COVER_BYTES * len(project.release.formats)


def check_room(out: Path, needed: int) -> None:
    """Makes the folder `out`, unless it is there.

    Raises:
        UserError: it cannot be written to, or there are fewer bytes free than `needed`.
    """
    try:
        make_folders(out)
        free = shutil.disk_usage(out).free
    except OSError as error:
        raise UserError.from_os_error(f"“{out}” cannot be written to", error) from error
    if free < needed:
        raise UserError(
            f"There are {free / 1e6:.0f} MB free in “{out}”, and the album needs {needed / 1e6:.0f} MB.",
            "Free some space or choose another disk.",
        )
