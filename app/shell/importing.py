"""What an import in the shell says and gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.document.errors import UserError
from app.document.model import Album
from app.shell.running import complain

if TYPE_CHECKING:
    from app.studio.importing.album import Imported


def taken_of(imported: Imported) -> Album:
    """What an import could use, after a line about each file that it could not.

    Raises:
        UserError: where that is nothing.
    """
    nothing = imported.album == Album()
    if nothing and len(imported.refused) == 1:
        raise UserError(imported.refused[0].why)
    for refused in imported.refused:
        complain(refused.why)
    if nothing:
        raise UserError("Nothing of this could be used.", "Name sound files, or folders that hold some.")
    return imported.album
