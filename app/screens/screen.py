"""What the six screens have in common."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.jobs.job import JobList
from app.jobs.open_project import OpenProject
from app.jobs.player import Player


class Screen(QWidget):
    """One of the six steps.

    A screen shows `project.value` and sends edits; it holds no truth of its own. Its keys are the QAction that it adds
    to itself by `addAction`, each with a plain name: the window lists what `actions()` gives under "?" and in the
    palette. Their shortcut context should be Qt.ShortcutContext.WidgetWithChildrenShortcut.

    Signals (all emitted by the screen in the thread of the window):
        go(str): asks for another screen: "album", "train", "arrange", "artwork", "titles" or "export".
        say(str, str): a message that shows for a while: the text, and its kind "good", "bad" or "".
    """

    go = Signal(str)
    say = Signal(str, str)

    name = ""
    """What the rail and `go` call it, in small letters."""

    def __init__(self, project: OpenProject, jobs: JobList, player: Player, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.project = project
        self.jobs = jobs
        self.player = player

    def rail_note(self) -> str:
        """What the rail says beside the name, e.g. "48 min"; asked for after every change of the document."""
        return ""

    def play(self) -> None:
        """Plays what this screen is about: Space or the button of the transport, while nothing plays.

        Here: goes on with what was heard last.
        """
        self.player.resume()

    def entered(self) -> None:
        """The window has just shown this screen."""

    def left(self) -> None:
        """The window is about to show another screen."""
