"""Every screen in the smallest window: nothing is cut off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QScreen
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QDialog, QLabel, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from app.document.edits.release import name_release
from app.document.model import Album, Project, Run, Title, Track
from app.document.store import save_project
from app.jobs.peaks import ClipWaves
from app.jobs.train import PRESETS
from app.screens.artwork.network_dialog import NetworkDialog
from app.screens.catalogue_dialog import CatalogueDialog
from app.screens.train.custom_model import CustomModelDialog
from app.screens.window.main_window import MainWindow
from app.screens.window.make_for_me import MakeForMe
from app.screens.window.settings import Memory
from app.session.open_project import OpenProject
from app.widgets.basics import Elided
from app.widgets.clips.checkpoint_choice import KeptRun
from app.widgets.clips.clip_cards import ClipCard, ClipFacts
from app.widgets.clips.generate_dialog import GenerateDialog
from app.widgets.dialogs.fitting import ContentHeightArea, room_for
from app.widgets.frame.action_palette import ActionPalette, KeySheet
from app.widgets.frame.history_list import HistoryList
from app.widgets.songs.tempo_dialog import TempoDialog
from app.widgets.theme import apply_theme
from tests.app.conftest import add_checkpoints
from tests.app.screens.conftest import open_or_create

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


def nothing_is_cut_off(screen: QWidget) -> None:
    assert cut_off(screen) == []


def is_scrolled(widget: QWidget, screen: QWidget) -> bool:
    above = widget.parentWidget()
    while above is not None and above is not screen:
        if isinstance(above, QAbstractScrollArea):
            return True
        above = above.parentWidget()
    return False


SIZES = ((900, 440), (980, 640), (1084, 535), (1440, 860))
"""The least; what it once was; a screen of 1366 x 768 at 125 %, its bars taken off; one of 1440 x 900."""


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_cut_off_in_a_small_window(
    qtbot: QtBot, our_look: None, open_window: Open, made_project: tuple[Path, Project], size: tuple[int, int]
) -> None:
    folder, project = made_project
    save_project(folder, long_named(project))
    window = open_window(folder)
    window.resize(*size)
    qtbot.waitUntil(lambda: window.size().toTuple() == size)
    for name, screen in window.workspace.screens.items():
        window.workspace.go(name)
        qtbot.waitUntil(screen.isVisible)
        qtbot.waitUntil(partial(nothing_is_cut_off, screen))
        assert screen.geometry().bottom() < window.height()
    assert not cut_off(window.workspace.transport)
    assert not cut_off(window.workspace.rail)


def test_previews_are_seen_whole_on_a_small_screen(
    qtbot: QtBot, our_look: None, open_window: Open, made_project: tuple[Path, Project]
) -> None:
    folder, project = made_project
    replace = msgspec.structs.replace
    add_checkpoints(folder, 1)
    track = Track(id="t1", path="/nowhere/1.flac", title="One", seconds=200.0, rate=44100, channels=2)
    first, second = (replace(clip, epoch=1, preview=True) for clip in project.clips[:2])
    run = replace(project.runs[0], epoch=1, best_epoch=1)
    made = replace(project, album=Album(title="A", tracks=(track,)), clips=(replace(first, early=True), second))
    save_project(folder, replace(made, songs=(), runs=(run,)))
    window = open_window(folder)
    window.resize(1093, 575)
    qtbot.waitUntil(lambda: window.size().toTuple() == (1093, 575))
    window.workspace.go("train")
    cards = window.workspace.screens["train"].findChildren(ClipCard)

    def seen_whole() -> None:
        assert [card.shown_title() for card in cards] == ["early in epoch 1", "epoch 1"]
        for card in cards:
            assert card.visibleRegion().boundingRect() == card.rect()

    qtbot.waitUntil(seen_whole)


def test_the_model_and_the_way_to_it_are_told_whole_on_a_small_screen(
    qtbot: QtBot, our_look: None, open_window: Open, made_project: tuple[Path, Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QScreen, "availableSize", lambda self: QSize(960, 600))
    window = open_window(made_project[0])
    window.resize(952, 560)
    make = window.workspace.rail.make
    qtbot.waitUntil(lambda: "\n" in make.text())
    assert make.text().split() == ["Make", "it", "for", "me…"]
    qtbot.waitUntil(partial(nothing_is_cut_off, window.workspace.rail))
    question = MakeForMe(window.project, window.workspace.jobs, window)
    question.show()
    qtbot.waitUntil(question.isVisible)

    words = PRESETS[question.preset.currentData()].words

    def told_whole() -> None:
        field, told = question.preset, question.model_words
        assert field.width() >= field.sizeHint().width()
        assert told.text() == words
        assert told.height() >= told.heightForWidth(told.width())

    assert question.preset.currentText() == "Guided sketch"
    qtbot.waitUntil(told_whole)


def test_the_badge_and_the_name_are_whole_on_the_narrowest_card(qtbot: QtBot, our_look: None) -> None:
    def badge(width: int) -> int:
        """Pixels in the colour of the badge."""
        card = ClipCard(ClipFacts("c1", "epoch 100", 10.0, 0.0, best=True))
        qtbot.addWidget(card)
        card.resize(width, card.sizeHint().height())
        image = card.grab().toImage()
        colours = (image.pixelColor(x, y) for x in range(width) for y in range(30))
        return sum(colour.green() > 1.5 * colour.red() for colour in colours)

    narrowest = ClipCard(ClipFacts("c1", "early in epoch 1", 10.0, 0.0))
    qtbot.addWidget(narrowest)
    narrowest.resize(narrowest.sizeHint())
    assert narrowest.shown_title() == "early in epoch 1"
    assert badge(narrowest.width()) == badge(400) > 0
    narrowest.show_facts(ClipFacts("c1", "early in epoch 1", 10.0, 0.0, best=True))
    narrowest.resize(120, narrowest.height())
    assert narrowest.shown_title().endswith("…")


def scrolls_as_far_as_it_must(area: QScrollArea) -> bool:
    """Whether all that is in it can be brought into sight; sideways, only where there is a bar for it."""
    inner, port = area.widget(), area.viewport()
    reach = area.verticalScrollBar().maximum() + port.height() >= inner.height()
    return reach and (area.horizontalScrollBar().maximum() > 0 or inner.width() <= port.width())


def test_what_does_not_fit_can_be_scrolled_to(
    qtbot: QtBot, our_look: None, open_window: Open, made_project: tuple[Path, Project]
) -> None:
    folder, _ = made_project
    window = open_window(folder)
    window.resize(900, 440)
    for name, screen in window.workspace.screens.items():
        window.workspace.go(name)
        qtbot.waitUntil(screen.isVisible)
        areas = [area for area in screen.findChildren(QScrollArea) if area.isVisible()]
        qtbot.waitUntil(lambda areas=areas: all(scrolls_as_far_as_it_must(area) for area in areas))


def dialogs(window: MainWindow) -> Iterator[QDialog]:
    project, jobs = window.project, window.workspace.jobs
    clip = project.value.clips[0]
    run = KeptRun(Run(id="run-1", preset="sketch", epoch=4, best_epoch=2), (1, 2, 4))
    yield MakeForMe(project, jobs, window)
    yield CustomModelDialog(PRESETS["sketch"], window)
    yield NetworkDialog(jobs, window)
    yield CatalogueDialog(["Tin"] * 3, LONG, jobs, window)
    yield GenerateDialog([run], 1, parent=window)
    yield TempoDialog(clip, None, [], ClipWaves(project.folder), QColor("red"), window)
    yield ActionPalette(window.action_groups(), window)
    yield KeySheet(window.action_groups(), window)
    yield HistoryList(lambda: (["Step"] * 60, 3), window)
    yield window.workspace.live


def it_fits(dialog: QDialog) -> None:
    room = room_for(dialog)
    assert dialog.minimumSizeHint().boundedTo(room) == dialog.minimumSizeHint(), type(dialog).__name__
    assert dialog.size().boundedTo(room) == dialog.size(), type(dialog).__name__
    last = [each for each in dialog.findChildren(QPushButton) if each.isVisible() and not is_scrolled(each, dialog)]
    assert all(dialog.rect().contains(each.geometry()) for each in last if each.parentWidget() is dialog)
    for area in dialog.findChildren(ContentHeightArea):
        assert scrolls_as_far_as_it_must(area)


@pytest.mark.parametrize("screen", [QSize(910, 470), QSize(1093, 574), QSize(1440, 900)])
def test_every_dialog_fits_the_screen(
    qtbot: QtBot,
    our_look: None,
    open_window: Open,
    made_project: tuple[Path, Project],
    monkeypatch: pytest.MonkeyPatch,
    screen: QSize,
) -> None:
    monkeypatch.setattr(QScreen, "availableSize", lambda self: screen)
    window = open_window(made_project[0])
    for dialog in dialogs(window):
        dialog.show()
        qtbot.waitUntil(dialog.isVisible)
        if isinstance(dialog, GenerateDialog):
            dialog.changing.setChecked(True)  # there is more to ask now
        qtbot.waitUntil(partial(it_fits, dialog))  # once it has been laid out
        dialog.hide()


def test_a_window_that_was_larger_fits_the_screen_of_today(
    qtbot: QtBot, open_window: Open, memory: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = open_window(tmp_path / "One.deepcuts")
    before.resize(2400, 1300)
    memory.geometry = bytes(before.saveGeometry().data())
    small = QSize(1093, 574)
    monkeypatch.setattr(QScreen, "availableSize", lambda self: small)
    path = tmp_path / "Two.deepcuts"
    window = MainWindow(OpenProject(path, open_or_create(path)), memory)
    try:
        assert window.size().boundedTo(room_for(window)) == window.size()
        assert window.minimumSize().boundedTo(room_for(window)) == window.minimumSize()
    finally:
        window.stop_and_close()
        window.deleteLater()
