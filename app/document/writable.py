"""Whether a project can be saved where it lies."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from app.document.errors import UserError
from app.document.store import ProjectFolder

_LEAST_BYTES = 64 * 1024


def try_writing(folder: Path) -> None:
    """Writes as much as the next saving will, to a file that is gone again at once.

    Raises:
        UserError: that cannot be: the disk is full or can only be read, or the folder may not be written to.
    """
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            document = ProjectFolder(folder).document
            file.write(bytes((document.stat().st_size if document.exists() else 0) + _LEAST_BYTES))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise UserError.from_os_error(f"“{folder}” cannot be saved", error) from error
