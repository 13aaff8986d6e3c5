"""What is given to the window from outside: by a double click, by the command line, by a second start."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from app.document.errors import UserError
from app.document.given import Given, given_in
from app.document.words import plural
from app.screens.window.main_window import MainWindow
from app.widgets.dialogs.questions import ask_choice

_AGAIN_MS = 300


class Taking(QObject):
    """Opens and imports what is given, one after another; while a question is open, it waits."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._waiting: list[Given] = []
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._take_next)

    def take(self, given: Given) -> None:
        """Brings the window to the front and begins."""
        window = self._window
        if window.isMinimized():
            window.showNormal()
        window.show()
        window.raise_()
        window.activateWindow()
        self._waiting.append(given)
        self._soon.start(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Of the application: macOS tells by an event which documents are to be opened."""
        if isinstance(event, QFileOpenEvent) and event.file():
            try:
                given = given_in(["./" + event.file() if event.file().startswith("-") else event.file()])
            except UserError:
                given = None
            if given is not None:
                self.take(given)
            return True
        return super().eventFilter(watched, event)

    def _take_next(self) -> None:
        if not self._waiting or self._window.is_closed:
            return
        if QApplication.activeModalWidget() is not None:
            self._soon.start(_AGAIN_MS)
            return
        given = self._waiting.pop(0)
        if self._is_open(given) and given.files and self._has_room(len(given.files)):
            self._window.workspace.go("album")
            self._window.album.add_files(given.files)
        if self._waiting:
            self._soon.start(0)

    def _is_open(self, given: Given) -> bool:
        """Opens the project, if one is named; whether it is the one that the files are for."""
        if given.project is None:
            return True
        self._window.open_project(given.project)
        return not self._window.is_closed and self._window.has_open(given.project)

    def _has_room(self, files: int) -> bool:
        """Whether the files may go into the album of the project that is open; a fresh one is made where wanted."""
        album = self._window.project.value.album
        if not album.tracks:
            return True
        question = f"There is an album in this project already. Where are {plural(files, 'file')} to go?"
        answer = ask_choice(self._window, "Import", question, ("New project", "Add to this album", "Cancel"))
        if answer == 0:
            before = self._window.project.folder
            self._window.new_project()
            return not self._window.is_closed and self._window.project.folder != before
        return answer == 1
