"""The main job by hand, in one window: a dropped album becomes an exported album."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import mutagen
import numpy as np
import soundfile
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.document.model import SONG_RATE
from app.document.store import load_project
from app.jobs.train import Preset
from app.screens.album.screen import AlbumScreen
from app.screens.arrange.screen import ArrangeScreen
from app.screens.export.screen import ExportScreen
from app.screens.titles.screen import TitlesScreen
from app.screens.train.screen import TrainScreen
from app.screens.window.main_window import MainWindow
from app.widgets.clips.generate_dialog import GenerateDialog
from app.widgets.timeline.mouse import CLIP_MIME

LEFT, NO_KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
MINUTE = 60_000


def drop(onto: QWidget, data: QMimeData, at: QPoint) -> None:
    copy = Qt.DropAction.CopyAction
    QApplication.sendEvent(onto, QDragEnterEvent(at, copy, data, LEFT, NO_KEYS))
    QApplication.sendEvent(onto, QDragMoveEvent(at, copy, data, LEFT, NO_KEYS))
    QApplication.sendEvent(onto, QDropEvent(QPointF(at), copy, data, LEFT, NO_KEYS))


def test_an_album_is_dropped_learnt_arranged_and_exported(
    qtbot: QtBot, open_window: Callable[[Path], MainWindow], music: Path, tiny: Preset, tmp_path: Path
) -> None:
    window = open_window(tmp_path / "Second.deepcuts")
    screens, project = window.workspace.screens, window.project

    def idle() -> bool:
        return not window.workspace.jobs.running

    # drop the folder: two songs are taken, the letter is left out
    album = screens["album"]
    assert isinstance(album, AlbumScreen)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(music))])
    drop(window, data, QPoint(600, 400))
    qtbot.waitUntil(lambda: len(project.value.album.tracks) == 2, timeout=MINUTE)
    qtbot.waitUntil(idle, timeout=MINUTE)

    # train a few epochs and see points on the plot
    qtbot.mouseClick(album.side.train, LEFT)
    train = screens["train"]
    assert isinstance(train, TrainScreen)
    assert train.isVisible()
    train.panel.choose(tiny)
    qtbot.mouseClick(train.start, LEFT)
    qtbot.waitUntil(lambda: train.job is None, timeout=4 * MINUTE)
    assert len(train.plot.drawn()["held-out"][0]) == 2
    assert project.value.runs[-1].epoch == 2

    # generate
    window.workspace.go("arrange")
    arrange = screens["arrange"]
    assert isinstance(arrange, ArrangeScreen)

    def order() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, GenerateDialog)
        dialog.count.setValue(2)
        dialog.seconds.setValue(3)
        QTest.mouseClick(dialog.generate, LEFT)

    made_before = {clip.id for clip in project.value.clips}
    QTimer.singleShot(0, order)
    arrange.clips.generate.click()
    qtbot.waitUntil(lambda: len(project.value.clips) == len(made_before) + 2, timeout=2 * MINUTE)

    # drag a clip to a lane of a new song, split it, take that back
    if not project.value.songs:
        qtbot.mouseClick(arrange._first, LEFT)
    qtbot.waitUntil(arrange.timeline.isVisible)
    clip = QMimeData()
    clip.setData(CLIP_MIME, project.value.clips[-1].id.encode())
    state = arrange.timeline.state
    lane = QPoint(state.x(SONG_RATE), state.rows.top(1) + state.rows.height // 2)
    drop(arrange.timeline.viewport(), clip, lane)
    (section,) = (part for lane in project.value.songs[0].lanes for part in lane.sections)
    placed = project.value
    state = arrange.timeline.state
    middle = QPoint(state.x(section.start + section.length // 2), 12)
    QTest.mouseClick(arrange.timeline.ruler, LEFT, pos=middle)
    window.activateWindow()
    arrange.timeline.setFocus()
    qtbot.waitUntil(arrange.timeline.hasFocus)
    assert section.start < arrange.timeline.state.playhead < section.end
    QTest.keyClick(arrange.timeline, Qt.Key.Key_S)
    assert len([part for lane in project.value.songs[0].lanes for part in lane.sections]) == 2
    QTest.keyClick(arrange.timeline, Qt.Key.Key_Z, CTRL)
    assert len([part for lane in project.value.songs[0].lanes for part in lane.sections]) == 1

    # give it a title and export
    titles = screens["titles"]
    assert isinstance(titles, TitlesScreen)
    window.workspace.go("titles")
    field = titles.songs.row_of(project.value.songs[0].id).title
    field.setFocus()
    qtbot.keyClicks(field, "Brass Ordinal")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    window.workspace.go("export")
    export = screens["export"]
    assert isinstance(export, ExportScreen)
    qtbot.mouseClick(export.panel.export, LEFT)
    qtbot.waitUntil(lambda: export.finished is not None, timeout=5 * MINUTE)

    # open the release
    release = export.finished
    assert release is not None
    (path,) = release.glob("*.flac")
    sound, rate = soundfile.read(path)
    assert (rate, sound.shape[1]) == (44_100, 2)
    assert np.abs(sound).max() > 0
    assert mutagen.File(path)["title"] == ["Brass Ordinal"]
    qtbot.waitUntil(idle, timeout=MINUTE)
    assert placed.songs[0].lanes == project.value.songs[0].lanes
    project.close()
    assert load_project(project.folder) == project.value
