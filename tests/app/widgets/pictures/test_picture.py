"""Pictures of strangers are shown small, or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from app.widgets.album.drop_zone import CoverView
from app.widgets.pictures.photo_grid import PhotoGrid
from app.widgets.pictures.picture import read_scaled
from app.widgets.show_folder import show_folder
from resources.bounds import LARGEST_PICTURE


@pytest.mark.parametrize("name", ["large.png", "large.webp", "large.gif"])
def test_what_is_too_large_to_decode_is_not_shown(qtbot: QtBot, tmp_path: Path, name: str) -> None:
    side = 8_100
    assert side * side > LARGEST_PICTURE
    Image.new("RGB" if name.endswith("webp") else "L", (side, side)).save(tmp_path / name)
    assert read_scaled(tmp_path / name, 88).isNull()
    cover = CoverView(96)
    qtbot.addWidget(cover)
    cover.show_file(str(tmp_path / name))
    assert cover.is_empty


def test_a_pipe_holds_nothing_up(qtbot: QtBot, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    assert read_scaled(tmp_path / "pipe.png", 88).isNull()
    cover, grid = CoverView(96), PhotoGrid()
    qtbot.addWidget(cover)
    qtbot.addWidget(grid)
    cover.show_file(str(tmp_path / "pipe.png"))
    assert cover.is_empty
    grid.show_photographs([str(tmp_path / "pipe.png")])
    grid.photo(str(tmp_path / "pipe.png")).load()


def test_a_cover_is_shown(qtbot: QtBot, tmp_path: Path) -> None:
    Image.new("RGB", (400, 300), "red").save(tmp_path / "cover.png")
    cover = CoverView(96)
    qtbot.addWidget(cover)
    cover.show_file(str(tmp_path / "cover.png"))
    assert not cover.is_empty
    assert cover.grab().toImage().pixelColor(48, 48).red() > 200


@pytest.mark.parametrize("path", ["/" + "a" * 30_000, "/" + "a/" * 9_000, "/x\0y.png", "/etc/passwd/x.png"])
def test_a_name_that_no_file_can_have_is_no_picture(qtbot: QtBot, path: str) -> None:
    assert read_scaled(Path(path), 88).isNull()
    cover, grid = CoverView(96), PhotoGrid()
    qtbot.addWidget(cover)
    qtbot.addWidget(grid)
    cover.show_file(path)
    assert cover.is_empty
    grid.show_photographs([path])
    with qtbot.captureExceptions() as raised:
        grid.show()
        qtbot.wait(50)
        grid.photo(path).load()
    assert raised == []


def test_a_folder_that_no_folder_can_be_is_told_to_be_gone() -> None:
    assert "There is no folder" in show_folder(Path("/" + "a" * 30_000))
