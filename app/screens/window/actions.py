"""What can be done anywhere in the window: the menu behind "Deep Cuts", and the keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app.document.shelf import told_apart
from app.screens.window.steps import STEPS
from app.widgets.basics import caption
from app.widgets.frame.action_palette import ActionGroup

Keys = QKeySequence.StandardKey | str


class Doer(Protocol):
    """What the window can do; each method is one action."""

    def new_project(self) -> None: ...
    def choose_project(self) -> None: ...
    def open_project(self, path: Path) -> None: ...
    def save_now(self) -> None: ...
    def save_a_copy(self) -> None: ...
    def begin_rename(self) -> None: ...
    def show_folder(self) -> None: ...
    def choose_music(self) -> None: ...
    def make_for_me(self) -> None: ...
    def undo(self) -> None: ...
    def redo(self) -> None: ...
    def show_steps(self) -> None: ...
    def play_or_stop(self) -> None: ...
    def go_to_start(self) -> None: ...
    def toggle_loop(self) -> None: ...
    def choose_finish(self) -> None: ...
    def show_live(self) -> None: ...
    def toggle_live(self) -> None: ...
    def keep_live(self) -> None: ...
    def show_palette(self) -> None: ...
    def show_keys(self) -> None: ...
    def go_to(self, place: int) -> None: ...
    def close(self) -> bool: ...


class WindowActions(QObject):
    """The actions of the window and the menu that shows them."""

    def __init__(self, window: QWidget, doer: Doer) -> None:
        super().__init__(window)
        self._window = window
        self._doer = doer
        standard = QKeySequence.StandardKey
        self.new = self._action("New project", doer.new_project, standard.New)
        self.open = self._action("Open…", doer.choose_project, standard.Open)
        self.save = self._action("Save now", doer.save_now, standard.Save)
        self.copy = self._action("Save a copy…", doer.save_a_copy, "Ctrl+Shift+S")
        self.rename = self._action("Rename…", doer.begin_rename, "F2")
        self.folder = self._action("Show the project's folder", doer.show_folder)
        self.music = self._action("Add music…", doer.choose_music, "Ctrl+I")
        self.make = self._action("Make it for me…", doer.make_for_me, "Ctrl+M")
        self.undo = self._action("Undo", doer.undo, "Ctrl+Z")
        self.redo = self._action("Redo", doer.redo, "Ctrl+Shift+Z", "Ctrl+Y")
        self.history = self._action("History", doer.show_steps, "Ctrl+H")
        self.play = self._action("Play or stop", doer.play_or_stop, "Space")
        self.start = self._action("Go to the beginning", doer.go_to_start, "Home")
        self.loop = self._action("Loop", doer.toggle_loop, "L")
        self.finish = self._action("Air and width of the clips…", doer.choose_finish)
        self.live = self._action("Live…", doer.show_live, "Ctrl+E")
        self.live_play = self._action("Listen live, or stop", doer.toggle_live, "Ctrl+Shift+E")
        self.live_keep = self._action("Keep what was heard live", doer.keep_live, "Ctrl+Shift+K")
        self.palette = self._action("Find an action…", doer.show_palette, "Ctrl+K")
        self.keys = self._action("Keys", doer.show_keys, "?", "F1")
        self.quit = self._action("Quit", doer.close, "Ctrl+Q")
        self.steps = [
            self._action(f"Go to {title}", _to(doer, place), f"Ctrl+{place + 1}")
            for place, (_, title, _) in enumerate(STEPS)
        ]
        self._recent = QMenu("Open recent", window)
        self._recent.setToolTipsVisible(True)
        self.menu = self._menu()

    def groups(self) -> list[ActionGroup]:
        """The actions as the palette and the sheet of keys show them."""
        project = [self.new, self.open, self.save, self.copy, self.rename, self.folder, self.quit]
        lives = [self.live, self.live_play, self.live_keep]
        return [
            ActionGroup("Project", project),
            ActionGroup(
                "Everywhere", [self.undo, self.redo, self.history, self.music, self.make, self.palette, self.keys]
            ),
            ActionGroup("Sound", [self.play, self.start, self.loop, self.finish, *lives]),
            ActionGroup("Screens", self.steps),
        ]

    def show_history(self, undo: str, redo: str) -> None:
        """Names what would be undone and done again; "" for nothing."""
        self.undo.setText(f"Undo {_within(undo)}" if undo else "Undo")
        self.undo.setEnabled(bool(undo))
        self.redo.setText(f"Redo {_within(redo)}" if redo else "Redo")
        self.redo.setEnabled(bool(redo))

    def show_recent(self, projects: Sequence[Path], shown: Path | None = None) -> None:
        """The projects that can be opened again; those of one name, also that of the one `shown`, are told apart."""
        self._recent.clear()
        others = [path for path in projects if path != shown]
        self._recent.setEnabled(bool(others))
        names = told_apart([*others, *([] if shown is None else [shown])])
        for path, name in zip(others, names, strict=False):
            made = self._recent.addAction(caption(name))
            made.setToolTip(str(path))
            made.triggered.connect(lambda _=False, path=path: self._doer.open_project(path))

    def _menu(self) -> QMenu:
        menu = QMenu(self._window)
        menu.addActions([self.new, self.open])
        menu.addMenu(self._recent)
        menu.addActions([self.save, self.copy, self.rename, self.folder])
        menu.addSeparator()
        menu.addActions([self.undo, self.redo, self.history])
        menu.addSeparator()
        menu.addActions([self.music, self.make, self.live])
        menu.addSeparator()
        menu.addActions([self.palette, self.keys])
        menu.addSeparator()
        menu.addAction(self.quit)
        return menu

    def _action(self, text: str, slot: Callable[[], object], *keys: Keys) -> QAction:
        made = QAction(text, self)
        made.setShortcuts([QKeySequence(key) for key in keys])
        made.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        made.triggered.connect(lambda _=False: slot())
        self._window.addAction(made)
        return made


def _within(name: str) -> str:
    """A name as it stands within a line: "Add song" is "Undo add song" there."""
    return caption(name[:1].lower() + name[1:])


def _to(doer: Doer, place: int) -> Callable[[], None]:
    return lambda: doer.go_to(place)
