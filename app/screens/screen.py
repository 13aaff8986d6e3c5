"""What the six screens have in common."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence, QShowEvent
from PySide6.QtWidgets import QWidget

from app.document.changes import EVERYTHING, NOTHING, Changes
from app.jobs.job import JobList
from app.playback.player import Player
from app.session.open_project import OpenProject
from app.widgets.frame.action_palette import ActionGroup


class Screen(QWidget):
    """One of the six steps.

    A screen shows `project.value` and sends edits; it holds no truth of its own. While it is hidden it waits: what has
    changed meanwhile is shown when the screen is shown next, by `show_changes`. Its keys are the QActions that it
    adds to itself by `add_key`, each with a plain name: the window lists them under "?" and in the palette.

    Signals (all emitted by the screen in the thread of the window):
        go(str): asks for another screen: "album", "train", "arrange", "artwork", "titles" or "export".
        song_asked(str, int): asks for Arrange with this song, and the playhead at this frame.
        live_asked(): to hear a checkpoint live.
        say(str, str): a message that shows for a while: the text, and its kind "good", "bad" or "".
    """

    go = Signal(str)
    song_asked = Signal(str, int)
    live_asked = Signal()
    say = Signal(str, str)

    name = ""
    """What the rail and `go` call it, in small letters."""

    shown_parts = EVERYTHING.parts
    """The fields of `Project` that this screen shows: it does not hear of a change that touches none of them."""

    def __init__(self, project: OpenProject, jobs: JobList, player: Player, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.project = project
        self.jobs = jobs
        self.player = player
        self._missed = NOTHING
        project.changed.connect(self._on_project_changed)

    # what is shown

    def show_changes(self, changes: Changes) -> None:
        """Shows the document as it is now; called only while the screen is shown.

        Args:
            changes: all that has changed since it was called last.
        """

    def miss(self, changes: Changes) -> None:
        """Has `show_changes` called for these, too, when the screen is shown next."""
        self._missed |= changes

    @Slot(object)
    def _on_project_changed(self, changes: Changes) -> None:
        if changes.touch(*self.shown_parts):
            self.miss(changes)
            if self.isVisible():
                self._catch_up()

    def _catch_up(self) -> None:
        missed, self._missed = self._missed, NOTHING
        if missed:
            self.show_changes(missed)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._catch_up()

    # what can be done here

    def add_key(self, name: str, keys: str, does: Callable[[], object]) -> QAction:
        """Adds something to do with its key, which works while this screen is shown, wherever the focus is."""
        action = QAction(name, self)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.triggered.connect(lambda: does())
        self.addAction(action)
        return action

    def action_groups(self) -> list[ActionGroup]:
        """What can be done here, as the sheet of keys and the palette show it."""
        return [ActionGroup(self.name.capitalize(), self.actions())]

    def rail_note(self) -> str:
        """What the rail says beside the name, e.g. "48 min"; asked for after every change of the document."""
        return ""

    def play(self) -> None:
        """Plays what this screen is about: Space or the button of the transport, while nothing plays.

        Here: goes on with what was heard last.
        """
        self.player.resume()

    def show_song(self, song: str, frame: int) -> None:
        """Shows a song by its id at a frame of it, where this screen shows songs one by one."""

    def entered(self) -> None:
        """The window has just shown this screen."""

    def left(self) -> None:
        """The window is about to show another screen."""

    def shut(self) -> None:
        """The project is being closed: ends what runs for this screen outside the list of jobs."""
