"""The Artwork screen, driven by mouse and keys, on pictures drawn here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.document.store import create_project, load_project
from app.screens.artwork import screen as artwork
from app.screens.artwork.screen import ArtworkScreen
from app.session.open_project import OpenProject
from app.widgets.pictures.picture import PictureView, image_of, read_scaled
from app.widgets.pictures.thumbnails import Thumbnail, ThumbnailStrip
from artwork.blend import BLENDS
from tests.app.conftest import OpenFolder
from tests.app.screens.dropping import drop, files

MINUTE = 60_000


def draw_picture(path: Path) -> None:
    """Bars of colour on a gradient: enough for pieces to be told apart."""
    path.parent.mkdir(parents=True, exist_ok=True)
    across = np.linspace(0, 255, 240, dtype=np.uint8)
    pixels = np.stack([np.tile(across, (240, 1)), np.tile(across[:, None], (1, 240)), np.full((240, 240), 90)], -1)
    pixels[40:80, 20:200] = (240, 200, 40)
    pixels[120:220, 150:190] = (30, 40, 220)
    Image.fromarray(pixels.astype(np.uint8)).save(path)


@pytest.fixture
def project(open_project: OpenFolder, tmp_path: Path) -> OpenProject:
    folder = tmp_path / "Pictures.deepcuts"
    value = create_project(folder)
    draw_picture(folder / "album" / "cover.png")
    return open_project(folder, replace(value, album=replace(value.album, title="First", cover="album/cover.png")))


def take_picture(qtbot: QtBot, screen: ArtworkScreen, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chooses a file as the person would in the dialog, which the test answers."""
    before = len(screen.project.value.covers)
    monkeypatch.setattr(artwork, "ask_open_file", lambda *_: path)
    qtbot.mouseClick(screen.settings.methods.card("plain"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(screen.settings.make, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(screen.project.value.covers) > before, timeout=MINUTE)


def test_the_old_cover_is_shown_until_something_is_made(screen: ArtworkScreen) -> None:
    assert screen.pictures.large.image().width() == 240
    assert not screen.use.isVisible()


def test_the_badge_tells_the_size_that_there_is_or_will_be(
    qtbot: QtBot, screen: ArtworkScreen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_picture(tmp_path / "small.png")
    take_picture(qtbot, screen, tmp_path / "small.png", monkeypatch)
    badge = next(label for label in screen.findChildren(QLabel) if label.property("kind") == "badge")
    qtbot.waitUntil(badge.isVisible)
    assert badge.text() == "240 × 240"
    project = screen.project.value
    made = replace(project.covers[0], method="self")
    screen.project.put("Make", replace(project, covers=(made,)))
    assert badge.text() == "3000 × 3000 at export"


def test_candidates_appear_as_they_are_made_and_cancel_keeps_them(
    qtbot: QtBot, screen: ArtworkScreen, project: OpenProject
) -> None:
    qtbot.mouseClick(screen.settings.make, Qt.MouseButton.LeftButton)
    assert not screen.settings.make.isEnabled()
    qtbot.waitUntil(lambda: len(project.value.covers) == 1, timeout=3 * MINUTE)
    qtbot.mouseClick(screen.settings.progress.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(screen.settings.make.isEnabled, timeout=MINUTE)
    covers = project.value.covers
    assert 1 <= len(covers) < 6
    assert all((project.folder / cover.file).is_file() for cover in covers)
    assert project.value.release.cover == covers[0].id
    assert screen.rail_note() == str(len(covers))
    project.close()
    assert load_project(project.folder).covers == covers


def test_choosing_and_removing_candidates_can_be_undone(
    qtbot: QtBot, screen: ArtworkScreen, project: OpenProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one.png", "two.png"):
        draw_picture(tmp_path / name)
        take_picture(qtbot, screen, tmp_path / name, monkeypatch)
    first, second = (cover.id for cover in project.value.covers)
    assert project.value.release.cover == first
    qtbot.mouseClick(screen.pictures.strip.thumbnail(second), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(screen.use, Qt.MouseButton.LeftButton)
    assert project.value.release.cover == second
    qtbot.keyClick(screen, Qt.Key.Key_Delete)
    assert [cover.id for cover in project.value.covers] == [first]
    assert project.undo_name == "Remove cover"
    project.undo()
    project.undo()
    assert project.value.release.cover == first
    assert len(project.value.covers) == 2


def test_a_file_that_is_no_picture_is_refused_in_plain_words(
    qtbot: QtBot, screen: ArtworkScreen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = tmp_path / "words.png"
    words.write_text("not a picture")
    monkeypatch.setattr(artwork, "ask_open_file", lambda *_: words)
    qtbot.mouseClick(screen.settings.methods.card("plain"), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(screen.say, timeout=MINUTE) as said:
        qtbot.mouseClick(screen.settings.make, Qt.MouseButton.LeftButton)
    assert said.args is not None
    assert "words.png" in said.args[0]
    assert said.args[1] == "bad"
    assert not screen.project.value.covers


def test_photographs_are_asked_for_where_there_are_none(qtbot: QtBot, screen: ArtworkScreen) -> None:
    qtbot.mouseClick(screen.settings.methods.card("photos"), Qt.MouseButton.LeftButton)
    assert not screen.settings.make.isEnabled()
    assert "Album" in screen.settings._why_not.text()


def test_pictures_dropped_here_serve_the_way_that_is_chosen(
    qtbot: QtBot, screen: ArtworkScreen, project: OpenProject, tmp_path: Path
) -> None:
    picture, other, broken = (tmp_path / name for name in ("IMG 1.png", "IMG 2.png", "torn.jpg"))
    draw_picture(picture)
    draw_picture(other)
    broken.write_bytes(b"\xff\xd8\xff")
    before = project.value.album.cover
    assert drop(screen, files(picture))
    qtbot.waitUntil(lambda: project.value.album.cover != before, timeout=MINUTE)
    with Image.open(project.folder / project.value.album.cover) as kept, Image.open(picture) as dropped:
        assert np.array_equal(np.asarray(kept), np.asarray(dropped))
    assert project.value.album.photographs == ()
    project.undo()
    assert project.value.album.cover == before

    qtbot.mouseClick(screen.settings.methods.card("photos"), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(screen.say, check_params_cb=lambda _, kind: kind == "bad", timeout=MINUTE) as said:
        assert drop(screen, files(picture, broken, other))
    assert said.args is not None
    assert "torn.jpg" in said.args[0]
    assert project.value.album.photographs == (str(picture), str(other))
    assert screen.settings.make.isEnabled()

    qtbot.mouseClick(screen.settings.methods.card("plain"), Qt.MouseButton.LeftButton)
    assert drop(screen, files(picture, other))
    qtbot.waitUntil(lambda: len(project.value.covers) == 2, timeout=MINUTE)
    assert {cover.method for cover in project.value.covers} == {"plain"}
    assert project.value.album.cover == before


def test_a_candidate_that_is_clicked_is_seen_while_others_are_made(
    qtbot: QtBot, screen: ArtworkScreen, project: OpenProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_picture(tmp_path / "one.png")
    take_picture(qtbot, screen, tmp_path / "one.png", monkeypatch)
    (first,) = project.value.covers
    qtbot.mouseClick(screen.settings.methods.card("self"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(screen.settings.make, Qt.MouseButton.LeftButton)
    screen._on_preview(np.zeros((50, 50, 3), np.uint8))
    assert screen.pictures.large.image().width() == 50
    qtbot.mouseClick(screen.pictures.strip.thumbnail(first.id), Qt.MouseButton.LeftButton)
    assert screen.pictures.large.image().width() == read_scaled(project.folder / first.file, 1400).width()
    assert "being made" not in screen.pictures.words()
    qtbot.waitUntil(lambda: len(project.value.covers) > 1, timeout=3 * MINUTE)
    assert screen._shown == first.id
    qtbot.mouseClick(screen.settings.progress.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(screen.settings.make.isEnabled, timeout=MINUTE)
    assert screen._shown == first.id


@pytest.mark.parametrize("by", ["picture", "button"])
def test_the_cover_of_the_album_can_be_chosen_by_a_click(
    qtbot: QtBot,
    screen: ArtworkScreen,
    project: OpenProject,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    by: str,
) -> None:
    picture = tmp_path / "mine.png"
    draw_picture(picture)
    value = project.value
    project.put("Remove", replace(value, album=replace(value.album, cover="", photographs=(str(picture),))))
    assert "needs the album’s cover" in screen.settings._why_not.text()
    monkeypatch.setattr(artwork, "ask_open_file", lambda *_: picture)
    assert "Click" in screen.pictures.large.accessibleDescription()
    asked = {"picture": screen.pictures.large, "button": screen.settings.make}[by]
    qtbot.mouseClick(asked, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(project.value.album.cover), timeout=MINUTE)
    assert project.value.covers == ()
    assert not screen.settings._why_not.isVisible()
    assert screen.pictures.large.image().width() == 240


def test_what_is_no_picture_is_left_to_the_window(screen: ArtworkScreen, tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    draw_picture(picture)
    assert not drop(screen, files(tmp_path / "song.flac"))
    assert not drop(screen, files(picture, tmp_path / "song.flac"))
    assert not drop(screen, files())


def test_every_blend_can_be_chosen(screen: ArtworkScreen) -> None:
    offered = set()
    for place in range(screen.settings.blend.count()):
        screen.settings.blend.setCurrentIndex(place)
        offered.add(screen.settings.settings().mode)
    assert offered == set(BLENDS)


def test_pictures_are_drawn_whole_and_in_their_colours(qtbot: QtBot, tmp_path: Path) -> None:
    view = PictureView()
    qtbot.addWidget(view)
    view.resize(240, 200)
    pixels = np.zeros((50, 50, 3), np.uint8)
    pixels[:, 25:] = (255, 106, 61)
    view.show_image(image_of(pixels))
    drawn = view.grab().toImage()
    assert drawn.pixelColor(50, 100).getRgb()[:3] == (0, 0, 0)
    assert drawn.pixelColor(150, 100).getRgb()[:3] == (255, 106, 61)
    draw_picture(tmp_path / "large.png")
    assert read_scaled(tmp_path / "large.png", Thumbnail.SIDE).width() == Thumbnail.SIDE
    assert read_scaled(tmp_path / "missing.png", 88).isNull()


def test_choosing_keeps_the_focus_and_the_place_of_the_strip(qtbot: QtBot) -> None:
    strip = ThumbnailStrip()
    qtbot.addWidget(strip)
    strip.resize(200, 110)
    small = [(str(key), "words", image_of(np.zeros((88, 88, 3), np.uint8))) for key in range(9)]
    strip.show_pictures(small, "0", "0")
    strip.show()
    strip.activateWindow()
    qtbot.waitUntil(strip.isActiveWindow)
    strip.chosen.connect(lambda key: strip.show_pictures(small, key, "0"))
    far = strip.thumbnail("7")
    strip.ensureWidgetVisible(far)
    far.setFocus()
    place = strip.horizontalScrollBar().value()
    assert place > 0
    qtbot.mouseClick(far, Qt.MouseButton.LeftButton)
    assert strip.thumbnail("7") is far
    assert far.isChecked()
    assert far.hasFocus()
    assert strip.horizontalScrollBar().value() == place
