"""The old lettering is marked with the mouse, and is gone from what is made."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PIL import Image, ImageDraw
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.document.edits.made import add_covers
from app.document.edits.painting import paint_over
from app.document.model import Album
from app.document.store import create_project, load_project, save_project
from app.screens.artwork.screen import ArtworkScreen
from app.session.open_project import OpenProject
from app.studio.artwork.covers import final_cover
from artwork.pictures import open_picture
from artwork.rendering import Rendering
from tests.app.candidates import made_covers
from tests.app.conftest import OpenFolder

MINUTE = 60_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def project(open_project: OpenFolder, tmp_path: Path) -> OpenProject:
    folder = tmp_path / "Old.deepcuts"
    value = create_project(folder)
    (folder / "album").mkdir()
    across = np.linspace(40, 120, 160, dtype=np.uint8)
    pixels = np.stack([np.tile(across, (160, 1)), np.full((160, 160), 60, np.uint8), np.tile(across[:, None], 160)], -1)
    picture = Image.fromarray(pixels)
    ImageDraw.Draw(picture).rectangle((48, 20, 112, 36), fill=(255, 255, 255))
    picture.save(folder / "album" / "cover.png")
    save_project(folder, replace(value, album=Album(title="Old", cover="album/cover.png")))
    return open_project(folder, load_project(folder))


def brightest(screen: ArtworkScreen) -> int:
    """Of the picture that boxes are marked on, 0..255; 0 while there is none."""
    image = screen.painting.picture.image()
    places = [(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)]
    return max((image.pixelColor(*place).green() for place in places), default=0)


def drag(screen: ArtworkScreen, start: tuple[float, float], end: tuple[float, float]) -> None:
    picture = screen.painting.picture
    QTest.mousePress(picture, LEFT, pos=picture.point(*start).toPoint())
    QTest.mouseMove(picture, picture.point(*end).toPoint())
    QTest.mouseRelease(picture, LEFT, pos=picture.point(*end).toPoint())


def test_marked_lettering_is_painted_out_and_comes_back(
    qtbot: QtBot, screen: ArtworkScreen, project: OpenProject, tmp_path: Path
) -> None:
    old = (project.folder / "album" / "cover.png").read_bytes()
    qtbot.keyClick(screen, Qt.Key.Key_P)
    qtbot.waitUntil(screen.painting.picture.isVisible)
    qtbot.waitUntil(lambda: brightest(screen) > 240, timeout=MINUTE)
    drag(screen, (0.25, 0.08), (0.75, 0.27))
    assert len(project.value.album.painted_out) == 1
    qtbot.waitUntil(lambda: brightest(screen) < 200, timeout=MINUTE)
    qtbot.waitUntil(lambda: not screen.jobs.running, timeout=MINUTE)
    assert (project.folder / "album" / "cover.png").read_bytes() == old
    (cover,) = made_covers(project.value, project.folder, count=1, size=120, pieces=2.5)
    assert np.asarray(open_picture(project.folder / cover.file)).max() < 225
    plain = final_cover(project.value, project.folder, tmp_path / "plain.png", Rendering(160))
    assert np.asarray(open_picture(plain)).max() < 225
    project.undo()
    qtbot.waitUntil(lambda: brightest(screen) > 240, timeout=MINUTE)
    project.redo()
    point = screen.painting.picture.point(0.5, 0.2).toPoint()
    QTest.mouseClick(screen.painting.picture, LEFT, pos=point)
    assert project.value.album.painted_out == ()
    qtbot.waitUntil(lambda: not screen.jobs.running, timeout=MINUTE)
    qtbot.keyClick(screen, Qt.Key.Key_Escape)
    assert screen.settings.isVisible()
    assert not screen.painting.picture.isVisible()


def test_cancel_takes_back_what_was_just_marked(qtbot: QtBot, screen: ArtworkScreen, project: OpenProject) -> None:
    qtbot.mouseClick(screen.paint, LEFT)
    qtbot.waitUntil(lambda: brightest(screen) > 240, timeout=MINUTE)
    qtbot.waitUntil(lambda: not screen.jobs.running, timeout=MINUTE)
    progress = screen.paint_panel.progress
    qtbot.waitUntil(progress.isHidden, timeout=MINUTE)
    drag(screen, (0.25, 0.08), (0.75, 0.27))
    assert len(project.value.album.painted_out) == 1
    assert progress.cancel.isVisible()
    qtbot.mouseClick(progress.cancel, LEFT)
    assert project.value.album.painted_out == ()
    qtbot.waitUntil(lambda: not screen.jobs.running and progress.isHidden(), timeout=MINUTE)
    assert brightest(screen) > 240
    project.redo()
    qtbot.waitUntil(lambda: brightest(screen) < 200, timeout=MINUTE)


def test_a_cover_made_before_is_made_anew_as_it_was(
    qtbot: QtBot, screen: ArtworkScreen, project: OpenProject, tmp_path: Path
) -> None:
    (cover,) = made_covers(project.value, project.folder, count=1, size=120, pieces=2.5)
    project.update(lambda value: add_covers(value, (cover,)))
    qtbot.mouseClick(screen.paint, LEFT)
    qtbot.waitUntil(screen.painting.picture.isVisible)
    qtbot.waitUntil(lambda: not screen.painting.picture.image().isNull(), timeout=MINUTE)
    drag(screen, (0.25, 0.08), (0.75, 0.27))
    qtbot.waitUntil(lambda: not screen.jobs.running, timeout=MINUTE)
    chosen = replace(project.value, release=replace(project.value.release, cover=cover.id))
    final = final_cover(chosen, project.folder, tmp_path / "final.png", Rendering(160))
    assert np.asarray(open_picture(final)).max() > 225


def test_where_the_old_cover_is_gone_there_is_none(
    qtbot: QtBot, project: OpenProject, request: pytest.FixtureRequest
) -> None:
    """Its file has been taken away since something was painted out of it: the screen opens all the same."""
    (project.folder / "album" / "cover.png").unlink()
    project.edit("Paint", lambda value: paint_over(value, 0.2, 0.1, 0.3, 0.2))
    screen = request.getfixturevalue("screen")
    assert isinstance(screen, ArtworkScreen)
    assert screen.isVisible()
    qtbot.waitUntil(lambda: not screen.jobs.running, timeout=MINUTE)
    assert brightest(screen) == 0
