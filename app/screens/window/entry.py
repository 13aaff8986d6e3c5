"""Opening the window on a project, the last one where none is named."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.document.errors import InUseError, UserError
from app.document.given import Given
from app.document.shelf import new_untitled, unsaved_untitled
from app.screens.window.main_window import MainWindow
from app.screens.window.one_window import FirstWindow
from app.screens.window.opening import hold_or_offer
from app.screens.window.settings import Memory, default_memory_file, default_shelf
from app.screens.window.taking import Taking
from app.session.open_project import OpenProject
from app.widgets.dialogs.questions import tell

_SWITCH_SECONDS = 0.001


def open_window(given: Given, name: str | None = None) -> int:
    """Opens the window and returns the exit status once it is closed. There has to be a QApplication.

    Args:
        given: the project, and what to import. Without a project, files go into a fresh one; with nothing at all, the
            project that was open last is opened, or a fresh one.
        name: of the socket at which to listen for later starts.
    """
    # threads hand over often, so that sound and painting keep their time while a model learns
    sys.setswitchinterval(_SWITCH_SECONDS)
    memory = Memory(default_memory_file(), default_shelf())
    try:
        if given.project is not None:
            window = _named(given.project, memory)
        else:
            window = _fresh(memory) if given.files else _last_or_fresh(memory)
    except UserError as error:
        tell(None, "Deep Cuts", str(error))
        return 2
    if window is None:
        return 2
    window.show()
    taking = Taking(window)
    application = QApplication.instance()
    if sys.platform == "darwin" and application is not None:  # elsewhere it would be asked for every event in vain
        application.installEventFilter(taking)
    first = FirstWindow(window)
    first.given.connect(taking.take)
    if name is not None:
        first.listen(name)
    if given.files:
        taking.take(given)
    for asked in (signal.SIGINT, signal.SIGTERM):
        # not at once: what is being done at that moment may hold a lock that closing waits for
        signal.signal(asked, lambda *_: QTimer.singleShot(0, window, window.stop_and_close))
    status = QApplication.exec()
    first.close()
    return status


def _named(path: Path, memory: Memory) -> MainWindow | None:
    """None where the project is damaged and the person does not want its copy."""
    held = hold_or_offer(None, path)
    if held is None:
        return None
    lock, project = held
    return _window(OpenProject(path, project, lock=lock), memory)


def _window(project: OpenProject, memory: Memory) -> MainWindow:
    try:
        return MainWindow(project, memory)
    except UserError:
        project.close()
        raise


def _last_or_fresh(memory: Memory) -> MainWindow:
    for last in memory.recent[:1]:
        try:
            if (window := _named(last, memory)) is not None:
                return window
        except InUseError:
            pass  # which is not in the way of a fresh one
        except UserError as error:
            tell(None, "Deep Cuts", str(error))
    return _fresh(memory)


def _fresh(memory: Memory) -> MainWindow:
    """A window on a fresh project; where that cannot be written, on a full disk say, it opens and tells so."""
    try:
        path, _ = new_untitled(memory.shelf)
    except UserError:
        unsaved = OpenProject(*unsaved_untitled(memory.shelf), is_new=True)
        window = _window(unsaved, memory)
        unsaved.save_now()  # which says why it could not be, and tries again and again
        return window
    return _window(OpenProject.opened(path), memory)
