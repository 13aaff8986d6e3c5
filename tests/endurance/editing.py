"""Edits a project and says each edit that has been saved: what a kill or a power cut interrupts.

    python -m tests.endurance.editing PROJECT [EDITS]

After so many edits it only waits. Prints the number of the newest edit that the program called saved; the edits after
it may be lost, it may not.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, Qt

from app.document.edits.songs import title_song
from app.document.store import load_project
from app.session.open_project import OpenProject
from tests.endurance.saying import say


def main() -> None:
    application = QCoreApplication(sys.argv)
    folder = Path(sys.argv[1])
    project = OpenProject(folder, load_project(folder))
    song = project.value.songs[0].id
    loop = QEventLoop()
    project.saved.connect(lambda done: loop.quit() if done else None, Qt.ConnectionType.QueuedConnection)
    first = number_of(folder) + 1
    last = first + int(sys.argv[2]) if len(sys.argv) > 2 else sys.maxsize
    for edit in range(first, last):
        project.edit("Name", title_song, song, f"Edit {edit}")
        loop.exec()
        say(str(edit))
    application.exec()


def number_of(folder: Path) -> int:
    """The number of the newest edit that is on the disk."""
    word = load_project(folder).songs[0].title.removeprefix("Edit ")
    return int(word) if word.isdecimal() else 0


if __name__ == "__main__":
    main()
