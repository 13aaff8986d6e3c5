"""The one window."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import cast

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QMainWindow

from app.document.changes import EVERYTHING, Changes
from app.document.errors import UserError
from app.document.handle import project_of, write_handle
from app.document.lock import ProjectLock
from app.document.shelf import free_copy, new_untitled, one_of_twins
from app.document.store import SUFFIX
from app.document.words import isolated
from app.jobs.copying import save_copy
from app.screens.album.screen import AlbumScreen
from app.screens.window.actions import WindowActions
from app.screens.window.closing import Closing, gives_up_saving, let_go_of_folder, save_last
from app.screens.window.make_for_me import MakeForMe
from app.screens.window.opening import hold_or_offer
from app.screens.window.saving import SavingMessages
from app.screens.window.settings import Memory, default_memory_file, default_shelf
from app.screens.window.workspace import Workspace
from app.session.open_project import OpenProject
from app.widgets.album.drops import dropped_paths, has_files
from app.widgets.dialogs.fitting import room_for
from app.widgets.dialogs.questions import ask_choice, ask_open_folder, ask_save_file, tell
from app.widgets.frame.action_palette import ActionGroup, ActionPalette, KeySheet
from app.widgets.frame.history_list import HistoryList
from app.widgets.show_folder import show_folder

_SIZE = (1440, 900)
_SMALLEST = QSize(900, 440)
_FAREWELL = (
    "What is running now is stopped at the next safe place and saved. A model that learns can go on later from there."
)


class MainWindow(QMainWindow):
    """Shows one project at a time, from its opening to its closing.

    Args:
        project: what to show first; the window closes it.
        memory: what to remember from one time to the next.

    Raises:
        UserError: where another window has the project open.
    """

    def __init__(self, project: OpenProject, memory: Memory | None = None) -> None:
        super().__init__()
        self.memory = memory or Memory(default_memory_file(), default_shelf())
        self.setAcceptDrops(True)
        self.resize(*_SIZE)
        if self.memory.geometry:
            self.restoreGeometry(QByteArray(self.memory.geometry))
        room = room_for(self)  # the screen may be another than last time
        self.setMinimumSize(_SMALLEST.boundedTo(room))
        if not self.isMaximized() and not self.isFullScreen():
            self.resize(self.size().boundedTo(room))
        self._is_leaving = False
        self._workspace: Workspace | None = None
        self.actions_ = WindowActions(self, self)
        self._saving = SavingMessages(self, self.save_a_copy, self._go_on_at)
        self._lock = project.lock or ProjectLock(project.folder)
        try:
            self._show_project(project)
        except BaseException:
            self._lock.release()
            raise

    @property
    def workspace(self) -> Workspace:
        """What belongs to the open project; not to be asked for once the window is closed."""
        assert self._workspace is not None
        return self._workspace

    @property
    def is_closed(self) -> bool:
        """Whether its project is closed and there is none after it."""
        return self._workspace is None

    @property
    def project(self) -> OpenProject:
        return self.workspace.project

    @property
    def album(self) -> AlbumScreen:
        return cast(AlbumScreen, self.workspace.screens["album"])

    # projects

    def new_project(self) -> None:
        try:
            path, _ = new_untitled(self.memory.shelf)
        except UserError as error:
            tell(self, "New project", str(error))
            return
        self.open_project(path)

    def choose_project(self) -> None:
        path = ask_open_folder(self, "Open a project: choose its folder (NAME.deepcuts)", self.memory.shelf)
        if path is not None:
            self.open_project(path)

    def has_open(self, path: Path) -> bool:
        """Whether it is the open project that lies there, however the path is written: a link leads to it, too."""
        try:
            return os.path.samefile(path, self.project.folder)
        except OSError:
            return path == self.project.folder

    def open_project(self, path: Path) -> None:
        """Opens another project in place of this one; says so where it cannot be opened."""
        if self._is_leaving or self.has_open(path):
            return
        try:
            held = hold_or_offer(self, path)
        except UserError as error:
            self.memory.gone(path)
            self.actions_.show_recent(self.memory.recent)
            tell(self, "Open", str(error))
            return
        if held is None:
            return
        lock, project = held

        def then() -> None:
            self._lock = lock
            self._show_project(OpenProject(path, project, lock=lock))

        if not self._leave(then):
            lock.release()

    def save_a_copy(self) -> None:
        suggested = free_copy(self.project.folder, self.project.value.name, self.memory.shelf)
        path = ask_save_file(self, "Save a copy", suggested)
        if path is None:
            return
        path = path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)
        source = None if self._lock.is_in_place else self._lock.found_again()
        job = save_copy(self.project, self.workspace.jobs, path, source=source)
        job.finished.connect(lambda to: self._say(f"The copy is in {to}.", "good"))
        job.failed.connect(lambda why: self._say(why, "bad"))

    def save_now(self) -> None:
        """Everything is saved by itself; who asks for it gets an answer."""
        self._saving.save_now()

    def begin_rename(self) -> None:
        self.workspace.top.name.begin()

    def show_folder(self) -> None:
        if why := show_folder(self.project.folder):
            self._say(why, "bad")

    # what the actions do

    def choose_music(self) -> None:
        self.workspace.go("album")
        self.album.choose_files()

    def make_for_me(self) -> None:
        question = MakeForMe(self.project, self.workspace.jobs, self)
        question.wanted.connect(self.workspace.make)
        question.open()

    def undo(self) -> None:
        self.project.undo()

    def redo(self) -> None:
        self.project.redo()

    def show_steps(self) -> None:
        """Lists all that was done since the project was opened; a step that is chosen is gone to."""
        project = self.project
        steps = HistoryList(lambda: (project.steps, project.step), self)
        steps.step_asked.connect(project.go_to_step)
        project.changed.connect(steps.show_steps)
        steps.move(self.mapToGlobal(self.rect().center()) - steps.rect().center())
        steps.show()

    def play_or_stop(self) -> None:
        self.workspace.play_or_stop()

    def go_to_start(self) -> None:
        self.workspace.go_to_start()

    def toggle_loop(self) -> None:
        self.workspace.set_loop(self.workspace.player.loop is None)

    def choose_finish(self) -> None:
        self.workspace.transport.finish.open()

    def show_live(self) -> None:
        self.workspace.show_live()

    def toggle_live(self) -> None:
        self.workspace.toggle_live()

    def keep_live(self) -> None:
        self.workspace.live.keep_last()

    def go_to(self, place: int) -> None:
        self.workspace.go_to_place(place)

    def action_groups(self) -> list[ActionGroup]:
        """Everything that can be done now, the screen that is shown first."""
        return [*self.workspace.current.action_groups(), *self.actions_.groups()]

    def show_palette(self) -> None:
        palette = ActionPalette(self.action_groups(), self)
        palette.move(self.mapToGlobal(self.rect().center()) - palette.rect().center())
        palette.show()

    def show_keys(self) -> None:
        groups = [group for screen in self.workspace.screens.values() for group in screen.action_groups()]
        KeySheet([*self.actions_.groups(), *groups], self).open()

    # opening and closing

    def _show_project(self, project: OpenProject) -> None:
        self._workspace = Workspace(project, self.actions_.menu, self)
        self._workspace.palette_asked.connect(self.show_palette)
        self._workspace.make_asked.connect(self.make_for_me)
        self.setCentralWidget(self._workspace)
        write_handle(project.folder)
        self._saving.follow(self._workspace, self._lock)
        project.changed.connect(self._on_changed)
        self.memory.opened(project.folder)
        self.actions_.show_recent(self.memory.recent, project.folder)
        self._on_changed(EVERYTHING)

    def _on_changed(self, changes: Changes) -> None:
        self.actions_.show_history(self.project.undo_name, self.project.redo_name)
        if changes.touch("name"):  # looks at the disk for other projects of that name
            self._show_name()

    def _show_name(self) -> None:
        name = isolated(one_of_twins(self.project.value.name, self.project.folder, self.memory.recent))
        self.setWindowTitle(f"{name} – Deep Cuts".replace("[*]", "[*][*]"))  # which else stands for "changed"

    def _go_on_at(self, folder: Path, lock: ProjectLock) -> None:
        """Goes on with the project in another folder; what the jobs that run have made until now stays in the old."""
        if self._is_leaving or self.is_closed:
            lock.release()
            return
        project, screen = self.project, self.workspace.screen_name

        def then() -> None:
            self._lock = lock
            self._show_project(project.at(folder))
            self.workspace.go(screen)

        self.memory.gone(project.folder)
        self._stop_then(then)

    def _say(self, text: str, kind: str) -> None:
        self.workspace.toast.say(text, kind)

    def _leave(self, then: Callable[[], None]) -> bool:
        """Closes the project, asking first where something would be lost or stopped; `then` runs once it is closed.

        Returns:
            False where the person would rather stay.
        """
        self._take_what_is_typed()
        running = [job.name for job in self.workspace.jobs.asked_for]
        if running:
            names = " and ".join(f"“{name}”" for name in dict.fromkeys(running))
            verb = "is" if len(running) == 1 else "are"
            choices = ("Stop and save", "Keep working")
            if ask_choice(self, "Deep Cuts", f"{names} {verb} still running.", choices, detail=_FAREWELL) != 0:
                return False
        if (trouble := self.project.settle()) and not gives_up_saving(self, trouble, "Stay here"):
            return False
        project, given_up = self.project, self.project.value if trouble else None
        self._stop_then(then, lambda: save_last(self, project, given_up))
        return True

    def _take_what_is_typed(self) -> None:
        """A field tells what was typed once it is left."""
        focus = QApplication.focusWidget()
        if focus is not None and self.isAncestorOf(focus):
            focus.clearFocus()

    def _stop_then(self, then: Callable[[], None], before: Callable[[], None] = lambda: None) -> None:
        def close_and_go_on() -> None:
            before()
            self._is_leaving = False
            self._close_project()
            then()

        self._is_leaving = True
        if self.workspace.jobs.running:
            Closing(self.workspace.jobs, close_and_go_on, self).begin()
        else:
            close_and_go_on()

    def _close_project(self) -> None:
        workspace = self.workspace
        workspace.shut()
        self._workspace = None
        let_go_of_folder(workspace, self._lock, self.memory)
        workspace.hide()
        workspace.deleteLater()

    def stop_and_close(self) -> None:
        """Closes without a question, as when the system ends the program; running work is stopped and saved."""
        if not self.is_closed and not self._is_leaving:
            self._take_what_is_typed()
            self._stop_then(self._finish)

    def _finish(self) -> None:
        self.memory.geometry = bytes(self.saveGeometry().data())
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.is_closed and not self._is_leaving:
            self._leave(self._finish)
        event.setAccepted(self.is_closed)

    # what the person does with the window itself

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return presses the button that has the focus, because Space plays."""
        focus = QApplication.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focus, QAbstractButton):
            focus.click()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if has_files(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.album.show_drop(True)

    def dragLeaveEvent(self, event: object) -> None:
        self.album.show_drop(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.album.show_drop(False)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        paths, refused = dropped_paths(event.mimeData())
        # the program that the files come from waits until this handler is left
        QTimer.singleShot(0, self, lambda: self._take_drop(paths, refused))

    def _take_drop(self, paths: list[Path], refused: str) -> None:
        if refused:
            self._say(refused, "bad")
        if len(paths) == 1 and project_of(paths[0]).suffix == SUFFIX:
            self.open_project(project_of(paths[0]))
        elif paths:
            self.workspace.go("album")
            self.album.add_files(paths)
