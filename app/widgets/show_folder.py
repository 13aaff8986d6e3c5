"""Showing a folder in the file manager of the system; nothing else is ever opened."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices


def show_folder(folder: Path) -> str:
    """Shows a folder, whoever has named it: a path in a project may have been written by a stranger.

    A file would be run or opened by whatever it asks for, so it is refused.

    Returns:
        Why it cannot be shown, in plain words; "" where it is.
    """
    if not folder.is_absolute() or not os.path.isdir(folder):
        return f"There is no folder “{folder}” any more."
    if sys.platform == "darwin":
        # a folder named like a program would be started; in the folder around it, it is only shown
        shown, _ = QProcess.startDetached("open", ["-R", str(folder)])
    else:
        # with the separator at its end no system takes it for a program of that name
        shown = QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder) + os.sep))
    return "" if shown else f"“{folder}” cannot be shown here: no file manager was found."
