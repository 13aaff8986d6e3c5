"""Every screen in the smallest window: nothing is cut off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.document.edits.release import name_release
from app.document.model import Album, Project, Title, Track
from app.document.store import save_project
from app.screens.window import MainWindow
from app.widgets.basics import Elided
from app.widgets.theme import apply_theme

LONG = "The Unbearable Lightness of Amplifiers Left On Overnight in the Rain, Part Two"
Open = Callable[[Path], MainWindow]


@pytest.fixture
def our_look(qapp: QApplication) -> Iterator[None]:
    """The style sheet and the typeface of the program, for this test alone."""
    before = qapp.style().objectName(), qapp.palette(), qapp.font()
    apply_theme(qapp)
    yield
    qapp.setStyleSheet("")
    qapp.setStyle(before[0])
    qapp.setPalette(before[1])
    qapp.setFont(before[2])


def long_named(project: Project) -> Project:
    """The same project with the longest names that anyone gives."""
    replace = msgspec.structs.replace
    track = Track(id="t1", path="/nowhere/1.flac", title=LONG, seconds=200.0, rate=44100, channels=2, format="FLAC")
    project = replace(
        project,
        name=LONG,
        album=Album(title=LONG, artist=LONG, year="2009", tracks=(track,)),
        songs=tuple(replace(song, title=LONG) for song in project.songs),
        titles=tuple(Title(text=f"{LONG} {number}") for number in range(40)),
    )
    return name_release(project, LONG, LONG)


def cut_off(screen: QWidget) -> list[str]:
    """Buttons and labels that are narrower than their words or stand beyond an edge."""
    cut = []
    for kind in (QPushButton, QLabel):
        for widget in screen.findChildren(kind):
            if not widget.isVisible() or not widget.text() or isinstance(widget, Elided) or is_scrolled(widget, screen):
                continue
            narrow = widget.width() < widget.sizeHint().width() and not (
                isinstance(widget, QLabel) and widget.wordWrap()
            )
            beyond = widget.visibleRegion().boundingRect() != widget.rect()
            if narrow or beyond:
                cut.append(f"{widget.text()!r} {'is narrow' if narrow else 'is beyond an edge'}")
    return cut


def is_scrolled(widget: QWidget, screen: QWidget) -> bool:
    above = widget.parentWidget()
    while above is not None and above is not screen:
        if isinstance(above, QAbstractScrollArea):
            return True
        above = above.parentWidget()
    return False


def test_nothing_is_cut_off_in_the_smallest_window(
    qtbot: QtBot, our_look: None, open_window: Open, made_project: tuple[Path, Project]
) -> None:
    folder, project = made_project
    save_project(folder, long_named(project))
    window = open_window(folder)
    window.resize(window.minimumSize())
    qtbot.waitUntil(lambda: window.size() == window.minimumSize())
    for name, screen in window.workspace.screens.items():
        window.workspace.go(name)
        qtbot.waitUntil(screen.isVisible)
        qtbot.waitUntil(lambda screen=screen: not cut_off(screen))
