"""Names on the cover and the ways to look at candidates, by mouse and keys."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.document.edits.lettering import letter_cover
from app.document.edits.made import add_covers
from app.document.edits.release import name_release
from app.document.model import Album, Release
from app.document.store import create_project, load_project, save_project
from app.jobs.artwork import CoverSettings
from app.jobs.job import JobList
from app.jobs.lettering import CoverDrawing, Faces, LetteredCover
from app.screens.artwork.network_dialog import NetworkDialog
from app.screens.artwork.screen import ArtworkScreen
from app.session.open_project import OpenProject
from app.studio.artwork.style_network import is_network_here
from app.widgets.controls.colour_row import ColourRow
from app.widgets.pictures.picture import image_of
from app.widgets.pictures.thumbnails import ThumbnailStrip
from artwork.pictures import open_picture
from tests.app.candidates import made_covers
from tests.app.conftest import OpenFolder
from tests.artwork import network
from tests.artwork.serving import serving

MINUTE = 60_000


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three candidates of an old cover, the first of them in use."""
    folder = tmp_path_factory.mktemp("prepared") / "Pictures.deepcuts"
    value = create_project(folder)
    (folder / "album").mkdir()
    across = np.linspace(0, 120, 200, dtype=np.uint8)
    pixels = np.stack([np.tile(across, (200, 1)), np.tile(across[:, None], (1, 200)), np.full((200, 200), 60)], -1)
    Image.fromarray(pixels.astype(np.uint8)).save(folder / "album" / "cover.png")
    album = Album(title="Old", cover="album/cover.png")
    value = replace(value, album=album, release=Release(title="Hollow", artist="The Band"))
    save_project(folder, add_covers(value, made_covers(value, folder, count=3, pieces=2.5, size=160)))
    return folder


@pytest.fixture
def project(open_project: OpenFolder, prepared: Path, tmp_path: Path) -> OpenProject:
    folder = tmp_path / prepared.name
    shutil.copytree(prepared, folder)
    return open_project(folder, load_project(folder))


def seen(screen: ArtworkScreen) -> bytes:
    image = screen.pictures.large.image()
    return bytes(image.convertToFormat(image.Format.Format_RGB888).constBits())


def set_names(qtbot: QtBot, screen: ArtworkScreen) -> None:
    """Opens the panel by its key, puts the names on, and waits until they are drawn."""
    qtbot.keyClick(screen, Qt.Key.Key_T)
    qtbot.mouseClick(screen.type.on, Qt.MouseButton.LeftButton, pos=QPoint(8, screen.type.on.height() // 2))
    qtbot.waitUntil(lambda: "contrast" in screen.type.contrast_words(), timeout=MINUTE)
    qtbot.waitUntil(lambda: not screen.jobs.running, timeout=MINUTE)


def test_names_are_off_until_they_are_set_and_can_be_undone(
    qtbot: QtBot, screen: ArtworkScreen, project: OpenProject
) -> None:
    assert not project.value.release.lettering.on
    before, file = seen(screen), (project.folder / project.value.covers[0].file).read_bytes()
    set_names(qtbot, screen)
    assert project.value.release.lettering.on
    assert seen(screen) != before
    assert screen.type.words.text() == "Hollow"
    assert (project.folder / project.value.covers[0].file).read_bytes() == file
    project.undo()
    assert not project.value.release.lettering.on
    assert seen(screen) == before
    qtbot.keyClick(screen, Qt.Key.Key_Escape)
    assert screen.settings.isVisible()


def test_covers_of_type_alone_follow_the_names(qtbot: QtBot, screen: ArtworkScreen, project: OpenProject) -> None:
    (cover,) = made_covers(project.value, project.folder, count=1, method="type", size=100)
    project.update(lambda value: add_covers(value, (cover,)))
    qtbot.mouseClick(screen.pictures.strip.thumbnail(cover.id), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: screen.pictures.large.image().width() > 200, timeout=MINUTE)
    qtbot.waitUntil(lambda: not screen.jobs.running, timeout=MINUTE)
    large, small = seen(screen), screen.pictures.strip.thumbnail(cover.id).grab().toImage()
    project.edit("Name album", name_release, "Quite Another Name", "Somebody Else")
    qtbot.waitUntil(lambda: seen(screen) != large, timeout=MINUTE)
    qtbot.waitUntil(lambda: screen.pictures.strip.thumbnail(cover.id).grab().toImage() != small, timeout=MINUTE)
    project.undo()
    qtbot.waitUntil(lambda: seen(screen) == large, timeout=MINUTE)
    qtbot.waitUntil(lambda: screen.pictures.strip.thumbnail(cover.id).grab().toImage() == small, timeout=MINUTE)


def test_every_field_of_the_type_is_an_edit_that_is_saved(
    qtbot: QtBot, screen: ArtworkScreen, project: OpenProject
) -> None:
    set_names(qtbot, screen)
    qtbot.mouseClick(screen.type.lines["artist"], Qt.MouseButton.LeftButton)
    assert screen.type.words.text() == "The Band"
    qtbot.mouseClick(screen.type.places[0, 1], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(screen.type.colour.swatch("#000000"), Qt.MouseButton.LeftButton)
    qtbot.keyClick(screen.type.size_slider.slider, Qt.Key.Key_PageUp)
    artist = project.value.release.lettering.artist
    assert (artist.x, artist.y, artist.colour) == (0.0, 0.5, "#000000")
    assert artist.size > 0.036
    qtbot.mouseClick(screen.type.capitals, Qt.MouseButton.LeftButton, pos=QPoint(8, screen.type.capitals.height() // 2))
    assert project.value.release.lettering.artist.capitals
    assert project.value.release.lettering.title == Release().lettering.title
    project.close()
    assert load_project(project.folder).release.lettering == project.value.release.lettering


def test_faces_are_those_of_this_computer(qtbot: QtBot, screen: ArtworkScreen, project: OpenProject) -> None:
    set_names(qtbot, screen)
    face = screen.type.face
    assert "Inter Bold" in [face.itemText(row) for row in range(face.count())]  # it comes with the program
    field = face.lineEdit()
    assert field is not None
    field.selectAll()
    qtbot.keyClicks(field, face.itemText(1).lower())
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert project.value.release.lettering.title.face == face.itemText(1)
    field.selectAll()
    qtbot.keyClicks(field, "No Such Face Anywhere")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert project.value.release.lettering.title.face == face.currentText() == face.itemText(1)


def test_names_are_dragged_on_the_picture_in_one_step_to_undo(
    qtbot: QtBot, screen: ArtworkScreen, project: OpenProject
) -> None:
    set_names(qtbot, screen)
    large = screen.pictures.large
    start = large.box("title").center()
    at = [QPoint(round(start.x()), round(start.y()) - step) for step in (0, 20, 60, 100)]
    qtbot.mousePress(large, Qt.MouseButton.LeftButton, pos=at[0])
    for point in at[1:]:
        qtbot.mouseMove(large, point)
    qtbot.mouseRelease(large, Qt.MouseButton.LeftButton, pos=at[-1])
    title = project.value.release.lettering.title
    assert title.y < 1
    assert title.x == 0
    qtbot.waitUntil(lambda: abs(large.box("title").center().y() - (start.y() - 100)) < 4, timeout=MINUTE)
    project.undo()
    assert project.value.release.lettering.title.y == 1
    qtbot.waitUntil(lambda: abs(large.box("title").center().y() - start.y()) < 2, timeout=MINUTE)
    large.setFocus()
    qtbot.keyClick(large, Qt.Key.Key_Up)
    assert project.value.release.lettering.title.y < 1


def test_type_that_is_hard_to_read_is_told(qtbot: QtBot, screen: ArtworkScreen) -> None:
    set_names(qtbot, screen)
    qtbot.waitUntil(lambda: "Reads well" in screen.type.contrast_words(), timeout=MINUTE)
    qtbot.mouseClick(screen.type.places[0, 0], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(screen.type.colour.swatch("#000000"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Hard to read" in screen.type.contrast_words(), timeout=MINUTE)


def test_two_candidates_are_compared_and_the_old_cover_is_a_key_away(
    qtbot: QtBot, screen: ArtworkScreen, project: OpenProject
) -> None:
    first, second, third = (cover.id for cover in project.value.covers)
    candidate = seen(screen)
    qtbot.keyClick(screen, Qt.Key.Key_B)
    assert "before" in screen.pictures.large.caption()
    assert screen.pictures.large.image().pixelColor(0, 0).getRgb()[:3] == (0, 0, 60)
    qtbot.keyClick(screen, Qt.Key.Key_B)
    assert seen(screen) == candidate
    qtbot.keyClick(screen, Qt.Key.Key_C)
    assert screen.pictures.beside.isVisible()
    assert (screen.pictures.large.caption(), screen.pictures.beside.caption()) == (first, "the old cover")
    with_shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.mouseClick(screen.pictures.strip.thumbnail(third), Qt.MouseButton.LeftButton, with_shift)
    assert screen.pictures.beside.caption().startswith(third)
    assert screen.pictures.large.caption() == first
    qtbot.mouseClick(screen.pictures.strip.thumbnail(second), Qt.MouseButton.LeftButton)
    assert screen.pictures.large.caption() == second
    qtbot.mouseClick(screen.views["one"], Qt.MouseButton.LeftButton)
    assert not screen.pictures.beside.isVisible()


def test_all_candidates_lie_side_by_side_with_how_they_were_made(
    qtbot: QtBot, screen: ArtworkScreen, project: OpenProject
) -> None:
    qtbot.keyClick(screen, Qt.Key.Key_G)
    sheet = screen.pictures.sheet
    assert sheet.isVisible()
    words = [sheet.item(place).text() for place in range(sheet.count())]
    assert len(words) == 3
    assert "in use" in words[0]
    assert all("1/2.5" in text and f"seed {place}" in text for place, text in enumerate(words))
    middle = sheet.visualItemRect(sheet.item(2)).center()
    qtbot.mouseClick(sheet.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    qtbot.keyClick(screen, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert project.value.release.cover == project.value.covers[2].id
    qtbot.keyClick(screen, Qt.Key.Key_Delete)
    assert sheet.count() == 2
    qtbot.keyClick(sheet, Qt.Key.Key_Return)
    assert screen.pictures.large.isVisible()


def test_more_like_one_are_near_it(qtbot: QtBot, screen: ArtworkScreen, project: OpenProject) -> None:
    screen.settings.seed.setValue(700)
    qtbot.keyClick(screen, Qt.Key.Key_M)
    assert not screen.more.isEnabled()
    qtbot.waitUntil(lambda: len(project.value.covers) > 3, timeout=3 * MINUTE)
    qtbot.mouseClick(screen.settings.progress.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(screen.more.isEnabled, timeout=MINUTE)
    new = project.value.covers[3]
    assert new.seed == 700
    assert 1.5 <= new.pieces < 4.5


def test_settings_of_photographs_reach_the_candidate(
    qtbot: QtBot, screen: ArtworkScreen, project: OpenProject, tmp_path: Path
) -> None:
    Image.new("RGB", (60, 40), "red").save(tmp_path / "photo.png")
    value = project.value
    project.put("Photographs", replace(value, album=replace(value.album, photographs=(str(tmp_path / "photo.png"),))))
    qtbot.mouseClick(screen.settings.methods.card("photos"), Qt.MouseButton.LeftButton)
    assert screen.settings.blend.isVisible()
    for _ in range(2):
        qtbot.keyClick(screen.settings.blend, Qt.Key.Key_Down)
    qtbot.keyClick(screen.settings.weight.slider, Qt.Key.Key_Home)
    assert len(screen.settings.seeds()) == 6
    assert screen.settings.settings() == CoverSettings(
        method="photos", pieces=6.0, strength=0.7, mode="screen", weight=0.0, photographs=3, network=False
    )


def test_the_strip_stays_where_it_is_when_candidates_come_and_go(qtbot: QtBot) -> None:
    strip = ThumbnailStrip()
    qtbot.addWidget(strip)
    strip.resize(300, 110)
    small = [(str(key), "words", image_of(np.zeros((88, 88, 3), np.uint8))) for key in range(12)]
    strip.show_pictures(small[:10], "0", "0")
    strip.show()
    QApplication.processEvents()
    strip.horizontalScrollBar().setValue(200)
    fifth = strip.thumbnail("5")
    strip.show_pictures(small, "0", "0")
    QApplication.processEvents()
    assert strip.horizontalScrollBar().value() == 200
    strip.show_pictures([small[0], *small[2:]], "0", "0")
    QApplication.processEvents()
    assert strip.horizontalScrollBar().value() == 200
    assert strip.thumbnail("5") is fifth


def test_colours_that_are_not_offered_are_put_at_the_end(qtbot: QtBot) -> None:
    colours = ColourRow()
    qtbot.addWidget(colours)
    colours.show_colours(("#ffffff", "#000000"), "#123456")
    assert colours.swatch("#123456").isChecked()
    with qtbot.waitSignal(colours.chosen) as chosen:
        qtbot.mouseClick(colours.swatch("#000000"), Qt.MouseButton.LeftButton)
    assert chosen.args == ["#000000"]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the data of the program in which there is no network yet."""
    folder = tmp_path / "data"
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: folder)
    return folder


def test_the_network_comes_only_on_the_persons_word(
    qtbot: QtBot, screen: ArtworkScreen, data: Path, tmp_path: Path
) -> None:
    source = tmp_path / "vgg19.pth"
    network.write_published(source)
    with serving(source.read_bytes()) as server:
        published = network.published(source, server.url)
        dialog = NetworkDialog(screen.jobs, screen, published)
        dialog.accepted.connect(screen._on_network)
        dialog.open()
        assert server.ranges == []
        assert not is_network_here()
        assert screen.settings.network.isVisible()
        assert not screen.settings.by_network.isVisible()
        server.status = 503
        qtbot.mouseClick(dialog.download, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: "503" in dialog.failure(), timeout=MINUTE)
        qtbot.waitUntil(dialog.download.isEnabled, timeout=MINUTE)
        server.status = 0
        with qtbot.waitSignal(dialog.accepted, timeout=MINUTE):
            qtbot.mouseClick(dialog.download, Qt.MouseButton.LeftButton)
    assert is_network_here()
    assert screen.settings.by_network.isVisible()
    assert screen.settings.settings().network
    assert screen.settings.make.text() == "Make 2 more"


def test_a_download_can_be_stopped_and_the_dialog_left(
    qtbot: QtBot, screen: ArtworkScreen, data: Path, tmp_path: Path
) -> None:
    source = tmp_path / "vgg19.pth"
    network.write_published(source)
    with serving(source.read_bytes()) as server:
        server.break_after = 3000
        server.hold.set()
        dialog = NetworkDialog(screen.jobs, screen, network.published(source, server.url))
        dialog.open()
        qtbot.mouseClick(dialog.download, Qt.MouseButton.LeftButton)
        part = data / "vgg19.pth.part"
        qtbot.waitUntil(lambda: len(server.ranges) == 1, timeout=MINUTE)
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        assert dialog.isVisible()
        server.silent.set()
        qtbot.waitUntil(dialog.download.isEnabled, timeout=MINUTE)
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: not screen.jobs.running, timeout=MINUTE)
    assert 0 < part.stat().st_size <= 3000
    assert not is_network_here()


def test_a_file_of_the_person_is_taken_or_refused(
    qtbot: QtBot, screen: ArtworkScreen, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, wrong = tmp_path / "vgg19.pth", tmp_path / "wrong.pth"
    published = network.write_published(source)
    wrong.write_bytes(bytes(published.size))
    answers = iter((None, wrong, source))
    monkeypatch.setattr("app.screens.artwork.network_dialog.ask_open_file", lambda *_: next(answers))
    dialog = NetworkDialog(screen.jobs, screen, published)
    dialog.open()
    qtbot.mouseClick(dialog.choose, Qt.MouseButton.LeftButton)
    assert dialog.choose.isEnabled()
    qtbot.mouseClick(dialog.choose, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "wrong.pth" in dialog.failure(), timeout=MINUTE)
    qtbot.waitUntil(dialog.choose.isEnabled, timeout=MINUTE)
    with qtbot.waitSignal(dialog.accepted, timeout=MINUTE):
        qtbot.mouseClick(dialog.choose, Qt.MouseButton.LeftButton)
    assert is_network_here()


def test_covers_are_drawn_as_they_will_be_released_and_only_the_last_of_many(
    qtbot: QtBot, project: OpenProject, jobs: JobList
) -> None:
    drawn: list[LetteredCover] = []
    drawing = CoverDrawing(project.folder, jobs, Faces(), None)
    drawing.drawn.connect(drawn.append)
    value = project.value
    for on in (False, True):
        drawing.draw(letter_cover(value, on), None, 100)
        qtbot.waitUntil(lambda on=on: len(drawn) == 1 + on, timeout=MINUTE)
    old = np.asarray(open_picture(project.folder / "album" / "cover.png").resize((100, 100)), dtype=int)
    assert np.abs(drawn[0].pixels - old).mean() < 3
    assert np.abs(drawn[1].pixels.astype(int) - drawn[0].pixels).max() > 100
    assert set(drawn[1].placed) == {"title", "artist"}
    for side in (20, 30, 40, 50):
        drawing.draw(value, value.covers[0], side)
    qtbot.waitUntil(lambda: not jobs.running, timeout=MINUTE)
    assert drawn[-1].pixels.shape == (50, 50, 3)
    assert len(drawn) < 6
