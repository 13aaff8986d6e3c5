"""The window from start to end: the application, its look, its garbage, its last words."""

from __future__ import annotations

import gc
import sys
from importlib.resources import files

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from app.document.errors import UserError
from app.document.given import Given
from app.document.last_good import DamagedError
from app.document.store import read_document
from app.libraries import no_screen
from app.widgets.theme import apply_theme

APPLICATION = "Deep Cuts"
DESKTOP_FILE = "org.deepcuts.DeepCuts"
"""The name of the desktop entry, which tells desktops whose windows are ours."""
_COLLECT_EVERY_MS = 5_000


class Collector(QObject):
    """Collects garbage in the thread of the window only.

    A collection in a worker thread could destroy widgets there, which Qt does not survive. What modules brought with
    them lives as long as the program does: it is set aside, or looking through it (0.1 s for torch) would be felt.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._modules = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_COLLECT_EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def close(self) -> None:
        """Gives up what was set aside, while there is still an application: extension modules count what is left."""
        self._timer.stop()
        gc.unfreeze()
        gc.collect()

    def collect(self) -> None:
        if len(sys.modules) == self._modules:
            gc.collect()
            return
        self._modules = len(sys.modules)
        gc.freeze()


def make_application() -> QApplication:
    """The one application of the process, in our look."""
    application = QApplication(sys.argv[:1])
    application.setApplicationName(APPLICATION)
    application.setDesktopFileName(DESKTOP_FILE)
    application.setWindowIcon(QIcon(str(files("resources").joinpath("icons", "deepcuts.svg"))))
    apply_theme(application)
    return application


def run_desktop(given: Given) -> int:
    """Opens the window on what is given and returns the exit status once it is closed.

    Where a window is open already, that one takes it, and this returns at once.
    """
    project = given.project
    if project is not None:
        try:
            read_document(project)  # the folder is looked through when the window takes hold of it
        except UserError as error:
            # a window can offer the copy
            can_offer = isinstance(error, DamagedError) and error.copy_from is not None and no_screen() is None
            if not can_offer:
                sys.stderr.write(f"{error}\n")
                return 2
    if (why := no_screen()) is not None:
        sys.stderr.write(f"{why}\n")
        return 2
    from app.screens.window.one_window import hand_over, usual_name

    name = usual_name()
    if name is not None and hand_over(name, given):
        return 0
    application = make_application()
    collector = Collector(application)
    from app.screens.window.entry import open_window

    try:
        return open_window(given, name)
    finally:
        collector.close()
