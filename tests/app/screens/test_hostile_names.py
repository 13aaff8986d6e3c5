"""Names that look like markup, that hold what Qt gives a meaning of its own, or that run from right to left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from app.document.model import Album, Marker, Project, Title, Track
from app.document.store import save_project
from app.widgets.basics import caption
from app.widgets.dialogs.questions import offer
from app.widgets.theme import apply_theme

from .conftest import OpenWindow

HOSTILE = "<b>x</b><img src='file:///etc/passwd'>&Q [*]"


@pytest.fixture
def our_sheet(qapp: QApplication) -> Iterator[None]:
    before = qapp.style().objectName(), qapp.palette(), qapp.font()
    apply_theme(qapp)
    yield
    QToolTip.hideText()
    qapp.setStyleSheet("")
    qapp.setStyle(before[0])
    qapp.setPalette(before[1])
    qapp.setFont(before[2])


def named(project: Project, name: str) -> Project:
    """The same project with this name wherever the artist or a file gives one."""

    def put(record: Any, **names: str) -> Any:
        return msgspec.structs.replace(record, **names)

    track = Track(id="t1", path=f"/nowhere/{name}.flac", title=name, artist=name, seconds=90.0, notes=(name,))
    songs = tuple(
        msgspec.structs.replace(song, title=name, markers=(Marker(id=f"m{place}", frame=4410, name=name),))
        for place, song in enumerate(project.songs)
    )
    return msgspec.structs.replace(
        project,
        name=name,
        album=Album(
            title=name, artist=name, year="2009", tracks=(track,), titles=(name,), photographs=(f"/n/{name}.png",)
        ),
        songs=songs,
        titles=(Title(text=name), Title(text=f"{name} 2", starred=True)),
        release=put(project.release, title=name, artist=name),
    )


def tip_label() -> QLabel:
    return next(
        widget
        for widget in QApplication.topLevelWidgets()
        if isinstance(widget, QLabel) and widget.windowType() == Qt.WindowType.ToolTip and widget.isVisible()
    )


def tips_of(widget: QWidget) -> set[str]:
    return {each.toolTip() for each in (widget, *widget.findChildren(QWidget)) if each.toolTip()}


def test_no_name_is_taken_for_markup_anywhere(
    qtbot: QtBot, our_sheet: None, open_window: OpenWindow, made_project: tuple[Path, Project]
) -> None:
    folder, project = made_project
    save_project(folder, named(project, HOSTILE))
    window = open_window(folder)
    seen = set()
    for name, screen in window.workspace.screens.items():
        window.workspace.go(name)
        qtbot.waitUntil(screen.isVisible)
        for shown in window.findChildren(QLabel):
            if shown.isVisible():
                assert shown.textFormat() == Qt.TextFormat.PlainText, shown.text()
        seen |= tips_of(window)
    from_outside = [tip for tip in seen if "<b>x</b>" in tip]
    assert len(from_outside) > 4
    for tip in from_outside:
        QToolTip.showText(QPoint(10, 10), tip, window)
        assert tip_label().textFormat() == Qt.TextFormat.PlainText
        assert tip_label().text() == tip
        QToolTip.hideText()


def test_the_title_of_the_window_is_the_name_to_the_letter(
    open_window: OpenWindow, made_project: tuple[Path, Project]
) -> None:
    folder, project = made_project
    save_project(folder, named(project, HOSTILE))
    window = open_window(folder)
    assert window.windowTitle().replace("[*][*]", "[*]") == f"{HOSTILE} – Deep Cuts"
    assert window.windowTitle().count("[*]") % 2 == 0  # a single one would vanish


def test_a_message_shows_markup_as_it_is(qtbot: QtBot, our_sheet: None) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    offer(parent, "Done", f"“{HOSTILE}” is finished.", "Show", lambda: None)
    box = parent.findChild(QMessageBox)
    assert box is not None
    qtbot.waitUntil(box.isVisible)
    said = next(part for part in box.findChildren(QLabel) if HOSTILE in part.text())
    assert said.textFormat() == Qt.TextFormat.PlainText
    box.close()


def test_a_caption_has_neither_mnemonic_nor_column() -> None:
    assert caption("Rock & Roll\tCtrl+Q") == "Rock && Roll Ctrl+Q"


def test_a_name_from_right_to_left_keeps_the_title_of_the_window_in_order(
    open_window: OpenWindow, made_project: tuple[Path, Project]
) -> None:
    folder, project = made_project
    save_project(folder, named(project, "שיר"))
    window = open_window(folder)
    assert window.windowTitle() == "\u2068שיר\u2069 – Deep Cuts"
    window.workspace.toast.say("“שיר” is finished.", "good")
    assert window.workspace.toast.text == "“\u2068שיר\u2069” is finished."
