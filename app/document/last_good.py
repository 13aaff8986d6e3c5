"""The copy of the document that lies beside it, for the day on which something else damages the document."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from datetime import datetime
from os import PathLike
from pathlib import Path

from app.document.checking import NotKeepableError
from app.document.coding import decoded, read_bytes
from app.document.errors import UserError
from resources.files import replacing, write_whole

_NAME = "project.last-good.json"


class DamagedError(UserError):
    """A document that cannot be opened.

    Args:
        document: where it lies.
        why: what is wrong, as a part of a sentence.
        copy_from: when the good copy beside it was written; None where there is none.
    """

    def __init__(self, document: Path, why: str, copy_from: datetime | None) -> None:
        if copy_from is None:
            todo = "Mend it, or put back a copy; the clips beside it are still there."
        else:
            todo = f"Go on with the copy of {say_when(copy_from)}: rename “{_NAME}” beside it to “{document.name}”."
        super().__init__(f"“{document}” is damaged: {why}.", todo)
        self.copy_from = copy_from


def keep_last_good(document: Path, text: bytes) -> None:
    """Leaves a copy of what the document says beside it; a disk that refuses is no fault."""
    with suppress(OSError):
        write_whole(last_good(document), text, make_parent=False)  # a folder that was moved just now stays away


def last_good(document: Path) -> Path:
    """Where the copy of a document lies."""
    return document.with_name(_NAME)


def last_good_from(document: Path) -> datetime | None:
    """When the copy was written; None where there is none that opens."""
    copy = last_good(document)
    try:
        decoded(read_bytes(copy))
    except (OSError, UserError, NotKeepableError):
        return None
    return moment_of(copy)


def moment_of(file: PathLike[str] | int) -> datetime:
    """When a file was written; now, where its date is one that no calendar has: it is as good as any."""
    try:
        return datetime.fromtimestamp(os.stat(file).st_mtime)
    except (OSError, OverflowError, ValueError):
        return datetime.now()


def restore_last_good(document: Path) -> None:
    """Puts the copy in the place of a damaged document, which is kept as project.damaged.json, project.damaged-2.json …

    Raises:
        UserError: there is no copy that opens, or it cannot be put there.
    """
    try:
        good = read_bytes(last_good(document))
        decoded(good)
        with suppress(FileNotFoundError), replacing(_for_damaged(document)) as fresh:
            shutil.copyfile(document, fresh)
        write_whole(document, good)
    except NotKeepableError:
        raise UserError("The copy cannot be opened either.", "Put back a copy of your own.") from None
    except OSError as error:
        raise UserError.from_os_error("The copy cannot be put back", error) from error


def say_when(moment: datetime) -> str:
    """The time of a day; and which day, where it is not today."""
    clock = f"{moment:%H:%M}"
    return clock if moment.date() == datetime.now().date() else f"{moment.day} {moment:%B %Y}, {clock}"


def _for_damaged(document: Path) -> Path:
    place, number = document.with_name("project.damaged.json"), 1
    while place.exists():
        number += 1
        place = document.with_name(f"project.damaged-{number}.json")
    return place
