"""Names that are longer than their room."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from app.document.model import Song
from app.widgets.album.drop_zone import DropZone
from app.widgets.controls.name_field import NameField
from app.widgets.songs.song_head import SongHead
from app.widgets.songs.song_titles import SongTitleRow

LONG = "The Unbearable Lightness of Amplifiers Left On Overnight in the Rain, Part Two"
HEBREW = "שיר ארוך מאוד על הים והגשם והלילה שלא נגמר לעולם"


@pytest.mark.parametrize("name", [LONG, HEBREW, "🔥" * 60, "x" * 200])
def test_a_long_name_shows_its_beginning_until_it_is_typed_in(qtbot: QtBot, name: str) -> None:
    field = NameField()
    qtbot.addWidget(field)
    field.setText(name)
    field.resize(160, 30)
    assert field.visible_text.endswith("…")
    assert name.startswith(field.visible_text[:-1])
    field.show()
    qtbot.waitExposed(field)
    field.activateWindow()
    field.setFocus()
    qtbot.waitUntil(lambda: field.visible_text == name)


def test_a_name_that_fits_is_shown_whole(qtbot: QtBot) -> None:
    field = NameField()
    qtbot.addWidget(field)
    field.setText("Coda")
    field.resize(160, 30)
    assert field.visible_text == "Coda"


def test_the_names_of_an_album_end_before_the_buttons_beside_them(qtbot: QtBot) -> None:
    zone = DropZone()
    qtbot.addWidget(zone)
    zone.show_album(LONG, LONG, "2009 · 11 tracks", "")
    zone.show()
    qtbot.waitExposed(zone)
    for width in (480, 520, 700, 900, 520):
        zone.resize(width, 150)
        for name in (zone.title, zone.artist):
            right = name.mapTo(zone, name.rect().topRight()).x()
            assert right < zone.folder.mapTo(zone, zone.folder.rect().topLeft()).x()


def test_a_narrow_panel_leaves_its_room_to_the_title(qtbot: QtBot) -> None:
    row = SongTitleRow()
    qtbot.addWidget(row)
    row.show_song(1, Song(id="s", title="Kind the Valentine Cometh"), {})
    row.show()
    qtbot.waitExposed(row)
    for width in (318, 388):
        row.resize(width, row.sizeHint().height())
        qtbot.waitUntil(lambda: row.title.visible_text == "Kind the Valentine Cometh")


@pytest.mark.parametrize("name", ["Coda", LONG])
def test_the_title_of_a_song_stands_beside_its_number_and_before_the_buttons(qtbot: QtBot, name: str) -> None:
    head = SongHead()
    qtbot.addWidget(head)
    split = head.add_action("Split", QAction("Split", head))
    head.show()
    head.resize(700, 48)
    head.show_song(1, Song(id="s", title=name))
    qtbot.waitUntil(lambda: head.title.isVisible() and head.title.geometry().right() < split.geometry().left())
    assert head.title.geometry().left() < 60
    assert (head.title.visible_text == name) == (name == "Coda")
