"""The Titles screen, driven by mouse and keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.document.edits.album import set_catalogue
from app.document.edits.songs import add_song
from app.document.model import Title
from app.document.store import create_project, load_project
from app.jobs.job import JobList
from app.playback.player import Player
from app.screens.catalogue_dialog import CatalogueDialog
from app.screens.titles.screen import TitlesScreen
from app.session.open_project import OpenProject
from app.widgets.songs.title_grid import TITLE_MIME, star_area
from tests.app.conftest import OpenFolder
from tests.app.screens.conftest import shown
from tests.app.screens.dropping import drop, files, words

CATALOGUE = [
    "Iron Harvest", "Parade of Nothing", "Unbroken Time", "Hollow Machinery", "The Long Descent", "Ashes and Orders",
    "Wolf at the Window", "A Million Doors", "Thin Ice Liturgy", "Brass Knot", "Coda for Nobody", "Winter Engine",
    "Salt in the Furnace", "Cathedral of Rust", "The Last Signal", "Burning Meridian", "No Shelter", "Black Orchard",
    "Gravel Hymn", "Stone by Stone", "Under the Viaduct", "Marching Backwards", "Glass Teeth", "Northern Static",
]  # fmt: skip


@pytest.fixture
def project(open_project: OpenFolder, tmp_path: Path) -> OpenProject:
    folder = tmp_path / "Names.deepcuts"
    value = set_catalogue(create_project(folder), CATALOGUE)
    for _ in range(3):
        value = add_song(value)
    return open_project(folder, value)


@pytest.fixture
def screen(qtbot: QtBot, project: OpenProject, player: Player, jobs: JobList) -> TitlesScreen:
    return shown(qtbot, TitlesScreen(project, jobs, player))


def give_titles(project: OpenProject, *texts: str) -> None:
    project.update(lambda value: replace(value, titles=tuple(Title(text=text) for text in texts)))


def drop_title(text: str, onto: object) -> None:
    mime = QMimeData()
    mime.setData(TITLE_MIME, text.encode())
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(onto, QDragEnterEvent(QPoint(40, 10), copy, mime, left, none))
    QApplication.sendEvent(onto, QDropEvent(QPointF(40, 10), copy, mime, left, none))


def test_invents_titles_from_the_catalogue(qtbot: QtBot, screen: TitlesScreen, project: OpenProject) -> None:
    assert not screen.grid.isVisible()
    qtbot.mouseClick(screen.first, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(screen.grid.isVisible, timeout=20_000)
    made = {title.text for title in project.value.titles}
    assert len(made) > 50
    assert not made & set(CATALOGUE)
    assert screen.grid.titles.rowCount() == len(made)


def test_without_a_catalogue_it_says_what_to_do(
    qtbot: QtBot, open_project: OpenFolder, player: Player, jobs: JobList, tmp_path: Path
) -> None:
    folder = tmp_path / "Empty.deepcuts"
    screen = shown(qtbot, TitlesScreen(open_project(folder, create_project(folder)), jobs, player))
    assert not screen.first.isVisible()
    with qtbot.waitSignal(screen.go) as went:
        qtbot.mouseClick(screen._to_album, Qt.MouseButton.LeftButton)
    assert went.args == ["album"]


def test_a_click_on_the_star_stars_and_undo_takes_it_back(
    qtbot: QtBot, screen: TitlesScreen, project: OpenProject
) -> None:
    give_titles(project, "Rust Liturgy", "Glass Engine")
    place = star_area(screen.grid.visualRect(screen.grid.titles.index(1))).center()
    qtbot.mouseClick(screen.grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert [title.starred for title in project.value.titles] == [False, True]
    assert project.undo_name == "Star title"
    project.undo()
    assert not any(title.starred for title in project.value.titles)


def test_search_and_star_filter_narrow_the_grid(qtbot: QtBot, screen: TitlesScreen, project: OpenProject) -> None:
    give_titles(project, "Rust Liturgy", "Glass Engine", "Glass Orchard")
    qtbot.keyClicks(screen.search, "GLASS")
    shown = [screen.grid.titles.index(row).data() for row in range(screen.grid.titles.rowCount())]
    assert shown == ["Glass Engine", "Glass Orchard"]
    screen.grid.setCurrentIndex(screen.grid.titles.index(1))
    qtbot.keyClick(screen.grid, Qt.Key.Key_S)
    qtbot.mouseClick(screen._chips["★"], Qt.MouseButton.LeftButton)
    assert screen.grid.titles.rowCount() == 1
    assert screen.grid.titles.index(0).data() == "Glass Orchard"


def test_a_title_dropped_on_a_song_names_it(screen: TitlesScreen, project: OpenProject) -> None:
    give_titles(project, "Rust Liturgy")
    song = project.value.songs[1].id
    drop_title("Rust Liturgy", screen.songs.row_of(song))
    assert [song.title for song in project.value.songs] == ["", "Rust Liturgy", ""]
    assert screen.songs.row_of(song).title.text() == "Rust Liturgy"


def test_enter_names_the_next_song_without_a_title(qtbot: QtBot, screen: TitlesScreen, project: OpenProject) -> None:
    give_titles(project, "Rust Liturgy", "Glass Engine")
    for row in (0, 1):
        screen.grid.setCurrentIndex(screen.grid.titles.index(row))
        qtbot.keyClick(screen.grid, Qt.Key.Key_Return)
    assert [song.title for song in project.value.songs] == ["Rust Liturgy", "Glass Engine", ""]


def test_typing_names_a_song_the_album_and_the_artist(qtbot: QtBot, screen: TitlesScreen, project: OpenProject) -> None:
    song = project.value.songs[0].id
    field = screen.songs.row_of(song).title
    field.setFocus()
    qtbot.keyClicks(field, "By Hand")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert project.value.songs[0].title == "By Hand"
    for field, text in ((screen.album, "Second"), (screen.artist, "The Machine")):
        field.setFocus()
        qtbot.keyClicks(field, text)
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert (project.value.release.title, project.value.release.artist) == ("Second", "The Machine")
    project.close()
    assert load_project(project.folder) == project.value


def test_filling_takes_starred_titles_first_and_none_twice(
    qtbot: QtBot, screen: TitlesScreen, project: OpenProject
) -> None:
    give_titles(project, *(f"Title {letter}" for letter in "ABCDEFGH"))
    starred = "Title G"
    project.update(
        lambda value: replace(
            value, titles=tuple(replace(title, starred=title.text == starred) for title in value.titles)
        )
    )
    qtbot.mouseClick(screen.fill, Qt.MouseButton.LeftButton)
    titles = [song.title for song in project.value.songs]
    assert titles[0] == starred
    assert len(set(titles)) == 3
    assert not screen.fill.isEnabled()


def test_lists_of_titles_dropped_here_are_learnt_from(
    qtbot: QtBot, screen: TitlesScreen, project: OpenProject, tmp_path: Path
) -> None:
    (tmp_path / "more.csv").write_text("title;year\nSalt (Live);1999\niron harvest;2001\nQuiet Engine;2002\n", "utf-8")
    with qtbot.waitSignal(screen.say, timeout=10_000) as said:
        assert drop(screen, files(tmp_path / "more.csv"))
    assert said.args == ["Added 2 song titles to learn from.", "good"]
    assert project.value.album.titles == (*CATALOGUE, "Salt", "Quiet Engine")
    assert project.undo_name == "Add song titles"
    text = words("Another Door\nsalt")
    assert drop(screen, text)
    assert project.value.album.titles[-1] == "Another Door"
    with qtbot.waitSignal(screen.say) as said:
        assert drop(screen, text)
    assert said.args == ["These song titles are all there already.", ""]
    (tmp_path / "none.txt").write_text("...\n", "utf-8")
    with qtbot.waitSignal(screen.say, timeout=10_000) as said:
        assert drop(screen, files(tmp_path / "none.txt"))
    assert said.args[1] == "bad"
    assert "no titles in “none.txt”" in said.args[0]


def test_music_and_titles_that_are_dragged_about_are_not_taken_for_lists(screen: TitlesScreen, tmp_path: Path) -> None:
    assert not drop(screen, files(tmp_path / "song.flac"))
    assert not drop(screen, files(tmp_path / "more.txt", tmp_path / "song.flac"))
    title = words("Rust Liturgy")
    title.setData(TITLE_MIME, b"Rust Liturgy")
    assert not drop(screen, title)


def test_a_locked_title_stays_while_the_others_are_drawn_again(
    qtbot: QtBot, screen: TitlesScreen, project: OpenProject
) -> None:
    give_titles(project, *(f"Title {letter}" for letter in "ABCDEFGH"))
    qtbot.mouseClick(screen.fill, Qt.MouseButton.LeftButton)
    before = [song.title for song in project.value.songs]
    row = screen.songs.row_of(project.value.songs[1].id)
    qtbot.mouseClick(row.lock, Qt.MouseButton.LeftButton)
    assert project.undo_name == "Lock title"
    qtbot.mouseClick(screen.draw, Qt.MouseButton.LeftButton)
    after = [song.title for song in project.value.songs]
    assert after[1] == before[1]
    assert set(after).isdisjoint({before[0], before[2]})
    drop_title("Title A", row)
    qtbot.keyClicks(row.title, "By Hand")
    assert project.value.songs[1].title == before[1]
    row.lock.setFocus()
    qtbot.keyClick(row.lock, Qt.Key.Key_Space)
    assert not project.value.songs[1].title_locked
    drop_title("Title A", row)
    assert project.value.songs[1].title == "Title A"


def test_nothing_is_drawn_where_all_is_locked_and_an_empty_title_cannot_be(
    qtbot: QtBot, screen: TitlesScreen, project: OpenProject
) -> None:
    give_titles(project, "Rust Liturgy", "Glass Engine", "Salt")
    rows = [screen.songs.row_of(song.id) for song in project.value.songs]
    assert not any(row.lock.isEnabled() for row in rows)
    qtbot.mouseClick(screen.fill, Qt.MouseButton.LeftButton)
    for row in rows:
        qtbot.mouseClick(row.lock, Qt.MouseButton.LeftButton)
    assert not screen.draw.isEnabled()
    assert not screen.fill.isEnabled()


def test_chance_prefers_the_top_of_the_list(qtbot: QtBot, screen: TitlesScreen, project: OpenProject) -> None:
    give_titles(project, *(f"Title {number}" for number in range(1000)))
    qtbot.mouseClick(screen.fill, Qt.MouseButton.LeftButton)
    numbers = [int(song.title.split()[1]) for song in project.value.songs]
    assert len(numbers) == 3
    assert all(number < 200 for number in numbers)


def test_few_titles_to_learn_from_are_told(qtbot: QtBot, screen: TitlesScreen, project: OpenProject) -> None:
    project.edit("Fewer", set_catalogue, CATALOGUE[:5])
    assert "only 5 song titles" in screen._empty_words.text()
    qtbot.mouseClick(screen.first, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(screen.grid.isVisible, timeout=20_000)
    qtbot.waitUntil(lambda: "only 5 titles to learn from" in screen._note.text())
    assert screen._note.isVisible()


def test_the_catalogue_opens_from_here(qtbot: QtBot, screen: TitlesScreen, project: OpenProject) -> None:
    qtbot.keyClick(screen, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    dialog = screen.findChild(CatalogueDialog)
    assert dialog is not None
    dialog.field.setPlainText("Only This")
    qtbot.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    assert project.value.album.titles == ("Only This",)


def test_the_machine_can_name_the_album(qtbot: QtBot, screen: TitlesScreen, project: OpenProject) -> None:
    qtbot.mouseClick(screen._dice[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(project.value.release.title), timeout=10_000)
    assert screen.album.text() == project.value.release.title
    qtbot.waitUntil(lambda: not screen.jobs.running)
    assert screen.first.isEnabled()


def test_what_is_being_typed_outlives_news_and_undo_shows_in_a_field_that_is_left_alone(
    qtbot: QtBot, screen: TitlesScreen, project: OpenProject
) -> None:
    field = screen.songs.row_of(project.value.songs[0].id).title
    field.setFocus()
    qtbot.keyClicks(field, "Half a Ti")
    give_titles(project, "Rust Liturgy")
    assert field.text() == "Half a Ti"
    screen.album.setFocus()
    assert project.value.songs[0].title == "Half a Ti"
    qtbot.keyClicks(screen.album, "Second")
    qtbot.keyClick(screen.album, Qt.Key.Key_Return)
    project.undo()
    assert screen.album.text() == ""
    screen.grid.setFocus()
    assert project.value.release.title == ""
