"""A project whose folder was moved or removed while it was open: it is said, and asked where to go on."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QMessageBox, QWidget

from app.document.errors import UserError
from app.document.lock import ProjectLock, folder_gone
from app.document.model import Project
from app.document.opening import hold_project
from app.document.store import SUFFIX
from app.widgets.dialogs.questions import ask_open_folder, ask_save_file, offer_choices, tell

_TITLE = "The project\u2019s folder is gone"
GoOn = Callable[[Path, ProjectLock], None]
"""Is given where to go on, and the hold on it."""


def ask_where(parent: QWidget, folder: Path, value: Project, lock: ProjectLock, go_on: GoOn) -> QMessageBox:
    """Asks where the project is to be kept from now on; nothing is held up meanwhile.

    Args:
        folder: where it was.
        value: what it is now.
        lock: the hold on it that there still is.
    """
    found = lock.found_again()
    if found is not None:
        return offer_choices(
            parent,
            _TITLE,
            f"{folder_gone(folder)} It is “{found}” now.",
            {"Go on there": lambda: go_on(found, lock.handed_over(found))},
        )
    return offer_choices(
        parent,
        _TITLE,
        f"{folder_gone(folder)} What you have done is still here, but cannot be saved. Put the folder back, "
        "say where it is now, or keep what is here in a new place.",
        {
            "Say where it is…": lambda: _find(parent, folder, value, go_on),
            "Keep it elsewhere…": lambda: _begin_anew(parent, folder, go_on),
        },
    )


def _find(parent: QWidget, folder: Path, value: Project, go_on: GoOn) -> None:
    chosen = ask_open_folder(parent, f"Where is “{folder.name}” now?", folder.parent)
    if chosen is None:
        return
    try:
        lock, found = hold_project(chosen)
        if not _is_earlier(found, value):
            lock.release()
            raise UserError(f"“{chosen.name}” is another project.", "Choose the folder of this one.")
    except UserError as error:
        tell(parent, _TITLE, str(error))
        return
    go_on(chosen, lock)


def _is_earlier(found: Project, value: Project) -> bool:
    """Whether all music of the one is in the other: an earlier state of it, whose document may be replaced."""
    made = {(clip.id, clip.seed, clip.samples) for clip in value.clips}
    tracks = {(track.id, track.path) for track in value.album.tracks}
    return made.issuperset((clip.id, clip.seed, clip.samples) for clip in found.clips) and tracks.issuperset(
        (track.id, track.path) for track in found.album.tracks
    )


def _begin_anew(parent: QWidget, folder: Path, go_on: GoOn) -> None:
    chosen = ask_save_file(parent, "Keep the project", folder)
    if chosen is None:
        return
    chosen = chosen if chosen.suffix == SUFFIX else chosen.with_name(chosen.name + SUFFIX)
    try:
        os.mkdir(chosen)
        lock = ProjectLock(chosen)
    except OSError as error:
        tell(parent, _TITLE, str(UserError.from_os_error(f"“{chosen}” cannot be made", error)))
    except UserError as error:
        tell(parent, _TITLE, str(error))
    else:
        go_on(chosen, lock)
