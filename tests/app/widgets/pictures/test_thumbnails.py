"""Candidates as small pictures: also of pictures that are gone."""

from __future__ import annotations

from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from app.widgets.pictures.thumbnails import ThumbnailStrip


def test_a_picture_that_cannot_be_read_is_an_empty_one(qtbot: QtBot) -> None:
    red = QImage(8, 8, QImage.Format.Format_RGB32)
    red.fill(QColor("red"))
    strip = ThumbnailStrip()
    qtbot.addWidget(strip)
    strip.show_pictures([("gone", "Gone", QImage()), ("there", "There", red)], chosen="gone", in_use="gone")
    strip.resize(400, 120)
    strip.show()

    def middle(key: str) -> QColor:
        shown = strip.thumbnail(key)
        return QColor(shown.grab().toImage().pixel(shown.rect().center()))

    assert middle("there") == QColor("red")
    assert middle("gone") != QColor("red")
    strip.show_pictures([("gone", "Gone", red)], chosen="", in_use="")
    assert middle("gone") == QColor("red")
